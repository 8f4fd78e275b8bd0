#!/usr/bin/env python3
"""Runs one test script against built programs: tests/script.py BUILD_DIR SCRIPT.txt

A script is a list of commands, one a line, then the files that it works on:

    # a comment
    exec sealift keygen -o key.txt        runs a program, which must succeed
    ! exec sealift open missing           runs a program, which must fail (status 1 or 2)
    status 2                              the exit status of the last program
    stdout PATTERN    ! stdout PATTERN    a regular expression is found (or not) in its output
    stderr PATTERN    ! stderr PATTERN
    stdin FILE                            standard input of the next program
    type LINE...                          lines typed at a terminal while the next program runs
    cmp FILE FILE                         equal; `stdout` names the last program's output
    exists FILE...    ! exists FILE...
    random FILE SIZE                      a file of SIZE pseudo-random bytes
    truncate FILE SIZE                    cuts a file to SIZE bytes
    flip FILE OFFSET                      inverts one bit (a negative OFFSET counts from the end)
    append FILE TEXT
    mode FILE OCTAL                       permission bits are these
    link TARGET NAME, mkdir, rm, cp
    env NAME=VALUE
    -- key.txt --
    the file's lines

Words are split as a shell does, without expansion except $WORK and environment names given by env.
Each script runs in a folder of its own, with HOME there and the build folder first in PATH.
"""
import os
import pathlib
import pty
import random
import re
import select
import shlex
import shutil
import subprocess
import sys
import tempfile
import time

TIMEOUT_S = 120


class ScriptError(Exception):
    pass


def split_archive(text):
    """Returns (commands, {file name: content}); a file starts at a line `-- name --`."""
    commands, files, name = [], {}, None
    for line in text.splitlines(keepends=True):
        header = re.fullmatch(r"-- (\S+) --\n?", line)
        if header:
            name = header.group(1)
            files[name] = ""
        elif name is None:
            commands.append(line.rstrip("\n"))
        else:
            files[name] += line
    return commands, files


