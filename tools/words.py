#!/usr/bin/env python3
"""Word lists for the census: words.py ROW OUT FILE... writes one row of C++ a phrase.

    # what the list is for, and where its words are from
    [section]
    phrase
    phrase = value

ROW says what a row looks like, with $phrase, $section and $value: '{"$phrase", Field::$section, $value},'.
Phrases are as the census compares them: lower case, without accents, one space between words. A file
whose name ends in .other.txt holds other scripts, which are not folded. A list may have a file for each
language or country; a phrase stands in one of them. With --sorted the rows are in the order of their bytes.
"""
import argparse
import pathlib
import re
import string
import sys
import unicodedata

FOLDED = re.compile(r"[a-z0-9*.'&#/-]+( [a-z0-9*.'&#/-]+)*")
SECTION = re.compile(r"\[([a-z][a-z0-9_]*)\]")
PHRASE_SIZE_BYTES_MAX = 100


def why_refused(phrase, value, needs_value, folded):
    if len(phrase.encode()) > PHRASE_SIZE_BYTES_MAX:
        return f"longer than {PHRASE_SIZE_BYTES_MAX} bytes"
    if folded and not FOLDED.fullmatch(phrase):
        return "not lower case without accents, with one space between words"
    if any(unicodedata.category(c).startswith("C") or c in '"\\' for c in phrase + (value or "")):
        return "a control character, quotation mark or backslash"
    if needs_value != (value is not None):
        return "needs ' = value'" if needs_value else "has a value, and this list has none"
    return None


def rows_of(path, template):
    section, folded = "", not path.name.endswith(".other.txt")
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        text = line.strip()
        if not text or text.startswith("#"):
            continue
        if found := SECTION.fullmatch(text):
            section = found.group(1)
            continue
        phrase, equals, value = (part.strip() for part in text.partition(" = "))
        why = why_refused(phrase, value if equals else None, "$value" in template, folded)
        if not why and "$section" in template and not section:
            why = "stands before the first [section]"
        if why:
            sys.exit(f"{path}:{number}: '{phrase}': {why}")
        yield f"{path}:{number}", phrase, string.Template(template).substitute(phrase=phrase, section=section, value=value)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--sorted", action="store_true")
    parser.add_argument("row")
    parser.add_argument("out", type=pathlib.Path)
    parser.add_argument("files", type=pathlib.Path, nargs="+")
    asked = parser.parse_args()
    seen, rows = {}, []
    for path in asked.files:
        for place, phrase, row in rows_of(path, asked.row):
            if phrase in seen:
                sys.exit(f"{place}: '{phrase}' is there already, at {seen[phrase]}")
            seen[phrase] = place
            rows.append((phrase.encode(), row))
    if not rows:
        sys.exit(f"{asked.files[0]}: no phrase in it")
    if asked.sorted:
        rows.sort(key=lambda one: one[0])
    asked.out.parent.mkdir(parents=True, exist_ok=True)
    asked.out.write_text("".join(f"{row}\n" for _, row in rows), encoding="utf-8")


if __name__ == "__main__":
    main()
