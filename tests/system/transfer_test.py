"""Parcels between people, by the command line alone, over a server that runs for real."""
import json
import os
import pathlib
import subprocess
import unittest
from datetime import datetime, timedelta, timezone

from support.people import Failed, Person, SlowRoad, kill, make_files, snapshot
from support.server import Server, build_folder

LARGE = 24_000_000


class Transfer(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(build_folder())
        cls.server.start()
        cls.alice = Person(cls.server, "alice@example.org", administrator=True)
        cls.bob = Person(cls.server, "bob@example.org")

    @classmethod
    def tearDownClass(cls):
        cls.server.__exit__()

    def setUp(self):
        self.work = self.server.folder / self.id().rsplit(".", 1)[1]
        self.work.mkdir()
        self.files = self.work / "in" / "files"

    def large(self):
        """One file that takes a while on a slow road."""
        self.files.mkdir(parents=True)
        (self.files / "large").write_bytes(os.urandom(LARGE))
        return self.files

    def received(self, person, parcel, *more, name="out", **how):
        person.run("receive", parcel, "-o", self.work / name, *more, **how)
        return snapshot(self.work / name)

    def on_the_road(self, person, road):
        """The same login, by another way."""
        login = person.home / "profile" / "login.json"
        kept = login.read_text()
        login.write_text(kept.replace(f":{self.server.port}", f":{road.port}"))
        self.addCleanup(lambda: login.write_text(kept))
        self.addCleanup(road.close)

    def assert_nothing_half(self, folder):
        """No file has a final name that is not whole: here, none at all."""
        names = [path for path in pathlib.Path(folder).rglob("*") if path.is_file()]
        self.assertEqual([path for path in names if ".sealift-receive-" not in str(path)], [])

    # ---- whole ways

    def test_a_folder_arrives_as_it_was_sent(self):
        make_files(self.files)
        sent = self.alice.json("send", self.files, "--to", "bob@example.org", "--note", "für dich")
        inbox = self.bob.json("inbox")
        self.assertIn(sent["parcel"], [each["parcel"] for each in inbox])
        told = self.bob.json("receive", sent["parcel"], "-o", self.work / "out")
        self.assertEqual(snapshot(self.work / "out"), snapshot(self.files.parent))
        self.assertEqual(told["sender"], "alice@example.org")
        self.assertEqual(told["note"], "für dich")
        self.assertTrue(told["named"])
        openings = self.alice.json("outbox", sent["parcel"])
        self.assertEqual(len(openings), 1)
        self.assertIn("received", openings[0], "a receipt is there")
        self.assertFalse(any((self.alice.home / "profile" / "sendings").iterdir()))

    def test_stock_age_and_tar_open_what_was_downloaded(self):
        make_files(self.files)
        sent = self.alice.json("send", self.files, "--to", "bob@example.org")
        # Names are sealed: nothing that the server answers or keeps has one.
        for path in self.server.data.rglob("*"):
            if path.is_file():
                self.assertNotIn("日本語".encode(), path.read_bytes())
        sealed = self.work / "parcel.tar.age"
        self.bob.run("receive", sent["parcel"], "--sealed", sealed)
        out = self.work / "out"
        out.mkdir()
        subprocess.run(f"age -d -i '{self.bob.identity()}' '{sealed}' |"
                       f" tar -x -p -C '{out}'", shell=True, check=True)
        self.assertEqual(snapshot(out), snapshot(self.files.parent))

    def test_one_entry_is_fetched_without_the_rest(self):
        self.large()
        (self.files / "small").write_text("small")
        sent = self.alice.json("send", self.files, "--to", "bob@example.org")
        told = self.bob.json("receive", sent["parcel"], "-o", self.work / "out", "--only",
                             "files/small")
        self.assertLess(told["fetched_bytes"], 3_000_000)
        self.assertEqual([path.name for path in (self.work / "out").rglob("*") if path.is_file()],
                         ["small"])
        with self.assertRaises(Failed):
            self.bob.run("receive", sent["parcel"], "-o", self.work / "out", "--only", "nothing")

    def test_a_recipient_is_added_and_taken_off(self):
        make_files(self.files)
        carol = Person(self.server, "carol@example.org")
        sent = self.alice.json("send", self.files, "--to", "bob@example.org")
        with self.assertRaises(Failed):
            self.received(carol, sent["parcel"])
        self.alice.run("recipients", "add", sent["parcel"], "carol@example.org")
        self.assertEqual(self.received(carol, sent["parcel"]), snapshot(self.files.parent))
        # Who it goes to, added later or not; who it is from, for whoever has received it once.
        mine = next(each for each in self.alice.json("outbox") if each["parcel"] == sent["parcel"])
        self.assertEqual({each["address"] for each in mine["recipients"]}, {"bob@example.org", "carol@example.org"})
        line = next(each for each in self.alice.run("outbox").splitlines() if sent["parcel"] in each)
        self.assertRegex(line, "to (bob|carol)@example.org, (bob|carol)@example.org$")
        self.assertIn("from alice@example.org", carol.run("inbox"))
        dora = Person(self.server, "dora@example.org")
        self.alice.run("recipients", "add", sent["parcel"], "dora@example.org")
        self.assertIn("from alice@example.org, by the server's word", dora.run("inbox"))
        self.assertEqual(self.received(self.bob, sent["parcel"], name="bob"),
                         snapshot(self.files.parent))
        self.alice.run("recipients", "remove", sent["parcel"], "bob@example.org")
        with self.assertRaises(Failed):
            self.received(self.bob, sent["parcel"], name="again")

    # ---- links and requests

    def test_a_link_with_a_passphrase_opens_as_often_as_it_may(self):
        make_files(self.files)
        sent = self.alice.json("send", self.files, "--link", "--passphrase", "--opens", "1")
        visitor, late = Person(self.server), Person(self.server)
        with self.assertRaises(Failed) as refusal:
            self.received(visitor, sent["link"], password="not the passphrase")
        self.assertIn("the link or the passphrase is wrong; no opening was used", refusal.exception.errors)
        self.assert_nothing_half(self.work / "out")
        self.assertEqual([each["opens_used"] for each in self.alice.json("links", sent["parcel"])], [0])
        typed = sent["passphrase"].upper().replace("-", "  ")
        self.assertEqual(self.received(visitor, sent["link"], password=typed), snapshot(self.files.parent))
        with self.assertRaises(Failed) as refusal:
            self.received(late, sent["link"], name="late", password=sent["passphrase"])
        self.assertIn("but it has ended", refusal.exception.errors)
        links = self.alice.json("links", sent["parcel"])
        self.assertEqual([(each["opens_used"], each["passphrase"]) for each in links], [(1, True)])

    def test_a_link_without_its_secret_opens_nothing(self):
        make_files(self.files)
        sent = self.alice.json("send", self.files, "--link")
        address, secret = sent["link"].split("#")
        other = address + "#" + ("B" if secret[0] == "A" else "A") + secret[1:]
        with self.assertRaises(Failed):
            self.received(Person(self.server), other)
        self.assertEqual(self.received(Person(self.server), sent["link"]),
                         snapshot(self.files.parent))

    def test_a_revoked_link_is_over(self):
        make_files(self.files)
        sent = self.alice.json("send", self.files, "--link")
        link = self.alice.json("links", sent["parcel"])[0]["link"]
        self.alice.run("links", "revoke", sent["parcel"], link)
        with self.assertRaises(Failed):
            self.received(Person(self.server), sent["link"])

    def test_an_outsider_hands_files_in(self):
        make_files(self.files)
        made = self.bob.json("request", "create", "--title", "Dossiers, bitte", "--parcels", "1")
        listed = {each["request"]: each for each in self.bob.json("request", "list")}
        self.assertEqual(listed[made["request"]]["title"], "Dossiers, bitte")
        self.assertEqual(listed[made["request"]]["link"], made["link"])
        shown = self.bob.run("request", "list")
        self.assertIn("handed in 0 of at most 1  ", shown)
        self.assertIn(made["link"], shown)
        outsider = Person(self.server)
        sent = outsider.json("hand-in", made["link"], self.files, "--note", "hier")
        told = self.bob.json("receive", sent["parcel"], "-o", self.work / "out")
        self.assertEqual(snapshot(self.work / "out"), snapshot(self.files.parent))
        self.assertEqual((told["sender"], told["note"]), ("", "hier"))
        with self.assertRaises(Failed) as full:
            outsider.run("hand-in", made["link"], self.files, "--note", "one more")
        self.assertIn("takes no more", full.exception.errors)
        # A key that is not the link's is refused before anything is sealed.
        forged = made["link"][:-1] + ("A" if made["link"][-1] != "A" else "E")
        with self.assertRaises(Failed):
            outsider.run("hand-in", forged, self.files)
        self.bob.run("request", "close", made["request"])

    # ---- what goes wrong on the way

    def test_what_cannot_be_sent_is_listed_and_nothing_is_sent(self):
        make_files(self.files)
        (self.files / "link").symlink_to("/etc/passwd")
        before = len(self.alice.json("outbox"))
        with self.assertRaises(Failed) as failed:
            self.alice.run("send", self.files, "--to", "bob@example.org")
        self.assertEqual(failed.exception.status, 2)
        self.assertIn("link: it is a symbolic link", failed.exception.errors)
        self.assertEqual(len(self.alice.json("outbox")), before)
        sent = self.alice.json("send", self.files, "--to", "bob@example.org", "--leave-out")
        there = self.received(self.bob, sent["parcel"])
        (self.files / "link").unlink()
        self.assertEqual(set(there), set(snapshot(self.files.parent)))

    def test_a_killed_sender_goes_on_where_it_was(self):
        self.large()
        road = SlowRoad(self.server.port, 12_000_000)
        self.on_the_road(self.alice, road)
        words = ["send", self.files, "--to", "bob@example.org"]
        process = self.alice.start(*words)
        road.wait("sent", LARGE * 2 // 3)
        kill(process)
        road.rate = None
        sent = self.alice.json(*words)
        self.assertTrue(sent["continued"])
        self.assertLess(road.sent, LARGE * 1.4, "what the server had was not sent again")
        self.assertEqual(self.received(self.bob, sent["parcel"]), snapshot(self.files.parent))

    def test_a_killed_hand_in_goes_on_at_its_requests_last_slot(self):
        self.large()
        asked = self.bob.json("request", "create", "--title", "papers", "--parcels", "1")
        road = SlowRoad(self.server.port, 12_000_000)
        self.addCleanup(road.close)
        visitor, stranger = Person(self.server), Person(self.server)
        words = ["hand-in", asked["link"].replace(f":{self.server.port}/", f":{road.port}/"), self.files]
        process = visitor.start(*words)
        road.wait("sent", LARGE * 2 // 3)
        kill(process)
        road.rate = None
        self.assertIn("takes no more files", stranger.fails("hand-in", asked["link"], self.files), "the slot is the first one's")
        handed = visitor.json(*words)
        self.assertTrue(handed["continued"])
        self.assertLess(road.sent, LARGE * 1.4, "what the server had was not sent again")
        self.assertEqual(self.received(self.bob, handed["parcel"]), snapshot(self.files.parent))
        self.assertIn("takes no more files", visitor.fails("hand-in", asked["link"], self.server.folder / "errors.log"))

    def test_a_file_changed_meanwhile_is_sent_anew_under_another_key(self):
        self.large()
        road = SlowRoad(self.server.port, 12_000_000)
        self.on_the_road(self.alice, road)
        words = ["send", self.files, "--to", "bob@example.org"]
        process = self.alice.start(*words)
        road.wait("sent", LARGE // 2)
        kill(process)
        path = self.files / "large"
        before = path.stat()
        with open(path, "r+b") as file:
            file.seek(1_000_000)
            file.write(os.urandom(16))
        os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))
        road.rate = None
        sent = self.alice.json(*words)
        self.assertEqual(self.received(self.bob, sent["parcel"]), snapshot(self.files.parent))
        states = [each["state"] for each in self.alice.json("outbox")]
        self.assertIn("recalled", states, "the parcel that was begun is no more")

    def test_a_cut_network_and_a_restarted_server_are_waited_out(self):
        self.large()
        road = SlowRoad(self.server.port, 12_000_000)
        self.on_the_road(self.alice, road)
        process = self.alice.start("send", self.files, "--to", "bob@example.org", "--json")
        road.wait("sent", LARGE // 3)
        road.cut()
        road.wait("sent", LARGE // 2)
        self.server.kill()
        self.server.start()
        road.rate = None
        out, errors = process.communicate(timeout=120)
        self.assertEqual(process.returncode, 0, errors)
        sent = json.loads(out)
        self.assertEqual(self.received(self.bob, sent["parcel"]), snapshot(self.files.parent))

    def test_a_killed_receiver_goes_on_and_no_file_was_half(self):
        self.large()
        sent = self.alice.json("send", self.files, "--to", "bob@example.org")
        road = SlowRoad(self.server.port, 12_000_000)
        self.on_the_road(self.bob, road)
        process = self.bob.start("receive", sent["parcel"], "-o", self.work / "out")
        road.wait("received", LARGE * 2 // 3)
        kill(process)
        self.assert_nothing_half(self.work / "out")
        road.rate = None
        self.assertEqual(self.received(self.bob, sent["parcel"]), snapshot(self.files.parent))
        self.assertLess(road.received, LARGE * 1.4)
        self.assertEqual(len(self.alice.json("outbox", sent["parcel"])), 1, "one opening")

    def lose_pages(self, folder):
        """What a power cut leaves of files that were written and not yet synced: some pages as they were before, zeros."""
        lost = 0
        for path in pathlib.Path(folder).rglob("*"):
            if path.is_file() and path.stat().st_size > 200_000:
                with open(path, "r+b") as file:
                    file.seek(path.stat().st_size - 150_000)
                    file.write(bytes(4096 * 20))
                lost += 1
        return lost

    def test_a_sender_whose_machine_lost_its_newest_pages_goes_on_or_begins_anew(self):
        self.large()
        road = SlowRoad(self.server.port, 12_000_000)
        self.on_the_road(self.alice, road)
        words = ["send", self.files, "--to", "bob@example.org"]
        process = self.alice.start(*words)
        road.wait("sent", LARGE // 2)
        kill(process)
        journals = [path for path in (self.alice.home / "profile" / "sendings").rglob("journal") if path.is_file()]
        self.assertEqual(len(journals), 1)
        size = journals[0].stat().st_size
        self.assertGreater(size, 0)
        os.truncate(journals[0], size - min(size // 3, 100))
        road.rate = None
        sent = self.alice.json(*words)
        self.assertEqual(self.received(self.bob, sent["parcel"]), snapshot(self.files.parent))
        self.assertEqual([each["parcel"] for each in self.bob.json("inbox")].count(sent["parcel"]), 1)

    def test_a_receiver_whose_machine_lost_its_newest_pages_gets_the_true_file(self):
        self.large()
        sent = self.alice.json("send", self.files, "--to", "bob@example.org")
        road = SlowRoad(self.server.port, 12_000_000)
        self.on_the_road(self.bob, road)
        process = self.bob.start("receive", sent["parcel"], "-o", self.work / "out")
        road.wait("received", LARGE // 2)
        kill(process)
        self.assertGreater(self.lose_pages(self.work / "out"), 0)
        road.rate = None
        self.assertEqual(self.received(self.bob, sent["parcel"]), snapshot(self.files.parent))

    def test_odd_names_arrive_as_they_are_and_bytes_that_are_no_text_are_listed(self):
        self.files.mkdir(parents=True)
        names = ["n" * 255, "\u00e9" * 127, "caf\u00e9", "cafe\u0301", "gnp\u202etxt.exe", "\u2066isolated\u2069", "...", "-", "--", "CON",
                 "nul.txt", "*", "?", "\u200b", "\ufeffbom", "\U0001f468\u200d\U0001f469", "%2e%2e", "trailing.", "trailing "]
        no_names_everywhere = ["two\nlines", "tab\tand\rreturn", "a\\b"]
        for name in names + no_names_everywhere:
            (self.files / name).write_text("in " + name)
        raw = os.fsencode(self.files) + b"/no \xff\xfe text"
        with open(raw, "wb") as file:
            file.write(b"x")
        with self.assertRaises(Failed) as refused:
            self.alice.run("send", self.files, "--to", "bob@example.org")
        shown = refused.exception.errors
        self.assertIn("these cannot be sent", shown)
        for control in ("\u202e", "\x1b", "\r", "\x00"):
            self.assertNotIn(control, shown)
        sent = self.alice.json("send", self.files, "--to", "bob@example.org", "--leave-out")
        got = self.received(self.bob, sent["parcel"])
        os.remove(raw)
        self.assertEqual(shown.count("files/"), len(no_names_everywhere) + 1, shown)
        expected = snapshot(self.files.parent)
        for name in no_names_everywhere:
            del expected["files/" + name]
        self.assertEqual(set(got), set(expected))
        for name in names:
            self.assertEqual(got["files/" + name], expected["files/" + name], repr(name))

    def test_an_expiry_is_changed_within_the_policy(self):
        make_files(self.files)
        sent = self.alice.json("send", self.files, "--to", "bob@example.org", "--link", "--expires", "3d")
        days = lambda text: round((datetime.fromisoformat(text) - datetime.now(timezone.utc)) / timedelta(days=1), 1)
        changed = self.alice.json("expiry", sent["parcel"], "8d")
        self.assertEqual(days(changed["expires"]), 8)
        self.assertEqual([days(each["expires"]) for each in self.alice.json("links", sent["parcel"])], [8])
        self.assertEqual([days(each["expires"]) for each in self.bob.json("inbox") if each["parcel"] == sent["parcel"]], [8])
        self.assertEqual(days(self.alice.json("expiry", sent["parcel"], "1d")["expires"]), 1)
        self.assertIn("The policy keeps this for", self.alice.fails("expiry", sent["parcel"], "9y"))
        self.assertIn("takes a number and m, h, d, w or y", self.alice.fails("expiry", sent["parcel"], "soon", status=2))
        self.assertIn("There is no such parcel", self.bob.fails("expiry", sent["parcel"], "2d"))
        self.alice.run("recall", sent["parcel"])
        self.assertIn("has been recalled or has expired", self.alice.fails("expiry", sent["parcel"], "2d"))

    def test_a_recall_ends_a_download(self):
        self.large()
        sent = self.alice.json("send", self.files, "--to", "bob@example.org")
        road = SlowRoad(self.server.port, 4_000_000)
        self.on_the_road(self.bob, road)
        process = self.bob.start("receive", sent["parcel"], "-o", self.work / "out")
        road.wait("received", LARGE // 4)
        self.alice.run("recall", sent["parcel"])
        _, errors = process.communicate(timeout=120)
        self.assertEqual(process.returncode, 1, errors)
        self.assert_nothing_half(self.work / "out")
        with self.assertRaises(Failed):
            self.received(self.bob, sent["parcel"])
        self.assert_nothing_half(self.work / "out")

    def test_nothing_that_is_there_is_overwritten(self):
        make_files(self.files)
        sent = self.alice.json("send", self.files, "--to", "bob@example.org")
        mine = self.work / "out" / "files" / "size 512"
        mine.parent.mkdir(parents=True)
        mine.write_text("mine")
        with self.assertRaises(Failed):
            self.received(self.bob, sent["parcel"])
        self.assertEqual(mine.read_text(), "mine")
        mine.unlink()
        there = self.received(self.bob, sent["parcel"])
        self.assertEqual(set(there), set(snapshot(self.files.parent)))


if __name__ == "__main__":
    unittest.main()
