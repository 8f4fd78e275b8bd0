#!/usr/bin/env python3
"""Checks every #include under src/ against tools/layers.txt. Prints file:line and exits 1."""
import pathlib
import re
import sys

ROOT = pathlib.Path(__file__).resolve().parent.parent
INCLUDE = re.compile(r'^\s*#\s*include\s+(["<])([^">]+)[">]')
# C++, C, Linux and POSIX headers are free to all: no dot or slash, or one of these.
SYSTEM = re.compile(r'^<([a-z0-9_]+|(sys|linux|netinet|arpa|net|asm)/.*|[a-z0-9_]+\.h)$')


# Tests and what only tests include may use every inner room of their module.
FOR_TESTS = re.compile(r"(_test|_fuzz|_bench|_for_test|_fixture)$|^testing$")


def read_layers(path):
    """Returns {module or module/room: what it may include} and {header prefix: who may use it}."""
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
        own, inner, _ = module.partition("/")
        for name in sorted(allowed - {"."}):
            if (f"{own}/{name}" if inner else name) not in seen:
                yield f"tools/layers.txt: {module} names {name}, which is not listed above it"
        seen.add(module)


def inner_problem(name, module, rest, layers):
    """Why the file `name` of `module` may not include its own module's header `rest`, or None."""
    room = "/".join(name.parts[1:3])
    if room not in layers or FOR_TESTS.search(name.stem):
        return None
    target = rest.split("/")[0] if "/" in rest else "."
    if rest.endswith(".inc"):  # made by the build from data/
        return None
    if target == name.parts[2] or target in layers[room]:
        return None
    return f"{room} may not include {module}/{rest}"


def problem(name, spelled, layers, headers):
    """Why the file `name` may not include `spelled` ('<x' or '"x'), or None."""
    module = name.parts[1]
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
    return inner_problem(name, module, rest, layers) if target == module else None


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
        if len(name.parts) > 3 and any(room.startswith(f"{module}/") for room in layers) \
                and "/".join(name.parts[1:3]) not in layers:
            problems.append(f"{name}: room '{module}/{name.parts[2]}' is not in tools/layers.txt")
        for number, line in enumerate(path.read_text().splitlines(), 1):
            found = INCLUDE.match(line)
            why = problem(name, "".join(found.groups()), layers, headers) if found else None
            if why:
                problems.append(f"{name}:{number}: {why}")
    if count == 0:
        problems.append("no source file found: the check looked in the wrong place")
    print("\n".join(problems) or f"{count} files follow tools/layers.txt")
    return 1 if problems else 0


if __name__ == "__main__":
    sys.exit(main())