class Script:
    def __init__(self, build, work):
        self.work = pathlib.Path(work)
        self.env = {**os.environ, "HOME": str(work), "WORK": str(work), "LC_ALL": "C.UTF-8",
                    "PATH": f"{build}:{os.environ['PATH']}"}
        self.input = None
        self.typed = None
        self.out = self.err = b""
        self.code = None

    def path(self, name):
        return self.work / name

    def run(self, line):
        words = [re.sub(r"\$(\w+)", lambda m: self.env.get(m.group(1), m.group(0)), word)
                 for word in shlex.split(line, comments=True)]
        if not words:
            return
        negated = words[0] == "!"
        if negated:
            words = words[1:]
        method = getattr(self, "do_" + words[0], None)
        if method is None:
            raise ScriptError(f"no command {words[0]}")
        method(negated, *words[1:])

    def do_exec(self, negated, *words):
        stdin = self.path(self.input).open("rb") if self.input else subprocess.DEVNULL
        start = self.exec_at_terminal if self.typed is not None else self.exec_plain
        self.code, self.out, self.err = start(words, stdin)
        self.input = self.typed = None
        if negated != (self.code in (1, 2)) or (not negated and self.code != 0):
            raise ScriptError(f"exit status {self.code}")

    def exec_plain(self, words, stdin):
        """A session of its own: no controlling terminal, whoever runs the tests."""
        done = subprocess.run(words, stdin=stdin, capture_output=True, cwd=self.work, env=self.env,
                              timeout=TIMEOUT_S, start_new_session=True)
        return done.returncode, done.stdout, done.stderr

    def exec_at_terminal(self, words, stdin):
        """The program has a controlling terminal; each line is typed when something was shown."""
        out, err = tempfile.TemporaryFile(), tempfile.TemporaryFile()
        master, slave = pty.openpty()

        def take_terminal():
            os.setsid()
            os.close(os.open(os.ttyname(slave), os.O_RDWR))  # becomes the controlling terminal
        child = subprocess.Popen(words, stdin=stdin, stdout=out, stderr=err, cwd=self.work,
                                 env=self.env, preexec_fn=take_terminal)
        lines = list(self.typed)
        deadline = time.monotonic() + TIMEOUT_S
        while child.poll() is None:
            if time.monotonic() > deadline:
                child.kill()
                raise ScriptError("the program waits for something that was not typed")
            ready, _, _ = select.select([master], [], [], 0.02)
            if ready and re.search(rb": *$", os.read(master, 4096)) and lines:
                os.write(master, lines.pop(0).encode() + b"\n")
        os.close(master)
        os.close(slave)
        if lines:
            raise ScriptError(f"{len(lines)} lines were never asked for")
        out.seek(0)
        err.seek(0)
        return child.returncode, out.read(), err.read()

    def do_status(self, negated, code):
        if self.code != int(code):
            raise ScriptError(f"exit status {self.code}")

    def match(self, negated, text, pattern):
        found = re.search(pattern.encode(), text, re.MULTILINE)
        if bool(found) == negated:
            raise ScriptError(f"{'unexpected' if negated else 'no'} match for {pattern!r}")

    def do_stdout(self, negated, pattern):
        self.match(negated, self.out, pattern)

    def do_stderr(self, negated, pattern):
        self.match(negated, self.err, pattern)

    def do_stdin(self, negated, name):
        self.input = name

    def do_type(self, negated, *lines):
        self.typed = lines

    def do_env(self, negated, *pairs):
        for pair in pairs:
            name, _, value = pair.partition("=")
            self.env[name] = value

    def do_cmp(self, negated, left, right):
        contents = [self.out if name == "stdout" else self.path(name).read_bytes()
                    for name in (left, right)]
        if (contents[0] != contents[1]) != negated:
            raise ScriptError("differs" if not negated else "equal")

    def do_exists(self, negated, *names):
        for name in names:
            if self.path(name).exists() == negated:
                raise ScriptError(f"{name} {'exists' if negated else 'is missing'}")

    def do_random(self, negated, name, size):
        self.path(name).write_bytes(random.Random(name).randbytes(int(size)))

    def do_truncate(self, negated, name, size):
        os.truncate(self.path(name), int(size))

    def do_flip(self, negated, name, offset):
        content = bytearray(self.path(name).read_bytes())
        content[int(offset)] ^= 1
        self.path(name).write_bytes(content)

    def do_append(self, negated, name, text):
        with self.path(name).open("ab") as file:
            file.write(text.encode())

    def do_mode(self, negated, name, octal):
        bits = self.path(name).stat().st_mode & 0o777
        if bits != int(octal, 8):
            raise ScriptError(f"mode {bits:o}")

    def do_link(self, negated, target, name):
        self.path(name).symlink_to(target)

    def do_mkdir(self, negated, name):
        self.path(name).mkdir(parents=True)

    def do_rm(self, negated, *names):
        for name in names:
            self.path(name).unlink()

    def do_cp(self, negated, source, name):
        if source in ("stdout", "stderr"):
            self.path(name).write_bytes(self.out if source == "stdout" else self.err)
        else:
            shutil.copyfile(self.path(source), self.path(name))


def main():
    build, source = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2])
    commands, files = split_archive(source.read_text())
    ran = 0
    with tempfile.TemporaryDirectory() as work:
        script = Script(build, work)
        for name, content in files.items():
            script.path(name).parent.mkdir(parents=True, exist_ok=True)
            script.path(name).write_text(content)
        for number, line in enumerate(commands, 1):
            try:
                script.run(line)
                ran += bool(line.strip()) and not line.startswith("#")
            except (ScriptError, OSError, TypeError, subprocess.TimeoutExpired) as error:
                print(f"{source.name}:{number}: {line}\n  {error}")
                print("  stdout:", script.out[-2000:].decode(errors="replace"))
                print("  stderr:", script.err[-2000:].decode(errors="replace"))
                return 1
    print(f"{source.name}: {ran} steps")
    return 0 if ran else 1


if __name__ == "__main__":
    sys.exit(main())
