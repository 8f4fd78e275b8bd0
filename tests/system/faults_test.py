"""Roles killed at any moment, whole servers killed, disks that are full: what was acknowledged is there."""
import base64
import http.client
import json
import os
import pathlib
import random
import shutil
import signal
import subprocess
import tempfile
import threading
import unittest

from support import exposition
from support.left_out import leave_out
from support.people import Failed, Person, snapshot
from support.server import Server, build_folder, split_sealed
from support.waiting import until

RUNS = int(os.environ.get("SEALIFT_FAULT_RUNS", "12"))


class Killed(unittest.TestCase):
    def setUp(self):
        self.random = random.Random(int(os.environ.get("SEALIFT_FAULT_SEED", "7")))

    def send_through(self, server, upload, payload, trouble):
        """Sends in pieces while `trouble` runs; what was acknowledged never goes back."""
        acknowledged, rounds = 0, 0
        while acknowledged < len(payload):
            rounds += 1
            self.assertLess(rounds, 10_000)
            piece = payload[acknowledged:acknowledged + self.random.randrange(1, 400_000)]
            try:
                status, headers, _ = upload.patch(acknowledged, piece)
            except (OSError, http.client.HTTPException):
                status = 0
            if status == 204:
                acknowledged = int(headers["Upload-Offset"])
                trouble()
                continue
            offset = self.ask_offset(server, upload)
            self.assertGreaterEqual(offset, acknowledged, "acknowledged bytes are gone")
            acknowledged = offset

    def ask_offset(self, server, upload):
        def offset():
            try:
                server.wait_ready(120)  # a role that dies again and again is started every five seconds
                status, headers, _ = server.call("HEAD", upload.path, headers=upload.headers())
                if status == 200:
                    return headers["Upload-Offset"]
                self.assertEqual(status, 503, "a role that is being started again")
            except (OSError, http.client.HTTPException):
                pass  # killed between the two
            return None

        return int(until(offset, "the upload's offset is told", 600))

    def finish(self, server, sender, recipient, parcel, content):
        status, _, body = server.call("POST", f"/api/v1/parcels/{parcel}/complete",
                                      token=sender.token)
        self.assertEqual(status, 200, body)
        opening = server.open_parcel(recipient, parcel)
        sealed = opening.header() + opening.payload()[2]
        self.assertEqual(server.open_sealed(sealed, recipient), content)

    def begin(self, server, size):
        sender, recipient = server.account(), server.account()
        content = os.urandom(size)
        parcel = server.create_parcel(sender, recipient)
        server.put_manifest(sender, parcel, server.seal(b"manifest", recipient))
        header, payload = split_sealed(server.seal(content, recipient))
        upload = server.create_upload(sender, parcel, header, len(payload))
        return sender, recipient, parcel, content, payload, upload

    def test_a_role_killed_at_any_moment_loses_no_acknowledged_byte(self):
        with Server(build_folder()) as server:
            stop = threading.Event()
            killed = []

            def kill_some():
                while not stop.wait(self.random.uniform(0.05, 0.4)):
                    roles = server.roles()
                    if roles and len(killed) < RUNS:
                        killed.append(self.random.choice(roles))
                        try:
                            os.kill(killed[-1], signal.SIGKILL)
                        except ProcessLookupError:
                            killed.pop()

            sent = []
            killer = threading.Thread(target=kill_some)
            try:
                while not sent or len(killed) < RUNS:
                    stop.clear()  # what begins and ends a parcel is tried once, and left alone
                    begun = self.begin(server, 6_000_000)
                    sender, recipient, parcel, content, payload, upload = begun
                    killer = threading.Thread(target=kill_some)
                    killer.start()
                    self.send_through(server, upload, payload, lambda: None)
                    stop.set()
                    killer.join()
                    server.wait_ready()
                    self.finish(server, sender, recipient, parcel, content)
                    sent.append(parcel)
            finally:
                stop.set()
                if killer.is_alive():
                    killer.join()
            print(f"{len(killed)} roles killed during {len(sent)} uploads")
            verified = subprocess.run([server.build / "sealift", "log", "verify", "--data",
                                       server.data], capture_output=True, text=True)
            self.assertEqual(verified.returncode, 0, verified.stdout + verified.stderr)

    def test_last_bytes_that_a_crash_kept_from_the_catalog_count(self):
        with Server(build_folder()) as server:
            sender, recipient, parcel, content, payload, upload = self.begin(server, 300_000)
            self.assertEqual(upload.patch(0, payload)[0], 204)
            server.kill()
            with server.catalog() as catalog:  # as if it had died between the store and the catalog
                catalog.execute("UPDATE uploads SET offset_bytes = 100")
            server.start()
            self.assertEqual(upload.offset(), len(payload))
            self.finish(server, sender, recipient, parcel, content)

    def test_a_server_killed_whole_goes_on_where_it_was(self):
        with Server(build_folder()) as server:
            begun = self.begin(server, 4_000_000)
            sender, recipient, parcel, content, payload, upload = begun
            kills = 0
            acknowledged = 0
            while acknowledged < len(payload):
                status, headers, _ = upload.patch(acknowledged,
                                                  payload[acknowledged:acknowledged + 900_000])
                self.assertEqual(status, 204)
                acknowledged = int(headers["Upload-Offset"])
                if kills < 3:
                    server.kill()
                    server.start()
                    kills += 1
                    self.assertGreaterEqual(upload.offset(), acknowledged)
            self.finish(server, sender, recipient, parcel, content)


