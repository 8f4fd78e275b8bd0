"""The Debian packages: what is in them, that a man page and completions are there for every verb, and that the same programs
give the same bytes."""
import hashlib
import os
import pathlib
import subprocess
import tempfile
import unittest

from support.server import build_folder

SOURCE = pathlib.Path(os.environ["SEALIFT_SOURCE_DIR"])


def said(*command):
    return subprocess.run(list(map(str, command)), check=True, capture_output=True, text=True).stdout


class Packages(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        cls.made = cls.make("first")

    @classmethod
    def make(cls, name):
        out = pathlib.Path(cls.folder.name) / name
        said(SOURCE / "packaging" / "make_packages.sh", build_folder(), out)
        return sorted(out.glob("*.deb"))

    def files(self, package):
        return {line.split()[5].removeprefix("."): line.split()[0] for line in said("dpkg-deb", "-c", package).splitlines()}

    def test_both_hold_what_they_are_for_and_nothing_that_others_can_write(self):
        server, client = (self.files(package) for package in self.made)  # as their names sort
        for path in ("/usr/bin/sealift", "/usr/bin/sealift-extract", "/usr/share/man/man1/sealift-send.1.gz"):
            self.assertIn(path, client)
        for path in ("/usr/bin/sealiftd", "/usr/lib/systemd/system/sealift.service", "/etc/sealift/sealift.conf",
                     "/usr/share/doc/sealift-server/operate/server.md"):
            self.assertIn(path, server)
        for path, mode in (*client.items(), *server.items()):
            self.assertFalse(mode[5] == "w" or mode[8] == "w" or "s" in mode, (path, mode))
        self.assertIn("sealift (= ", said("dpkg-deb", "-f", self.made[0], "Depends"))

    def test_every_verb_has_a_page_and_its_options_are_completed(self):
        made = pathlib.Path(self.folder.name) / "described"
        program = build_folder() / "sealift"
        said(SOURCE / "packaging" / "describe_verbs.py", program, made)
        verbs = [line.split()[0] for line in said(program, "help").splitlines() if line.startswith("  ")]
        self.assertGreater(len(verbs), 20)
        pages = {path.name for path in (made / "man1").iterdir()}
        self.assertEqual(pages, {"sealift.1", *(f"sealift-{verb}.1" for verb in verbs)})
        script = f"""source {made}/completions/bash
COMP_WORDS=(sealift send --pass) COMP_CWORD=2; _sealift; echo "${{COMPREPLY[@]}}"
COMP_WORDS=(sealift outb) COMP_CWORD=1; _sealift; echo "${{COMPREPLY[@]}}" """
        self.assertEqual(said("bash", "-c", script).split(), ["--passphrase", "outbox"])

    def test_the_same_programs_give_the_same_bytes(self):
        def digests(packages):
            return [hashlib.sha256(package.read_bytes()).hexdigest() for package in packages]
        self.assertEqual(digests(self.make("second")), digests(self.made))


if __name__ == "__main__":
    unittest.main()
