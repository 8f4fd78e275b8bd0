"""A command that has a terminal, and somebody who answers what it asks there."""
import os
import pty
import select


def answered(program, words, environment, answers, seconds=60):
    """Runs it with a terminal of its own; types each answer once its question was asked: pairs of (end of a question, what is
    typed). Returns exit status and all that was shown. Fails when a question doesn't come."""
    process, terminal = pty.fork()
    if process == 0:
        os.execve(program, [str(program), *map(str, words)], environment)
    shown, left = "", list(answers)
    try:
        while True:
            if left and shown.rstrip(" ").endswith(left[0][0]):
                os.write(terminal, (left.pop(0)[1] + "\n").encode())
                shown += "\n"
            if not select.select([terminal], [], [], seconds)[0]:
                raise AssertionError(f"nothing more was shown, and no question: {shown!r}")
            try:
                piece = os.read(terminal, 65536)
            except OSError:  # the command has ended
                break
            if not piece:
                break
            shown += piece.decode()
    finally:
        os.close(terminal)
        status = os.waitpid(process, 0)[1]
    if left:
        raise AssertionError(f"not asked: {left}; shown: {shown!r}")
    return os.waitstatus_to_exitcode(status), shown
