"""What people read when something fails, sentence by sentence and in both languages.

A row is: exit status | command | what `sealift: error:` says | what `sealift: hint:` says; without the last, there is no
hint but, of wrong usage, the one that names the verb's help. WORK is the test's folder, LANGUAGE is en or fr (for what a
command makes), and {} anything. The same command in French has to say what data/messages/fr.po and
data/errors/refusals.json have for those English sentences, with the same values.
"""
import json
import os
import pathlib
import re
import shlex
import subprocess
import sys

SOURCE = pathlib.Path(os.environ["SEALIFT_SOURCE_DIR"])
sys.path.insert(0, str(SOURCE / "tools"))
import messages  # noqa: E402

from support.server import Server, build_folder  # noqa: E402
from support.terminal import at_terminal  # noqa: E402

ENGLISH = {"LC_ALL": "C.UTF-8"}
FRENCH = {"LC_ALL": "", "LC_MESSAGES": "", "LANG": "fr_CA.UTF-8"}
USAGE = 2  # whose last hint names the verb's help
ERROR, HINT = ("sealift: error: ", "sealift: erreur\u00a0: "), ("sealift: hint: ", "sealift: conseil\u00a0: ")
ROLES = {"administrator": "administrateur", "recovery officer": "agent de récupération",
         "administrator or recovery officer": "administrateur ou agent de récupération"}  # of base/refusal.cc
SIZE = (re.compile(r"[\d.]+ (B|[KMGT]iB)"), re.compile("[\\d,]+\u00a0([KMGT]i)?o"))


def pattern_of(text):
    """A sentence with a group for each of its values, which are the same wherever they are named."""
    parts, at, seen = [], 0, set()
    for found in messages.PLACEHOLDER.finditer(text):
        parts.append(re.escape(text[at:found.start()]))
        if found[2]:
            parts.append(f"(?:{'|'.join(map(re.escape, found[2].split('|')))})")
        elif found[1] in seen:
            parts.append(f"(?P={found[1]})")
        else:
            parts.append(f"(?P<{found[1]}>.+?)")
            seen.add(found[1])
        at = found.end()
    return re.compile("".join(parts) + re.escape(text[at:]), re.S)


class Languages:
    """Whether a French text is what the tables have for an English one."""

    def __init__(self):
        refusals = json.loads((SOURCE / "data/errors/refusals.json").read_text(encoding="utf-8"))
        pairs = [(one.english, one.french) for one in messages.read_po(SOURCE / "data/messages/fr.po")]
        pairs += [(row[key + "en"], row[key + "fr"]) for row in refusals for key in ("", "hint_") if row.get(key + "en")]
        self.plain, self.patterns = {english: {french} for english, french in ROLES.items()}, []
        for english, french in pairs:
            if messages.PLACEHOLDER.search(english):
                self.patterns.append((pattern_of(english), pattern_of(french)))
            else:
                self.plain.setdefault(english, set()).add(french)

    def same(self, english, french):
        if french in self.plain.get(english, ()) or all(size.fullmatch(text) for size, text in zip(SIZE, (english, french))):
            return True
        if english == french and not re.search(r"[A-Za-z]{2,} [a-z]{2,}", english):
            return True  # a value: a path, an address, a number
        return any(self.is_filled(*each, english, french) for each in self.patterns) or self.is_context(english, french)

    def is_filled(self, english_pattern, french_pattern, english, french):
        found = english_pattern.fullmatch(english)
        translated = found and french_pattern.fullmatch(french)
        return bool(translated) and all(found[name] == value or self.same(found[name], value)
                                        for name, value in translated.groupdict().items())

    def is_context(self, english, french):
        """What was being done, a colon, and what failed."""
        return any(self.same(english[:one.start()], french[:other.start()]) and self.same(english[one.end():], french[other.end():])
                   for one in re.finditer(": ", english) for other in re.finditer("\u00a0: ", french))


class Rows:
    """Of a unittest.TestCase that has `program` and `work`."""
    languages = None

    @classmethod
    def serve(cls):
        cls.server = Server(build_folder())
        cls.addClassCleanup(cls.server.__exit__)
        cls.server.start()
        cls.program, cls.work = cls.server.build / "sealift", cls.server.folder

    def said(self, words, environment, language, **more):
        return subprocess.run([self.program, *words], env={**environment, **language}, cwd=self.work, text=True,
                              start_new_session=True, **{"stdin": subprocess.DEVNULL, "capture_output": True, **more})

    def reaches(self, table, environment=None, **more):
        """Every row of the table, which is text."""
        Rows.languages = Rows.languages or Languages()
        for row in filter(None, map(str.strip, table.splitlines())):
            status, command, error, *hint = row.replace("WORK", str(self.work)).split(" | ")
            with self.subTest(command):
                self.reached(int(status), shlex.split(command), error, hint[0] if hint else None, environment or os.environ, more)

    def reached(self, status, words, error, hint, environment, more):
        self.judged(status, words, error, hint,
                    *(self.said([word.replace("LANGUAGE", name) for word in words], environment, language, **more)
                      for name, language in (("en", ENGLISH), ("fr", FRENCH))))

    def reaches_at_terminal(self, row, environment, *answers):
        """A row of a command that asks on a terminal: `answers` has what a question says, in either language, and what is typed."""
        Rows.languages = Rows.languages or Languages()
        status, command, error, *hint = row.split(" | ")
        words = shlex.split(command)
        self.judged(int(status), words, error, hint[0] if hint else None,
                    *(self.said_at_terminal(words, {**environment, **language}, answers) for language in (ENGLISH, FRENCH)))

    def said_at_terminal(self, words, environment, answers):
        return at_terminal([self.program, *words], environment, self.work, answers)

    def judged(self, status, words, error, hint, english, french):
        self.assertEqual((english.returncode, french.returncode), (status, status), english.stderr + french.stderr)
        hints = [hint] * (hint is not None) + [f"see `sealift {words[0]} --help`"] * (status == USAGE)
        for expected, beginnings in (([error], ERROR), (hints, HINT)):
            texts, translated = (lines_of(done.stderr, beginning) for done, beginning in zip((english, french), beginnings))
            self.assertRegex("\n".join(texts), "^" + re.escape("\n".join(expected)).replace(r"\{\}", ".+") + "$")
            self.assertEqual(len(texts), len(translated), french.stderr)
            for each in zip(texts, (self.as_english(text, words) for text in translated)):
                self.assertTrue(Rows.languages.same(*each), "{!r} is not {!r}".format(*each))

    @staticmethod
    def as_english(text, words):
        for word in words:
            if "LANGUAGE" in word:
                text = text.replace(word.replace("LANGUAGE", "fr"), word.replace("LANGUAGE", "en"))
        return text


def lines_of(text, beginning):
    return [line.removeprefix(beginning) for line in text.splitlines() if line.startswith(beginning)]
