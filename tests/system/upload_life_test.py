"""What outlives what: an upload its login, an expired upload nothing, a suspension no transfer, a link's limit a crash, the
log the texts of its events. One server, whose clock is set forward."""
import concurrent.futures
import contextlib
import http.client
import os
import threading
import time
import unittest

from support.links import Link
from support.server import DAY_MS, Server, build_folder, hash_of, split_sealed, token
from support.slow_transfers import SlowDownload, SlowUpload
from support.waiting import until

HOUR_MS = 3_600_000


class WhatOutlivesWhat(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(build_folder())
        cls.server.step_clock(0)
        cls.server.start()

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__()

    def setUp(self):
        self.sender, self.recipient = self.server.account(), self.server.account()

    def log_in_anew(self, account):
        account.token = token()
        self.server.session(account, account.token)

    def restart(self):
        """The reaper looks at everything when the server starts."""
        self.assertEqual(self.server.stop(), 0)
        self.server.start()

    def begin(self, content=None, lifetime_ms=30 * DAY_MS):
        server = self.server
        parcel = server.create_parcel(self.sender, self.recipient, lifetime_ms=lifetime_ms)
        manifest = server.seal(b"manifest", self.recipient)
        self.manifest_bytes = len(split_sealed(manifest)[1])
        server.put_manifest(self.sender, parcel, manifest)
        header, payload = split_sealed(server.seal(content or os.urandom(300_000), self.recipient))
        return parcel, payload, server.create_upload(self.sender, parcel, header, len(payload))

    def complete(self, parcel):
        return self.server.call("POST", f"/api/v1/parcels/{parcel}/complete", token=self.sender.token)[0]

    def set_state(self, account, state):
        administrator = self.server.account(administrator=True)
        status, _, body = self.server.call("PUT", f"/api/v1/admin/accounts/{account.id}/state", {"state": state},
                                           token=administrator.token)
        self.assertEqual(status, 204, body)

    def used_bytes(self):
        with self.server.catalog() as catalog:
            return catalog.execute("SELECT used_bytes FROM accounts WHERE id = ?",
                                   (bytes.fromhex(self.sender.id),)).fetchone()[0]

    def blob_files(self):
        """Names of everything in the store."""
        return {path.name for path in (self.server.data / "store").rglob("*") if path.is_file()}

    def test_an_upload_goes_on_after_its_login_and_a_new_login_finishes_it(self):
        parcel, payload, upload = self.begin()
        thirds = [0, 100_000, 200_000, len(payload)]
        ends = (lambda: self.server.call("DELETE", "/api/v1/sessions/current", token=self.sender.token),
                lambda: self.server.step_clock(DAY_MS + HOUR_MS))  # idle for too long
        for at, end in zip(range(3), (*ends, None)):
            self.assertEqual(upload.patch(thirds[at], payload[thirds[at]:thirds[at + 1]])[0], 204)
            if end:
                end()
                self.assertEqual(self.server.call("GET", "/api/v1/account", token=self.sender.token)[0], 401)
                self.assertEqual(self.complete(parcel), 401)
                self.assertEqual(upload.offset(), thirds[at + 1])
            if at == 0:
                self.log_in_anew(self.sender)
        self.assertEqual(self.complete(parcel), 401)
        self.assertEqual(self.server.call("POST", f"/api/v1/parcels/{parcel}/complete")[0], 401)
        for account in (self.sender, self.recipient):
            self.log_in_anew(account)
        self.assertEqual(self.complete(parcel), 200)
        self.assertEqual(self.server.open_parcel(self.recipient, parcel).payload()[2], payload)

    def test_bytes_that_flow_keep_the_login_that_began_them(self):
        parcel, payload, upload = self.begin()
        for at in range(0, 300_000, 100_000):
            self.server.step_clock(7 * HOUR_MS)
            self.assertEqual(upload.patch(at, payload[at:at + 100_000])[0], 204)
        offset = upload.offset()
        self.assertEqual(upload.patch(offset, payload[offset:])[0], 204)
        with self.server.catalog() as catalog:
            seen, created = catalog.execute("SELECT last_seen, created FROM sessions WHERE token = ?",
                                            (hash_of(self.sender.token),)).fetchone()
        self.assertGreaterEqual(seen - created, 21 * HOUR_MS)
        self.assertEqual(self.complete(parcel), 200)

    def test_of_a_suspended_sender_nothing_more_is_taken_or_finished(self):
        before = self.blob_files()
        parcel, payload, upload = self.begin(os.urandom(32_000_000))
        half = SlowUpload(self.server, upload, payload)
        half.start()
        self.assertTrue(half.is_under_way.wait(20))
        began = time.monotonic()
        self.set_state(self.sender, "suspended")
        half.join(20)
        self.assertLess(half.ended - began, 5)
        self.assertLess(half.moved, len(payload), "it was cut")
        self.assertEqual(upload.patch(0, payload[:1000])[0], 401)
        self.assertEqual(self.server.call("HEAD", upload.path, headers=upload.headers())[0], 401)
        self.assertEqual(self.complete(parcel), 401)
        # By mistake: what was acknowledged is still there.
        self.set_state(self.sender, "active")
        self.log_in_anew(self.sender)
        offset = upload.offset()
        self.assertGreater(offset, 0)
        self.assertEqual(upload.patch(offset, payload[offset:offset + 100_000])[0], 204)
        self.set_state(self.sender, "suspended")
        self.server.step_clock(73 * HOUR_MS)
        self.restart()
        until(lambda: self.blob_files() <= before)
        self.set_state(self.sender, "active")
        self.log_in_anew(self.sender)
        self.assertEqual(self.used_bytes(), self.manifest_bytes)
        self.assertEqual(self.complete(parcel), 409, "its content is gone")

    def test_an_upload_that_nobody_went_on_with_expires_and_gives_its_room_back(self):
        before = self.blob_files()
        parcel, payload, upload = self.begin()
        status, headers, _ = upload.patch(0, payload[:100_000])
        self.assertEqual(status, 204)
        self.assertIn("Upload-Expires", headers)
        self.assertEqual(self.used_bytes(), self.manifest_bytes + len(payload))
        self.server.step_clock(72 * HOUR_MS - 60_000)
        self.assertEqual(upload.patch(100_000, payload[100_000:100_001])[0], 204)
        self.server.step_clock(72 * HOUR_MS - 60_000)
        self.assertEqual(upload.offset(), 100_001, "every byte gives it more time")
        self.server.step_clock(60_001)
        for answer in (self.server.call("HEAD", upload.path, headers=upload.headers()),
                       upload.patch(100_001, payload[100_001:])):
            self.assertEqual(answer[0], 401, "its key opens nothing any more")
        self.restart()
        until(lambda: self.blob_files() <= before)
        self.log_in_anew(self.sender)
        until(lambda: self.used_bytes() == self.manifest_bytes)
        header, payload = split_sealed(self.server.seal(b"again", self.recipient))
        upload = self.server.create_upload(self.sender, parcel, header, len(payload))
        self.assertEqual(upload.patch(0, payload)[0], 204)
        self.assertEqual(self.complete(parcel), 200, "the parcel itself lives on")

    def test_a_download_is_cut_when_its_sender_is_suspended(self):
        parcel, payload = self.server.send(self.sender, os.urandom(48_000_000), self.recipient)
        opening = self.server.open_parcel(self.recipient, parcel)
        download = SlowDownload(self.server, f"/api/v1/openings/{opening.id}/parts/content/payload", opening.ticket)
        download.start()
        self.assertTrue(download.is_under_way.wait(20))
        began = time.monotonic()
        self.set_state(self.sender, "suspended")
        download.join(20)
        self.assertLess(download.ended - began, 5)
        self.assertLess(download.moved, len(payload))
        self.assertEqual(opening.payload()[0], 401)
        self.assertEqual(self.server.call("POST", f"/api/v1/parcels/{parcel}/openings", token=self.recipient.token)[0], 409)
        self.set_state(self.sender, "active")
        self.assertEqual(opening.payload()[2], payload)

    def test_bytes_that_come_ahead_count_once_the_gap_is_closed(self):
        parcel, payload, upload = self.begin()
        first = SlowUpload(self.server, upload, payload[:100_000])
        first.connection.sendall(payload[:40_000])
        # Bodies overtake each other: the second is the last to come. Before the first is under way, there is nothing to be behind.
        until(lambda: upload.patch(200_000, payload[200_000:])[0] == 204)
        for begin, end in ((150_000, 200_000), (100_000, 150_000)):
            status, headers, _ = upload.patch(begin, payload[begin:end])
            self.assertEqual(status, 204)
            self.assertEqual(headers["Upload-Offset"], "0", "behind a gap, and told so")
        first.connection.sendall(payload[40_000:100_000])
        answer = first.connection.recv(65536).decode()
        self.assertTrue(answer.startswith("HTTP/1.1 204 "), answer)
        self.assertIn(f"upload-offset: {len(payload)}\r\n", answer.lower(), "all of it at once")
        self.assertEqual(self.complete(parcel), 200)
        self.assertEqual(self.server.open_parcel(self.recipient, parcel).payload()[2], payload)

    def test_bodies_that_come_too_early_keep_nobody_out(self):
        _, payload, upload = self.begin()
        is_over = threading.Event()

        def come_early(at):
            while not is_over.is_set():
                with contextlib.suppress(OSError, http.client.HTTPException):  # cut off for the one before it
                    upload.patch(at, payload[at:at + 1])
        with concurrent.futures.ThreadPoolExecutor() as pool:
            early = [pool.submit(come_early, at) for at in (100_000, 200_000)]
            try:
                # Bodies of one byte, each of which is the one that the upload waits for.
                answers = [upload.patch(at, payload[at:at + 1])[0] for at in range(300)]
            finally:
                is_over.set()
            for one in early:
                one.result()
        self.assertEqual(answers, [204] * 300)

    def test_what_came_ahead_of_a_body_that_broke_off_is_asked_for_again(self):
        parcel, payload, upload = self.begin()
        first = SlowUpload(self.server, upload, payload[:100_000])
        first.connection.sendall(payload[:40_000])
        until(lambda: upload.patch(100_000, payload[100_000:])[0] == 204)
        first.connection.close()
        until(lambda: upload.patch(upload.offset(), b"")[0] in (204, 409, 400))
        offset = upload.offset()
        self.assertLessEqual(offset, 40_000)
        self.assertEqual(upload.patch(offset, payload[offset:])[0], 204)
        self.assertEqual(self.complete(parcel), 200)
        self.assertEqual(self.server.open_parcel(self.recipient, parcel).payload()[2], payload)

    def test_a_links_limit_is_exact_through_a_crash_amid_redemptions(self):
        limit = 60
        parcel, _ = self.server.send(self.sender, b"content", self.recipient)
        link = Link(self.server, self.sender, parcel, opens_max=limit)
        proof, given, go_on = link.proof(), [], threading.Event()

        def redeem(number):
            if number >= 40:
                go_on.wait(30)
            for _ in range(3):
                try:
                    status, body = link.redeem(proof)
                except (OSError, http.client.HTTPException):
                    continue  # the server is away
                if status == 201:
                    given.append(body["opening"]["id"])
                return

        with concurrent.futures.ThreadPoolExecutor(80) as pool:
            work = [pool.submit(redeem, number) for number in range(80)]
            until(lambda: len(given) >= 5)
            self.server.kill()
            self.server.start()
            go_on.set()
            for each in work:
                each.result()
        for _ in range(limit):  # whatever is left
            status, body = link.redeem(proof)
            if status != 201:
                break
            given.append(body["opening"]["id"])
        self.assertIn(status, (409, 429))
        with self.server.catalog() as catalog:
            used = catalog.execute("SELECT opens_used FROM links WHERE id = ?", (bytes.fromhex(link.id),)).fetchone()[0]
            openings = {bytes(row[0]).hex() for row in catalog.execute(
                "SELECT id FROM openings WHERE link = ?", (bytes.fromhex(link.id),))}
        self.assertEqual(used, limit)
        self.assertEqual(len(openings), limit)
        self.assertLessEqual(set(given), openings, "what was given out is on record")

    def test_records_past_their_retention_are_erased_and_the_log_stays_whole(self):
        parcel, _ = self.server.send(self.sender, b"content", self.recipient)
        kept, _ = self.server.send(self.sender, b"content", self.recipient)
        self.server.open_parcel(self.recipient, parcel)
        self.assertEqual(self.server.call("POST", f"/api/v1/parcels/{parcel}/recall", token=self.sender.token)[0], 204)

        def texts(of):
            with self.server.catalog() as catalog:
                return catalog.execute("SELECT count(*), count(log_index) FROM custody WHERE instr(event, ?) > 0",
                                       (of.encode(),)).fetchone()

        self.assertEqual(texts(parcel)[0], 4, "created, completed, opened, recalled")
        until(lambda: texts(parcel) == (4, 4))
        # `kept` expires in a day, so it is on record a day longer.
        self.server.step_clock(365 * DAY_MS + HOUR_MS)
        self.restart()
        until(lambda: texts(parcel) == (0, 0))
        self.assertGreater(texts(kept)[0], 0)
        until(lambda: texts("records_erased") != (0, 0))
        until(lambda: not any(parcel.encode() in path.read_bytes() or bytes.fromhex(parcel) in path.read_bytes()
                                             for path in (self.server.data / "catalog").iterdir()))
        self.assertTrue(self.server.is_log_whole())


if __name__ == "__main__":
    unittest.main()
