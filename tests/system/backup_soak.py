"""An organisation at work, backed up every minute, while everything is killed at random; each generation restored and compared.

    tests/system/backup_soak.py BUILD_FOLDER [--minutes 60] [--every SECONDS] [--seed N] [--folder DIR] [--keep]
                                                               (`make soak-backup SOAK_MINUTES=60 SOAK_SEED=1`)

Killed with SIGKILL: roles of the server, the supervisor, the backup, the restore, clients. Of each generation: what was acknowledged
before the run began is in it, to the byte, and what had ended before stays ended. Ends with status 1 on any loss.
Restored while the minute of its backup lasts, a generation is compared beside those that follow; the last ones after the end.
"""
import argparse
import collections
import json
import os
import pathlib
import queue
import random
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import threading
import time
import traceback
import typing

HERE = pathlib.Path(__file__).resolve().parent
sys.path.insert(0, str(HERE))
from support.generation import Generation  # noqa: E402
from support.ledger import Ledger  # noqa: E402
from support.server import Server  # noqa: E402
from support.soak_life import Life, Loss  # noqa: E402
from support.waiting import pace  # noqa: E402

FAILURES_MAX = 5
# So that a mailer runs; nobody takes its letters.
CONFIG = "server_url = http://127.0.0.1:{}\nmail_host = 127.0.0.1\nmail_port = 1\nmail_security = none\nmail_from = sealift@example.org\n"
PACE_S = 0.4  # between two acts, on average
COMPARERS = 2  # generations compared at once


def free_port():
    with socket.create_server(("127.0.0.1", 0)) as listener:
        return listener.getsockname()[1]


class Figures(typing.NamedTuple):
    generations: int
    compared: int
    opened_bytes: int
    acts: int
    acknowledged: int
    killed: collections.Counter
    lost: int

    def text(self):
        killed = ", ".join(f"{count} {name}" for name, count in sorted(self.killed.items()))
        return (f"{self.generations} generations restored: {self.compared} comparisons with what was acknowledged, "
                f"{self.opened_bytes / 1e6:.0f} MB opened; {self.acts} acts, {self.acknowledged} acknowledged values; "
                f"killed: {killed}; lost: {self.lost}")


class Killer:
    """Kills parts of the server, and starts what the supervisor doesn't."""

    def __init__(self, server, dice):
        self.server, self.dice = server, dice
        self.lock = threading.Lock()
        self.killed = collections.Counter()

    def kill_one(self):
        with self.lock:
            if self.dice.random() < 0.25:
                self.server.kill()
                self.killed["supervisor"] += 1
                self.server.start()
                return
            roles = self.server.roles()
            if roles:
                self.kill_role(self.dice.choice(roles))

    def kill_role(self, pid):
        try:
            name = pathlib.Path(f"/proc/{pid}/comm").read_text().strip().removeprefix("sealift-")
            os.kill(pid, signal.SIGKILL)
            self.killed[name] += 1
        except OSError:
            pass  # it ended meanwhile


