"""Errors that need no server: wrong words and options, and files, folders, keys and cases that aren't as they should be."""
import os
import pathlib
import pty
import shutil
import sqlite3
import subprocess
import tempfile
import unittest

from support.errors import Rows
from support.server import build_folder

WORDS = """
2 | version x | version takes no operand
2 | inbox x | inbox takes no operand
2 | inbox --json=1 | option --json takes no value
2 | inbox --jsn | unknown option --jsn | did you mean --json?
2 | inbox --profile | option --profile needs a value
2 | inbox --profile Upper | a profile's name has up to 40 small letters, digits, dots and dashes
2 | outbox a b | outbox takes one parcel at most
2 | outbox 12 | a parcel's id has 32 hexadecimal digits; not 12 | `sealift inbox` and `sealift outbox` list parcels by their ids
2 | recall | recall takes one parcel
2 | expiry x | expiry takes a parcel and a time
2 | recipients | recipients takes add or remove, a parcel and an address
2 | links | links takes a parcel, or revoke, a parcel and a link
2 | recipients add 00000000000000000000000000000000 bob@example.org --opens none | --opens takes a number from 1 to 1000000; not none
2 | keygen x | keygen takes no operand without -y
2 | keygen -y a b | keygen -y takes one input
2 | keygen -y --pq | -y and --pq can't be combined
2 | seal a b | seal takes one input
2 | seal -p -r age1x a | -p can't be combined with other recipients
2 | send a --to bob@example.org --passphrase | --passphrase needs --link
2 | seal a | no recipient given | name one with -r, or seal with -p
2 | open a b | open takes one input
2 | doctor | doctor takes a server's URL
2 | lockdown maybe | lockdown takes on, off or status
2 | account everything | account takes sessions, end-session, token, password, rotate or recovery
2 | account rotate x | account rotate takes no operand
2 | account rotate --lost-machine http://127.0.0.1:9 | --lost-machine URL needs --account ADDRESS too
2 | account rotate --lost-machine http://127.0.0.1:9 --account x | --account takes a mail address; not x
2 | account rotate --account alice@example.org | --account goes with --lost-machine URL
2 | hand-in x | hand-in takes a link and something to hand in
2 | receive | receive takes one parcel or link
2 | receive 00000000000000000000000000000000 | receive needs one of -o DIR, --list and --sealed FILE
2 | receive 12 --list | a parcel's id has 32 hexadecimal digits; not 12 | `sealift inbox` and `sealift outbox` list parcels by their ids
2 | login | login takes one server's URL
2 | login http://127.0.0.1:9 | login needs either --enrol or --account
2 | logout x | logout takes no operand
2 | whoami x | whoami takes no operand
2 | paper-key x | paper-key takes no operand
2 | log | log takes verify, watch, witness or accept-restore
2 | log verify | log verify needs a URL or --data
2 | log verify a b | log verify takes either a URL or --data
2 | log verify --state x a | log verify doesn't take that option
2 | log verify --receipt a b | log verify --receipt takes no other option than --key
2 | log accept-restore | log accept-restore takes a URL
2 | log witness | log witness takes a URL, --state DIR and --key FILE
2 | policy | policy takes show, or set NAME=VALUE...
2 | request | request takes create, list or close REQUEST
2 | recovery | recovery takes ask, list, approve, release or cancel
2 | profile | profile takes list, or use or remove and a name
2 | profile remove default | the profile default can't be removed | `sealift logout` removes its keys
2 | send a --link --opens none | --opens takes a number from 1 to 1000000; not none
2 | census | census takes scan, people, find, files, report or export
2 | census people | --case DIR is missing
2 | census scan --case WORK/case | scan needs a path to read
2 | census scan . --case WORK/case --jobs 0 | --jobs takes a number from 1 to 999; not 0
2 | census scan . --case WORK/case --as-of today | --as-of takes a date such as 2021-01-20; not today
2 | admin --data WORK/none | admin takes one of {}
2 | admin --data WORK/none lokc | admin takes one of {}; not lokc | did you mean lock?
2 | serve x | serve takes only options
2 | drill x | drill takes only options
2 | drill --parcels 0 | --parcels takes a number from 1 to {}; not 0
"""


