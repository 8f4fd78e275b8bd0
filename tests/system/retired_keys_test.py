"""What keys sign that were replaced since (docs/decisions/0215): a thief has a copy of the profile, and the server helps the thief."""
import json
import os
import shutil
import subprocess
import unittest

from support import lies
from support.mutating_proxy import WithLyingServer
from support.people import PASSWORD, Failed, Person, invite
from support.waiting import until

ALICE, BOB, CAROL = "alice@example.org", "bob@example.org", "carol@example.org"
REFUSED = "signed by keys that the sender has replaced since"


class RetiredKeys(WithLyingServer):
    def setUp(self):
        super().setUp()
        self.alice, self.bob, self.carol = (self.enrolled(each) for each in (ALICE, BOB, CAROL))
        self.file = self.server.folder / "letter.txt"
        self.file.write_text("from Alice")

    def enrolled(self, address):
        person = Person(self.server, None, url=f"http://127.0.0.1:{self.proxy.port}", name=address.split("@")[0])
        person.paper = person.enrol(invite(self.server, address).split("#")[1])["paper_key"]
        return person

    def send(self, to=BOB):
        return self.alice.json("send", self.file, "--to", to)["parcel"]

    def receive(self, parcel, person):
        folder = self.server.folder / ("out-" + os.urandom(4).hex())
        person.run("receive", parcel, "-o", folder)
        return (folder / "letter.txt").read_text()

    def rotate(self):
        self.alice.json("account", "rotate", passwords=(self.alice.paper, PASSWORD))

    def sealed_by_a_thief(self):
        """A parcel that a copy of Alice's profile sealed and signed for Bob, and didn't complete; and what completes it."""
        thief = Person(self.server, None, url=self.alice.url, name="thief-" + os.urandom(4).hex())
        shutil.copytree(self.alice.profile, thief.profile)
        parcels, running = [], []

        def mutate(exchange):
            if exchange.path.endswith("/parts/manifest"):
                parcels.append(exchange.path.split("/")[4])
                until(lambda: running)
                running[0].kill()
                exchange.status = None

        self.proxy.set_mutation(mutate)
        running.append(subprocess.Popen([self.server.build / "sealift", "send", self.file, "--to", BOB], env=thief.environment(),
                                        stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                        start_new_session=True))
        running[0].wait(timeout=60)
        self.proxy.set_mutation(None)
        self.assertEqual(len(parcels), 1, "it was killed before it completed the parcel")
        login = thief.token()
        with self.server.catalog() as catalog:
            logins = catalog.execute("SELECT * FROM sessions").fetchall()

        def complete():
            with self.server.catalog() as catalog:  # the server lets the thief in again
                catalog.executemany(f"INSERT OR IGNORE INTO sessions VALUES ({','.join('?' * len(logins[0]))})", logins)
            status, _, body = self.server.call("POST", f"/api/v1/parcels/{parcels[0]}/complete", token=login)
            self.assertEqual(status, 200, body)

        return parcels[0], complete

    @lies.counted
    def refuses(self, parcel, person, change=None, says=REFUSED):
        """`change`: of what the server says of the parcel."""
        def mutate(exchange):
            if change and exchange.method == "GET" and exchange.path == f"/api/v1/parcels/{parcel}":
                told = json.loads(exchange.body)
                change(told)
                exchange.body = json.dumps(told).encode()

        self.proxy.set_mutation(mutate)
        with self.assertRaises(Failed) as refusal:
            self.receive(parcel, person)
        self.proxy.set_mutation(None)
        self.assertIn(says, refusal.exception.errors)

    def about(self, parcel, person):
        return self.server.call("GET", f"/api/v1/parcels/{parcel}", token=person.token())[2]

    def test_what_a_thief_sends_afterwards_is_refused_whatever_the_server_says(self):
        self.receive(self.send(), self.bob)
        before = self.send()
        parcel, complete = self.sealed_by_a_thief()
        self.rotate()
        complete()
        self.assertIn("completed_event", self.about(parcel, self.bob), "else this test proves nothing")
        self.refuses(parcel, self.bob)
        other = self.about(before, self.bob)["completed_event"]
        self.refuses(parcel, self.bob, lambda told: told.update(completed_event=other),
                     says="the log's proof is of another event")
        self.refuses(parcel, self.bob, lambda told: told.pop("completed_event"))
        self.assertEqual(self.receive(before, self.bob), "from Alice", "what Alice sent before still counts")
        self.assertEqual(self.receive(self.send(), self.bob), "from Alice")

    def test_nor_is_it_by_somebody_who_never_saw_the_keys_before(self):
        parcel, complete = self.sealed_by_a_thief()
        self.rotate()
        complete()
        self.refuses(parcel, self.bob)

    def test_the_same_parcel_sent_before_the_keys_are_replaced_is_received(self):
        parcel, complete = self.sealed_by_a_thief()
        complete()
        self.rotate()
        self.assertEqual(self.receive(parcel, self.bob), "from Alice", "nobody can tell it from Alice's own")

    def test_who_was_added_before_receives_afterwards(self):
        sent = self.send()
        self.alice.run("recipients", "add", sent, CAROL)
        self.rotate()
        self.rotate()
        self.refuses(sent, self.carol, lambda told: told.pop("added_event"))
        completed = self.about(sent, self.carol)["completed_event"]
        with self.assertRaises(Failed):
            self.proxy.set_mutation(lambda exchange: self.exchange_events(exchange, sent, completed))
            self.receive(sent, self.carol)
        self.proxy.set_mutation(None)
        self.assertEqual(self.receive(sent, self.carol), "from Alice")
        self.assertEqual(self.receive(sent, self.bob), "from Alice")

    def exchange_events(self, exchange, parcel, event):
        if exchange.method == "GET" and exchange.path == f"/api/v1/parcels/{parcel}":
            exchange.body = json.dumps({**json.loads(exchange.body), "added_event": event}).encode()

    def test_what_was_handed_in_and_passed_on_before_is_received(self):
        link = self.alice.json("request", "create", "--title", "documents")["link"]
        Person(self.server).run("hand-in", link, self.file)
        handed = self.alice.json("inbox")[0]["parcel"]
        self.alice.run("recipients", "add", handed, CAROL)
        self.rotate()
        self.refuses(handed, self.carol, lambda told: told.pop("completed_event"))
        self.assertEqual(self.receive(handed, self.carol), "from Alice")
        self.assertEqual(self.receive(handed, self.alice), "from Alice")

    def test_only_recipients_get_the_proof(self):
        sent = self.send()
        event = self.about(sent, self.bob)["completed_event"]
        path = f"/api/v1/log/proofs/{event}"
        until(lambda: self.server.call("GET", path, token=self.bob.token())[0] == 200)
        self.assertEqual(self.server.call("GET", path, token=self.carol.token())[0], 404)
        self.alice.run("recipients", "remove", sent, BOB)
        self.assertEqual(self.server.call("GET", path, token=self.bob.token())[0], 404)


if __name__ == "__main__":
    unittest.main()
