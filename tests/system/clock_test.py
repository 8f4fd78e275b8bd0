"""A machine's clock that is set forward and back while the server runs: nothing acknowledged is lost, and what has
expired stays expired."""
import json
import os
import signal
import struct
import subprocess
import time
import unittest

from support.people import Person, snapshot
from support.server import DAY_MS, Server, build_folder, split_sealed
from support.waiting import until

HOUR_MS = 3_600_000


class SteppedClock(unittest.TestCase):
    def setUp(self):
        self.server = Server(build_folder())
        self.addCleanup(self.server.__exit__)
        self.offset = self.server.folder / "clock-offset"
        self.step_to(0)
        self.server.environment = {"LD_PRELOAD": build_folder() / "clock_shim.so", "SEALIFT_TEST_CLOCK": self.offset}
        self.server.start()

    def step_to(self, milliseconds):
        """The server's wall clock is this far from the machine's."""
        with open(self.offset, "r+b" if self.offset.exists() else "wb") as file:
            file.write(struct.pack("=q", milliseconds))

    def server_time(self):
        """As the last line of its log says, in milliseconds from now."""
        line = self.server.log().strip().splitlines()[-1]
        return int(line.split('"time":')[1].split(",")[0]) - time.time() * 1000

    def begin(self, lifetime_ms=DAY_MS):
        server = self.server
        sender, recipient = server.account(), server.account()
        parcel = server.create_parcel(sender, recipient, lifetime_ms=lifetime_ms)
        server.put_manifest(sender, parcel, server.seal(b"manifest", recipient))
        content = os.urandom(1_000_000)
        header, payload = split_sealed(server.seal(content, recipient))
        return sender, recipient, parcel, content, payload, server.create_upload(sender, parcel, header, len(payload))

    def finish(self, sender, recipient, parcel, content):
        status, _, body = self.server.call("POST", f"/api/v1/parcels/{parcel}/complete", token=sender.token)
        self.assertEqual(status, 200, body)
        self.assert_opens(recipient, parcel, content)

    def assert_opens(self, recipient, parcel, content):
        opening = self.server.open_parcel(recipient, parcel)
        sealed = opening.header() + opening.payload()[2]
        self.assertEqual(self.server.open_sealed(sealed, recipient), content)

    def assert_log_whole(self):
        verified = subprocess.run([self.server.build / "sealift", "log", "verify", "--data", self.server.data],
                                  capture_output=True, text=True)
        self.assertEqual(verified.returncode, 0, verified.stdout + verified.stderr)

    def open_status(self, recipient, parcel):
        return self.server.call("POST", f"/api/v1/parcels/{parcel}/openings", token=recipient.token)[0]

    def test_the_shim_moves_the_servers_clock(self):
        self.step_to(5 * HOUR_MS)
        self.server.kill()
        self.server.start()
        self.assertAlmostEqual(self.server_time(), 5 * HOUR_MS, delta=60_000)

    def test_an_upload_goes_on_through_steps_forward_and_back(self):
        sender, recipient, parcel, content, payload, upload = self.begin()
        acknowledged = 0
        for step in (0, 2 * HOUR_MS, -3 * HOUR_MS, 5 * HOUR_MS, -365 * DAY_MS, 0):
            self.step_to(step)
            status, headers, body = upload.patch(acknowledged, payload[acknowledged:acknowledged + 150_000])
            self.assertEqual(status, 204, (step, body))
            acknowledged = int(headers["Upload-Offset"])
            self.assertEqual(upload.offset(), acknowledged)
        self.server.kill()
        self.server.start()
        self.assertEqual(upload.offset(), acknowledged)
        self.assertEqual(upload.patch(acknowledged, payload[acknowledged:])[0], 204)
        self.finish(sender, recipient, parcel, content)
        self.assert_log_whole()

    def test_what_expired_stays_expired_when_the_clock_is_set_back(self):
        sender, recipient, parcel, content, payload, upload = self.begin(lifetime_ms=HOUR_MS)
        self.assertEqual(upload.patch(0, payload)[0], 204)
        self.finish(sender, recipient, parcel, content)
        self.step_to(2 * HOUR_MS)
        self.assertNotEqual(self.open_status(recipient, parcel), 201)

        def is_removed():
            with self.server.catalog() as catalog:
                return catalog.execute("SELECT count(*) FROM blobs").fetchone()[0] == 0

        until(is_removed, "the reaper has noted the time and removed the payload")
        self.step_to(-365 * DAY_MS)
        self.assertNotEqual(self.open_status(recipient, parcel), 201)
        self.server.kill()
        self.server.start()
        self.assertNotEqual(self.open_status(recipient, parcel), 201)
        # And what is sent from now on lives as long as it should.
        begun = self.begin()
        self.assertEqual(begun[5].patch(0, begun[4])[0], 204)
        self.finish(begun[0], begun[1], begun[2], begun[3])
        self.assert_log_whole()

    def test_people_send_and_receive_while_the_servers_clock_is_wrong(self):
        alice = Person(self.server, "alice@example.org", administrator=True)
        bob = Person(self.server, "bob@example.org")
        files = self.server.folder / "in" / "files"
        files.mkdir(parents=True)
        (files / "large").write_bytes(os.urandom(2_000_000))
        parcels = []
        for step in (0, HOUR_MS // 4, -HOUR_MS, -40 * DAY_MS):
            self.step_to(step)
            parcels.append(alice.json("send", files, "--to", "bob@example.org")["parcel"])
        self.assertEqual({each["parcel"] for each in bob.json("inbox")}, set(parcels))
        for parcel in parcels:
            out = self.server.folder / parcel
            bob.run("receive", parcel, "-o", out)
            self.assertEqual(snapshot(out), snapshot(files.parent))
        self.assert_log_whole()

    def admin_clock(self, word):
        done = subprocess.run([self.server.build / "sealift", "admin", "--data", self.server.data, "clock", word, "--json"],
                              capture_output=True, text=True, check=True)
        return json.loads(done.stdout)["is_held"]

    def test_a_clock_that_jumps_years_ahead_expires_nothing_until_it_is_accepted(self):
        alice = Person(self.server, "alice@example.org", administrator=True)
        bob = Person(self.server, "bob@example.org")
        file = self.server.folder / "large"
        file.write_bytes(os.urandom(2_000_000))
        parcel = alice.json("send", file, "--to", "bob@example.org")["parcel"]
        self.step_to(4 * 365 * DAY_MS)
        until(lambda: self.admin_clock("show"))
        self.assertEqual([each["parcel"] for each in bob.json("inbox")], [parcel], "logins go on too")
        examined = subprocess.run([self.server.build / "sealift", "admin", "--data", self.server.data, "doctor", "--json"], capture_output=True, text=True)
        checks = {each["name"]: each["finding"] for each in json.loads(examined.stdout)["checks"]}
        self.assertEqual((examined.returncode, checks["clock"]), (1, "problem"))
        self.step_to(0)
        until(lambda: not self.admin_clock("show"))
        bob.run("receive", parcel, "-o", self.server.folder / "out")
        self.assertIn("clock_held", self.server.log())
        self.assertIn("clock_came_back", self.server.log())
        self.step_to(400 * DAY_MS)
        until(lambda: self.admin_clock("show"))
        self.admin_clock("accept")
        until(lambda: bob.tried("inbox").returncode != 0, "the login is over by the accepted clock")
        self.server.kill()
        self.server.start()
        self.assertFalse(self.admin_clock("show"), "what was accepted stays accepted")
        bob.fails("inbox")
        self.assert_log_whole()

    def end_the_vault(self, meanwhile=lambda: None):
        vault = self.server.roles_named("vault")[0]
        os.kill(vault, signal.SIGSTOP)
        meanwhile()
        os.kill(vault, signal.SIGKILL)
        until(lambda: [each for each in self.server.roles_named("vault") if each != vault], "the next vault")
        self.server.wait_ready()

    def test_a_vault_that_ends_begins_no_new_count(self):
        """Neither of steps, nor of the two weeks that a server may have been off."""
        sender, recipient, parcel, content, payload, upload = self.begin(lifetime_ms=2 * DAY_MS)
        self.assertEqual(upload.patch(0, payload)[0], 204)
        self.finish(sender, recipient, parcel, content)
        self.step_to(20 * HOUR_MS)
        self.server.call("GET", "/api/v1/server")
        self.end_the_vault()
        self.assertFalse(self.admin_clock("show"))
        self.step_to(40 * HOUR_MS)
        until(lambda: self.admin_clock("show"), "both steps together are held")
        self.step_to(0)
        until(lambda: not self.admin_clock("show"))
        self.end_the_vault(lambda: self.step_to(13 * DAY_MS))
        until(lambda: self.admin_clock("show"), "a step while no vault ran is held")
        self.assertEqual(self.open_status(recipient, parcel), 201, "its two days are not over")
        self.admin_clock("accept")
        until(lambda: self.open_status(recipient, parcel) != 201, "they are by the accepted clock")
        self.end_the_vault()
        self.assertFalse(self.admin_clock("show"), "what was accepted stays accepted")

    def test_steps_of_less_than_a_day_are_held_once_they_are_more_than_one_together(self):
        sender, recipient, parcel, content, payload, upload = self.begin(lifetime_ms=2 * DAY_MS)
        self.assertEqual(upload.patch(0, payload)[0], 204)
        self.finish(sender, recipient, parcel, content)
        for step in range(1, 8):
            self.step_to(10 * HOUR_MS * step)
            self.server.call("GET", "/api/v1/server")  # each step is seen by itself
            if step == 2:
                self.assertFalse(self.admin_clock("show"))
        until(lambda: self.admin_clock("show"), "the third was held")
        self.server.kill()
        self.server.start()
        until(lambda: self.admin_clock("show"), "a restart believes nothing")
        self.assertEqual(self.open_status(recipient, parcel), 201, "its two days are not over")
        self.admin_clock("accept")
        until(lambda: self.open_status(recipient, parcel) != 201, "they are by the accepted clock")


if __name__ == "__main__":
    unittest.main()
