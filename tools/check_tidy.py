#!/usr/bin/env python3
"""House rules that neither compiler nor clang-tidy checks. Prints file:line and exits 1."""
import pathlib
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
LINES_MAX = {".cc": 600, ".h": 250}
COLUMNS_MAX = 100
# (text, where it is allowed, what to use instead)
BANNED = [
    ("reinterpret_cast", ("src/base/", "src/crypto/"), "base/bytes.h"),
    ("std::rand", (), "crypto/random.h"),
    ("system_clock::now", ("src/base/",), "the Clock passed in (base/clock.h)"),
    ("getenv", ("src/sealift/", "src/server/sealiftd_main.cc"), "a parameter that main fills in"),
    ("memcmp(", ("src/crypto/",), "crypto/constant_time.h for secrets, std::ranges::equal otherwise"),
    ("std::cout", ("src/cli/", "src/admin/", "src/drill/"), "a sink passed in"),
    ("system(", (), "nothing: no command is ever run through a shell"),
    ("popen(", (), "nothing: no command is ever run through a shell"),
    ("FIXME", (), "finish it"),
    ("TODO", (), "finish it, or write it into an issue"),
    ("XXX", (), "finish it"),
]


def check(path, problems):
    name = str(path.relative_to(ROOT))
    is_test = name.endswith("_test.cc")
    lines = path.read_text().splitlines()
    limit = LINES_MAX[path.suffix]
    if len(lines) > limit and not is_test:
        problems.append(f"{name}: {len(lines)} lines; the limit is {limit}: split it by purpose")
    if path.suffix == ".h" and not (lines and lines[0].startswith("// ")):
        problems.append(f"{name}:1: a header starts with a comment that says what it is for")
    if path.suffix == ".h" and "#pragma once" not in lines:
        problems.append(f"{name}:1: a header has #pragma once")
    for number, line in enumerate(lines, 1):
        for text, allowed, instead in BANNED:
            at = line.find(text)
            # a longer name that ends alike is another function
            if at < 0 or (at > 0 and text.endswith("(") and (line[at - 1].isalnum() or line[at - 1] == "_")):
                continue
            if not is_test and not name.startswith(allowed or ("\0",)):
                problems.append(f"{name}:{number}: {text} is banned here; use {instead}")


def check_system_test(path, problems):
    for number, line in enumerate(path.read_text().splitlines(), 1):
        if "time.sleep" in line:
            problems.append(f"{path.relative_to(ROOT)}:{number}: a test waits for a condition; use support/waiting.py")


def main():
    problems = []
    paths = [p for p in sorted((ROOT / "src").rglob("*")) if p.suffix in LINES_MAX]
    for path in paths:
        check(path, problems)
    for path in sorted((ROOT / "tests/system").rglob("*.py")):
        check_system_test(path, problems)
    if not paths:
        problems.append("no source file found: the check looked in the wrong place")
    print("\n".join(problems) or f"{len(paths)} files follow the house rules")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
