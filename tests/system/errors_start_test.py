"""Why a server doesn't start: its words, its configuration and its data folder. It says so in English, for the machine's
journal, and ends; `sealift admin` says the same in both languages."""
import os
import pathlib
import re
import shutil
import sqlite3
import subprocess
import tempfile
import unittest

from support.errors import Rows

# What the configuration says, in lines that ; parts, and what is said of it.
CONFIGURATIONS = """
lisen = unix:socket | configuration, line 1: there is no such key as "lisen": did you mean listen?
letter | configuration, line 1: "letter" has no =: write KEY = VALUE
colour_of_door = red | configuration, line 1: there is no key "colour_of_door": /usr/share/doc/sealift-server/operate/server.md lists them
tls = self-made;tls = files | configuration, line 2: tls is set for the second time: keep one of the lines
listen = x | configuration, line 1: listen can't be "x": it takes 127.0.0.1:PORT, [::1]:PORT, localhost:PORT or unix:PATH
host_name = a b | configuration, line 1: host_name can't be "a b": it takes a name, with its port where that is not the usual one
tls = some | configuration, line 1: tls can't be "some": it takes files or self-made
certificate = | configuration, line 1: certificate can't be "": it takes the path of a file
behind_proxy = maybe | configuration, line 1: behind_proxy can't be "maybe": it takes yes or no
fronts = 65 | configuration, line 1: fronts can't be "65": it takes a whole number from 1 to 64
name = | configuration, line 1: name can't be "": it takes 1 to 100 bytes of UTF-8
incident_recipient = x | configuration, line 1: incident_recipient can't be "x": it takes an age recipient (age1...)
requests_per_second = 0 | configuration, line 1: requests_per_second can't be "0": it takes a whole number from 1 to 1000000
entries_per_hour = 0 | configuration, line 1: entries_per_hour can't be "0": it takes a whole number from 1 to 1000000000
finish_within = soon | configuration, line 1: finish_within can't be "soon": it takes 0, or a time up to 30d, as 7d or 12h
mail_host = | configuration, line 1: mail_host can't be "": it takes a name or an address
mail_port = 0 | configuration, line 1: mail_port can't be "0": it takes a whole number from 1 to 65535
mail_security = some | configuration, line 1: mail_security can't be "some": it takes none, start-tls or tls
mail_user = | configuration, line 1: mail_user can't be "": it takes a name
mail_from = x | configuration, line 1: mail_from can't be "x": it takes an e-mail address
server_url = x | configuration, line 1: server_url can't be "x": it takes https://NAME without a slash at its end
syslog = x | configuration, line 1: syslog can't be "x": it takes tls:HOST, tcp:HOST, udp:HOST (each with :PORT, if need be) or unix:PATH
log_file_bytes = 1K | configuration, line 1: log_file_bytes can't be "1K": it takes 0, or a size from 64K, as 50M
log_logins = some | configuration, line 1: log_logins can't be "some": it takes names or pseudonyms
socket_mode = 9 | configuration, line 1: socket_mode can't be "9": it takes octal digits up to 777
socket_owner = | configuration, line 1: socket_owner can't be "": it takes USER, USER:GROUP or :GROUP
certificate = a | configuration: certificate and private_key go together
syslog = udp:log.example.org;log_logins = names | configuration: log_logins = names sends addresses, so syslog has to be tls: or on this machine
mail_host = mail.example.org | configuration: mail needs mail_host, mail_from and server_url
"""

WORDS = """
2 | | --data DIR is missing: the folder that the server keeps everything in
2 | --data | the option --data needs a value
2 | --frob | unknown option --frob
2 | --data DATA --announce yaml | --announce takes json, and not yaml
2 | --data DATA --listen x | --listen: "x" is no address to listen on: it has no colon before a port; write 127.0.0.1:PORT, [::1]:PORT, localhost:PORT or unix:PATH
2 | --data DATA --listen example.org:1 | --listen: "example.org:1" is no address to listen on: its host is no IP address of this machine; write {}
2 | --data DATA --listen 127.0.0.1:x | --listen: "127.0.0.1:x" is no address to listen on: its port is no number from 0 to 65535; write {}
2 | --data DATA --listen unix: | --listen: "unix:" is no address to listen on: the path of a socket has 1 to 100 bytes; write {}
1 | --data DATA --listen 0.0.0.0:1 | 0.0.0.0:1 is reached by other machines, which need TLS: set certificate and private_key, or tls = self-made
2 | --data DATA --config nothere | nothere: configuration: No such file or directory
2 | --data DATA --config folder | {}
2 | --data DATA --config large | large: configuration: the file is larger than 64 KiB
1 | --data text | text: a file has this name: choose another for the folder
1 | --data text/data | text/data: text is no folder
1 | --data DATA --config owner | socket_owner: this machine has no user nobody-of-this-name
1 | --data DATA --config group | socket_owner: this machine has no group nobody-of-this-name
1 | --data DATA --config certificate | certificate = nothere: {}
"""


