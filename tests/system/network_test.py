"""Slow and broken networks between people and the server: delays, cuts, resets, silence.

SEALIFT_FAULT_RUNS says how many parcels go over the bad road (`make faults`), SEALIFT_FAULT_SEED which troubles they meet.
"""
import os
import random
import time
import unittest

from support.bad_road import BadRoad
from support.people import Failed, Person, snapshot
from support.server import Server, build_folder, split_sealed
from support.waiting import until

RUNS = max(3, int(os.environ.get("SEALIFT_FAULT_RUNS", "12")) // 4)
SEED = int(os.environ.get("SEALIFT_FAULT_SEED", "7"))


class BrokenNetwork(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(build_folder())
        cls.addClassCleanup(cls.server.__exit__)
        cls.server.start()
        cls.alice = Person(cls.server, "alice@example.org", administrator=True)
        cls.bob = Person(cls.server, "bob@example.org")

    def on_the_road(self, person, road):
        login = person.home / "profile" / "login.json"
        kept = login.read_text()
        login.write_text(kept.replace(f":{self.server.port}", f":{road.port}"))
        self.addCleanup(login.write_text, kept)

    def until_done(self, person, *words):
        """As a person would: the same command again."""
        for tries in range(8):
            try:
                return person.json(*words)
            except Failed as failed:
                if tries == 7:
                    raise
                self.assertEqual(failed.status, 1, failed.errors)

    def test_what_was_sent_over_a_bad_road_arrives_as_it_was(self):
        dice = random.Random(SEED)
        road = BadRoad(self.server.port, dice, troubles=1 << 30)
        self.addCleanup(road.close)
        self.on_the_road(self.alice, road)
        self.on_the_road(self.bob, road)
        for run in range(RUNS):
            files = self.server.folder / f"in{run}" / "files"
            files.mkdir(parents=True)
            (files / "large").write_bytes(os.urandom(dice.randrange(1_000_000, 6_000_000)))
            (files / "small").write_text("small")
            sent = self.until_done(self.alice, "send", files, "--to", "bob@example.org")
            shown = [each["parcel"] for each in self.until_done(self.bob, "inbox")]
            self.assertIn(sent["parcel"], shown)
            out = self.server.folder / f"out{run}"
            self.until_done(self.bob, "receive", sent["parcel"], "-o", out)
            self.assertEqual(snapshot(out), snapshot(files.parent))
        print(f"{RUNS} parcels sent and received over a road with {dict(road.met)}")
        self.assertGreater(sum(road.met.values()), RUNS)
        road.calm()
        # Everything that is shown opens; nothing else is shown.
        for each in self.bob.json("inbox"):
            self.bob.run("receive", each["parcel"], "-o", self.server.folder / ("last-" + each["parcel"]))

    def test_a_sender_that_fell_silent_does_not_keep_the_upload_from_its_next_try(self):
        server = self.server
        sender, recipient = server.account(), server.account()
        content = os.urandom(3_000_000)
        parcel = server.create_parcel(sender, recipient)
        server.put_manifest(sender, parcel, server.seal(b"manifest", recipient))
        header, payload = split_sealed(server.seal(content, recipient))
        upload = server.create_upload(sender, parcel, header, len(payload))

        silent = server.connect()  # sends a third of what it announced, and stays
        self.addCleanup(silent.close)
        silent.putrequest("PATCH", upload.path)
        for name, value in upload.headers(**{"Upload-Offset": "0", "Content-Length": str(len(payload)),
                                             "Content-Type": "application/offset+octet-stream"}).items():
            silent.putheader(name, value)
        silent.endheaders(payload[:1_000_000])
        incoming = server.data / "store" / "incoming"
        until(lambda: any(each.stat().st_size >= 900_000 for each in incoming.iterdir()), "its bytes are written")

        refused = []

        def is_taken():
            offset = upload.offset()
            status, headers, _ = upload.patch(offset, payload[offset:])
            if status == 204:
                return offset, int(headers["Upload-Offset"])
            self.assertIn(status, (409, 423), "another writes, or has just written")
            refused.append(status)
            return None

        offset, end = until(is_taken, "the upload is taken over", 60)
        self.assertTrue(refused, "nobody was silent")
        self.assertGreaterEqual(offset, 900_000, "what the silent one sent is lost")
        self.assertEqual(end, len(payload))
        status, _, body = server.call("POST", f"/api/v1/parcels/{parcel}/complete", token=sender.token)
        self.assertEqual(status, 200, body)
        opening = server.open_parcel(recipient, parcel)
        sealed = opening.header() + opening.payload()[2]
        self.assertEqual(server.open_sealed(sealed, recipient), content)
        print(f"the upload was free again after {len(refused)} refusals")

    @unittest.skipUnless(RUNS >= 25, "takes the minutes that a silent server is waited for: make faults")
    def test_a_road_that_falls_silent_is_given_up_and_taken_again(self):
        road = BadRoad(self.server.port, random.Random(SEED), troubles=3, kinds=("silent",), within=1_000_000)
        self.addCleanup(road.close)
        self.on_the_road(self.alice, road)
        files = self.server.folder / "silence"
        files.mkdir()
        (files / "large").write_bytes(os.urandom(5_000_000))
        sent = self.until_done(self.alice, "send", files, "--to", "bob@example.org")
        self.assertGreater(road.met["silent"], 0)
        self.bob.run("receive", sent["parcel"], "-o", self.server.folder / "after-silence")
        self.assertEqual((self.server.folder / "after-silence" / "silence" / "large").read_bytes(),
                         (files / "large").read_bytes())


if __name__ == "__main__":
    unittest.main()
