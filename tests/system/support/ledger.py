"""What a server acknowledged, and when: what a state of it, taken while it worked, must and may have.

    with ledger.act(("policy", "links"), "forbidden"):
        administrator.run("policy", "set", "links=forbidden")
    ledger.allowed(("policy", "links"), begun, ended)     # of a state taken between the two

A thing has one value at a time. An act that raises was not acknowledged: whether it happened is open. Acts on one thing
follow each other.
"""
import contextlib
import threading
import time


class Act:
    def __init__(self, value, begun):
        self.value, self.begun, self.acknowledged = value, begun, None


class Ledger:
    def __init__(self):
        self.lock = threading.Lock()
        self.things = {}

    @contextlib.contextmanager
    def act(self, thing, value):
        act = self.open(thing, value)
        yield
        act.acknowledged = time.monotonic()

    def open(self, thing, value, begun=None):
        """An act whose acknowledgement comes later, if at all; also one whose thing gets its name with the answer."""
        act = Act(value, time.monotonic() if begun is None else begun)
        with self.lock:
            self.things.setdefault(thing, []).append(act)
        return act

    def note(self, thing, value, begun):
        """One that began then and is acknowledged now."""
        self.open(thing, value, begun).acknowledged = time.monotonic()

    def of(self, kind):
        """The things of a kind, with their latest value."""
        with self.lock:
            return {thing: acts[-1].value for thing, acts in self.things.items() if thing[0] == kind}

    def allowed(self, thing, begun, ended):
        """The values that a state may have, taken between the two; None: that it is not there."""
        with self.lock:
            acts = list(self.things.get(thing, ()))
        settled = [place for place, act in enumerate(acts) if act.acknowledged is not None and act.acknowledged <= begun]
        later = acts[settled[-1]:] if settled else acts
        values = [act.value for act in later if act.begun <= ended]
        return values if settled else [None, *values]

    def acknowledged(self):
        with self.lock:
            return sum(act.acknowledged is not None for acts in self.things.values() for act in acts)
