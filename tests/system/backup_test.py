"""Backups that are killed, damaged or old: a restore is whole, or says what it lacks and doesn't start; people go on after
one by a yes, and a lock-down with one administrator is ended with a reopen key."""
import json
import os
import random
import shutil
import signal
import subprocess
import unittest

from support.people import Failed, Person
from support.server import Server, build_folder
from support.terminal import at_terminal
from support.waiting import pace, until


class Backup(unittest.TestCase):
    def setUp(self):
        self.server = Server(build_folder())
        self.addCleanup(self.server.__exit__)
        self.server.start()
        self.backup, self.keys = self.server.folder / "backup", self.server.folder / "keys"

    def admin(self, *words, data=None, typed=None, **how):
        return subprocess.run([build_folder() / "sealift", "admin", "--data", data or self.server.data, *words],
                              capture_output=True, text=True, input=typed, **how)

    def admin_json(self, *words, **how):
        done = self.admin(*words, "--json", **how)
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def back_up(self):
        return self.admin_json("backup", self.backup, "--keys", self.keys)

    def restore(self, data=None):
        return self.admin("restore", self.backup, "--keys", self.keys, "--json", data=data)

    def lose_and_restore(self):
        self.server.stop()
        shutil.rmtree(self.server.data)
        done = self.restore()
        self.assertEqual(done.returncode, 0, done.stderr)
        return json.loads(done.stdout)

    def blobs(self, data):
        return sorted(path.name for path in (data / "store" / "blobs").glob("*/*"))

    def people(self):
        alice = Person(self.server, "alice@example.org", administrator=True)
        bob = Person(self.server, "bob@example.org")
        return alice, bob

    def send(self, alice, size=400_000, to="bob@example.org"):
        papers = self.server.folder / f"papers-{os.urandom(4).hex()}"
        papers.mkdir()
        (papers / "large").write_bytes(os.urandom(size))
        return alice.json("send", papers, "--to", to)["parcel"]

    def test_a_backup_killed_at_any_moment_restores_as_the_one_before(self):
        alice, _ = self.people()
        self.send(alice)
        first = self.back_up()
        self.assertEqual((first["generation"], first["lost"]), (1, []))
        for _ in range(2):
            self.send(alice)
        moments = random.Random(4)
        for _ in range(12):
            run = subprocess.Popen([build_folder() / "sealift", "admin", "--data", self.server.data, "backup",
                                    self.backup, "--keys", self.keys], stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL)
            pace(moments.uniform(0.001, 0.12))
            run.send_signal(signal.SIGKILL)
            run.wait()
            again = self.server.folder / "again"
            done = self.restore(again)
            self.assertEqual(done.returncode, 0, done.stderr)
            said = json.loads(done.stdout)
            # One that came to its end before the kill has all three.
            self.assertEqual(said["parcels"], 1 if said["generation"] == 1 else 3)
            self.assertEqual(len(self.blobs(again)), said["blobs"])
            shutil.rmtree(again)
        self.assertEqual(self.back_up()["blobs"], 3)
        self.assertEqual(self.admin_json("backup", self.backup, "--keys", self.keys, "--verify")["interrupted"], 0)
        self.assertEqual(self.lose_and_restore()["parcels"], 3)
        self.server.start()
        self.assertTrue(self.server.is_log_whole())
        self.assertNotIn("log_not_written", self.server.log())

    def test_a_restore_that_is_not_whole_says_so_and_does_not_start(self):
        alice, bob = self.people()
        kept, lost = self.send(alice), self.send(alice, 500_000)
        self.back_up()
        largest = max((self.backup / "store").glob("*/*"), key=lambda path: path.stat().st_size)
        with open(largest, "r+b") as file:
            file.seek(1000)
            byte = file.read(1)
            file.seek(1000)
            file.write(bytes([byte[0] ^ 1]))
        verified = self.admin("backup", self.backup, "--keys", self.keys, "--verify")
        self.assertEqual(verified.returncode, 1)
        self.assertIn("changed", verified.stderr)
        self.server.stop()
        shutil.rmtree(self.server.data)
        done = self.restore()
        self.assertEqual(done.returncode, 1)
        self.assertIn("not whole", done.stderr)
        self.assertEqual([each["parcel"] for each in json.loads(done.stdout)["lost"]], [lost])
        started = subprocess.run([build_folder() / "sealiftd", "--data", self.server.data], capture_output=True,
                                 text=True, timeout=30)
        self.assertEqual(started.returncode, 1)
        self.assertIn("fsck", started.stderr)
        self.assertEqual(self.admin("fsck").returncode, 1)
        self.assertEqual(self.admin_json("fsck", "--end-what-is-lost")["parcels_ended"], 1)
        self.server.start()
        bob.run("login", self.server.url, "--account", bob.address)
        self.assertEqual([each["parcel"] for each in bob.json("inbox")], [kept])

    def test_another_servers_key_and_a_damaged_catalog_are_refused_with_a_reason(self):
        self.people()
        self.back_up()
        self.server.stop()
        other = Server(build_folder())
        self.addCleanup(other.__exit__)
        other.start()
        other.stop()
        key = self.server.data / "vault.key"
        own = key.read_bytes()
        key.write_bytes((other.data / "vault.key").read_bytes())
        started = subprocess.run([build_folder() / "sealiftd", "--data", self.server.data], capture_output=True,
                                 text=True, timeout=60)
        self.assertEqual(started.returncode, 1)
        self.assertIn("vault.key", started.stderr)
        key.write_bytes(own)
        catalog = self.server.data / "catalog" / "catalog.db"
        catalog.write_bytes(b"not a catalog" * 1000)
        started = subprocess.run([build_folder() / "sealiftd", "--data", self.server.data], capture_output=True,
                                 text=True, timeout=60)
        self.assertEqual(started.returncode, 1)
        self.assertIn("catalog", started.stderr)

    def test_a_log_or_a_catalog_that_is_older_ends_the_server_with_a_reason(self):
        alice, _ = self.people()
        self.server.stop()
        older = self.server.folder / "older"
        shutil.copytree(self.server.data, older)
        self.server.start()
        Person(self.server, "carol@example.org")
        self.send(alice)
        until(self.server.has_logged_all)
        self.server.stop()
        log, catalog = self.server.data / "log", self.server.data / "catalog"
        newer = self.server.folder / "newer"
        for folder, kind, left in ((log, "log_behind", 0), (catalog, "catalog_behind", 1)):
            shutil.move(folder, newer)
            shutil.copytree(older / folder.name, folder)
            started = subprocess.run([build_folder() / "sealiftd", "--data", self.server.data, "--listen", "127.0.0.1:0"],
                                     capture_output=True, text=True, timeout=60)
            self.assertEqual(started.returncode, 1)
            self.assertEqual(started.stderr.count('"event":"stopped"'), 1, "not again and again")
            self.assertIn("sealiftd: error: the data folder is damaged", started.stderr)
            self.assertIn(kind, {each["kind"] for each in json.loads(self.admin("fsck", "--json").stdout)["left"]})
            self.assertEqual(self.admin("fsck", "--repair-what-is-safe").returncode, left)
            if left:  # nothing makes a catalog newer
                shutil.rmtree(folder)
                shutil.move(newer, folder)
            else:
                shutil.rmtree(newer)
            self.server.start()
            self.assertTrue(self.server.is_log_whole())
            self.server.stop()

    def test_what_other_accounts_can_read_is_refused_until_it_is_put_right(self):
        self.server.stop()
        for path, mode in ((self.server.data, 0o777), (self.server.data / "log.key", 0o644)):
            path.chmod(mode)
            started = subprocess.run([build_folder() / "sealiftd", "--data", self.server.data], capture_output=True,
                                     text=True, timeout=60)
            self.assertEqual(started.returncode, 1)
            self.assertIn("other accounts", started.stderr)
            self.assertEqual(self.admin_json("fsck", "--repair-what-is-safe")["left"], [])
            self.server.start()
            self.server.stop()

    def test_people_go_on_after_a_restore_by_a_yes_and_not_without_a_statement(self):
        alice, bob = self.people()
        dora = Person(self.server, "dora@example.org")  # and not again before the restore
        keys = self.admin_json("reopen-keys")["reopen_keys"]
        self.assertEqual(self.admin("reopen-keys").returncode, 1, "they are printed once")
        for person in (alice, bob):
            person.run("log", "verify", self.server.url)
        self.back_up()
        self.send(alice)
        # The directory goes back as well: this account is lost.
        Person(self.server, "carol@example.org").run("whoami")
        # Alice sealed to it, and has done something else that is lost.
        self.send(alice, to="carol@example.org")
        alice.run("account", "token", "--scope", "parcels_read")
        until(self.server.has_logged_all)
        bob.run("log", "verify", self.server.url)
        newest = alice.json("log", "verify", self.server.url)
        seen, seen_entries = newest["directory"]["addresses"], newest["size"]
        self.lose_and_restore()
        self.server.start()
        with self.assertRaises(Failed) as refusal:
            alice.run("log", "verify", self.server.url)
        self.assertIn("went back", refusal.exception.errors)
        with self.assertRaises(Failed):
            alice.run("log", "accept-restore", self.server.url, "--yes")
        stated = self.admin("state-restore", "--key-file", "-", "--json", typed=keys[1] + "\n")
        self.assertEqual(stated.returncode, 0, stated.stderr)
        with self.assertRaises(Failed) as refusal:
            alice.run("log", "verify", self.server.url)
        self.assertIn("accept-restore", refusal.exception.errors)
        unasked = alice.tried("log", "accept-restore", self.server.url)
        self.assertEqual(unasked.returncode, 1)
        self.assertIn("there is no terminal on which to ask\nsealift: hint: --yes agrees without asking\n", unasked.stderr)
        refused = at_terminal([self.server.build / "sealift", "log", "accept-restore", self.server.url], alice.environment(), self.server.folder,
                              [("Type yes: ", "maybe")])
        self.assertEqual(refused.returncode, 1)
        self.assertIn("error: not accepted: the answer was not yes\n", refused.stderr)
        shown = alice.run("log", "accept-restore", self.server.url, "--yes")
        self.assertIn(str(json.loads(stated.stdout)["kept"]), shown)
        self.assertEqual(alice.json("log", "verify", self.server.url)["directory"]["addresses"], seen - 1)
        Person(self.server, "carol@example.org", name="carol-again").run("whoami")
        self.assertIn("this client never saw the server's reopen keys, and can't check what is signed with them",
                      dora.fails("log", "accept-restore", self.server.url, "--yes"))
        # Bob, who saw as much as Alice, comes when the log has grown past that: the other history is no fork to him.
        alice.run("login", self.server.url, "--account", alice.address)
        self.send(alice)
        self.grow_log_past(seen_entries)
        with self.assertRaises(Failed) as refusal:
            bob.run("login", self.server.url, "--account", bob.address)
        self.assertIn("its operator states, signed with a reopen key, that it was restored", refusal.exception.errors)
        self.assertIn("hint: `sealift log accept-restore URL`", refusal.exception.errors)
        self.assertNotIn("contradicts", refusal.exception.errors)
        bob.run("log", "accept-restore", self.server.url, "--yes")
        bob.run("login", self.server.url, "--account", bob.address)
        self.assertEqual(len(bob.json("inbox")), 1)

    def grow_log_past(self, entries):
        while int(self.server.call("GET", "/log/checkpoint")[2].decode().splitlines()[1]) <= entries:
            self.assertEqual(self.admin("invite", f"{os.urandom(4).hex()}@example.org").returncode, 0)
            until(self.server.has_logged_all)

    def test_a_lock_down_with_one_administrator_is_ended_by_them_or_by_a_reopen_key(self):
        alice = Person(self.server, "alice@example.org", administrator=True)
        self.assertIn("no_reopen_keys", self.server.log())
        locked = alice.tried("lockdown", "on")
        self.assertEqual(locked.returncode, 0, locked.stderr)
        self.assertIn("the only administrator", locked.stderr)
        self.assertIn("no reopen keys", locked.stderr)
        self.assertIn("lock-down", self.admin("reopen-keys").stderr, "they would end it")
        alice.run("login", self.server.url, "--account", alice.address)
        self.assertEqual(alice.json("lockdown", "status")["approvals_needed"], 1)
        alice.run("lockdown", "off")
        self.assertFalse(alice.json("lockdown", "status")["locked"])
        key = self.admin_json("reopen-keys")["reopen_keys"][0]
        locked = self.admin("lock")
        self.assertIn("one administrator", locked.stderr)
        wrong = key[:-1] + ("Q" if key[-1] != "Q" else "P")
        refused = self.admin("reopen", "--key-file", "-", typed=wrong)
        self.assertEqual(refused.returncode, 1)
        self.assertIn("a letter of it is wrong", refused.stderr)
        self.assertTrue(self.admin_json("status")["is_locked"])
        unasked = self.admin("reopen", start_new_session=True)
        self.assertIn("no terminal on which to ask for the reopen key", unasked.stderr)
        as_read = " ".join(key.lower()[at:at + 4] for at in range(0, len(key), 4))
        self.assertTrue(self.admin_json("reopen", "--key-file", "-", typed=as_read)["was_locked"])
        self.assertFalse(self.admin_json("status")["is_locked"])


if __name__ == "__main__":
    unittest.main()