class Stopped(Rows, unittest.TestCase):
    """A server that ran and was stopped."""

    @classmethod
    def setUpClass(cls):
        cls.serve()
        subprocess.run([cls.program, "admin", "--data", cls.server.data, "invite", "alice@example.org"], check=True, capture_output=True)
        cls.server.stop()
        (cls.work / "folder").mkdir()
        for name, text in {"text": "letter\n", "large": "#" * (65 << 10), "owner": "listen = unix:socket\nsocket_owner = nobody-of-this-name\n",
                           "group": "listen = unix:socket\nsocket_owner = :nobody-of-this-name\n",
                           "certificate": "listen = 127.0.0.1:0\ncertificate = nothere\nprivate_key = nothere\n"}.items():
            (cls.work / name).write_text(text)

    def started(self, *words):
        """Status and everything it said, when it has ended by itself."""
        done = subprocess.run([self.server.build / "sealiftd", *map(str, words)], cwd=self.work, capture_output=True, text=True, timeout=40)
        return done.returncode, done.stderr

    def refuses(self, status, sentence, *words):
        ended, said = self.started(*words)
        self.assertEqual(ended, status, said)
        self.assertRegex(said, "(?m)^sealiftd: error: " + re.escape(sentence).replace(r"\{\}", ".+") + "$")
        return said


class Words(Stopped):
    def test_words(self):
        for row in filter(None, WORDS.replace("DATA", str(self.server.data)).splitlines()):
            status, words, sentence = row.split(" |")
            with self.subTest(words):
                self.refuses(int(status), sentence.strip(), *words.split())

    def test_configurations(self):
        rows = list(filter(None, CONFIGURATIONS.splitlines()))
        for row in rows:
            text, sentence = row.split(" | ")
            with self.subTest(text):
                (self.work / "configuration").write_text(text.replace(";", "\n"))
                self.refuses(2, f"configuration: {sentence}", "--data", self.server.data, "--config", "configuration")
                self.reaches(f"1 | admin --data {self.server.data} doctor --config configuration | configuration: {sentence}")
        source = (pathlib.Path(os.environ["SEALIFT_SOURCE_DIR"]) / "src/server/config.cc").read_text(encoding="utf-8")
        takes = set(re.findall(r'\n?\{take_[^"]*"([^"]+)"\}\}', source))
        self.assertGreater(len(takes), 15)
        for each in takes:
            self.assertTrue(any(row.endswith("it takes " + each) for row in rows), each)


class DataFolders(Stopped):
    """Each row: what happened to the folder, and what the server says of it; none of them is a loop of new starts."""
    FOLDER = (
        ("vault.key is gone", lambda data: (data / "vault.key").unlink(),
         "vault.key or log.key is missing: both are in the keys' folder of a backup"),
        ("a key is cut short", lambda data: (data / "log.key").write_bytes(b"x"),
         "vault.key or log.key is damaged: both are in the keys' folder of a backup"),
        ("another server's vault.key", lambda data: other_key(data / "vault.key"),
         "vault.key is not this catalog's: it is in the keys' folder of a backup"),
        ("no catalog any more", lambda data: (data / "catalog/catalog.db").write_bytes(b"letter" * 2000), "catalog: file damaged: restore a whole backup into another folder"),
        ("a newer catalog", lambda data: sql(data, "UPDATE schema_version SET version = 9999"), "catalog: written by a newer version: install that one again, or restore the backup that was made before the upgrade"),
        ("a restore that lost something", lambda data: (data / "restore").write_text("not whole\n"),
         "the restore into this data folder lost something: `sealift admin fsck` lists it, `--end-what-is-lost` goes on without it"),
        ("a restore cut short", lambda data: (data / "restore").write_text("under way\n"),
         "a restore into this data folder was cut short: run it again"),
        ("a link for a folder", lambda data: ((data / "log").rename(data / "other"), (data / "log").symlink_to("other")),
         "{}/log is no folder, it is a link"),
        ("a file for a folder", lambda data: (shutil.rmtree(data / "store"), (data / "store").write_text("")), "{}/store is no folder"),
        ("a key that others can read", lambda data: (data / "vault.key").chmod(0o640),
         "vault.key can be read by other accounts of this machine: `sealift admin fsck --repair-what-is-safe` takes that from them"),
        ("a folder that others can read", lambda data: data.chmod(0o755),
         "the data folder can be read by other accounts of this machine: `sealift admin fsck --repair-what-is-safe` takes that from them"),
    )
    # What its vault finds, and says in the log before it ends.
    STOPPED = (
        ("another server's log.key", lambda data: other_key(data / "log.key"), "note not signed by a known key"),
        ("an older log", lambda data: shutil.rmtree(data / "log"), "the log is older than the catalog: run admin fsck"),
        ("another catalog", lambda data: (data / "catalog/catalog.db").unlink(), "the log has more than the catalog"),
    )

    def damaged(self, change):
        data = self.work / "damaged"
        shutil.rmtree(data, ignore_errors=True)
        shutil.copytree(self.server.data, data)
        change(data)
        return data

    def test_what_is_found_before_it_serves(self):
        for name, change, sentence in self.FOLDER:
            with self.subTest(name):
                data = self.damaged(change)
                self.refuses(1, f"{data}: {sentence}", "--data", data, "--listen", "127.0.0.1:0")

    def test_what_its_vault_finds(self):
        for name, change, why in self.STOPPED:
            with self.subTest(name):
                data = self.damaged(change)
                said = self.refuses(1, 'the data folder is damaged: the line "stopped" before this one says why, and `sealift admin '
                                    "--data DIR fsck` what can be done", "--data", data, "--listen", "127.0.0.1:0")
                self.assertIn(f'"event":"stopped","why":"{why}"', said)


def other_key(path):
    label = path.read_bytes()[:-32]
    path.write_bytes(label + os.urandom(32))


def sql(data, statement):
    with sqlite3.connect(data / "catalog/catalog.db") as catalog:
        catalog.execute(statement)


if __name__ == "__main__":
    unittest.main()
