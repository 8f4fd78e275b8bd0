"""The life of an organisation with a server, for a soak: people send, receive, recall, ask for files, change what is allowed.

Every act that the server acknowledged is in the ledger, with its time; what each parcel holds is known here. Processes of
clients are killed by the dice and the same command is run again. An act that still fails when the server is well is a Loss.
"""
import hashlib
import json
import os
import pathlib
import secrets
import shutil
import subprocess
import time

from support import changes
from support.people import PASSWORD, Person, kill
from support.waiting import pace

TRIES_MAX = 15
LIVE_PARCELS_MAX = 32
PEOPLE_MAX = 24
LIFETIME_S = 60


class Loss(Exception):
    """Something that was acknowledged is not so."""


def digests(folder):
    return {str(path.relative_to(folder)): hashlib.sha256(path.read_bytes()).hexdigest()
            for path in sorted(pathlib.Path(folder).rglob("*")) if path.is_file()}


class Parcel:
    def __init__(self, sender, files, recipients=(), link=None, uses=None, expires=None):
        self.sender, self.files, self.recipients = sender, files, set(recipients)
        self.link, self.uses, self.expires = link, uses, expires  # expires: from then on, by the monotonic clock


class Life:
    def __init__(self, server, ledger, dice):
        self.server, self.ledger, self.dice = server, ledger, dice
        self.parcels, self.requests, self.passwords, self.tokens, self.notes = {}, {}, {}, [], []
        self.clients_killed = self.opened = self.done = 0
        self.scratch = server.folder / "scratch"
        self.scratch.mkdir()
        self.everyone, self.settled = {}, []
        self.administrator = self.enrol("ann@example.org", administrator=True)
        for name in ("ben", "cleo", "dora"):
            self.enrol(name + "@example.org")
        self.settled = list(self.everyone)  # those who are never suspended
        self.note_the_log()

    # ---- at a server that may just be dying

    def is_ready(self):
        try:
            return self.server.call("GET", "/health/ready")[0] == 200
        except Exception:  # whatever a dying server answers
            return False

    def persist(self, person, *words, done=lambda: False, kills=False, **more):
        """Runs the command until it succeeds or its effect is seen, over any number of deaths; returns its output."""
        tried = None
        for _ in range(TRIES_MAX):
            if kills and self.dice.random() < 0.15:
                process = person.start(*words)
                pace(self.dice.uniform(0.01, 0.6))
                if process.poll() is None:
                    kill(process)
                    self.clients_killed += 1
            tried = person.tried(*words, **more)
            if tried.returncode == 0:
                return tried.stdout
            for _ in range(300):
                if self.is_ready():
                    break
                pace(0.1)
            if done():
                return ""
        raise Loss(f"{' '.join(map(str, words))}: {tried.returncode}: {tried.stderr}")

    def persist_json(self, person, *words, **more):
        return json.loads(self.persist(person, *words, "--json", **more))

    # ---- acts

    def enrol(self, address, administrator=False):
        begun = time.monotonic()
        person = Person(self.server, name=address.split("@")[0])
        person.address = address
        flags = ["--admin"] * administrator
        link = subprocess.run([self.server.build / "sealift", "admin", "--data", self.server.data, "invite", address, *flags],
                              check=True, capture_output=True, text=True).stdout
        link = next(word for word in link.split() if "#" in word)

        def is_in():
            return person.tried("login", self.server.url, "--account", address).returncode == 0
        self.persist(person, "login", self.server.url, "--enrol", link, done=is_in)
        self.ledger.note(("account", address), "active", begun)
        self.ledger.note(("password", address), PASSWORD, begun)
        self.passwords[address] = PASSWORD
        self.everyone[address] = person
        return person

    def enrol_another(self):
        if len(self.everyone) < PEOPLE_MAX:
            self.enrol(f"guest-{len(self.everyone)}@example.org")

    def make_files(self):
        folder = self.scratch / secrets.token_hex(4) / "papers"
        folder.mkdir(parents=True)
        for number in range(self.dice.choice((1, 1, 2, 4))):
            size = self.dice.choice((0, self.dice.randrange(2000), self.dice.randrange(70_000, 900_000)))
            (folder / f"file {number}").write_bytes(os.urandom(size))
        if self.dice.random() < 0.05:
            (folder / "large").write_bytes(os.urandom(6_000_000))
        return folder

    def someone(self):
        return self.everyone[self.dice.choice(self.settled)]

    def send(self, *more, recipients=(), **about):
        sender, folder, begun = self.someone(), self.make_files(), time.monotonic()
        words = [word for address in recipients for word in ("--to", address)]
        said = self.persist_json(sender, "send", folder, *words, *more, kills=True)
        if "lifetime" in about:
            about["expires"] = time.monotonic() + about.pop("lifetime")
        self.parcels[said["parcel"]] = Parcel(sender, digests(folder.parent), recipients, said.get("link"), **about)
        for address in recipients:
            self.ledger.note(("access", said["parcel"], address), True, begun)
        if "link" in said:
            self.ledger.note(("link", said["parcel"]), "open", begun)
        self.ledger.note(("event", said["event"]), True, begun)
        self.ledger.note(("parcel", said["parcel"]), "whole", begun)
        shutil.rmtree(folder.parent)

    def send_to_people(self):
        self.send(recipients=self.dice.sample(self.settled, self.dice.choice((1, 1, 2))))

    def send_for_a_minute(self):
        self.send("--expires", "1m", recipients=[self.dice.choice(self.settled)], lifetime=LIFETIME_S)

    def send_by_link(self):
        self.send("--link", uses=None)

    def send_by_link_once(self):
        self.send("--link", "--opens", "1", uses=1)

    def live(self, which=lambda parcel: True):
        now = time.monotonic()
        whole = {thing[1] for thing, value in self.ledger.of("parcel").items() if value == "whole"}
        return [name for name in sorted(whole) if which(self.parcels[name])
                and (self.parcels[name].expires is None or self.parcels[name].expires > now + 30)]

    def receive(self):
        names = self.live(lambda parcel: parcel.recipients)
        if names:
            name = self.dice.choice(names)
            address = self.dice.choice(sorted(self.parcels[name].recipients))
            self.open(self.everyone[address], name, name)

    def open(self, person, name, what, url=None, **more):
        """Receives and compares."""
        out = self.scratch / secrets.token_hex(4)
        words = ("receive", what.replace(self.server.url, url or self.server.url), "-o", out)
        self.persist(person, *words, kills=url is None and self.parcels[name].uses is None, **more)
        if digests(out) != self.parcels[name].files:
            raise Loss(f"parcel {name} opens to other bytes")
        self.opened += 1
        shutil.rmtree(out)

    def redeem(self):
        names = self.live(lambda parcel: parcel.link)
        names = [name for name in names if self.ledger.of("link").get(("link", name)) == "open"]
        if names:
            name = self.dice.choice(names)
            visitor = Person(self.server)
            if self.parcels[name].uses is None:
                self.open(visitor, name, self.parcels[name].link)
            else:
                with self.ledger.act(("link", name), "used"):
                    self.open(visitor, name, self.parcels[name].link)
            shutil.rmtree(visitor.home)

    def recall(self):
        names = self.live()
        if names:
            name = names[0] if self.dice.random() < 0.3 else self.dice.choice(names)
            sender = self.parcels[name].sender

            def is_recalled():
                return any(each["parcel"] == name and each["state"] == "recalled" for each in sender.json("outbox"))
            with self.ledger.act(("parcel", name), "recalled"):
                self.persist(sender, "recall", name, done=is_recalled)

    def recall_beyond(self):
        while len(self.live()) > LIVE_PARCELS_MAX:
            self.recall()

    def change_recipients(self):
        names = self.live(lambda parcel: parcel.recipients and parcel.sender.address)
        if not names:
            return
        name = self.dice.choice(names)
        parcel, address = self.parcels[name], self.dice.choice(self.settled)
        if address not in parcel.recipients:
            with self.ledger.act(("access", name, address), True):
                self.persist(parcel.sender, "recipients", "add", name, address)
            parcel.recipients.add(address)
        elif len(parcel.recipients) > 1:
            parcel.recipients.discard(address)
            with self.ledger.act(("access", name, address), False):
                self.persist(parcel.sender, "recipients", "remove", name, address)

    def end_a_link(self):
        names = [name for name in self.live(lambda parcel: parcel.link)
                 if self.ledger.of("link").get(("link", name)) == "open"]
        if names:
            name = self.dice.choice(names)
            sender = self.parcels[name].sender
            for each in self.persist_json(sender, "links", name):
                with self.ledger.act(("link", name), "ended"):
                    self.persist(sender, "links", "revoke", name, each["link"],
                                 done=lambda: not sender.json("links", name))

    def ask(self):
        if len([value for value in self.ledger.of("request").values() if value == "open"]) < 4:
            owner, begun = self.someone(), time.monotonic()
            made = self.persist_json(owner, "request", "create", "--title", "Papers")
            self.requests[made["request"]] = (owner, made["link"])
            self.ledger.note(("request", made["request"]), "open", begun)

    def asked(self):
        return [thing[1] for thing, value in sorted(self.ledger.of("request").items()) if value == "open"]

    def hand_in(self):
        if not self.asked():
            return
        owner, link = self.requests[self.dice.choice(self.asked())]
        folder, visitor, begun = self.make_files(), Person(self.server), time.monotonic()
        said = self.persist_json(visitor, "hand-in", link, folder, kills=True)
        self.parcels[said["parcel"]] = Parcel(owner, digests(folder.parent), [owner.address])
        self.ledger.note(("access", said["parcel"], owner.address), True, begun)
        self.ledger.note(("event", said["event"]), True, begun)
        self.ledger.note(("parcel", said["parcel"]), "whole", begun)
        shutil.rmtree(folder.parent)
        shutil.rmtree(visitor.home)

    def close_a_request(self):
        if len(self.asked()) > 1:
            request = self.dice.choice(self.asked())
            owner = self.requests[request][0]

            def is_closed():
                return any(each["request"] == request and "closed" in each for each in owner.json("request", "list"))
            with self.ledger.act(("request", request), "closed"):
                self.persist(owner, "request", "close", request, done=is_closed)

    def change_policy(self):
        name, value = self.dice.choice((("parcel_lifetime_ms_default", self.dice.randrange(2, 30) * 86_400_000),
                                        ("record_retention_ms", self.dice.randrange(100, 400) * 86_400_000),
                                        ("lockdown_halves", self.dice.choice(("unusable", "destroyed")))))

        def is_set():
            return self.administrator.json("policy", "show")[name] == value
        with self.ledger.act(("policy", name), value):
            self.persist(self.administrator, "policy", "set", f"{name}={value}", done=is_set)
            changes.let_take_effect(self.server)

    def rotate_a_token(self):
        person = self.someone()
        token = self.persist_json(person, "account", "token", "--scope", "parcels_read")
        self.tokens.append(token["token"])
        for old in [each for each in self.persist_json(person, "account", "sessions")["sessions"]
                    if each["kind"] == "api_token" and each["session"] != token["session"]]:
            self.persist(person, "account", "end-session", old["session"], done=lambda: True)

    def change_password(self):
        """Typed as two lines; afterwards the person logs in with it."""
        address = self.dice.choice(self.settled[1:])
        person, present = self.everyone[address], self.passwords[address]
        fresh = "a password of words " + secrets.token_hex(4)

        def is_changed():
            return person.tried("login", self.server.url, "--account", address, password=fresh).returncode == 0
        with self.ledger.act(("password", address), fresh):
            for _ in range(TRIES_MAX):
                read, write = os.pipe()
                os.write(write, f"{present}\n{fresh}\n".encode())
                os.close(write)
                environment = {**person.environment(), "SEALIFT_PASSWORD_FD": str(read)}
                done = subprocess.run([self.server.build / "sealift", "account", "password"], env=environment,
                                      pass_fds=[read], capture_output=True, text=True)
                os.close(read)
                if done.returncode == 0 or is_changed():
                    break
                pace(0.2)
            else:
                raise Loss("account password: " + done.stderr)
        self.passwords[address] = fresh

    def suspend_or_reinstate(self):
        guests = [address for address in self.everyone if address not in self.settled]
        if guests:
            address = self.dice.choice(guests)
            wanted = "active" if self.ledger.of("account")[("account", address)] == "suspended" else "suspended"

            def is_so():
                listed = self.administrator.json("people", "list")["accounts"]
                return any(each["address"] == address and each["state"] == wanted for each in listed)
            with self.ledger.act(("account", address), wanted):
                self.persist(self.administrator, "people", "reinstate" if wanted == "active" else "suspend", address, done=is_so)

    def check_the_log(self):
        """As a client who remembers what it saw: the live server never goes back, whatever was killed."""
        self.persist(self.someone(), "log", "verify", self.server.url)

    def note_the_log(self):
        """What the log's own checkpoint said, and when: every later state continues it."""
        try:
            status, _, note = self.server.call("GET", "/log/checkpoint")
        except Exception:  # a dying server
            return
        if status == 200:
            self.notes.append((time.monotonic(), note))

    # ---- the dice

    ACTS = (("send_to_people", 10), ("send_by_link", 3), ("send_by_link_once", 3), ("send_for_a_minute", 2), ("receive", 6),
            ("redeem", 3), ("recall", 3), ("change_recipients", 2), ("end_a_link", 1), ("ask", 2), ("hand_in", 4),
            ("close_a_request", 1), ("change_policy", 2), ("rotate_a_token", 2), ("change_password", 1), ("enrol_another", 1),
            ("suspend_or_reinstate", 1), ("check_the_log", 1))

    def act_once(self):
        self.note_the_log()
        names, weights = zip(*self.ACTS)
        getattr(self, self.dice.choices(names, weights)[0])()
        self.recall_beyond()
        self.done += 1
