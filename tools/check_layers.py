#!/usr/bin/env python3
"""Checks every #include under src/ against tools/layers.txt. Prints file:line and exits 1."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
INCLUDE = re.compile(r'^\s*#\s*include\s+(["<])([^">]+)[">]')
# C++, C, Linux and POSIX headers are free to all: no dot or slash, or one of these.
SYSTEM = re.compile(r'^<([a-z0-9_]+|(sys|linux|netinet|arpa|net|asm)/.*|[a-z0-9_]+\.h)$')


def read_layers(path):
    """Returns {module: modules it may include} and {header prefix: modules that may use it}."""
    layers, headers = {}, {}
    for line in path.read_text().splitlines():
        name, _, allowed = line.split("#")[0].partition(":")
        name = name.strip()
        if name[:1] in ("<", '"'):
            headers[name] = set(allowed.split())
        elif name:
            layers[name] = set(allowed.split())
    return layers, headers


def cycles(layers):
    """A layer may only name layers above its own line, which rules cycles out."""
    seen = set()
    for module, allowed in layers.items():
        for name in sorted(allowed - seen):
            yield f"tools/layers.txt: {module} names {name}, which is not listed above it"
        seen.add(module)


def problem(module, spelled, layers, headers):
    """Why `module` may not include `spelled` ('<x' or '"x'), or None."""
    rules = [(prefix, allowed) for prefix, allowed in headers.items() if spelled.startswith(prefix)]
    for _, allowed in rules:
        if "*" not in allowed and module not in allowed:
            return f"only {', '.join(sorted(allowed))} may include {spelled[1:]}"
    if spelled[0] == "<":
        if rules or SYSTEM.match(spelled):
            return None
        return f"third-party header {spelled[1:]} has no line in tools/layers.txt"
    target, _, rest = spelled[1:].partition("/")
    if not rest:
        return f'write includes from src/: "{module}/{target}"'
    if target != module and target not in layers[module]:
        return f"{module} may not include {target}"
    if target != module and rest.startswith("internal/"):
        return f"{spelled[1:]} is private to {target}"
    return None


def main():
    layers, headers = read_layers(ROOT / "tools" / "layers.txt")
    problems = list(cycles(layers))
    count = 0
    for path in sorted((ROOT / "src").rglob("*")):
        if path.suffix not in (".h", ".cc"):
            continue
        count += 1
        name = path.relative_to(ROOT)
        module = name.parts[1]
        if module not in layers:
            problems.append(f"{name}: module '{module}' is not in tools/layers.txt")
            continue
        for number, line in enumerate(path.read_text().splitlines(), 1):
            found = INCLUDE.match(line)
            why = problem(module, "".join(found.groups()), layers, headers) if found else None
            if why:
                problems.append(f"{name}:{number}: {why}")
    if count == 0:
        problems.append("no source file found: the check looked in the wrong place")
    print("\n".join(problems) or f"{count} files follow tools/layers.txt")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
