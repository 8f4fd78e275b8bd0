"""Promise 1 by its command: a thief of the whole server gets ciphertext."""
import json
import os
import pathlib
import re
import subprocess
import unittest

from support.server import build_folder


class Drill(unittest.TestCase):
    def test_a_break_in_yields_ciphertext(self):
        done = subprocess.run([build_folder() / "sealift", "drill", "--json"], capture_output=True, text=True, timeout=900)
        self.assertEqual(done.returncode, 0, done.stderr)
        result = json.loads(done.stdout)
        self.assertEqual([result[each] for each in ("parcels", "links", "hand_ins", "uploads", "receipts")],
                         [1000, 250, 100, 25, 200])
        # file, name and note of a parcel; a link's secret; file, name, note, title and secret of a hand-in; ...
        self.assertGreater(result["canaries"], 3 * 1000 + 250 + 5 * 100 + 25 + 2 * 1000)
        # contents and manifests, and the contents of the uploads
        self.assertEqual([result["opened"], result["objects"]], [0, 2 * 1100 + 25])
        self.assertGreaterEqual(result["key_files"], 4)  # of the vault, the log, the certificate
        self.assertGreater(result["unwrapped"], 250)
        self.assertGreater(result["keys_tried"], 500)
        for place in result["places"]:
            # memory takes root; everything else anybody can read who runs the server
            self.assertTrue(place["read"] or (place["place"] == "memory" and os.geteuid() != 0), place)
            for kind in ("contents", "names", "notes", "titles", "secrets", "keys"):
                self.assertEqual(place["found"][kind], 0, place)
        self.compare_with_readme(result)

    def compare_with_readme(self, result):
        """Sizes and how many keys were tried differ from run to run; everything else that the README shows doesn't."""
        readme = (pathlib.Path(os.environ["SEALIFT_SOURCE_DIR"]) / "README.md").read_text()
        shown = re.search(r"(\d+) parcels, (\d+) links, (\d+) hand-ins, (\d+) uploads under way, (\d+) receipts: (\d+) canaries", readme)
        self.assertEqual([int(each) for each in shown.groups()],
                         [result[each] for each in ("parcels", "links", "hand_ins", "uploads", "receipts", "canaries")])
        shown = re.search(r"(\d+) keys out of (\d+) files and (\d+) link halves, .*, tried on (\d+) sealed objects: (\d+) opened", readme)
        tried, *others = [int(each) for each in shown.groups()]
        self.assertEqual(others, [result[each] for each in ("key_files", "unwrapped", "objects", "opened")])
        self.assertAlmostEqual(tried, result["keys_tried"], delta=tried // 50)
        rows = re.findall(r"^    (data folder|log output|environment|memory) +([\d.]+) MiB((?: +\d+){7})", readme, re.M)
        self.assertEqual([row[0] for row in rows], [place["place"] for place in result["places"]])
        for row, place in zip(rows, result["places"]):
            found = [place["found"][kind] for kind in ("contents", "names", "notes", "titles", "secrets", "keys")]
            self.assertEqual([int(each) for each in row[2].split()[:-1]], found, place)

    def test_a_folder_that_is_there_is_left_alone(self):
        done = subprocess.run([build_folder() / "sealift", "drill", "--data", "/tmp"], capture_output=True, text=True)
        self.assertEqual(done.returncode, 1)
        self.assertIn("exists already", done.stderr)


if __name__ == "__main__":
    unittest.main()
