"""What `make run` does: a server that answers, and a link that makes the first account."""
import os
import pathlib
import re
import signal
import shutil
import subprocess
import tempfile
import unittest
import urllib.request

from support.server import build_folder

SCRIPT = pathlib.Path(os.environ["SEALIFT_SOURCE_DIR"]) / "tools" / "run.sh"


class Run(unittest.TestCase):
    def test_a_server_starts_and_says_how_to_get_in(self):
        folder = tempfile.mkdtemp(prefix="sealift-run-")
        process = subprocess.Popen([SCRIPT, build_folder(), folder + "/data", "127.0.0.1:0"],
                                   stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True)
        try:
            said = ""
            for line in process.stdout:
                said += line
                if "Ctrl-C" in line:
                    break
            login = re.search(r"login (http://\S+) --enrol '(\S+)'", said)
            self.assertIsNotNone(login, said)
            self.assertTrue(login[2].startswith(login[1] + "/e#"))
            with urllib.request.urlopen(login[1] + "/health/ready") as answer:
                self.assertEqual(answer.status, 200)
        finally:
            process.send_signal(signal.SIGTERM)
            process.wait(40)
            process.stdout.close()
            shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    unittest.main()
