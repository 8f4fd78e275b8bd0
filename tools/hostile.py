#!/usr/bin/env python3
"""Feeds sealift-extract thousands of odd and broken files, and counts how each ends.

    tools/hostile.py PROGRAM FOLDER [--copies N]

Assembles FOLDER from documents that ship in Debian packages (below /usr/share and /usr/lib) and in
the npm packages of tools/npm, and from broken copies of them: cut short, bytes changed, noise in
the middle, one behind the other. The same machine gives the same set each time. Fails when the
program does, when a file has no status or several, and when the sums do not reconcile.
"""
import collections
import hashlib
import json
import pathlib
import random
import subprocess
import sys
import time

ROOT = pathlib.Path(__file__).resolve().parent.parent
PLACES = ["/usr/share", "/usr/lib/python3", "/usr/lib/x86_64-linux-gnu", ROOT / "tools" / "npm" / "node_modules"]
KINDS = {".pdf", ".doc", ".docx", ".xls", ".xlsx", ".ods", ".odt", ".rtf", ".ppt", ".pptx", ".eml", ".mbox", ".msg",
         ".pst", ".ost", ".zip", ".7z", ".tar", ".gz", ".bz2", ".xz", ".zst", ".rar", ".html", ".xml", ".json", ".csv",
         ".tsv", ".vcf", ".png", ".jpg", ".tif", ".tiff", ".gif", ".webp", ".txt", ".jar", ".whl", ".epub", ".ps", ".so"}
FILES_PER_KIND = 60
SIZE_MAX = 4 << 20
STATUSES = {"read", "partial", "encrypted", "unsupported", "failed"}


def sources():
    """Files found, the same number of each kind at most, without copies."""
    seen, per_kind = set(), collections.Counter()
    for place in PLACES:
        for path in sorted(pathlib.Path(place).rglob("*")) if pathlib.Path(place).is_dir() else []:
            kind = path.suffix.lower()
            if kind not in KINDS or per_kind[kind] >= FILES_PER_KIND or path.is_symlink() or not path.is_file():
                continue
            if not 0 < path.stat().st_size <= SIZE_MAX:
                continue
            data = path.read_bytes()
            digest = hashlib.sha256(data).digest()
            if digest not in seen:
                seen.add(digest)
                per_kind[kind] += 1
                yield kind, data


def broken(data, chance):
    """One way to break a file, chosen by `chance`."""
    data = bytearray(data)
    how = chance.randrange(5)
    if how == 0:
        return data[:chance.randrange(len(data))]
    if how == 1:
        for _ in range(max(1, len(data) // 2000)):
            data[chance.randrange(len(data))] = chance.randrange(256)
    elif how == 2:
        at = chance.randrange(len(data))
        data[at:at + 256] = chance.randbytes(256)
    elif how == 3:
        at = chance.randrange(len(data))
        del data[at:at + chance.randrange(1, 4096)]
    else:
        for _ in range(8):  # lengths and offsets, where they are likely
            at = chance.randrange(min(len(data), 4096))
            data[at:at + 4] = chance.choice([b"\xff\xff\xff\xff", b"\0\0\0\0", b"\xff\xff\xff\x7f"])
    return data


def assemble(folder, copies):
    if folder.is_dir():
        return
    unfinished = folder.with_suffix(".unfinished")
    unfinished.mkdir(parents=True, exist_ok=True)
    for number, (kind, data) in enumerate(sources()):
        chance = random.Random(number)
        (unfinished / f"{number:05}{kind}").write_bytes(data)
        for copy in range(copies):
            (unfinished / f"{number:05}_{copy}{kind}").write_bytes(broken(data, chance))
    unfinished.rename(folder)


def judge(lines, expected):
    """Counts statuses of all files; problems as text."""
    statuses, formats, ended, problems, open_files = collections.Counter(), collections.Counter(), collections.Counter(), [], []
    top_bytes = 0
    for line in lines:
        event = json.loads(line)
        if "begin" in event:
            open_files.append(event["begin"])
            formats[event["format"] or "?"] += 1
            if len(open_files) == 1:
                top_bytes += event["bytes"]
        elif "end" in event:
            path = open_files.pop()
            ended[path] += 1
            statuses[event["status"]] += 1
            if event["status"] not in STATUSES or (event["status"] != "read" and not event.get("reason")):
                problems.append(f"{path}: ended without a reason")
    problems += [f"{path}: ended {count} times" for path, count in ended.items() if count != 1]
    problems += [f"{name}: never ended" for name in expected if name not in ended]
    if top_bytes != sum(expected.values()):
        problems.append(f"bytes do not reconcile: {top_bytes} of {sum(expected.values())}")
    return statuses, formats, problems


def main():
    program, folder = sys.argv[1], pathlib.Path(sys.argv[2])
    copies = int(sys.argv[4]) if len(sys.argv) > 4 else 5
    assemble(folder, copies)
    expected = {path.name: path.stat().st_size for path in folder.iterdir()}
    started = time.monotonic()
    run = subprocess.Popen([program, "--jobs", "2", "--no-ocr", str(folder)], stdout=subprocess.PIPE)
    statuses, formats, problems = judge(run.stdout, expected)
    if run.wait() != 0:
        problems.append(f"the program ended with status {run.returncode}")
    print(f"{len(expected)} files, {sum(statuses.values())} with their members, "
          f"{sum(expected.values()) / 1e6:.0f} MB, {time.monotonic() - started:.0f} s")
    print("status:", ", ".join(f"{name} {count}" for name, count in statuses.most_common()))
    print("format:", ", ".join(f"{name} {count}" for name, count in formats.most_common()))
    print("\n".join(problems) or "every file ended once, with a status")
    return 1 if problems or not expected else 0


if __name__ == "__main__":
    sys.exit(main())
