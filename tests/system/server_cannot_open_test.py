"""No code that opens an age object is in the server's program; the client's has it."""
import re
import subprocess
import unittest

from support.server import build_folder

# Everything of src/age/open/: identities, opening headers, chunks, payloads and ranges.
OPENING = re.compile(r"sealift::age::(open_\w+|Identity|ReaderAt|OpenReaderAt|\w*Identity\w*)\b")


def symbols(program):
    listed = subprocess.run(["nm", "--demangle", build_folder() / program], capture_output=True,
                            text=True, check=True).stdout.splitlines()
    return [line for line in listed if OPENING.search(line)]


class ServerCannotOpen(unittest.TestCase):
    def test_the_server_has_no_symbol_of_it(self):
        self.assertEqual(symbols("sealiftd"), [])

    def test_the_search_finds_what_the_client_has(self):
        self.assertGreater(len(symbols("sealift")), 20)


if __name__ == "__main__":
    unittest.main()
