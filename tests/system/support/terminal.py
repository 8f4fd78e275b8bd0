"""A command on a terminal of its own, where it can ask."""
import fcntl
import os
import pty
import re
import select
import subprocess
import termios


def take_terminal():
    os.setsid()
    fcntl.ioctl(0, termios.TIOCSCTTY, 0)


def at_terminal(words, environment, folder, answers):
    """The command when it is done, with what it said on standard error. `answers`: what a question says, and what is typed then."""
    master, slave = pty.openpty()
    process = subprocess.Popen(words, env=environment, cwd=folder, stdin=slave, stdout=slave, stderr=subprocess.PIPE, text=True,
                               preexec_fn=take_terminal)
    os.close(slave)
    try:
        for question, answer in answers:
            shown = b""
            while not re.search(question.encode(), shown):
                if not select.select([master], [], [], 60)[0]:
                    raise AssertionError(f"no {question!r} in {shown!r}")
                shown += os.read(master, 4096)
            os.write(master, answer.encode() + b"\n")
        said = process.communicate(timeout=60)[1]
    finally:
        os.close(master)  # which ends what still reads
    return subprocess.CompletedProcess(words, process.returncode, "", said)
