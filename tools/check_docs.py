#!/usr/bin/env python3
"""Every path, make target, test and verb that a document names exists. Prints file:line and exits 1."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
CODE = re.compile(r"`([^`\n]+)`|^    (?:\$ )?(.+)$", re.MULTILINE)
FOLDERS = "src|docs|tools|tests|web|data|bench|cmake|packaging|\\.ci"
PATH = re.compile(rf"(?<![\w/.<-])((?:{FOLDERS})/(?:[\w./*-]|\{{[\w,]+\}})+)")
# Headers and tests are named from src/: "census/people/resolve.h".
HEADER = re.compile(r"(?<![\w/.<-])([a-z_0-9]+(?:/[a-z_0-9]+)+\.(?:h|cc))(?!\w)")
MAKE = re.compile(r"\bmake ([a-z][a-z-]*)")
MADE_BY_THE_BUILD = ("web/src/crypto/generated", "web/src/api/generated", "web/node_modules")
WORDS_AFTER_MAKE = {"sure", "setup"}


def documents():
    """The pages of today. Decisions and the changelog say what was; they keep the names of their day."""
    yield from (ROOT / name for name in ("README.md", "ARCHITECTURE.md", "CONTRIBUTING.md", "SECURITY.md"))
    for path in sorted((ROOT / "docs").rglob("*.md")):
        if path.parent.name != "decisions":
            yield path


def spread(pattern):
    """"a.{h,cc}" as a.h and a.cc."""
    found = re.search(r"\{([^}]*)\}", pattern)
    if not found:
        return [pattern]
    return [one for part in found.group(1).split(",")
            for one in spread(pattern[:found.start()] + part + pattern[found.end():])]


def exists(pattern, below):
    return all(any(below.glob(one.rstrip("./-"))) for one in spread(pattern))


def missing(code, targets, verbs):
    for path in PATH.findall(code):
        if not path.startswith(MADE_BY_THE_BUILD) and not exists(path, ROOT) and not exists(path, ROOT / "src"):
            yield f"{path} isn't in the tree"
    for path in HEADER.findall(code):
        if not exists(path, ROOT) and not any((ROOT / "src").glob(f"**/{path}")):
            yield f"{path} isn't in src/"
    for target in MAKE.findall(code):
        if target not in targets and target not in WORDS_AFTER_MAKE:
            yield f"the Makefile has no target {target}"
    for verb in re.findall(r"^(?:build/release/)?sealift ([a-z][a-z-]+)", code):
        if verb not in verbs and verb != "help":
            yield f"sealift has no verb {verb}"


def main():
    targets = set(re.findall(r"^([a-z][a-z-]*):", (ROOT / "Makefile").read_text(), re.MULTILINE))
    verbs = set()
    for path in (ROOT / "src").rglob("*.h"):
        verbs.update(re.findall(r"constexpr (?:cli::)?Verb k\w+Verb\s*[={]+\s*(?:\.name = )?\"([a-z-]+)\"", path.read_text()))
    problems, named = [], 0
    for path in documents():
        text = path.read_text()
        for found in CODE.finditer(text):
            code = (found.group(1) or found.group(2)).strip()
            named += 1
            for why in missing(code, targets, verbs):
                problems.append(f"{path.relative_to(ROOT)}:{text.count(chr(10), 0, found.start()) + 1}: {why}")
    if len(verbs) < 20 or named < 100:
        problems.append(f"{len(verbs)} verbs, {named} names found: the check looked in the wrong place")
    print("\n".join(problems) or f"{named} names in the documents exist")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
