#!/usr/bin/env python3
"""Small faults, put into a copy of the source one by one: some test has to notice each.

    tests/mutants/run.py BUILD [SELECTION...]     SELECTION: part of a room's name or of a sentence; all without one
    tests/mutants/run.py --check                  only whether every fault can still be put in

A room's faults are in tests/mutants/ROOM.txt, separated by blank lines:

    # One sentence: what the fault does.
    in src/server/vault/gate.cc
    test server_test VaultGateTest.*        a module's test program, and which of its tests: a red one is the answer
    test system exhaustion_test             a system test
    -  the lines as they are, which are there once
    +  the lines with the fault (none: they go)
    survives: why no test can see it        it is expected to; without this line, a survivor fails the run

The copy is BUILD/mutants; its programs are built once and then again for what each fault changes.
"""
import os
import pathlib
import shutil
import subprocess
import sys

HERE = pathlib.Path(__file__).resolve().parent
SOURCE = HERE.parent.parent
TIMEOUT_S = 300


class Mutant:
    def __init__(self, room, block):
        self.room, self.file, self.test, self.survives = room, None, None, None
        self.sentence, old, new = "", [], []
        for line in block:
            if line.startswith("# "):
                self.sentence += (" " if self.sentence else "") + line[2:]
            elif line.startswith("in "):
                self.file = line[3:].strip()
            elif line.startswith("test "):
                self.test = line[5:].split()
            elif line.startswith("survives: "):
                self.survives = line[10:]
            elif line.startswith("-"):
                old.append(line[1:])
            elif line.startswith("+"):
                new.append(line[1:])
            else:
                raise SystemExit(f"{room}: not a line of a mutant: {line}")
        self.old, self.new = "\n".join(old) + "\n", "".join(line + "\n" for line in new)
        if not (self.sentence and self.file and self.test and old):
            raise SystemExit(f"{room}: a mutant lacks its sentence, file, test or lines: {block[0]}")

    def applied_to(self, text):
        """The file with the fault; None when its lines are not there exactly once."""
        text = "\n" + text
        old = "\n" + self.old
        return text.replace(old, "\n" + self.new)[1:] if text.count(old) == 1 else None

    def command(self, build):
        if self.test[0] == "system":
            return ["python3", "-W", "ignore", f"tests/system/{self.test[1]}.py", *self.test[2:]]
        return [str(build / self.test[0]), *(f"--gtest_filter={each}" for each in self.test[1:2]), "--gtest_brief=1"]

    def targets(self):
        return ["programs", "clock_shim"] if self.test[0] == "system" else [self.test[0]]


def read_all():
    mutants = []
    for path in sorted(HERE.glob("*.txt")):
        for block in path.read_text().split("\n\n"):
            if lines := [line for line in block.splitlines() if line.strip()]:
                mutants.append(Mutant(path.stem, lines))
    return mutants


def check(mutants):
    bad = [each for each in mutants if each.applied_to((SOURCE / each.file).read_text()) is None]
    for each in bad:
        print(f"{each.room}: not there once in {each.file}: {each.sentence}")
    print(f"{len(mutants) - len(bad)} of {len(mutants)} faults can be put in")
    return not bad


def copy_source(tree):
    shutil.rmtree(tree, ignore_errors=True)
    names = subprocess.run(["git", "ls-files", "-z"], cwd=SOURCE, check=True, capture_output=True).stdout.decode()
    for name in filter(None, names.split("\0")):
        target = tree / name
        target.parent.mkdir(parents=True, exist_ok=True)
        if (SOURCE / name).exists():
            shutil.copy2(SOURCE / name, target, follow_symlinks=False)
    for name in ("web/node_modules", "tools/npm/node_modules", "web/src/crypto/generated", "build/libsodium"):
        if (SOURCE / name).exists() and not (tree / name).exists():
            (tree / name).parent.mkdir(parents=True, exist_ok=True)
            (tree / name).symlink_to(SOURCE / name)


def build(tree, targets, environment):
    return subprocess.run(["cmake", "--build", "--preset", "release", "--target", *targets], cwd=tree, env=environment,
                          capture_output=True, text=True)


def is_noticed(tree, mutant, environment):
    """How: "build", "test", or None."""
    if build(tree, mutant.targets(), environment).returncode != 0:
        return "build"
    try:
        done = subprocess.run(mutant.command(tree / "build/release"), cwd=tree, env=environment, capture_output=True,
                              timeout=TIMEOUT_S)
    except subprocess.TimeoutExpired:
        return "test"
    return "test" if done.returncode != 0 else None


def run(mutants, tree):
    environment = {**os.environ, "CCACHE_BASEDIR": str(tree), "CCACHE_NOHASHDIR": "1", "SEALIFT_SOURCE_DIR": str(tree),
                   "SEALIFT_BUILD_DIR": str(tree / "build/release")}
    copy_source(tree)
    subprocess.run(["cmake", "--preset", "release"], cwd=tree, env=environment, check=True, capture_output=True)
    for mutant in mutants:  # a test that is red without the fault shows nothing
        done = build(tree, mutant.targets(), environment)
        if done.returncode != 0:
            raise SystemExit("the copy doesn't build:\n" + done.stdout[-3000:])
    green = {}
    survivors = []
    for mutant in mutants:
        command = tuple(mutant.command(tree / "build/release"))
        if command not in green:
            green[command] = subprocess.run(command, cwd=tree, env=environment, capture_output=True).returncode == 0
        if not green[command]:
            raise SystemExit(f"red without any fault: {' '.join(command)}")
        path = tree / mutant.file
        whole = path.read_text()
        path.write_text(mutant.applied_to(whole))
        how = is_noticed(tree, mutant, environment)
        path.write_text(whole)
        if mutant.survives and not how:
            print(f"survives   {mutant.room}: {mutant.sentence} ({mutant.survives})", flush=True)
            continue
        print(f"{'noticed' if how else 'SURVIVES':9}  {mutant.room}: {mutant.sentence}", flush=True)
        if not how:
            survivors.append(mutant)
        # The next one starts from the whole program.
        build(tree, mutant.targets(), environment)
    explained = sum(1 for each in mutants if each.survives)
    print(f"{len(mutants)} faults: {len(mutants) - len(survivors) - explained} noticed, {explained} explained survivors, "
          f"{len(survivors)} not noticed")
    return not survivors


def main():
    mutants = read_all()
    if sys.argv[1:] == ["--check"]:
        return check(mutants)
    chosen = [each for each in mutants
              if not sys.argv[2:] or any(word in each.room or word in each.sentence for word in sys.argv[2:])]
    if not check(mutants) or not chosen:
        return False
    return run(chosen, pathlib.Path(sys.argv[1]).resolve() / "mutants")


if __name__ == "__main__":
    sys.exit(0 if main() else 1)
