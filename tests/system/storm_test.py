"""People send and receive while any process may be killed at any moment: a role, the supervisor with all of them, or their own
program. What was acknowledged is there and opens, in one piece; what was not is not shown.

SEALIFT_FAULT_RUNS kills (`make faults` makes hundreds), SEALIFT_FAULT_SEED for the moments and the victims.
"""
import collections
import hashlib
import json
import os
import random
import shutil
import signal
import socket
import subprocess
import threading
import time
import unittest

from support.mail_server import MailServer
from support.people import Person, snapshot
from support.server import Server, build_folder
from support.waiting import pace, until

RUNS = int(os.environ.get("SEALIFT_FAULT_RUNS", "12"))
SEED = int(os.environ.get("SEALIFT_FAULT_SEED", "7"))
VICTIMS = ("vault", "front", "mailer", "supervisor", "client")


def digests(folder):
    """As snapshot(), a digest for each content: there are hundreds of folders to compare with."""
    return {name: (mode, modified, content if content is None else hashlib.sha256(content).digest())
            for name, (mode, modified, content) in snapshot(folder).items()}


class Storm(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.mail = MailServer()
        cls.addClassCleanup(cls.mail.stop)
        cls.letters = []
        threading.Thread(target=cls.read_letters, daemon=True).start()
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        cls.server = Server(build_folder(), config=f"mail_host = 127.0.0.1\nmail_port = {cls.mail.port}\n"
                            "mail_security = none\nmail_from = sealift@example.org\n"
                            f"server_url = http://127.0.0.1:{port}\n")
        cls.server.port = port
        cls.addClassCleanup(cls.server.__exit__)
        cls.server.start()
        cls.alice = Person(cls.server, "alice@example.org", administrator=True)
        cls.bob = Person(cls.server, "bob@example.org")
        cls.dice, cls.killed = random.Random(SEED), collections.Counter()

    @classmethod
    def read_letters(cls):
        for line in cls.mail.process.stdout:
            cls.letters.append(json.loads(line)["to"])

    def kill_one(self, victim, client):
        if victim == "supervisor":
            self.server.kill()
            self.killed[victim] += 1
            self.server.start(wait=False)
            return
        pids = [client.pid] if victim == "client" else self.server.roles_named(victim)
        try:
            os.kill(self.dice.choice(pids), signal.SIGKILL)
            self.killed[victim] += client.poll() is None
        except (IndexError, ProcessLookupError):
            pass  # being started anew, or done already

    def in_the_storm(self, person, kills, check, *words):
        """Runs a command, killing that often at random moments, then again until it succeeds; gives what it says."""
        for tries in range(30):
            process = person.start(*words, "--json")
            if tries < kills:
                pace(self.dice.uniform(0, 0.25))
                self.kill_one(self.dice.choice(VICTIMS), process)
            out, errors = process.communicate(timeout=240)
            check()
            if process.returncode == 0:
                return json.loads(out)
            self.assertIn(process.returncode, (1, -signal.SIGKILL), errors)
            self.server.wait_ready(60)
        self.fail(f"{words[0]} never succeeded: {errors}")

    def make_files(self, run):
        """A folder of files; what it is, for comparing, goes to the end of self.sent."""
        folder = self.server.folder / f"in{run}" / "files"
        folder.mkdir(parents=True)
        for name in range(self.dice.randrange(1, 4)):
            size = self.dice.choice((0, 1, 70_000, 1_000_000, 8_000_000))
            (folder / f"file {name}").write_bytes(os.urandom(size))
        self.sent.append(digests(folder.parent))
        return folder

    def receive(self, parcel, kills):
        """Every parcel that is shown opens and is one that was sent; no file is half at any time."""
        out = self.server.folder / ("out-" + os.urandom(6).hex())

        def check():
            found = {name: entry[2] for name, entry in (digests(out) if out.exists() else {}).items()
                     if ".sealift-receive-" not in name and entry[2] is not None}
            self.assertTrue(any(all(name in each and each[name][2] == digest for name, digest in found.items()) for each in self.sent),
                            "a file under its final name that is not whole")

        self.in_the_storm(self.bob, kills, check, "receive", parcel, "-o", out)
        got = digests(out)
        shutil.rmtree(out)
        self.assertIn(got, self.sent)
        return self.sent.index(got)

    def test_no_acknowledged_parcel_is_lost_and_no_other_is_shown(self):
        self.sent, seen, acknowledged = [], set(), {}
        while sum(self.killed.values()) < RUNS:
            run = len(self.sent)
            sent = self.in_the_storm(self.alice, self.dice.randrange(1, 4), lambda: None, "send", self.make_files(run),
                                     "--to", "bob@example.org")
            acknowledged[sent["parcel"]] = run
            self.assertEqual(self.receive(sent["parcel"], self.dice.randrange(0, 3)), run)
            seen.add(sent["parcel"])
            shown = {each["parcel"] for each in self.bob.json("inbox")}
            self.assertLessEqual(set(acknowledged), shown, "an acknowledged parcel is gone")
            for other in shown - seen:  # complete, and its sender was killed before it could say so
                self.assertEqual(self.receive(other, 0), run)
                seen.add(other)
        self.server.kill()
        self.server.start()
        for parcel, run in acknowledged.items():
            self.assertEqual(self.receive(parcel, 0), run)
        states = collections.Counter(each["state"] for each in self.alice.json("outbox"))
        verified = subprocess.run([self.server.build / "sealift", "log", "verify", "--data", self.server.data],
                                  capture_output=True, text=True)
        self.assertEqual(verified.returncode, 0, verified.stdout + verified.stderr)
        self.assert_letters(len(acknowledged))
        print(f"{len(acknowledged)} parcels through {sum(self.killed.values())} kills {dict(self.killed)}; outbox {dict(states)}")

    def assert_letters(self, parcels):
        """Each parcel's letter was sent, or waits for its next try."""
        def is_told():
            with self.server.catalog() as catalog:
                waiting = catalog.execute("SELECT count(due) FROM outbox").fetchone()[0]
            return sum(each == ["bob@example.org"] for each in self.letters) + waiting >= parcels

        until(is_told, f"{parcels} parcels have a letter each, sent or waiting")


if __name__ == "__main__":
    unittest.main()