class Soak:
    def __init__(self, build, folder, seed, every):
        self.build, self.folder, self.every = build, folder, every
        self.dice = random.Random(seed)
        port = free_port()
        self.server = Server(build, folder=folder, config=CONFIG.format(port))
        self.server.port = port
        self.server.start()
        self.life = Life(self.server, Ledger(), random.Random(seed + 1))
        self.killer = Killer(self.server, random.Random(seed + 2))
        self.backup, self.keys = folder / "backup", folder / "keys"
        self.stop, self.failures, self.begun = threading.Event(), [], time.monotonic()
        self.restored = queue.Queue()  # generations to compare; None: no more
        self.counting = threading.Lock()  # the figures below
        self.generations = self.backups_killed = self.restores_killed = self.compared = self.bytes = 0
        self.backup_s = 0.3

    # ---- the threads: life, killer, comparers; generations are made in the caller's

    def guarded(self, what, wait_s):
        while not self.stop.is_set():
            try:
                what()
            except Exception as error:  # whatever it is, the soak's end tells it
                self.fail(error)
            self.stop.wait(wait_s())

    def fail(self, error):
        if not isinstance(error, Loss):
            traceback.print_exception(error)
        self.failures.append(f"{type(error).__name__}: {error}")
        print(f"after {time.monotonic() - self.begun:.0f} s: {self.failures[-1]}", file=sys.stderr, flush=True)
        if len(self.failures) >= FAILURES_MAX:
            self.stop.set()

    def run(self, seconds, kill_every_s, generations_min):
        end = time.monotonic() + seconds
        kill_dice, life_dice = random.Random(self.dice.random()), random.Random(self.dice.random())
        threads = [
            threading.Thread(target=self.guarded, args=(self.life.act_once, lambda: life_dice.expovariate(1 / PACE_S))),
            threading.Thread(target=self.guarded, args=(self.killer.kill_one, lambda: kill_dice.expovariate(1 / kill_every_s)))]
        comparers = [threading.Thread(target=self.compare_all) for _ in range(COMPARERS)]
        for thread in threads + comparers:
            thread.start()
        made = 0
        while (time.monotonic() < end or made < generations_min) and not self.stop.is_set():
            begun = time.monotonic()
            try:
                self.one_generation()
            except Exception as error:
                self.fail(error)
            made += 1
            self.stop.wait(min(max(0, self.every - (time.monotonic() - begun)), max(0, end - time.monotonic())))
        self.stop.set()
        for _ in comparers:
            self.restored.put(None)
        for thread in threads + comparers:
            thread.join()

    def compare_all(self):
        while (generation := self.restored.get()) is not None:
            try:
                self.compare(*generation)
            except Exception as error:
                self.fail(error)

    def compare(self, generation, restored, backup_s):
        generation.compare(restored)
        with self.counting:
            self.generations += 1
            self.compared += generation.compared
            self.bytes += generation.bytes
        print(f"generation {restored['generation']}: {generation.compared} comparisons; {restored['accounts']} accounts, "
              f"{restored['parcels']} parcels, {restored['log_entries']} log entries; backup {backup_s:.1f} s", flush=True)
        shutil.rmtree(generation.place)

    # ---- a generation

    def admin(self, *words, data=None):
        return [self.build / "sealift", "admin", "--data", data or self.server.data, *words, "--keys", self.keys, "--json"]

    def killed(self, command, takes_s):
        """Runs it to a random moment."""
        run = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        pace(self.dice.uniform(0.001, takes_s))
        ended_itself = run.poll() is not None
        run.send_signal(signal.SIGKILL)
        run.wait()
        return not ended_itself

    def back_up(self):
        """What the run says, and when it began and ended. Others are killed first; the server may be, beside it."""
        while self.dice.random() < 0.4:
            self.backups_killed += self.killed(self.admin("backup", self.backup), self.backup_s)
        assailant = threading.Timer(self.dice.uniform(0, self.backup_s), self.killer.kill_one)
        if self.dice.random() < 0.5:
            assailant.start()
        begun = time.monotonic()
        done = subprocess.run(self.admin("backup", self.backup), capture_output=True, text=True)
        ended = time.monotonic()
        assailant.cancel()
        if assailant.ident:
            assailant.join()
        if done.returncode != 0:
            raise Loss(f"backup: {done.returncode}: {done.stdout}{done.stderr}")
        self.backup_s = ended - begun
        return json.loads(done.stdout), begun, ended

    def checked(self, *words, **where):
        done = subprocess.run(self.admin(*words, **where), capture_output=True, text=True)
        if done.returncode != 0:
            raise Loss(f"{words[0]}: {done.returncode}: {done.stdout}{done.stderr}")
        return json.loads(done.stdout)

    def one_generation(self):
        said, begun, ended = self.back_up()
        verified = self.checked("backup", self.backup, "--verify")
        if (verified["generation"], verified["lost"], verified["interrupted"]) != (said["generation"], 0, 0):
            raise Loss(f"--verify says {verified} of {said}")
        self.check_store()
        place = self.folder / f"restored-{said['generation']}"
        place.mkdir()
        if self.dice.random() < 0.3:
            self.restores_killed += self.killed(self.admin("restore", self.backup, data=place / "data"), 0.3)
            if (place / "data" / "catalog").exists() and not (place / "data" / "restore").exists():
                shutil.rmtree(place / "data")  # it had come to its end
        restored = self.checked("restore", self.backup, data=place / "data")
        if restored["generation"] != said["generation"] or restored["lost"]:
            raise Loss(f"restored {restored} of {said}")
        self.restored.put((Generation(self.build, place, self.life, begun, ended), restored, ended - begun))

    def check_store(self):
        """The backup has the bytes that its generations list, and no other: what was recalled goes from it as well."""
        listed = {line.split()[0] for each in self.backup.glob("generations/*/blobs") for line in each.read_text().splitlines()}
        kept = {path.name for path in self.backup.glob("store/*/*")}
        if listed != kept:
            raise Loss(f"the backup keeps {len(kept)} blobs; its generations list {len(listed)}")

    def figures(self):
        return Figures(self.generations, self.compared, self.bytes, self.life.done, self.life.ledger.acknowledged(),
                       self.killer.killed + collections.Counter(backup=self.backups_killed, restore=self.restores_killed,
                                                                client=self.life.clients_killed), len(self.failures))


def soak(build, seconds, every, seed, folder=None, kill_every_s=8, keep=False, generations_min=1):
    """The failures, and the figures."""
    place = pathlib.Path(tempfile.mkdtemp(prefix="sealift-soak-", dir=folder))
    run = Soak(pathlib.Path(build).resolve(), place, seed, every)
    try:
        run.run(seconds, kill_every_s, generations_min)
        return run.failures, run.figures()
    finally:
        run.server.stop()
        if not (keep and run.failures):
            shutil.rmtree(place, ignore_errors=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build")
    parser.add_argument("--minutes", type=float, default=60)
    parser.add_argument("--every", type=float, default=60)
    parser.add_argument("--seed", type=int, default=1)
    parser.add_argument("--folder")
    parser.add_argument("--keep", action="store_true", help="leave the folder when something was lost")
    options = parser.parse_args()
    failures, figures = soak(options.build, options.minutes * 60, options.every, options.seed, options.folder, keep=options.keep)
    for failure in failures:
        print("soak: " + failure, file=sys.stderr)
    print(f"seed {options.seed}, {options.minutes:g} minutes: {figures.text()}")
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