# `text` is a file that says "letter", `key` a key of age, `folder` a folder that only its owner may read.
FILES = """
1 | seal -r x text | {}
1 | seal -R text text | recipients file text: line 1: not a recipient
1 | seal -R nothere text | recipients file: cannot read nothere: No such file or directory
1 | seal -i text text | key file text: line 1: not an identity
1 | open -i nothere text | key file: cannot read nothere: No such file or directory
1 | open -i large text | key file: large is larger than 1 MiB
1 | open -i key text | text: {} | this may not be an age file, or it was damaged on its way
2 | open -i key folder | the input folder is a folder
2 | open -i key -o folder text | the output folder is a folder
2 | open -i key -o text text | the output text would overwrite the input
1 | open -i key -o nothere/out text | cannot write nothere/out: create output: No such file or directory
1 | keygen -o nothere/out | cannot write nothere/out: create output: No such file or directory
1 | doctor x | x: a server's address is https://NAME, with :PORT if need be
1 | doctor http://example.org | http://example.org: plain HTTP is for this machine alone: write https://
1 | doctor https://127.0.0.1:9 --authorities text | text has no certificate in it | --authorities takes PEM: -----BEGIN CERTIFICATE-----
2 | doctor https://127.0.0.1:9 --authorities text --certificate 00 | --certificate and --authorities exclude each other
2 | doctor https://127.0.0.1:9 --certificate 00 | --certificate takes a SHA-256 in hexadecimal, not 00 | `openssl x509 -fingerprint -sha256 -noout -in FILE` prints a certificate's
1 | login x --account alice@example.org | x: a server's address is https://NAME, with :PORT if need be
1 | account rotate --lost-machine x --account alice@example.org | x: a server's address is https://NAME, with :PORT if need be
1 | log verify x | x: a server's address is https://NAME, with :PORT if need be
1 | log accept-restore x | x: a server's address is https://NAME, with :PORT if need be
1 | log witness x --state folder --key witness | x: a server's address is https://NAME, with :PORT if need be
1 | log witness http://127.0.0.1:9 --state folder --key text | text is not a witness's key file
1 | log verify --data nothere | nothere: open folder: No such file or directory
1 | log verify --data text | text: open folder: Not a directory
1 | log verify --data folder | the log's public key: open: No such file or directory | give it with --key
2 | log verify --data folder --key x | --key takes a log's public key, NAME+ID+KEY; not x
2 | log verify --receipt text | without a login, the log's key is needed | give it with --key
2 | log verify --receipt text --key x | --key takes a log's public key, NAME+ID+KEY; not x
1 | receive https://files.example.org/l/x#y --list | this is not a link to a parcel
1 | receive https://files.example.org/r/x#y --list | this is not a link to a parcel
1 | hand-in https://files.example.org/l/x#y text | this is not a link to a file request
1 | send nothere --link | there is no file or folder nothere | nothing was sent
2 | send "" --link | one of the paths to send is empty
2 | send text text --link | two of the paths to send end in the same name, text
2 | send / --link | / has no name of its own
2 | send fifo --link | not everything can be sent | nothing was sent; --leave-out sends the rest
2 | send fifo --link --leave-out | there is nothing to send
1 | inbox | You are not logged in, or your login has ended. | Log in with `sealift login`.
1 | profile use nothere | There is no profile of this name on this machine. | `sealift profile list` shows them; `sealift login` with --profile makes one.
1 | drill --data folder | the data folder exists already | a drill needs a new folder
1 | admin --data nothere status | nothere: no server has this data folder | check --data: the package's server has /var/lib/sealift; a server makes its folder when it starts
1 | admin --data nothere invite alice@example.org | nothere: no server has this data folder | check --data: the package's server has /var/lib/sealift; --new makes the folder of a new server
"""


class Machine(Rows, unittest.TestCase):
    """Files of all kinds, and nobody logged in."""

    @classmethod
    def setUpClass(cls):
        cls.program = build_folder() / "sealift"
        folder = tempfile.TemporaryDirectory(prefix="sealift-errors-")
        cls.addClassCleanup(folder.cleanup)
        cls.work = pathlib.Path(folder.name)
        cls.profile = cls.work / "profile"
        cls.environment = {**os.environ, "HOME": folder.name, "SEALIFT_HOME": str(cls.profile)}
        (cls.work / "text").write_text("letter\n")
        (cls.work / "large").write_bytes(bytes(1 << 20) + b"x")
        (cls.work / "folder").mkdir(mode=0o700)
        os.mkfifo(cls.work / "fifo")
        subprocess.run([cls.program, "keygen", "-o", cls.work / "key"], check=True, capture_output=True)


class Usage(Machine):
    def test_words(self):
        self.reaches(WORDS, self.environment)

    def test_files(self):
        self.reaches(FILES, self.environment)

    def test_sealed_bytes_for_a_terminal(self):
        key = subprocess.run([self.program, "keygen", "-y", self.work / "key"], check=True, capture_output=True, text=True).stdout.strip()
        terminal, shown = pty.openpty()
        self.addCleanup(os.close, terminal)
        self.addCleanup(os.close, shown)
        self.reaches(f"2 | seal -r {key} text | sealed bytes can't go to a terminal | write them to a file with -o, as text with -a, or "
                     "force it with -o -", self.environment, capture_output=False, stdout=shown, stderr=subprocess.PIPE)

    def test_output_that_cannot_be_written(self):
        with open("/dev/full", "w", encoding="ascii") as full:
            for words in ("version", "help", "send --help"):
                done = subprocess.run([self.program, *words.split()], env=self.environment, stdout=full, stderr=subprocess.PIPE, text=True)
                self.assertEqual((done.returncode, done.stderr), (1, "sealift: error: writing to standard output failed\n"), words)

    def test_a_program_without_the_others(self):
        alone = self.work / "alone"
        alone.mkdir()
        shutil.copy(self.program, alone)
        self.program = alone / "sealift"
        self.reaches("1 | serve --data nothere | sealiftd could not be started | it has to be in the same folder as sealift")

    def test_the_environment(self):
        self.reaches("2 | inbox | SEALIFT_TIMEOUT takes a number of seconds, or a duration like 5m, up to a day; not soon",
                     {**self.environment, "SEALIFT_TIMEOUT": "soon"})
        nowhere = {**self.environment, "SEALIFT_HOME": "", "XDG_CONFIG_HOME": "", "HOME": ""}
        self.reaches("2 | profile list | there is no place for the profile: set SEALIFT_HOME", nowhere)


