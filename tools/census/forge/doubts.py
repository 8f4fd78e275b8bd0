#!/usr/bin/env python3
"""How many people and values with each doubt are right: the probabilities of src/census/people/doubts.cc.

    doubts.py TRUTH=OUT[=NAME] ...      TRUTH: a truth folder of the forge; OUT holds people.jsonl and doubtful.jsonl

A person is right who is paired with somebody of the truth, each of whom is paired once; a value, whose person has it in truth.
"""
import sys
from collections import Counter

import score


def load(folder):
    """The sure and the doubtful people, each with all their values."""
    people = {}
    for name in ("people", "doubtful"):
        for p in score.lines(f"{folder}/{name}.jsonl"):
            p["elements"] = p["elements"] + p["doubtful"]
            people[p["person"]] = p
    for p in people.values():
        p["values"] = {}
        for e in p["elements"]:
            p["values"].setdefault((e["type"], score.normal(e["type"], e["value"])), set()).update(at["path"] for at in e["evidence"])
        p["files"] = {f for files in p["values"].values() for f in files}
    return people


def main():
    if len(sys.argv) < 2:
        sys.exit(__doc__)
    right, all_ = Counter(), Counter()
    for run in sys.argv[1:]:
        truth_folder, out_folder = run.split("=")[:2]
        truth, found = score.load_truth(truth_folder), load(out_folder)
        _, back, best = score.pair(truth, found)
        for i, p in found.items():
            if p["kind"] == "work_contact":
                continue
            for doubt in p.get("doubts", ["none"]):
                all_["people", doubt] += 1
                right["people", doubt] += i in back
            owner = truth.get(back.get(i, best.get(i, (0, None))[1]))
            for e in p["elements"]:
                if e["type"] == "name" or owner is None:
                    continue
                for doubt in e.get("doubts", ["none"]):
                    all_["values", doubt] += 1
                    right["values", doubt] += (e["type"], score.normal(e["type"], e["value"])) in owner["values"]
    print(f"{'of':7} {'doubt':40} {'how many':>9} {'right':>6}")
    for what, doubt in sorted(all_):
        print(f"{what:7} {doubt:40} {all_[what, doubt]:9} {right[what, doubt] / all_[what, doubt]:6.3f}")


if __name__ == "__main__":
    main()
