"""What backups, restores and `fsck` say of what is lost, changed, open to others or somebody else's, in both languages."""
import fcntl
import json
import os
import shutil
import sqlite3
import subprocess
import unittest

from support.errors import FRENCH, Rows
from support.left_out import leave_out
from support.server import Server, build_folder

class Backups(Rows, unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server, cls.other = Server(build_folder()), Server(build_folder())
        for server in (cls.server, cls.other):
            cls.addClassCleanup(server.__exit__)
            server.start()
        cls.program, cls.whole = cls.server.build / "sealift", cls.server.folder
        cls.work = cls.whole
        sender, recipient = cls.server.account(), cls.server.account()
        cls.server.send(sender, b"x" * 1000, recipient)
        cls.server.has_settled()
        for server in (cls.server, cls.other):
            server.stop()
        for server, name in ((cls.server, ""), (cls.other, "other-")):
            cls.said_of("admin", "--data", server.data, "backup", cls.whole / f"{name}b", "--keys", cls.whole / f"{name}k")

    @classmethod
    def said_of(cls, *words):
        return Rows.said(cls, [str(word) for word in words], os.environ, {"LC_ALL": "C.UTF-8"}, check=True)

    def setUp(self):
        """All of it again, to be damaged: data, b and k, and those of another server."""
        self.place = self.work = self.whole / self.id().rsplit(".", 1)[1]
        self.place.mkdir()
        for name in ("data", "b", "k", "other-b", "other-k"):
            shutil.copytree(self.whole / name, self.place / name, symlinks=True)

    def blob(self, folder):
        return next(path for path in (self.place / folder).glob("*/*") if path.is_file())

    def flip(self, path):
        content = bytearray(path.read_bytes())
        content[7] ^= 1
        path.write_bytes(content)

    def test_a_changed_backup(self):
        self.flip(self.blob("b/store"))
        self.reaches("""
1 | admin --data data backup b --keys k --verify | this backup is not whole | remove a changed file (b/store/FIRST TWO DIGITS/ID), and the next backup copies it again from the data folder; `--generation N` checks an older backup
1 | admin --data new-LANGUAGE restore b --keys k | this restore is not whole: 1 part of a parcel could not be restored, and the server won't start on it by itself | `sealift admin fsck --end-what-is-lost` ends those parcels and lets it start; `--generation N` into another folder tries an older backup
""")

    def test_a_data_folder_that_lost_something(self):
        self.blob("data/store/blobs").unlink()
        self.reaches("""
1 | admin --data data fsck | not everything in this data folder is whole | restore a backup into another folder, or end the lost parcels with --end-what-is-lost
1 | admin --data data backup b --keys k | the data folder lacks the bytes of 1 part of a parcel, and this backup still has them | stop the server, copy each ID that --json lists from b/store/ to data/store/blobs/, and run `sealift admin fsck`
1 | admin --data data backup new --keys new-k | the data folder itself lacks the bytes of 1 part of a parcel | older generations were kept; `sealift admin fsck` checks everything
""")

    def test_what_others_can_read_or_change(self):
        (self.place / "data/vault.key").chmod(0o644)
        self.reaches("1 | admin --data data fsck | not everything in this data folder is whole | --repair-what-is-safe repairs this")
        (self.place / "data/vault.key").chmod(0o600)
        (self.place / "k/vault.key").chmod(0o640)
        self.reaches("1 | admin --data data backup b --keys k --verify | b with the keys in k: vault.key in the keys' folder can be read by "
                     "other accounts of this machine: take that from them with `chmod 600`")
        (self.place / "k/vault.key").chmod(0o600)
        (self.place / "b").chmod(0o777)
        self.reaches("1 | admin --data data backup b --keys k --verify | b with the keys in k: b can be written to by other accounts of this "
                     "machine: take that from them with `chmod go-w`")

    def test_what_fsck_finds_is_in_the_operators_language(self):
        (self.place / "data").chmod(0o755)
        for language, line in (({"LC_ALL": "C.UTF-8"}, "  other accounts of this machine can read it: the data folder\n"),
                               (FRENCH, "  d’autres comptes de cet ordinateur peuvent le lire\u00a0: le dossier de données\n")):
            self.assertIn(line, self.said(["admin", "--data", "data", "fsck"], os.environ, language).stderr)

    def test_what_is_another_servers(self):
        self.reaches("""
1 | admin --data data backup other-b --keys new-k | backup of data to other-b with the keys in new-k: the folder holds another server's backup
1 | admin --data data backup new --keys other-k | backup of data to new with the keys in other-k: the keys' folder holds another server's keys
1 | admin --data new restore b --keys other-k | restore of b with the keys in other-k into new: these are not the keys of this backup's server
""")

    def test_generations_that_are_none(self):
        marker = self.place / "b/generations/00000001/whole"
        kept = json.loads(marker.read_text())
        marker.write_text(json.dumps({**kept, "format": 99}))
        self.reaches("1 | admin --data data backup b --keys k --verify | b with the keys in k: backup of another format than this Sealift's")
        marker.write_text("{}"[:1])
        self.reaches("1 | admin --data data backup b --keys k --verify | b with the keys in k: no whole backup is in this folder: it was cut short")
        self.reaches("1 | admin --data data backup b --keys k | an older generation of this backup can't be read any more: 1 | the one made "
                     "now is whole, and nothing was removed; remove the folder of that number in b/generations")
        marker.unlink()
        for made in (2, 3):
            shutil.rmtree(self.place / f"b/generations/{made:08}")
        self.reaches("1 | admin --data data backup b --keys k --verify | b with the keys in k: no whole backup is in this folder: it was cut short")

    def test_a_backup_that_another_one_uses(self):
        for name, sentence in (("lock", "backup of data to b with the keys in k: another backup to this folder is running"),
                               ("readers", "b with the keys in k: a backup to this folder is removing old generations: try again in a moment")):
            with self.subTest(name), open(self.place / "b" / name, "r+b") as file:
                fcntl.flock(file, fcntl.LOCK_EX)
                self.reaches(f"1 | admin --data data backup b --keys k {'--verify' if name == 'readers' else ''} | {sentence}")

    def test_reopen_keys(self):
        keys = {}
        for name, data in (("theirs", self.other.data), ("ours", self.place / "data")):
            self.reaches(f"1 | admin --data {data} reopen --key-file key | this server has no reopen keys yet") if keys else None
            keys[name] = self.said_of("admin", "--data", data, "reopen-keys").stdout.split()[0]
            (self.place / "key").write_text(keys[name])
        (self.place / "key").write_text(keys["theirs"])
        self.reaches("""
1 | admin --data data reopen --key-file key | this is not a reopen key of this server
1 | admin --data data reopen-keys | data: the reopen keys were made and printed before | they are printed once; this machine keeps only what it needs to check them
""")

    def test_keys_that_cannot_be_printed(self):
        with open("/dev/full", "wb") as full:
            self.reaches("1 | admin --data data reopen-keys | data: the reopen keys can't be printed", capture_output=False, stdout=full,
                         stderr=subprocess.PIPE)

    def test_links_in_the_place_of_folders(self):
        (self.place / "data/tls").symlink_to("log")
        self.reaches("1 | admin --data data backup b --keys k | backup of data to b with the keys in k: data/tls is a link, and has to be a "
                     "folder")
        (self.place / "data/tls").unlink()
        (self.place / "data/vault.key").rename(self.place / "data/moved")
        (self.place / "data/moved").chmod(0o644)
        (self.place / "data/vault.key").symlink_to("moved")
        self.reaches("1 | admin --data data fsck --repair-what-is-safe | data: key file: it is a symbolic link, not a regular file")
        (self.place / "data/vault.key").unlink()
        (self.place / "data/moved").rename(self.place / "data/vault.key")
        (self.place / "data/vault.key").chmod(0o600)
        (self.place / "elsewhere").mkdir()
        (self.place / "elsewhere/private_key.pem").touch(0o644)
        (self.place / "data/tls").symlink_to("../elsewhere")
        self.reaches("1 | admin --data data fsck --repair-what-is-safe | data: tls is, or is reached through, a symbolic link: "
                     "repair it by hand")

    def test_a_catalog_that_was_changed(self):
        self.flip(self.place / "b/generations/00000001/catalog.db")
        self.reaches("1 | admin --data new-LANGUAGE restore b --keys k | restore of b with the keys in k into new-{}: the backup's catalog: its bytes were changed")

    def test_a_catalog_that_is_not_sound(self):
        with sqlite3.connect(self.place / "data/catalog/catalog.db") as catalog:
            catalog.execute("PRAGMA ignore_check_constraints = ON")
            catalog.execute("UPDATE accounts SET administrator = 7")
        self.reaches("""
1 | admin --data data backup new --keys new-k | backup of data to new with the keys in new-k: the catalog is damaged: `sealift admin fsck` checks everything
1 | admin --data data fsck | not everything in this data folder is whole | restore a backup into another folder, or end the lost parcels with --end-what-is-lost
""")

    def test_folders_of_another_account(self):
        """Only root can give a folder away."""
        if os.geteuid() != 0:
            leave_out(self, "a folder is given to another account by root alone")
        os.chown(self.place / "b", 65534, 65534)
        self.reaches("1 | admin --data data backup b --keys k | backup of data to b with the keys in k: {} belongs to the account nobody, not "
                     "to root: choose a folder of root's, or run this as that account: `sudo -u nobody`")
        os.chown(self.place / "data/vault.key", 65534, 65534)
        (self.place / "data/vault.key").chmod(0o640)
        self.reaches("1 | admin --data data fsck --repair-what-is-safe | data: vault.key is not the data folder's own: repair it by hand")

    def test_a_list_that_was_changed(self):
        listed = next((self.place / "b/generations").glob("*/blobs"))
        listed.write_text(listed.read_text() + "\n")
        self.reaches("1 | admin --data data backup b --keys k --verify | b with the keys in k: the backup's list of blobs")


if __name__ == "__main__":
    unittest.main()
