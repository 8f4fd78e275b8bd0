#!/usr/bin/env python3
"""Keeps the API as a release has it: freeze.py writes api-VERSION.json here, from src/server/api/openapi.json without its texts.

Run once, with the commit that a release is made from; from then on tests/system/compatibility_test.py refuses a change that
this release's clients or servers couldn't work with. A file of a release that is out is never changed."""
import json
import pathlib
import re

HERE = pathlib.Path(__file__).resolve().parent
SOURCE = HERE.parent.parent


def without_texts(node):
    if isinstance(node, list):
        return [without_texts(each) for each in node]
    if not isinstance(node, dict):
        return node
    texts = {name for name in ("description", "summary", "example", "tags") if not isinstance(node.get(name), dict)}
    return {name: without_texts(each) for name, each in node.items() if name not in texts}


def main():
    version = re.search(r"project\(sealift VERSION ([0-9.]+)", (SOURCE / "CMakeLists.txt").read_text())[1]
    document = json.loads((SOURCE / "src/server/api/openapi.json").read_text())
    kept = without_texts({"paths": document["paths"], "components": document["components"]})
    (HERE / f"api-{version}.json").write_text(json.dumps(kept, sort_keys=True, separators=(",", ":"), ensure_ascii=False) + "\n")


if __name__ == "__main__":
    main()
