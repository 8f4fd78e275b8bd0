#!/usr/bin/env python3
"""name_truth.py SCORER DUMP < names: compares what `name_accuracy texts` found with a dump's truth, for `make accuracy`.

SCORER holds core/norm.py, which says when two written names can be the same person's. Counted are the names that the truth
places in running text (no row, column or field), once a file and value, but not those that stand in a mail's header; a name found is right when the truth of its file has a
name that fits. Files free of personal data count for precision alone. --wrong lists what was missed and invented.
"""
import collections
import json
import pathlib
import sys


def rows(path):
    with open(path, encoding="utf-8") as file:
        return [json.loads(line) for line in file]


def in_text(locator):
    return not any(part in (locator or "") for part in ("row=", "field=", "sheet=", "col="))


def fits(norm, found, true):
    if norm.name_ok(found, true):
        return True
    a, b = norm.name_tokens(found), norm.name_tokens(true)
    return len(a) == 1 and a[0] in b  # "Hi Mary": one part of the name


def main():
    scorer, dump = sys.argv[1], pathlib.Path(sys.argv[2])
    sys.path.insert(0, scorer)
    from core import norm
    kinds = {row["path"]: row for row in rows(dump / "truth/files.jsonl")}
    read, found, size = set(), collections.defaultdict(set), collections.Counter()
    headers = collections.defaultdict(str)
    for line in sys.stdin:
        tag, path, value = (line.rstrip("\n").split("\t", 2) + ["", ""])[:3]
        if tag == "T":
            read.add(path)
            size[path] += int(value)
        elif tag == "H":
            headers[path] += " " + value
        else:
            found[path].add(value)
    wanted, known = collections.defaultdict(set), collections.defaultdict(set)
    for row in rows(dump / "truth/mentions.jsonl"):
        if row["type"] != "name":
            continue
        known[row["path"]].add(row["value"])
        if row["required"] and in_text(row["locator"]):
            wanted[row["path"]].add(row["value"])
    score = collections.defaultdict(collections.Counter)
    for path in sorted(read):
        if path not in kinds or not (wanted[path] or kinds[path]["decoy"]):
            continue
        genre = "without people" if kinds[path]["decoy"] else kinds[path]["kind"]
        one = score[genre]
        one["files"] += 1
        one["bytes"] += size[path]
        in_header = set(norm.name_tokens(headers[path]))
        for value in wanted[path]:
            if in_header.issuperset(norm.name_tokens(value)):
                continue
            hit = any(fits(norm, f, value) for f in found[path])
            whole = any(norm.name_ok(f, value) for f in found[path])
            one["true"] += 1
            one["met"] += hit
            one["whole"] += whole
            if not whole and "--wrong" in sys.argv:
                print("missed", path, value, sorted(found[path])[:6], sep="\t")
        for value in found[path]:
            right = any(fits(norm, value, t) for t in known[path])
            one["found"] += 1
            one["right"] += right
            if not right and "--wrong" in sys.argv:
                print("invented", path, value, sorted(known[path])[:3], sep="\t")
    score["all"] = sum((s for g, s in score.items()), collections.Counter())
    for genre, s in score.items():
        part = lambda a, b: f"{s[a] / s[b]:.3f}" if s[b] else "  -  "
        print(f"  {genre:17} met {part('met', 'true')}/{part('right', 'found')}  whole {part('whole', 'true')}  "
              f"({s['true']} names in {s['files']} files, {s['found']} found, {s['bytes'] // 1000} KB)")


if __name__ == "__main__":
    main()
