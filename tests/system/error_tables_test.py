"""One row for each error: the codes, their statuses and their words agree in code and documents, and a test meets each."""
import json
import os
import pathlib
import re
import unittest

SOURCE = pathlib.Path(os.environ["SEALIFT_SOURCE_DIR"])


def text(path):
    return (SOURCE / path).read_text(encoding="utf-8")


class ErrorTables(unittest.TestCase):
    rows = json.loads(text("data/errors/refusals.json"))
    codes = re.findall(r'\{ErrorCode::(\w+), "(\w+)", (\d), (\d+)\}', text("src/base/error_table.cc"))

    def test_the_document_has_the_codes_with_their_statuses(self):
        documented = re.findall(r"^\| `(\w+)` \| (\d) \| (\d+) \|$", text("docs/formats/errors.md"), re.MULTILINE)
        self.assertEqual(documented, [code[1:] for code in self.codes])
        enumerated = re.findall(r"^  (\w+) = \d+,", text("src/base/result.h"), re.MULTILINE)
        self.assertEqual(enumerated, [code[0] for code in self.codes])

    def test_each_code_has_words_in_both_languages(self):
        words = {row["reason"]: row for row in self.rows}
        for _, name, _, _ in self.codes:
            self.assertTrue(words[name]["en"] and words[name]["fr"], name)

    def test_exit_statuses_are_the_same_everywhere(self):
        page = dict(re.findall(r"^\| (\d) \| (done|failed|wrong usage)", text("docs/formats/errors.md"), re.MULTILINE))
        self.assertEqual(page, {"0": "done", "1": "failed", "2": "wrong usage"})
        self.assertEqual({code[2] for code in self.codes} | {"0"}, set(page))
        said = ", ".join(f"{status} {meaning}" for status, meaning in page.items())
        self.assertIn(said, text("packaging/describe_verbs.py"), "the man pages")
        self.assertIn(said, re.sub(r"\n// ", " ", text("src/cli/verb.h")))
        guide = dict(re.findall(r"^\| (\d) \| (done|failed|wrong usage)", text("docs/guide/command-line.md"), re.MULTILINE))
        self.assertEqual(guide, page)

    def test_what_a_client_says_by_itself_is_met_by_a_test(self):
        """What a server says is met by the vault's tests, while they run: refusals_reached_test.cc."""
        tests = "".join(path.read_text(encoding="utf-8") for folder, pattern in (("src", "*_test.cc"), ("tests", "*_test.py"))
                        for path in (SOURCE / folder).rglob(pattern) if path.name != pathlib.Path(__file__).name)
        codes = {code[1] for code in self.codes}  # all met by error_table_test.cc
        for row in self.rows:
            if row.get("by") != "client" or row["reason"] in codes:
                continue
            longest = max((part.strip(" .,:;") for part in re.split(r"\{\w+\}", row["en"])), key=len)
            self.assertTrue(f'"{row["reason"]}' in tests or longest in tests, row["reason"])


if __name__ == "__main__":
    unittest.main()
