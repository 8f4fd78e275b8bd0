"""A restored generation of a backup, held against the ledger of what was acknowledged before and after the run began.

    Generation(build, place, life, begun, ended).compare(restored)

raises a Loss that names the first thing that is not as it must be. `place`/data is the restored data folder.
"""
import random
import subprocess

from support.people import Person
from support.server import Server
from support.soak_life import Loss, digests
from support.waiting import until

EXPIRED_FOR_S = 15  # a parcel's end takes the server some seconds
ENDED_LINKS_MAX = 10  # tried, of many


class Generation:
    def __init__(self, build, place, life, begun, ended):
        self.build, self.place, self.life, self.begun, self.ended = build, place, life, begun, ended
        self.server = Server(build, folder=place)
        self.out = place / "out"
        self.out.mkdir()
        self.people = {}
        self.compared = self.bytes = 0

    def must(self, is_so, what):
        if not is_so:
            raise Loss(f"{self.place.name}: {what}")
        self.compared += 1

    def allowed(self, *thing):
        return self.life.ledger.allowed(thing, self.begun, self.ended)

    def is_one_of(self, thing, value):
        self.must(value in self.allowed(*thing), f"{thing} is {value}; acknowledged: {self.allowed(*thing)}")

    def run(self, *words):
        return subprocess.run([self.build / "sealift", *words], capture_output=True, text=True)

    def compare(self, restored):
        self.check_whole(restored)
        try:
            self.start()
            self.check_log()
            self.check_accounts()
            self.check_policy()
            self.check_requests()
            self.check_tokens()
            self.check_parcels()
        finally:
            self.server.stop()

    def start(self):
        try:
            self.server.start()
        except (AssertionError, RuntimeError) as error:
            raise Loss(f"{self.place.name}: {error}: {self.server.log()[-600:]}") from error

    # ---- before it starts

    def check_whole(self, restored):
        fsck = self.run("admin", "--data", self.server.data, "fsck")
        self.must(fsck.returncode == 0, "fsck: " + fsck.stdout + fsck.stderr)
        blobs = list((self.server.data / "store" / "blobs").glob("*/*"))
        self.must(len(blobs) == restored["blobs"], f"{len(blobs)} blobs are there, not {restored['blobs']}")
        with self.server.catalog() as catalog:
            named = catalog.execute("SELECT count(*) FROM blobs WHERE doomed = 0").fetchone()[0]
        self.must(named == len(blobs), f"{named} blobs have a name, {len(blobs)} are there")

    # ---- what happened is known

    def check_log(self):
        until(self.server.has_logged_all, "the restored server has logged everything", 60)
        earlier = [note for when, note in self.life.notes if when <= self.begun]
        seen = self.place / "checkpoint"
        seen.write_bytes(earlier[-1])
        done = self.run("log", "verify", "--data", self.server.data, "--checkpoint", seen)
        self.must(done.returncode == 0, "the log: " + done.stdout + done.stderr)
        with self.server.catalog() as catalog:
            logged = {row[0].hex() for row in catalog.execute("SELECT id FROM custody WHERE log_index IS NOT NULL")}
        for thing in self.life.ledger.of("event"):
            self.must(None in self.allowed(*thing) or thing[1] in logged, f"event {thing[1]} is not in the log")

    # ---- who is there

    def person(self, address):
        """Logged in at the restored server, with one of the passwords that it may have."""
        if address not in self.people:
            person = Person(self.server, name=address.split("@")[0])
            passwords = [each for each in self.allowed("password", address) if each]
            tried = [person.tried("login", self.server.url, "--account", address, password=each) for each in passwords]
            self.must(any(each.returncode == 0 for each in tried), f"{address} can't log in: {[each.stderr for each in tried]}")
            self.people[address] = person
        return self.people[address]

    def check_accounts(self):
        listed = {each["address"]: each for each in self.person("ann@example.org").json("people", "list")["accounts"]}
        for thing in self.life.ledger.of("account"):
            there = listed.get(thing[1])
            self.is_one_of(thing, there and there["state"])
        self.must(listed["ann@example.org"]["administrator"], "the administrator is one")
        guests = [thing[1] for thing in self.life.ledger.of("account")
                  if thing[1] not in self.life.settled and self.allowed(*thing) == ["active"]]
        if guests:
            self.person(random.choice(guests))
        verified = self.person("ann@example.org").tried("log", "verify", self.server.url)
        self.must(verified.returncode == 0, "the logs, seen from outside: " + verified.stderr)

    def check_policy(self):
        policy = self.person("ann@example.org").json("policy", "show")
        for thing in self.life.ledger.of("policy"):
            allowed = self.allowed(*thing)
            self.must(None in allowed or policy[thing[1]] in allowed, f"{thing} is {policy[thing[1]]}; acknowledged: {allowed}")

    def check_requests(self):
        for thing in self.life.ledger.of("request"):
            owner = self.life.requests[thing[1]][0].address
            found = [each for each in self.person(owner).json("request", "list") if each["request"] == thing[1]]
            self.is_one_of(thing, ("closed" if "closed" in found[0] else "open") if found else None)

    def check_tokens(self):
        """Of the backup's logins and tokens none works: they may have been ended since, for a reason."""
        for token in self.life.tokens[-5:]:
            self.must(self.server.call("GET", "/api/v1/account", token=token)[0] == 401, "a token of before works")

    # ---- what was sent

    def state(self, name):
        """What the parcel must be: whole, recalled (or expired), or either."""
        allowed = self.allowed("parcel", name)
        expires = self.life.parcels[name].expires
        if expires is not None and expires < self.begun - EXPIRED_FOR_S:
            return "ended" if None not in allowed else "either"
        if expires is not None or len(set(allowed)) != 1:
            return "either"
        return "whole" if allowed[0] == "whole" else "ended"

    def check_parcels(self):
        inboxes = {address: {each["parcel"] for each in self.person(address).json("inbox")} for address in self.life.settled}
        for thing in sorted(self.life.ledger.of("parcel")):
            name, state = thing[1], self.state(thing[1])
            if state == "either":
                continue
            parcel = self.life.parcels[name]
            for address in self.life.settled:
                access = set(self.allowed("access", name, address))
                if len(access) == 1:
                    there = state == "whole" and access == {True}
                    self.must((name in inboxes[address]) == there, f"parcel {name} in the inbox of {address}: {not there}")
            if state == "whole":
                self.open(name, parcel)
            if state == "whole" and parcel.link and self.allowed("link", name) == ["open"]:
                self.redeem(name, parcel)
        self.check_ended_links()
        self.check_bytes_gone()

    def open(self, name, parcel):
        readers = [each for each in self.life.settled if self.allowed("access", name, each) == [True]]
        if readers:
            out = self.out / name
            done = self.person(readers[0]).tried("receive", name, "-o", out)
            self.is_same(name, parcel, done, out)

    def is_same(self, name, parcel, done, out):
        self.must(done.returncode == 0, f"parcel {name} does not open: {done.stderr}")
        self.must(digests(out) == parcel.files, f"parcel {name} opens to other bytes")
        self.bytes += sum(path.stat().st_size for path in out.rglob("*") if path.is_file())

    def tried(self, name, parcel, out):
        """By a visitor who has the link, and goes to the restored server with it."""
        return Person(self.server).tried("receive", parcel.link.replace(self.life.server.url, self.server.url), "-o", out)

    def redeem(self, name, parcel):
        out = self.out / ("link-" + name)
        self.is_same(name, parcel, self.tried(name, parcel, out), out)

    def check_ended_links(self):
        """Used up, revoked, or of a parcel that has ended."""
        ended = [name for name, parcel in list(self.life.parcels.items()) if parcel.link and
                 (self.state(name) == "ended" or not {"open", None} & set(self.allowed("link", name)))]
        for name in random.sample(ended, min(len(ended), ENDED_LINKS_MAX)):
            done = self.tried(name, self.life.parcels[name], self.out / ("ended-" + name))
            self.must(done.returncode != 0, f"the link of parcel {name} opens, and had ended")

    def check_bytes_gone(self):
        """Of a parcel that had ended, no byte is in the restored store, and no key."""
        with self.server.catalog() as catalog:
            parts = catalog.execute("SELECT hex(parcel), blob FROM parts WHERE blob IS NOT NULL").fetchall()
            blobs = {row[0] for row in catalog.execute("SELECT id FROM blobs WHERE doomed = 0")}
        kept = {parcel.lower() for parcel, blob in parts if blob in blobs}
        for thing in self.life.ledger.of("parcel"):
            if self.state(thing[1]) == "ended":
                self.must(thing[1] not in kept, f"the bytes of parcel {thing[1]}, which had ended, came back")
