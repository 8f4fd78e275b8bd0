#!/usr/bin/env python3
"""No client seals again what it has not authenticated. Prints file:line and exits 1.

A server chooses the header that a client opens, so a file key from a header may be any other file's. The calls by
which a file key comes out of a header, or goes into one, are therefore in the files below alone, which compare it
with the signed manifest's commitment (docs/formats/parcel.md, "Commitments to the file keys").
"""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
# Where a client's code is. The server has no identities, and src/age is the format itself.
CXX = ("src/client", "src/cli", "src/drill", "src/admin", "src/sealift", "web/core")
WEB = ("web/src",)
# (folders, suffixes, what, the files that may, why they may)
RULES = [
    (CXX, (".cc", ".h"), r"\bage::open_header\(", ["src/client/transfer/sealed_part.cc", "src/drill/drill_keys.cc"],
     "compares the key with the commitment; the drill's thief only counts what opens"),
    (CXX, (".cc", ".h"), r"\bHeader::make\(|\brecipient\.wrap\(|\brecipient->wrap\(",
     ["src/client/transfer/widened_headers.cc"], "has it from open_manifest() and open_content_header()"),
    (CXX, (".cc", ".h"), r"\bage::seal_header\(",
     ["src/client/transfer/sealed_part.cc", "src/client/transfer/send_parcel.cc", "web/core/parcel_operations.cc"],
     "seals a key that was made for the file"),
    (WEB, (".ts", ".svelte"), r"\.sealHeader\(|\.sealManifest\(", ["web/src/transfer/send.ts"],
     "seals a key that was made for the file"),
    (WEB, (".ts", ".svelte"), r"\.openContentHeader\(", ["web/src/transfer/receive.ts"], "opens, and seals nothing"),
    (WEB, (".ts", ".svelte"), r"\.widenHeaders\(", ["web/src/transfer/add_recipient.ts"],
     "the core compares before it seals"),
]


def sources(folders, suffixes):
    for folder in folders:
        for path in sorted((ROOT / folder).rglob("*")):
            name = str(path.relative_to(ROOT))
            if path.suffix in suffixes and not re.search(r"_test\.(cc|ts)$|_for_test\.|/generated/", name):
                yield name, path.read_text().splitlines()


def main():
    problems, count = [], 0
    for folders, suffixes, what, allowed, _ in RULES:
        unused = set(allowed)
        for name, lines in sources(folders, suffixes):
            for number, line in enumerate(lines, 1):
                if not re.search(what, line) or line.lstrip().startswith("//"):
                    continue
                count += 1
                unused.discard(name)
                if name not in allowed:
                    problems.append(f"{name}:{number}: only {', '.join(allowed)} may do this: {line.strip()}")
        for name in sorted(unused):
            problems.append(f"tools/check_resealing.py: {name} doesn't do {what}: take it off the list")
    print("\n".join(problems) if problems else f"{count} places seal or open file keys, each where it may")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
