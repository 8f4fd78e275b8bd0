"""What only the kernel is told, and what could therefore vanish without any answer changing: syncs before something is
acknowledged, limits of a process that reads strangers' files, memory that is not swapped. strace looks on."""
import os
import pathlib
import re
import subprocess
import tempfile
import unittest

from support.people import Person
from support.server import Server, build_folder
from support.waiting import until

CALLS = "fsync,fdatasync,syncfs,rename,renameat,renameat2,mlock,mlock2,prlimit64,setrlimit"
CALL = re.compile(r"^(\d+) +(\w+)\((.*)\) += (-?\d+)")


def calls_in(path):
    """(process, call, arguments) of each call that succeeded, in their order."""
    found = (CALL.match(line) for line in pathlib.Path(path).read_text(errors="replace").splitlines())
    return [match.groups()[:3] for match in found if match and match[4] == "0"]


def traced(folder, *command, **how):
    trace = pathlib.Path(folder) / "trace"
    subprocess.run(["strace", "-f", "-y", "-qq", "-e", "trace=" + CALLS, "-o", trace, *map(str, command)], check=True,
                   stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, **how)
    return calls_in(trace)


class OneMachine(unittest.TestCase):
    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="sealift-kernel-"))
        self.addCleanup(subprocess.run, ["rm", "-rf", self.folder])

    def test_a_file_is_on_the_disk_before_it_has_its_name_and_its_name_before_that_is_told(self):
        calls = traced(self.folder, build_folder() / "sealift", "keygen", "-o", self.folder / "key.txt")
        names = [name for _, name, _ in calls if name in ("fsync", "renameat2")]
        self.assertEqual(names, ["fsync", "renameat2", "fsync"])
        self.assertIn(f"<{self.folder}>", [arguments for _, name, arguments in calls if name == "fsync"][1], "its folder")

    def test_secrets_are_in_memory_that_is_not_swapped(self):
        calls = traced(self.folder, build_folder() / "sealift", "keygen", "-o", self.folder / "key.txt")
        self.assertTrue([call for call in calls if call[1] in ("mlock", "mlock2")], "no memory was locked")
        self.assertTrue([call for call in calls if "RLIMIT_CORE, {rlim_cur=0" in call[2]], "a core file may hold them")

    def test_a_reader_has_limits_that_it_cannot_lift(self):
        (self.folder / "pile").mkdir()
        (self.folder / "pile" / "a.txt").write_text("Jo Martin, born 1984-03-12")
        calls = traced(self.folder, build_folder() / "sealift", "census", "scan", self.folder / "pile", "--case", self.folder / "case")
        set_by = {}
        for process, name, arguments in calls:
            match = re.match(r"0, (RLIMIT_\w+), \{rlim_cur=([^,]+), rlim_max=([^}]+)\}", arguments)
            if name == "prlimit64" and match:
                set_by.setdefault(process, {})[match[1]] = (match[2], match[3])
        readers = [limits for limits in set_by.values() if "RLIMIT_DATA" in limits]
        self.assertTrue(readers, "no reader has a limit on its memory")
        for limits in readers:
            self.assertEqual(limits["RLIMIT_DATA"], ("1048576*1024", "1048576*1024"))
            self.assertEqual(limits["RLIMIT_FSIZE"], ("0", "0"))
            self.assertEqual(limits["RLIMIT_CORE"], ("0", "0"))
            self.assertLessEqual(int(limits["RLIMIT_NOFILE"][1]), 64)


class WithAServer(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(build_folder())
        cls.addClassCleanup(cls.server.__exit__)
        cls.server.start()
        cls.alice = Person(cls.server, "alice@example.org", administrator=True)
        Person(cls.server, "bob@example.org")

    def synced(self, calls, *names):
        return [re.search(r"<(.*)>", arguments)[1] for _, name, arguments in calls if name in names]

    def test_a_commit_is_on_the_disk_before_it_is_answered(self):
        vault, trace = self.server.roles_named("vault")[0], self.server.folder / "vault-trace"
        sender, recipient = self.server.account(), self.server.account()
        tracer = subprocess.Popen(["strace", "-f", "-y", "-qq", "-e", "trace=" + CALLS, "-o", trace, "-p", str(vault)])
        try:
            until(lambda: all("TracerPid:\t0\n" not in thread.read_text()
                              for thread in pathlib.Path(f"/proc/{vault}/task").glob("*/status")), "it is traced")
            for number in range(1, 6):
                self.server.create_parcel(sender, recipient)
                # As many syncs as there were answers, one after the other; strace writes them a moment later.
                until(lambda: sum(path.endswith("/catalog.db-wal") for path in
                                  self.synced(calls_in(trace), "fdatasync", "fsync")) >= number,
                      f"commit {number} is synced")
        finally:
            tracer.terminate()
            tracer.wait()

    def test_what_a_sender_was_promised_is_in_its_journal_first(self):
        file = self.server.folder / "large"
        file.write_bytes(os.urandom(9_000_000))
        calls = traced(self.server.folder, build_folder() / "sealift", "send", file, "--to", "bob@example.org",
                       env=self.alice.environment())
        synced = self.synced(calls, "fsync", "fdatasync")
        journal = [path for path in synced if path.endswith("/journal")]
        self.assertGreaterEqual(len(journal), 5, "a sync for each batch that is sent on")
        sending = str(pathlib.Path(journal[0]).parent)
        states = [path for path in synced if path.startswith(sending + "/#")]
        self.assertGreaterEqual(len(states), 3, "its state, whenever it changes")
        self.assertGreaterEqual(synced.count(sending), len(states), "and the folder that names it")

    def test_a_backup_is_on_the_disk_when_it_is_done(self):
        backup, keys = self.server.folder / "backup", self.server.folder / "keys"
        calls = traced(self.server.folder, build_folder() / "sealift", "admin", "--data", self.server.data, "backup", backup,
                       "--keys", keys)
        self.assertEqual(self.synced(calls, "syncfs"), [str(keys), str(backup), str(backup)])
        syncs = [number for number, call in enumerate(calls) if call[1] == "syncfs"]
        marker = [number for number, call in enumerate(calls) if call[1].startswith("rename") and '/whole"' in call[2]]
        self.assertEqual(len(marker), 1, "one marker, that says it is whole")
        self.assertLess(syncs[2], marker[0], "all else is on the disk before it")
        after = [arguments for _, name, arguments in calls[marker[0]:] if name == "fsync"]
        self.assertTrue(any(f"<{backup}/" in arguments for arguments in after), "and its name before that is told")


if __name__ == "__main__":
    unittest.main(verbosity=2)
