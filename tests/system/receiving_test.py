"""What `sealift receive` does with a folder that isn't empty, with a disk that is too small and with files full of holes."""
import json
import os
import unittest

from support.on_a_terminal import answered
from support.people import Person, kill, SlowRoad, VisitorOf
from support.server import Server, build_folder

MIB = 1 << 20


class Receiving(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(build_folder())
        cls.addClassCleanup(cls.server.__exit__)
        cls.server.start()
        cls.alice = Person(cls.server, "alice@example.org")
        cls.bob = Person(cls.server, "bob@example.org")

    def setUp(self):
        self.folder = self.server.folder / self.id().split(".")[-1]
        self.folder.mkdir()
        self.source = self.folder / "pile"
        (self.source / "sub").mkdir(parents=True)
        (self.source / "a.txt").write_text("sent a")
        (self.source / "b.txt").write_text("sent b")
        (self.source / "sub" / "c.txt").write_text("sent c")
        self.out = self.folder / "out"

    def send(self, **more):
        return self.alice.json("send", self.source, "--to", "bob@example.org", **more)["parcel"]

    def occupy(self, name="a.txt", text="mine"):
        path = self.out / "pile" / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)

    def there(self):
        return {str(path.relative_to(self.out)): path.read_text() for path in sorted(self.out.rglob("*")) if path.is_file()}

    REST = {"pile/b.txt": "sent b", "pile/sub/c.txt": "sent c"}

    def test_without_a_terminal_what_is_in_the_way_fails_and_the_rest_is_received(self):
        parcel = self.send()
        self.occupy()
        done = self.bob.tried("receive", parcel, "-o", self.out)
        self.assertEqual(done.returncode, 1, done.stderr)
        self.assertEqual(self.there(), {"pile/a.txt": "mine", **self.REST})
        self.assertIn("not received: pile/a.txt", done.stdout)
        self.assertIn("Something was not received, because its name is taken in the output folder; the rest was.", done.stderr)
        self.assertIn("--conflict rename", done.stderr)
        # It goes on where it was left, and that is the same opening.
        self.bob.run("receive", parcel, "-o", self.out, "--conflict", "rename")
        self.assertEqual(self.there()["pile/a (2).txt"], "sent a")
        about = json.loads(self.alice.run("outbox", "--json"))
        self.assertEqual(next(each for each in about if each["parcel"] == parcel)["recipients"][0]["opens_used"], 1)

    def test_rename_gives_a_free_name_and_the_same_one_again(self):
        parcel = self.send()
        self.occupy()
        self.occupy("a (2).txt", "mine too")
        said = self.bob.json("receive", parcel, "-o", self.out, "--conflict", "rename")
        expected = {"pile/a.txt": "mine", "pile/a (2).txt": "mine too", "pile/a (3).txt": "sent a", **self.REST}
        self.assertEqual(self.there(), expected)
        self.assertEqual(said["conflicts"], [{"path": "pile/a.txt", "did": "renamed", "name": "pile/a (3).txt"}])
        again = self.bob.run("receive", parcel, "-o", self.out, "--conflict", "rename")
        self.assertEqual(self.there(), expected)
        self.assertIn("received 0 entries; 5 were there already", again)

    def test_a_file_where_a_folder_belongs_moves_the_folder(self):
        parcel = self.send()
        self.occupy("sub", "a file")
        self.bob.run("receive", parcel, "-o", self.out, "--conflict", "rename")
        self.assertEqual(self.there(), {"pile/a.txt": "sent a", "pile/b.txt": "sent b", "pile/sub": "a file",
                                        "pile/sub (2)/c.txt": "sent c"})

    def test_skip_leaves_it_out_and_says_so(self):
        parcel = self.send()
        self.occupy()
        self.occupy("sub", "a file")
        said = self.bob.json("receive", parcel, "-o", self.out, "--conflict", "skip")
        self.assertEqual(self.there(), {"pile/a.txt": "mine", "pile/b.txt": "sent b", "pile/sub": "a file"})
        self.assertEqual([(each["path"], each["did"]) for each in said["conflicts"]],
                         [("pile/a.txt", "skipped"), ("pile/sub", "skipped")])
        self.assertEqual(said["left_out"], 3)
        self.assertNotIn("receipt", said, "a receipt says that everything was received")

    def test_a_link_takes_the_option_too(self):
        sent = self.alice.json("send", self.source, "--link")
        self.occupy()
        visitor = Person(self.server)
        visitor.run("receive", sent["link"], "-o", self.out, "--conflict", "rename")
        self.assertEqual(self.there(), {"pile/a.txt": "mine", "pile/a (2).txt": "sent a", **self.REST})

    def test_asking_needs_a_terminal_and_a_wrong_word_is_refused_before_the_opening_counts(self):
        parcel = self.send()
        for word, says in (("ask", "terminal"), ("overwrite", "ask, rename, skip or fail")):
            self.assertIn(says, self.bob.fails("receive", parcel, "-o", self.out, "--conflict", word, status=2))
        about = json.loads(self.alice.run("outbox", "--json"))
        self.assertEqual(next(each for each in about if each["parcel"] == parcel)["recipients"][0]["opens_used"], 0)

    def asked(self, parcel, *answers):
        words = ["receive", parcel, "-o", self.out, "--conflict", "ask"]
        return answered(self.server.build / "sealift", words, self.bob.environment(), [("?", each) for each in answers])

    def test_on_a_terminal_each_name_that_is_taken_is_asked_about(self):
        parcel = self.send()
        for name in ("a.txt", "b.txt", "sub/c.txt"):
            self.occupy(name)
        status, shown = self.asked(parcel, "r", "what", "s", "r")
        self.assertEqual(status, 0, shown)
        self.assertIn("pile/a.txt is there already, with other content.", shown)
        self.assertEqual(shown.count("receive it as pile/b (2).txt"), 2, "a wrong letter is asked about again")
        self.assertEqual(self.there(), {"pile/a.txt": "mine", "pile/a (2).txt": "sent a", "pile/b.txt": "mine",
                                        "pile/sub/c.txt": "mine", "pile/sub/c (2).txt": "sent c"})

    def test_on_a_terminal_a_capital_letter_answers_for_all_that_follow(self):
        for answer, kept in (("S", {}), ("R", {"pile/a (2).txt": "sent a", "pile/sub/c (2).txt": "sent c"})):
            parcel = self.send()
            self.out = self.folder / answer
            for name in ("a.txt", "sub/c.txt"):
                self.occupy(name)
            status, shown = self.asked(parcel, answer)
            self.assertEqual(status, 0, shown)
            self.assertEqual(self.there(), {"pile/a.txt": "mine", "pile/b.txt": "sent b", "pile/sub/c.txt": "mine", **kept})

    def test_killed_in_any_mode_no_name_has_half_a_file(self):
        content = os.urandom(6 * MIB)
        (self.source / "large").write_bytes(content)
        parcel = self.send()
        road = SlowRoad(self.server.port, bytes_per_second=4 * MIB)
        self.addCleanup(road.close)
        carol = VisitorOf(self.server, road, f"carol-{os.urandom(4).hex()}@example.org")
        parcel = self.alice.json("send", self.source, "--to", carol.address)["parcel"]
        for mode in ("rename", "skip", "fail"):
            self.out = self.folder / mode
            self.occupy("large", "mine")
            self.occupy("b.txt", "mine")
            (self.out / "pile" / "large").unlink()
            process = carol.start("receive", parcel, "-o", self.out, "--conflict", mode)
            road.wait("received", road.received + 2 * MIB)
            kill(process)
            for path in (self.out / "pile").rglob("*"):
                if path.name.startswith("large"):
                    self.assertEqual(path.read_bytes(), content, mode)
                elif path.is_file():
                    self.assertIn(path.read_text(), ("mine", "sent a", "sent b", "sent c"), mode)
            carol.tried("receive", parcel, "-o", self.out, "--conflict", mode)
            self.assertEqual((self.out / "pile" / "large").read_bytes(), content, mode)

    def test_holes_stay_holes(self):
        holed = self.source / "holed"
        with open(holed, "wb") as file:
            file.truncate(64 * MIB)
            file.seek(20 * MIB + 5)
            file.write(b"an island")
            file.seek(60 * MIB)
            file.write(os.urandom(MIB))
        parcel = self.send()
        self.bob.run("receive", parcel, "-o", self.out)
        received = self.out / "pile" / "holed"
        self.assertEqual(received.stat().st_size, 64 * MIB)
        self.assertEqual(received.read_bytes(), holed.read_bytes())
        self.assertLess(received.stat().st_blocks * 512, 2 * MIB)
        with open(received, "rb") as file:
            self.assertEqual(os.lseek(file.fileno(), 0, os.SEEK_DATA), 20 * MIB)
            self.assertGreater(os.lseek(file.fileno(), 21 * MIB, os.SEEK_DATA), 59 * MIB)


if __name__ == "__main__":
    unittest.main()
