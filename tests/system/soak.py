"""A huge parcel's life: sent, recalled half-way, sent again through a kill, received by range, recalled.

    tests/system/soak.py BUILD_FOLDER [--gib 50] [--folder DIR]      (`make soak SOAK_GIB=50`)

The source is sparse, with blocks of random bytes at random places; what is sealed is not: DIR (the system's temporary folder)
needs a little more than --gib of room. Prints rates and the most memory that each process had. Ends with status 1 when anything
is not as it should be.
"""
import argparse
import hashlib
import json
import pathlib
import random
import shutil
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
from support import waiting  # noqa: E402
from support.people import Person, kill  # noqa: E402
from support.server import Server  # noqa: E402

PARTS = 16
MEMORY_MIB_MAX = {"sender": 96, "vault": 32, "front": 32}  # whatever the size
BLOCK = 1 << 20


def check(condition, what):
    if not condition:
        raise SystemExit("soak: " + what)


def has_room(folder, size):
    """For the parcel, and one part of it received beside it."""
    return shutil.disk_usage(folder).free > size * (1 + 2 / PARTS) + (2 << 30)


def digest_of(path):
    digest = hashlib.sha256()
    with open(path, "rb") as file:
        while piece := file.read(1 << 22):
            digest.update(piece)
    return digest.hexdigest()


class Soak:
    def __init__(self, build, folder, size):
        self.size = size
        self.folder = folder
        self.files = folder / "in" / "files"
        self.make_source()
        (folder / "server").mkdir()
        self.server = Server(build, folder=folder / "server")
        self.server.start()
        self.alice = Person(self.server, "alice@example.org", administrator=True)
        self.bob = Person(self.server, "bob@example.org")

    def make_source(self):
        self.files.mkdir(parents=True)
        dice = random.Random(1)
        for part in range(PARTS):
            with open(self.files / f"part {part:02}", "wb") as out:
                out.truncate(self.size // PARTS)
                for _ in range(8):
                    out.seek(dice.randrange(max(1, self.size // PARTS - BLOCK)))
                    out.write(dice.randbytes(BLOCK))
        (self.files / "small").write_text("the last one")

    def on_disk(self):
        """What blobs take on the disk, in bytes."""
        return sum(path.stat().st_blocks * 512 for path in self.server.data.rglob("*") if path.is_file())

    def most_memory(self, pids):
        most = {}
        for name, pid in pids:
            try:
                status = pathlib.Path(f"/proc/{pid}/status").read_text()
                most[name] = max(most.get(name, 0), int(status.split("VmHWM:")[1].split()[0]) // 1024)
            except (OSError, IndexError):
                pass
        return most

    def roles(self):
        return [(name, pid) for name in ("vault", "front") for pid in self.server.roles_named(name)]

    def send(self, until=None):
        """Sends; with `until`, gives the running process when the server has written that much."""
        begun, memory = time.monotonic(), {}
        process = self.alice.start("send", self.files, "--to", "bob@example.org", "--json")
        while process.poll() is None:
            memory |= self.most_memory([("sender", process.pid), *self.roles()])
            if until is not None and self.written() >= until:
                return process
            waiting.pace(0.2)
        out, errors = process.communicate()
        check(until is None, "the sending ended too early: " + errors)
        check(process.returncode == 0, "send: " + errors)
        seconds = time.monotonic() - begun
        check(all(most < MEMORY_MIB_MAX[name] for name, most in memory.items()), f"memory grows with the parcel: {memory}")
        print(f"sent in {seconds:.0f} s ({self.size / seconds / 2**20:.0f} MiB/s); most memory in MiB: {memory}", flush=True)
        return out

    def written(self):
        """By the fronts, since note_written(). The catalog hears of a body at its end only."""
        try:
            wrote = 0
            for pid in self.server.roles_named("front"):
                for line in pathlib.Path(f"/proc/{pid}/io").read_text().splitlines():
                    if line.startswith("wchar:"):
                        wrote += int(line.split()[1])
            return wrote - self.written_before
        except OSError:
            return 0

    def note_written(self):
        self.written_before = 0
        self.written_before = self.written()

    def wait_for_room(self, at_most):
        """Until the names are gone and the disk has the room back, which takes longer."""
        waiting.until(lambda: self.on_disk() <= at_most and has_room(self.folder, self.size), "the disk has the room back", 120)

    def recall_half_way(self):
        self.note_written()
        process = self.send(until=self.size // 2)
        begun = [each for each in self.alice.json("outbox") if each["state"] not in ("whole", "recalled")]
        check(len(begun) == 1, "the parcel that is under way is not in the outbox")
        recalled = time.monotonic()
        self.alice.run("recall", begun[0]["parcel"])
        _, errors = process.communicate(timeout=300)
        check(process.returncode == 1, "a recalled sending went on: " + errors)
        print(f"recalled half-way: the sender gave up after {time.monotonic() - recalled:.1f} s", flush=True)
        self.wait_for_room(64 << 20)
        check(self.bob.json("inbox") == [], "a recalled parcel is shown")

    def send_through_a_kill(self):
        self.note_written()
        kill(self.send(until=self.size // 3))
        return self.send()

    def receive_by_range(self, parcel):
        for name in ("small", f"part {PARTS - 3:02}", "part 00"):
            begun = time.monotonic()
            told = self.bob.json("receive", parcel, "-o", self.folder / "out", "--only", f"files/{name}")
            seconds = time.monotonic() - begun
            size = (self.files / name).stat().st_size
            check(told["fetched_bytes"] < size + (4 << 20), f"{told['fetched_bytes']} bytes fetched for {size}")
            check(digest_of(self.folder / "out" / "files" / name) == digest_of(self.files / name), "another file arrived")
            print(f"one file of {size / 2**20:.1f} MiB received in {seconds:.1f} s, {told['fetched_bytes'] / 2**20:.1f} MiB fetched;"
                  f" most memory in MiB: {self.most_memory(self.roles())}", flush=True)
            shutil.rmtree(self.folder / "out")

    def run(self):
        self.recall_half_way()
        parcel = json.loads(self.send_through_a_kill())["parcel"]
        check([each["parcel"] for each in self.bob.json("inbox")] == [parcel], "the inbox")
        self.receive_by_range(parcel)
        self.alice.run("recall", parcel)
        self.wait_for_room(64 << 20)
        print("recalled; its room is free again")


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build")
    parser.add_argument("--gib", type=float, default=50)
    parser.add_argument("--folder")
    options = parser.parse_args()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="sealift-soak-", dir=options.folder))
    size = int(options.gib * 2**30)
    soak = None
    try:
        check(has_room(folder, size), "no room for this here: --folder, --gib")
        soak = Soak(pathlib.Path(options.build).resolve(), folder, size)
        soak.run()
    finally:
        if soak:
            soak.server.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
