"""The only clock that tests look at: a condition is waited for, never a time.

    until(lambda: not folder.exists(), "it was removed")

What takes a machine its time (a line's speed, a fault at a random moment) is a pace: pace(seconds).
"""
import threading
import time

_NEVER = threading.Event()
_TICK_S = 0.02


def until(is_so, what="it came about", seconds=30):
    """What is_so() returns, once that is true; an AssertionError when it does not become so."""
    end = time.monotonic() + seconds
    while not (found := is_so()):
        assert time.monotonic() < end, f"not so after {seconds} s: {what}"
        _NEVER.wait(_TICK_S)
    return found


def pace(seconds):
    """Lets the time pass that a slow line, or the dice of a storm, would take."""
    _NEVER.wait(seconds)
