#!/usr/bin/env python3
"""Compares a census with the forge's truth, by genre and as a whole.

    score.py TRUTH OUT [--genre GENRE]      TRUTH: the forge's truth folder; OUT holds the census's people.jsonl
    score.py --table TRUTH=OUT=GENRE ...    one line a genre: each measured where it was left out of training

A true and a found person are paired when they share most: a number, a name with a birth date, a contact. A value is right when its person is
paired with whose it is; at the wrong person when it is another's of the same pile. Intervals are 95 %, by bootstrap over files (400 draws).
"""
import json
import random
import re
import sys
import unicodedata
from collections import Counter, defaultdict

STRONG = {"ca.sin", "ca.on.health_number", "ca.on.education_number", "ca.on.drivers_licence", "ca.passport", "payment_card", "ca.bank_account"}
PRESENCE = {"student_record", "health_record", "employment_record", "religion", "citizenship", "credential"}


def plain(text):
    return "".join(c for c in unicodedata.normalize("NFKD", text.lower()) if not unicodedata.combining(c))


def normal(kind, value):
    if kind in PRESENCE:
        return ""
    if kind == "address":
        street = re.search(r"(\d+)\s+(?:rue\s+)?([a-z-]{3,})", plain(value))
        return " ".join(street.groups()) if street else plain(value)
    return plain(value).replace(" ", "") if kind not in ("name",) else plain(value)


def same_name(a, b):
    x, y = set(re.findall(r"[a-z]+", a)), set(re.findall(r"[a-z]+", b))
    small, large = sorted((x, y), key=len)
    return len({w for w in small if len(w) > 1} & large) >= 2


def lines(path):
    with open(path, encoding="utf-8") as f:
        return [json.loads(line) for line in f]


def load_truth(folder):
    people = {p["person"]: dict(p, values=defaultdict(set), files=set()) for p in lines(f"{folder}/people.jsonl")}
    for m in lines(f"{folder}/mentions.jsonl"):
        people[m["person"]]["values"][m["type"], normal(m["type"], m["value"])].add(m["path"])
        people[m["person"]]["files"].add(m["path"])
    return people


def load_found(folder):
    people = {}
    for p in lines(f"{folder}/people.jsonl"):
        values = defaultdict(set)
        for e in p["elements"]:
            for at in e["evidence"]:
                values[e["type"], normal(e["type"], e["value"])].add(at["path"])
        people[p["person"]] = dict(p, values=values, files={f for files in values.values() for f in files})
    return people


def weight(truth, found):
    shared = set(truth["values"]) & set(found["values"])
    named = any(same_name(plain(a), plain(b)) for a in truth["names"] for b in found["names"])
    w = sum(1000 for kind, _ in shared if kind in STRONG)
    if named:
        w += sum(100 for kind, _ in shared if kind == "birth_date") + sum(20 for kind, _ in shared if kind in ("phone", "email", "address", "property_roll"))
        w += 5 if truth["files"] & found["files"] else 0
    return w


def pair(truth, found):
    index = defaultdict(set)
    for i, t in truth.items():
        for kind, value in t["values"]:
            if kind not in PRESENCE and kind != "name":
                index[kind, value].add(i)
        for name in t["names"]:
            for f in t["files"]:
                index[f, plain(name).split()[-1]].add(i)
    scored = []
    for j, p in found.items():
        near = set()
        for key in p["values"]:
            near |= index.get(key, set())
        for name in p["names"]:
            for f in p["files"]:
                for word in plain(name).split():
                    near |= index.get((f, word), set())
        scored += [(weight(truth[i], p), i, j) for i in sorted(near)]
    to, back = {}, {}
    for w, i, j in sorted((s for s in scored if s[0] > 0), key=lambda s: (-s[0], s[1], s[2])):
        if i not in to and j not in back:
            to[i], back[j] = j, i
    best = {}
    for w, i, j in scored:
        if w > 0 and (j not in best or w > best[j][0]):
            best[j] = (w, i)
    return to, back, best


def count(truth, found, files):
    """Counts over the given files alone (a list, with repeats when drawn)."""
    to, back, best = count.paired
    times = Counter(files)
    tally = Counter()
    for i, t in truth.items():
        if t["class"] == "work_only":
            continue
        p = found.get(to.get(i))
        for (kind, value), places in t["values"].items():
            n = sum(times[f] for f in places)
            if not n or kind == "name":
                continue
            tally["true"] += n
            hit = p is not None and (kind, value) in p["values"]
            tally["met"] += n * hit
            tally["true", kind] += n
            tally["met", kind] += n * hit
    owners = count.owners
    for j, p in found.items():
        t = truth.get(back.get(j))
        if t is None and j in best and truth[best[j][1]]["class"] == "work_only" or t is not None and t["class"] == "work_only":
            continue
        for (kind, value), places in p["values"].items():
            n = sum(times[f] for f in places)
            if not n or kind == "name":
                continue
            right = t is not None and (kind, value) in t["values"]
            tally["said"] += n
            tally["right"] += n * right
            tally["said", kind] += n
            tally["right", kind] += n * right
            if not right and t is not None and kind not in PRESENCE and owners.get((kind, value), set()) - {back[j]}:
                tally["wrong person"] += n
    return tally