class Profiles(Machine):
    """What is in the profile's folder isn't what Sealift wrote there."""

    def test_a_profile(self):
        self.profile.mkdir(mode=0o755)
        self.addCleanup(shutil.rmtree, self.profile)
        self.reaches("1 | inbox | others than you may read or change WORK/profile: take that from them with `chmod go= WORK/profile`",
                     self.environment)
        self.profile.chmod(0o700)
        self.put("profile", "No Name\n")
        self.reaches("1 | inbox | WORK/profile/profile names no profile: choose one with `sealift profile use`", self.environment)
        self.reaches("1 | profile list | WORK/profile/profile names no profile: choose one with `sealift profile use`", self.environment)
        self.put("profile", "default\n")
        self.put("login.json", "{}")
        self.reaches("1 | inbox | the profile's login can't be read", self.environment)
        self.put("login.json", " " * (256 << 10) + " ")
        self.reaches("1 | inbox | WORK/profile/login.json is too large to be the profile's: it has 262145 bytes, and may have 262144", self.environment)
        (self.profile / "login.json").chmod(0o644)
        self.reaches("1 | inbox | others than you may read or change WORK/profile/login.json: take that from them with `chmod go= "
                     "WORK/profile/login.json`", self.environment)

    def put(self, name, content):
        (self.profile / name).write_text(content)
        (self.profile / name).chmod(0o600)


CASES = """
1 | census people --case nothere | case nothere: there is no case in that folder
1 | census scan nothere --case case | there is no file or folder nothere
1 | census people --case text | case text: the case's folder is a link or a file, not a folder
1 | census people --case open | case open: others may enter the case's folder: chmod 700 it, or name a new one
1 | census scan pile --case nothere/case | case nothere/case: making the case's folder: No such file or directory
1 | census people --case newer | case newer: the case was made by a newer version
1 | census people --case older | case older: the case was made by an older version: scan into a new folder
1 | census people --case garbled | case garbled: the case's file is damaged: scan into a new folder
1 | census people --case folder | case folder: there is no case in that folder
1 | census find nobody --case case | nobody in the case has that name or number | name a file as `sealift census files` shows it
1 | census find empty.txt --case case | nobody was found in that file | `sealift census files` shows whether it was read
2 | census find --case case | find takes a name, a number or a file
2 | census files x --case case | files takes no operand
2 | census files --status perhaps --case case | --status takes read, partial, encrypted, unsupported or failed; not perhaps
2 | census people x --case case | people takes no operand
2 | census people --limit some --case case | --limit takes a number; not some
1 | census people --why p9 --case case | p9 is no person of this case | `sealift census people` lists them: the id is the first word of a line
2 | census people --apart a#1 --case case | give two records, as --why shows them
2 | census people --apart a b --case case | a record is a path and a number, such as FILE#3
1 | census people --apart a#1 a#2 --case case | the case has no such record
2 | census report x --case case | report takes no operand
2 | census report --letters-on soon --case case | --letters-on takes a date such as 2021-03-25; not soon
2 | census report --letters-on 2021-03-25 --case case | --letters-on needs --mail-merge FILE.csv
1 | census report -o nothere/report.html --case case | cannot write nothere/report.html: create output: No such file or directory
2 | census export x --people p --case case | export takes no operand
2 | census export --case case | export needs --people, --doubtful or --files
1 | census export --people nothere/p --case case | cannot write nothere/p: create output: No such file or directory
"""


class Cases(Machine):
    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        (cls.work / "pile").mkdir()
        (cls.work / "pile/people.csv").write_text("name,email\nZoe Tremblay,zoe@example.org\n")
        (cls.work / "pile/empty.txt").write_text("nothing\n")
        subprocess.run([cls.program, "census", "scan", cls.work / "pile", "--case", cls.work / "case"], check=True, capture_output=True)
        (cls.work / "open").mkdir()
        (cls.work / "open").chmod(0o755)
        for name, version in (("newer", 9999), ("older", 1)):
            shutil.copytree(cls.work / "case", cls.work / name)
            with sqlite3.connect(cls.work / name / "case.sqlite") as case:
                case.execute(f"PRAGMA user_version = {version}")
        shutil.copytree(cls.work / "case", cls.work / "garbled")
        (cls.work / "garbled/case.sqlite").write_bytes(b"letter" * 1000)

    def test_cases(self):
        self.reaches(CASES, self.environment)


if __name__ == "__main__":
    unittest.main()
