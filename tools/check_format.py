#!/usr/bin/env python3
"""clang-format over every C++ file of the tree. `--fix` rewrites; without it, differences exit 1."""
import pathlib
import shutil
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent


def main():
    program = shutil.which("clang-format-14") or shutil.which("clang-format")
    if not program:
        print("clang-format is not installed; run tools/setup.sh")
        return 1
    paths = sorted(p for top in ("src", "cmake", "tests", "bench") for p in (ROOT / top).rglob("*")
                   if p.suffix in (".h", ".cc"))
    if not paths:
        print("no source file found: the check looked in the wrong place")
        return 1
    mode = ["-i"] if "--fix" in sys.argv[1:] else ["--dry-run", "--Werror"]
    done = subprocess.run([program, "--style=file", *mode, *map(str, paths)])
    if done.returncode == 0:
        print(f"{len(paths)} files are in the house format")
    return done.returncode


if __name__ == "__main__":
    sys.exit(main())
