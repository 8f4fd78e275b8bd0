"""How many lies of a server were told to clients, and how many of them were refused.

    @lies.counted
    def refuses(self, change): ...      tells one lie, and returns when it was refused; raises when it was not

Each test program says so at its end; `make test` prints the sum.
"""
import atexit
import functools

_told = _refused = 0


def counted(tell):
    @functools.wraps(tell)
    def counting(*words, **more):
        global _told, _refused
        _told += 1
        answer = tell(*words, **more)
        _refused += 1
        return answer

    return counting


@atexit.register
def _say():
    print(f"{_told} lies told, {_refused} refused")