class FullDisk(unittest.TestCase):
    def setUp(self):
        if os.geteuid() != 0 or not shutil.which("mount"):
            leave_out(self, "a small disk can be mounted by root alone")

    def small_disk(self, mebibytes):
        folder = tempfile.mkdtemp(prefix="sealift-full-")
        self.addCleanup(os.rmdir, folder)
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", f"size={mebibytes}m", "tmpfs", folder])
        if mounted.returncode != 0:
            leave_out(self, "no small disk can be mounted here")
        self.addCleanup(subprocess.run, ["umount", "--lazy", folder])
        return folder

    def small_server(self):
        folder = self.small_disk(160)
        server = Server(build_folder(), folder=folder)
        self.addCleanup(server.stop)
        server.start()
        return server

    @staticmethod
    def fill(folder, left_bytes):
        """Somebody else fills the disk; gives what to remove."""
        filler = os.path.join(folder, "filler")
        with open(filler, "wb") as out:
            for more in range(50):  # the server may take a page meanwhile
                free = os.statvfs(folder).f_bavail * os.statvfs(folder).f_frsize
                try:
                    os.posix_fallocate(out.fileno(), 0, free - left_bytes - more * 65536)
                    break
                except OSError:
                    os.ftruncate(out.fileno(), 0)
        return filler

    def test_a_full_disk_is_507_and_the_upload_goes_on_when_there_is_room(self):
        server = self.small_server()
        sender, recipient = server.account(), server.account()
        parcel = server.create_parcel(sender, recipient)
        server.put_manifest(sender, parcel, server.seal(b"manifest", recipient))
        content = os.urandom(40_000_000)
        header, payload = split_sealed(server.seal(content, recipient))
        upload = server.create_upload(sender, parcel, header, len(payload))
        half = len(payload) // 2
        self.assertEqual(upload.patch(0, payload[:half])[0], 204)

        filler = self.fill(server.folder, 8 << 20)
        self.assertEqual(upload.patch(half, payload[half:])[0], 507)
        self.assertEqual(server.call("GET", "/health/ready")[0], 503)
        status = server.call(
            "POST", f"/api/v1/parcels/{parcel}/parts/inventory/uploads",
            {"header": base64.b64encode(header).decode(), "payload_bytes": len(payload)},
            {"Tus-Resumable": "1.0.0", "Upload-Length": str(len(payload))}, token=sender.token)[0]
        self.assertEqual(status, 507)
        self.assertGreaterEqual(upload.offset(), half)
        until(lambda: server.log().count('"disk_full"') == 2, "both are in the server's own log")
        examined = subprocess.run([server.build / "sealift", "admin", "--data", server.data, "doctor", "--json"], capture_output=True, text=True)
        disk = next(each for each in json.loads(examined.stdout)["checks"] if each["name"] == "disk")
        self.assertEqual(disk["finding"], "problem")
        self.assertRegex(disk["says"], r"^[78] MiB of the disk are free, [45] %: uploads are refused$")
        self.assertEqual(disk["next"], f"make room on the disk of {server.data}: below 64 MiB uploads are refused")
        figures = exposition.read(server.call("GET", "/metrics", token=server.account(administrator=True).token)[2].decode())
        self.assertEqual(figures["sealift_disk_full_total"].samples[()], 2)

        os.remove(filler)
        offset = upload.offset()
        self.assertEqual(upload.patch(offset, payload[offset:])[0], 204)
        status, _, body = server.call("POST", f"/api/v1/parcels/{parcel}/complete",
                                      token=sender.token)
        self.assertEqual(status, 200, body)
        opening = server.open_parcel(recipient, parcel)
        self.assertEqual(opening.payload()[2], payload)

    def test_lines_for_which_there_was_no_room_are_counted(self):
        server = self.small_server()

        journal = server.data / "journal" / "sealift.log"

        def fail_to_log_in():
            server.call("POST", "/api/v1/sessions", {"address": "alice@example.org", "authentication_key": "AAAA" * 10 + "AAA="})

        def kept():
            return [json.loads(line) for line in journal.read_text().splitlines() if line.strip()]

        fail_to_log_in()
        until(lambda: any(each["event"] == "login_failed" for each in kept()), "there is room")
        until(server.has_settled)
        with open(journal, "a") as out:  # up to a page's end, so that the next logger's first line needs another page
            out.write(" " * (4095 - journal.stat().st_size % 4096) + "\n")
        self.assertEqual(journal.stat().st_size % 4096, 0)
        filler = self.fill(server.folder, 0)
        os.kill(server.roles_named("logger")[0], signal.SIGKILL)
        until(lambda: '"ended":"sealift-logger"' in server.log(), "standard error has it")
        os.remove(filler)
        until(lambda: server.roles_named("logger"), "there is a logger again")
        fail_to_log_in()
        until(lambda: [each for each in kept() if each["event"] == "lines_lost"], "the number is told")
        line = next(each for each in kept() if each["event"] == "lines_lost")
        self.assertEqual(line["where"], "journal")
        self.assertGreaterEqual(int(line["count"]), 1)

    def test_a_catalog_without_room_refuses_what_writes_and_takes_it_afterwards(self):
        server = self.small_server()
        sender, recipient = server.account(), server.account()
        kept, payload = server.send(sender, os.urandom(300_000), recipient)
        filler = self.fill(server.folder, 0)
        wish = {"lifetime_ms": 86_400_000, "receipt": "none",
                "recipients": [{"account": recipient.id, "generation": 1}]}
        created, statuses = [], []
        for _ in range(400):  # until the write-ahead log is at its end
            parcel = os.urandom(16).hex()
            statuses.append(server.call("POST", "/api/v1/parcels", {"id": parcel, **wish}, token=sender.token)[0])
            if statuses[-1] == 201:
                created.append(parcel)
            else:
                break
        self.assertEqual(statuses[-1], 507, statuses)
        self.assertEqual(server.call("GET", "/health/ready")[0], 503)
        listed = server.call("GET", "/api/v1/parcels/sent", token=sender.token)[0]
        self.assertEqual(listed, 200, "reading goes on")
        server.kill()
        os.remove(filler)
        server.start()
        for parcel in created:  # what was answered with 201 is there
            self.assertEqual(server.call("GET", f"/api/v1/parcels/{parcel}", token=sender.token)[0], 200)
        self.assertEqual(server.open_parcel(recipient, kept).payload()[2], payload)
        server.create_parcel(sender, recipient)  # and new ones are taken

    def test_people_are_told_and_go_on_when_there_is_room(self):
        server = self.small_server()
        alice = Person(server, "alice@example.org", administrator=True)
        bob = Person(server, "bob@example.org")
        with tempfile.TemporaryDirectory(prefix="sealift-files-") as elsewhere:
            files = pathlib.Path(elsewhere) / "files"
            files.mkdir()
            (files / "large").write_bytes(os.urandom(20_000_000))
            (files / "small").write_text("small")
            before = snapshot(files.parent)
            words = ("send", files, "--to", "bob@example.org")
            filler = self.fill(server.folder, 8 << 20)
            with self.assertRaises(Failed) as failed:
                alice.run(*words)
            self.assertEqual(failed.exception.status, 1)
            self.assertIn("disk is full", failed.exception.errors)
            self.assertEqual(bob.json("inbox"), [], "nothing half is shown")
            os.remove(filler)
            sent = alice.json(*words)

            out = self.small_disk(32)
            filler = self.fill(out, 10 << 20)
            with self.assertRaises(Failed):
                bob.run("receive", sent["parcel"], "-o", os.path.join(out, "to"))
            whole = [path for path in pathlib.Path(out, "to").rglob("*")
                     if path.is_file() and ".sealift-receive-" not in str(path)]
            for path in whole:
                self.assertEqual(path.name, "small", "a file under its final name that is not whole")
            os.remove(filler)
            bob.run("receive", sent["parcel"], "-o", os.path.join(out, "to"))
            self.assertEqual(snapshot(os.path.join(out, "to")), before)


if __name__ == "__main__":
    unittest.main()
