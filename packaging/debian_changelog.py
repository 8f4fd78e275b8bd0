#!/usr/bin/env python3
"""CHANGELOG.md as Debian's changelog: debian_changelog.py VERSION MAINTAINER <CHANGELOG.md >changelog

A section `## VERSION (YYYY-MM-DD)` is an entry; `## Unreleased`, if it has lines, is VERSION's own, made at
SOURCE_DATE_EPOCH, and VERSION may then have no section yet. Headings in it are Debian's `[ ... ]`, and what Markdown marks is plain text."""
import datetime
import email.utils
import os
import re
import sys
import textwrap

SECTION = re.compile(r"^## (?:(?P<version>[0-9][0-9.]*) \((?P<date>\d{4}-\d\d-\d\d)\)|Unreleased)\n", re.M)


def wrapped(line):
    return textwrap.fill(line.replace("`", ""), 78, initial_indent="  * ", subsequent_indent="    ")


def changes(text):
    """The section's lines: headings and points, a point's own lines joined."""
    for block in re.findall(r"^(### .+|- .+(?:\n  .+)*)", text, re.M):
        yield f"\n  [ {block[4:]} ]" if block.startswith("###") else wrapped(" ".join(block[2:].split()))


def entries(text, version, epoch):
    parts = list(SECTION.finditer(text))
    if not parts:
        sys.exit("debian_changelog: CHANGELOG.md has no section '## VERSION (YYYY-MM-DD)' or '## Unreleased'")
    if parts[0]["version"] is None and version in [part["version"] for part in parts] and \
            list(changes(text[parts[0].end():parts[1].start()])):
        sys.exit(f"debian_changelog: CHANGELOG.md has changes that are not released, and {version} is. "
                 "Raise the version in CMakeLists.txt, or move the changes into the release's section.")
    for part, following in zip(parts, [*parts[1:], None]):
        body = list(changes(text[part.end():following.start() if following else len(text)]))
        when = datetime.datetime.fromisoformat(part["date"] + "T00:00:00+00:00").timestamp() if part["date"] else epoch
        if body:
            yield part["version"] or version, when, body


def main(version, maintainer):
    epoch = int(os.environ["SOURCE_DATE_EPOCH"])
    for of, when, body in entries(sys.stdin.read(), version, epoch):
        print(f"sealift ({of}) stable; urgency=medium\n\n" + "\n".join(body).lstrip("\n"))
        print(f"\n -- {maintainer}  {email.utils.formatdate(when)}\n")


if __name__ == "__main__":
    main(*sys.argv[1:])
