#!/usr/bin/env python3
"""The table of refusals as rows of C++: refusals.py data/errors/refusals.json OUT.

Refuses a row that lacks a language, names a fact in one language alone, or has a name, a code or a
character that it should not have, or French that isn't typeset as data/messages/fr.po is.
"""
import json
import pathlib
import re
import sys

import messages

CODES = ("malformed not_found forbidden limit locked_down io internal usage unauthorized conflict "
         "no_space no_match damaged unsupported over_quota").split()
NAME = re.compile(r"[a-z][a-z0-9_]{0,39}")
TEXTS = ("en", "fr", "hint_en", "hint_fr")
SIZE_BYTES_MAX = 200


def why_refused(row):
    unknown = set(row) - {"reason", "code", "by", *TEXTS}
    if unknown:
        return f"a member that no row has: {', '.join(sorted(unknown))}"
    if not NAME.fullmatch(row.get("reason", "")):
        return "its reason is not lower-case words joined by underscores"
    if row.get("by", "client") != "client":
        return "by is client, or left out"
    if row.get("code") not in CODES:
        return "its code is none of base/error_table.cc"
    for english, french in (("en", "fr"), ("hint_en", "hint_fr")):
        if bool(row.get(english)) != bool(row.get(french)):
            return f"{english} without {french}, or the other way round"
        facts = [set(re.findall(r"\{(\w+)\}", row.get(key, ""))) for key in (english, french)]
        if facts[0] != facts[1]:
            return f"{english} and {french} name other facts"
    if not row.get("en"):
        return "it has no sentence"
    for key in ("fr", "hint_fr"):
        if why := messages.why_not_typeset(row.get(key, "")):
            return f"{key}: {why}"
    for key in TEXTS:
        text = row.get(key, "")
        if len(text.encode()) > SIZE_BYTES_MAX or any(ord(c) < 0x20 or c in '"\\' for c in text):
            return f"{key} is longer than {SIZE_BYTES_MAX} bytes, or holds a quotation mark, backslash or control character"
    return None


def main():
    source, out = (pathlib.Path(argument) for argument in sys.argv[1:])
    rows, lines, seen = json.loads(source.read_text(encoding="utf-8")), [], set()
    for row in rows:
        why = "its reason is another row's too" if row.get("reason") in seen else why_refused(row)
        if why:
            sys.exit(f"{source}: row '{row.get('reason')}': {why}")
        seen.add(row["reason"])
        en, fr, hint_en, hint_fr = (f'"{row.get(key, "")}"' for key in TEXTS)
        lines.append(f'{{"{row["reason"]}", ErrorCode::{row["code"]}, {{{en}, {fr}}}, {{{hint_en}, {hint_fr}}}, {"true" if "by" in row else "false"}}},\n')
    for code in set(CODES) - seen:
        sys.exit(f"{source}: the code {code} has no row of its name, for when nothing more is known")
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
