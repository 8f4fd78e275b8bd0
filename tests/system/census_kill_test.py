"""A census scan killed while it recognises pictures of text, and gone on with, gives what an unbroken one gives."""
import pathlib
import shutil
import signal
import sqlite3
import struct
import subprocess
import tempfile
import unittest
import zlib

from support.server import build_folder
from support.waiting import until

# Letters of five by seven dots, a row a number; enough for the pages below.
GLYPHS = {
    "A": (14, 17, 17, 31, 17, 17, 17), "B": (30, 17, 17, 30, 17, 17, 30), "C": (14, 17, 16, 16, 16, 17, 14),
    "D": (30, 17, 17, 17, 17, 17, 30), "E": (31, 16, 16, 30, 16, 16, 31), "F": (31, 16, 16, 30, 16, 16, 16),
    "H": (17, 17, 17, 31, 17, 17, 17), "I": (14, 4, 4, 4, 4, 4, 14), "L": (16, 16, 16, 16, 16, 16, 31),
    "M": (17, 27, 21, 21, 17, 17, 17), "N": (17, 25, 25, 21, 19, 19, 17), "O": (14, 17, 17, 17, 17, 17, 14),
    "R": (30, 17, 17, 30, 20, 18, 17), "S": (15, 16, 16, 14, 1, 1, 30), "T": (31, 4, 4, 4, 4, 4, 4),
    "0": (14, 17, 17, 17, 17, 17, 14), "1": (4, 12, 4, 4, 4, 4, 14), "2": (14, 17, 1, 6, 8, 16, 31),
    "3": (31, 2, 4, 2, 1, 17, 14), "4": (2, 6, 10, 18, 31, 2, 2), "5": (31, 16, 30, 1, 1, 17, 14),
    "6": (6, 8, 16, 30, 17, 17, 14), "7": (31, 1, 2, 4, 8, 8, 8), "8": (14, 17, 17, 14, 17, 17, 14),
    "9": (14, 17, 17, 15, 1, 2, 12), "-": (0, 0, 0, 14, 0, 0, 0), ":": (0, 4, 4, 0, 4, 4, 0), " ": (0,) * 7,
}
DOT = 5  # pixels


def page(lines, width=1700, height=900):
    """A PNG of the lines, black on white."""
    rows = [bytearray(b"\xff" * width) for _ in range(height)]
    for number, line in enumerate(lines):
        for column, letter in enumerate(line):
            for y, bits in enumerate(GLYPHS[letter]):
                for x in range(5):
                    if not bits >> (4 - x) & 1:
                        continue
                    left = 100 + (column * 7 + x) * DOT
                    top = 80 + (number * 14 + y) * DOT
                    for row in rows[top:top + DOT + 2]:  # dots that touch each other make a stroke
                        row[left:left + DOT + 2] = bytes(DOT + 2)

    def chunk(kind, body):
        return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))
    header = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    body = zlib.compress(b"".join(b"\0" + bytes(row) for row in rows))
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", body) + chunk(b"IEND", b"")


class CensusKilled(unittest.TestCase):
    PAGES = 4

    def setUp(self):
        self.folder = pathlib.Path(tempfile.mkdtemp())
        self.addCleanup(shutil.rmtree, self.folder)
        pile = self.folder / "pile"
        pile.mkdir()
        for number in range(self.PAGES):
            (pile / f"scan{number}.png").write_bytes(
                page(["CLIENT FILE", "NAME: ROBERT ALDER", f"DATE OF BIRTH: 1984-03-1{number + 1}"]))
        (pile / "note.txt").write_text("Name: Robert Alder\nDate of birth: 1984-03-12\n")

    def scan(self, case, *more):
        return [build_folder() / "sealift", "census", "scan", self.folder / "pile", "--case", self.folder / case,
                "--jobs", "1", "--as-of", "2021-01-20", *more]

    def result(self, case):
        people, files = self.folder / f"{case}.people", self.folder / f"{case}.files"
        subprocess.run([build_folder() / "sealift", "census", "export", "--case", self.folder / case,
                        "--people", people, "--files", files], check=True)
        return people.read_text(), files.read_text()

    def scans_done(self, case):
        try:
            with sqlite3.connect(f"file:{self.folder / case}/case.sqlite?mode=ro", uri=True) as database:
                return database.execute("SELECT count(*) FROM top WHERE scans_done=1").fetchone()[0]
        except sqlite3.Error:
            return 0  # not made yet, or being made

    def kill_when(self, case, scans_done):
        scan = subprocess.Popen(self.scan(case), stdout=subprocess.DEVNULL)
        until(lambda: scan.poll() is not None or self.scans_done(case) >= scans_done, "a picture was read", 300)
        scan.send_signal(signal.SIGKILL)
        self.assertEqual(scan.wait(), -signal.SIGKILL, "it ended before it could be killed")

    def test_a_scan_killed_between_pictures_goes_on_where_it_was(self):
        subprocess.run(self.scan("whole"), check=True, stdout=subprocess.DEVNULL)
        people, files = self.result("whole")
        for number in range(self.PAGES):
            self.assertIn(f"1984-03-1{number + 1}", people, "the picture was not recognised")
        for scans_done in (0, 1, 2):
            with self.subTest(scans_done=scans_done):
                case = f"killed{scans_done}"
                self.kill_when(case, scans_done)
                before = self.scans_done(case)
                self.assertLess(before, self.PAGES)
                subprocess.run(self.scan(case, "--resume"), check=True, stdout=subprocess.DEVNULL)
                self.assertEqual(self.result(case), (people, files))


if __name__ == "__main__":
    unittest.main()
