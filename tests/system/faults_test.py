"""Roles killed at any moment, whole servers killed, disks that are full: what was acknowledged is there."""
import base64
import http.client
import os
import random
import shutil
import signal
import subprocess
import tempfile
import threading
import time
import unittest

from server import Server, build_folder, split_sealed

RUNS = int(os.environ.get("SEALIFT_FAULT_RUNS", "8"))


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
        for _ in range(100):
            try:
                server.wait_ready()
                status, headers, _ = server.call("HEAD", upload.path, headers=upload.headers())
                if status == 200:
                    return int(headers["Upload-Offset"])
                self.assertEqual(status, 503, "a role that is being started anew")
            except (OSError, http.client.HTTPException):
                pass  # killed between the two
            time.sleep(0.05)
        self.fail("no answer")

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


@unittest.skipUnless(os.geteuid() == 0 and shutil.which("unshare"), "needs root for a small disk")
class FullDisk(unittest.TestCase):
    def test_a_full_disk_is_507_and_the_upload_goes_on_when_there_is_room(self):
        folder = tempfile.mkdtemp(prefix="sealift-full-")
        mounted = subprocess.run(["mount", "-t", "tmpfs", "-o", "size=160m", "tmpfs", folder])
        if mounted.returncode != 0:
            os.rmdir(folder)
            self.skipTest("no small disk can be mounted here")
        server = Server(build_folder(), folder=folder)
        try:
            server.start()
            sender, recipient = server.account(), server.account()
            parcel = server.create_parcel(sender, recipient)
            server.put_manifest(sender, parcel, server.seal(b"manifest", recipient))
            content = os.urandom(40_000_000)
            header, payload = split_sealed(server.seal(content, recipient))
            upload = server.create_upload(sender, parcel, header, len(payload))
            half = len(payload) // 2
            self.assertEqual(upload.patch(0, payload[:half])[0], 204)

            # Somebody else fills the disk.
            filler = os.path.join(folder, "filler")
            free = os.statvfs(folder).f_bavail * os.statvfs(folder).f_frsize
            with open(filler, "wb") as out:
                os.posix_fallocate(out.fileno(), 0, free - 8 * 1024 * 1024)
            self.assertEqual(upload.patch(half, payload[half:])[0], 507)
            self.assertEqual(server.call("GET", "/health/ready")[0], 503)
            status = server.call(
                "POST", f"/api/v1/parcels/{parcel}/parts/inventory/uploads",
                {"header": base64.b64encode(header).decode(),
                 "payload_bytes": len(payload)},
                {"Tus-Resumable": "1.0.0", "Upload-Length": str(len(payload))},
                token=sender.token)[0]
            self.assertEqual(status, 507)
            self.assertGreaterEqual(upload.offset(), half)

            os.remove(filler)
            offset = upload.offset()
            self.assertEqual(upload.patch(offset, payload[offset:])[0], 204)
            status, _, body = server.call("POST", f"/api/v1/parcels/{parcel}/complete",
                                          token=sender.token)
            self.assertEqual(status, 200, body)
            opening = server.open_parcel(recipient, parcel)
            self.assertEqual(opening.payload()[2], payload)
        finally:
            server.stop()
            subprocess.run(["umount", "--lazy", folder])
            os.rmdir(folder)


if __name__ == "__main__":
    unittest.main()
