"""A fault proxy: a road to the server that delays, cuts, resets and falls silent at random bytes.

    road = BadRoad(server.port, random.Random(7), troubles=6)
    ... clients connect to road.port ...
    road.calm()                     # from now on every byte passes

As long as there are troubles left, each connection draws one; it is met at a random byte of a random
direction. `road.met` counts what really happened, by kind:

    slow    a piece that takes its time        cut     both ends see an orderly end
    reset   both ends see a reset              silent  both ends stay open and nothing moves any more
"""
import collections
import ctypes
import threading

from support.people import SlowRoad
from support.waiting import pace

KINDS = ("slow", "cut", "reset")
LIBC = ctypes.CDLL(None)


def reset(end):
    """A socket that is connected to nothing tells its peer by a reset, even while another thread reads it."""
    LIBC.connect(end.fileno(), bytes(16), 16)


class Trouble:
    def __init__(self, random, kinds, within):
        self.kind, self.direction = random.choice(kinds), random.choice(("sent", "received"))
        # half of them early, where heads and small calls are
        self.at = random.randrange(random.choice((600, within)))
        self.is_over = False


class BadRoad(SlowRoad):
    def __init__(self, port, random, troubles, kinds=KINDS, within=2_000_000):
        self.random, self.left, self.kinds, self.within = random, troubles, kinds, within
        self.met = collections.Counter()
        self.lock = threading.Lock()
        self.drawn = {}  # by the pair of sockets
        super().__init__(port)

    def calm(self):
        with self.lock:
            self.left = 0
            for each in self.drawn.values():
                each.is_over = True

    def draw(self, source, sink):
        key = frozenset((source, sink))
        with self.lock:
            if key not in self.drawn and self.left > 0:
                self.left -= 1
                self.drawn[key] = Trouble(self.random, self.kinds, self.within)
            return self.drawn.get(key)

    def pump(self, source, sink, count):
        trouble, passed = self.draw(source, sink), 0
        try:
            while piece := source.recv(65536):
                if count == "sent":
                    piece = piece.replace(b"Host: 127.0.0.1:%d" % self.port, b"Host: 127.0.0.1:%d" % self.target)
                if trouble and trouble.direction == count and not trouble.is_over and passed + len(piece) > trouble.at:
                    trouble.is_over = True
                    self.met[trouble.kind] += 1
                    if trouble.kind != "slow":
                        sink.sendall(piece[:trouble.at - passed])
                        return self.end(source, sink, trouble.kind)
                    for at in range(0, len(piece), 4096):
                        pace(self.random.uniform(0, 0.03))
                        sink.sendall(piece[at:at + 4096])
                else:
                    sink.sendall(piece)
                passed += len(piece)
                setattr(self, count, getattr(self, count) + len(piece))
        except OSError:
            pass
        self.end(source, sink, "cut")

    def end(self, source, sink, kind):
        if kind == "silent":
            return
        for each in (source, sink):
            try:
                reset(each) if kind == "reset" else each.shutdown(2)
            except OSError:
                pass