def people_figures(truth, found):
    to, back, best = count.paired
    affected = [i for i, t in truth.items() if t["class"] == "affected"]
    neutral = [j for j in found if j in back and truth[back[j]]["class"] != "affected" or j not in back and j in best and truth[best[j][1]]["class"] != "affected"]
    counted = len(found) - len(neutral)
    phantoms = sum(j not in back for j in found if j not in set(neutral))
    minors = [i for i in affected if truth[i]["minor"]]
    said = [j for j in found if found[j]["minor"] and j not in neutral]
    links = [(i, g) for i in affected for g in truth[i]["guardians"]]
    claimed = [(j, g) for j in found if j in back for g in found[j]["guardians"] if g in back]
    right = sum(to.get(g) in found[to[i]]["guardians"] for i, g in links if i in to and g in to)
    dead = [i for i in affected if truth[i]["deceased"]]
    ratio = lambda a, b: a / b if b else 1.0
    return {"people recall": ratio(sum(i in to for i in affected), len(affected)), "phantoms": ratio(phantoms, counted), "minors recall": ratio(sum(i in to and found[to[i]]["minor"] is True for i in minors), len(minors)),
            "minors precision": ratio(sum(j in back and truth[back[j]]["minor"] is True for j in said), len(said)), "guardians recall": ratio(right, len(links)), "guardians precision": ratio(right, len(claimed)),
            "deceased recall": ratio(sum(i in to and found[to[i]]["deceased"] is True for i in dead), len(dead))}


def figures(t):
    ratio = lambda a, b: t[a] / t[b] if t[b] else 1.0
    p, r = ratio("right", "said"), ratio("met", "true")
    return {"precision": p, "recall": r, "F1": 2 * p * r / (p + r) if p + r else 0.0, "wrong person": ratio("wrong person", "said")}


def measure(truth_folder, out_folder, genre=""):
    truth, found = load_truth(truth_folder), load_found(out_folder)
    count.paired = pair(truth, found)
    count.owners = defaultdict(set)
    for i, t in truth.items():
        for key in t["values"]:
            count.owners[key].add(i)
    files = [f["path"] for f in lines(f"{truth_folder}/files.jsonl") if genre in ("", f["genre"])]
    whole = count(truth, found, files)
    r = random.Random(1)
    draws = [figures(count(truth, found, r.choices(files, k=len(files)))) for _ in range(400 if "--fast" not in sys.argv else 1)]
    interval = {k: (sorted(d[k] for d in draws)[len(draws) // 40], sorted(d[k] for d in draws)[-1 - len(draws) // 40]) for k in draws[0]}
    return truth, found, whole, interval


def show(truth_folder, out_folder, genre):
    truth, found, whole, interval = measure(truth_folder, out_folder, genre)
    for name, value in people_figures(truth, found).items():
        print(f"{name:20} {value:.3f}")
    for name, value in figures(whole).items():
        print(f"{name:20} {value:.3f}  [{interval[name][0]:.3f}-{interval[name][1]:.3f}]")
    for kind in sorted(k[1] for k in whole if isinstance(k, tuple) and k[0] == "true"):
        p, r = whole["right", kind] / max(1, whole["said", kind]), whole["met", kind] / max(1, whole["true", kind])
        print(f"  {kind:26} P {p:.3f} R {r:.3f}")


def table(runs):
    print(f"{'left out':12} {'F1':>6} {'interval':>15} {'precision':>10} {'recall':>7} {'wrong person':>13} {'people recall':>14} {'phantoms':>9}")
    for run in runs:
        truth_folder, out_folder, genre = run.split("=")
        truth, found, whole, interval = measure(truth_folder, out_folder, genre)
        f, p = figures(whole), people_figures(truth, found)
        print(f"{genre:12} {f['F1']:6.3f} {interval['F1'][0]:7.3f}-{interval['F1'][1]:.3f} {f['precision']:10.3f} {f['recall']:7.3f} {f['wrong person']:13.4f} {p['people recall']:14.3f} {p['phantoms']:9.3f}")


if __name__ == "__main__":
    plain_arguments = [a for a in sys.argv[1:] if not a.startswith("--")]
    if "--table" in sys.argv:
        table(plain_arguments)
    elif len(plain_arguments) < 2:
        sys.exit(__doc__)
    else:
        show(plain_arguments[0], plain_arguments[1], plain_arguments[2] if len(plain_arguments) > 2 else "")
