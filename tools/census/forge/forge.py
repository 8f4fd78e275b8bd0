#!/usr/bin/env python3
"""Makes a pile of files about invented people, with the truth of who is in it.

    forge.py --out DIR [--seed N] [--people N] [--documents N] [--only GENRE[,GENRE]] [--without GENRE[,GENRE]]

DIR/files holds the documents, DIR/truth people.jsonl, mentions.jsonl and files.jsonl, and DIR/columns.tsv what each column and label was
(genre, field, role, group header, label, values), from which train-meaning learns. The same arguments give the same files. Genres: those of genres.py, and prose.
tools/census/forge/score.py compares the census of DIR/files with the truth.
"""
import argparse
import json
import os
import random
from collections import defaultdict

import layouts
import prose
import writers
from genres import GENRES
from people import TODAY, Population

PROSE = {"note": prose.note, "letter": prose.letter, "mail": prose.mail}


class Truth:
    def __init__(self):
        self.mentions, self.files, self.guardians, self.minors, self.work, self.dead = [], [], defaultdict(set), set(), set(), set()

    def take(self, context, blocks, path, genre, layout, size):
        self.files.append(dict(path=path, genre=genre, layout=layout, bytes=size))
        seen = set()
        for kind, body in blocks:
            for cell in ([cell for row in body for cell in row] if kind == "table" else [body] if body else []):
                for mark in cell.marks:
                    if mark not in seen and cell.text:
                        seen.add(mark)
                        self.mentions.append(dict(person=mark[0], type=mark[1], value=mark[2], path=path, scope="work" if mark[0] in context.work else "subject"))
        here = {mark[0] for mark in seen}
        for child, guardian in context.links:
            if child in here and guardian in here:
                self.guardians[child].add(guardian)
                self.minors.add(child)
        self.minors |= context.students & here
        self.dead |= context.dead & here


def make_document(population, genre, rng):
    """(context, layout, blocks, bytes, extension) of one document."""
    c = layouts.Context("school" if genre == "prose" else genre, population, rng)
    if genre == "prose":
        kind = rng.choice(list(PROSE))
        c.genre = "prose"
        blocks = PROSE[kind](c, 1)
        if kind == "mail":
            body, extension = writers.write_mail(blocks, rng, *c.mail, rng.choice(("Follow-up", "Re: file", "Fw: callback", "Suivi")))
        else:
            body, extension = rng.choice(writers.TEXTS)(blocks, rng)
        return c, kind, blocks, body, extension
    names, weights = zip(*[(name, weight) for name, (_, weight) in layouts.LAYOUTS.items()])
    layout = rng.choices(names, weights)[0]
    blocks = layouts.LAYOUTS[layout][0](c, rng.randint(6, 45))
    body, extension = rng.choice(writers.TEXTS if layout in ("form", "lines") else writers.TABLES)(blocks, rng)
    return c, layout, blocks, body, extension


def write_lines(path, rows):
    with open(path, "w", encoding="utf-8") as out:
        for row in rows:
            out.write(json.dumps(row, ensure_ascii=False) + "\n")


def write_columns(path, columns):
    """One a line, parted by tabs; values by 0x1F, line breaks in them 0x1E."""
    plain = lambda text: text.replace("\t", " ").replace("\n", "\x1e")
    with open(path, "w", encoding="utf-8") as out:
        for c in columns:
            out.write("\t".join((c["genre"], c["field"], c["role"], plain(c["group"]), plain(c["label"]), "\x1f".join(plain(v) for v in c["values"]))) + "\n")


def people_rows(population, truth):
    elements = defaultdict(set)
    born = set()
    scopes = defaultdict(set)
    for m in truth.mentions:
        elements[m["person"]].add((m["type"], m["value"]))
        scopes[m["person"]].add((m["scope"], m["type"]))
        if m["type"] == "birth_date":
            born.add(m["person"])
    for p in population.people:
        if p.pid not in elements:
            continue
        private = any(scope == "subject" and kind != "name" for scope, kind in scopes[p.pid])
        kind = "affected" if private else "work_only" if all(scope == "work" for scope, _ in scopes[p.pid]) else "name_only"
        minor = p.minor() if p.pid in born or p.pid in truth.minors else None
        yield {"person": p.pid, "class": kind, "names": sorted(v for t, v in elements[p.pid] if t == "name"), "birth_date": p.born.isoformat() if p.pid in born else None, "minor": minor,
               "deceased": True if p.pid in truth.dead else None, "guardians": sorted(truth.guardians[p.pid]), "elements": [{"type": t, "value": v} for t, v in sorted(elements[p.pid])]}


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--out", required=True)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--people", type=int, default=400)
    parser.add_argument("--documents", type=int, default=300)
    parser.add_argument("--only", default="")
    parser.add_argument("--without", default="")
    options = parser.parse_args()
    rng = random.Random(options.seed)
    population = Population(rng, options.people)
    every = list(GENRES) + ["prose", "prose"]
    genres = [g for g in every if (not options.only or g in options.only.split(",")) and g not in options.without.split(",")]
    truth, columns = Truth(), []
    for n in range(options.documents):
        genre = genres[n % len(genres)]
        c, layout, blocks, body, extension = make_document(population, genre, rng)
        path = f"{genre}/{n:04d}.{extension}"
        os.makedirs(os.path.join(options.out, "files", genre), exist_ok=True)
        with open(os.path.join(options.out, "files", path), "wb") as out:
            out.write(body)
        truth.take(c, blocks, path, genre, layout, len(body))
        columns += [dict(column, document=n) for column in c.columns]
    os.makedirs(os.path.join(options.out, "truth"), exist_ok=True)
    write_lines(os.path.join(options.out, "truth", "mentions.jsonl"), truth.mentions)
    write_lines(os.path.join(options.out, "truth", "files.jsonl"), truth.files)
    write_lines(os.path.join(options.out, "truth", "people.jsonl"), people_rows(population, truth))
    write_columns(os.path.join(options.out, "columns.tsv"), columns)
    with open(os.path.join(options.out, "truth", "meta.json"), "w", encoding="utf-8") as out:
        json.dump({"as_of": TODAY.isoformat(), "seed": options.seed}, out)


if __name__ == "__main__":
    main()
