"""A sending that takes longer than its sender's login. The clock of the server goes on while the content is on the way, past the
login's absolute end; the key of the upload makes the parcel whole, and does nothing else."""
import json
import unittest

from support.mutating_proxy import MutatingProxy
from support.people import PASSWORD, Failed, Person, VisitorOf
from support.server import Server, build_folder, hash_of

HOUR_MS = 3_600_000


class Finishing(unittest.TestCase):
    def start(self, config=""):
        self.server = Server(build_folder(), config=config or None)
        self.addCleanup(self.server.__exit__)
        self.server.step_clock(0)
        self.server.start()
        admin = Person(self.server, "admin@example.org", administrator=True)
        admin.run("policy", "set", "session_lifetime_ms_max=1h")
        self.proxy = MutatingProxy(self.server.port)
        self.addCleanup(self.proxy.__exit__)
        self.alice, self.bob = (VisitorOf(self.server, self.proxy, f"{name}@example.org") for name in ("alice", "bob"))
        self.folder = self.server.folder / "files"
        self.folder.mkdir()
        (self.folder / "large").write_bytes(bytes(range(256)) * 8192)

    def while_content_comes(self, work):
        """Does `work` once, when the first bytes have come; gives the upload's key and the parcel of each request since."""
        seen = []

        def mutate(exchange):
            if exchange.method == "POST" and exchange.path.endswith("/parts/content/uploads"):
                seen.append((exchange.path.split("/")[4], json.loads(exchange.body)["key"]))
            if exchange.method == "PATCH" and len(seen) == 1:
                seen.append(None)
                work()

        self.proxy.set_mutation(mutate)
        return seen

    def send(self, *more):
        return self.alice.json("send", self.folder, "--to", "bob@example.org", *more)

    def log_in(self, person):
        person.run("login", person.url, "--account", person.address)

    def receive(self, parcel):
        self.log_in(self.bob)
        self.bob.run("receive", parcel, "-o", self.server.folder / "in")
        self.assertEqual((self.server.folder / "in/files/large").read_bytes(), (self.folder / "large").read_bytes())

    def assert_login_is_over(self):
        self.assertIn("your login has ended", self.alice.fails("whoami"))

    def test_it_is_finished_without_another_login(self):
        self.start()
        self.while_content_comes(lambda: self.server.step_clock(2 * HOUR_MS))
        sent = self.send()
        self.assertIn("event", sent)
        self.assert_login_is_over()
        self.receive(sent["parcel"])

    def test_a_large_manifest_and_a_link_are_part_of_it(self):
        self.start()
        for number in range(900):
            (self.folder / f"{number:04} {'name' * 30}").touch()
        self.while_content_comes(lambda: self.server.step_clock(2 * HOUR_MS))
        sent = self.send("--link")
        self.assert_login_is_over()
        self.receive(sent["parcel"])
        anyone = Person(self.server)
        anyone.run("receive", sent["link"].replace(self.server.url, self.proxy_url()), "-o", self.server.folder / "by-link")
        self.assertTrue((self.server.folder / "by-link/files/large").exists())

    def proxy_url(self):
        return f"http://127.0.0.1:{self.proxy.port}"

    def test_it_is_not_finished_once_somebody_ended_the_login(self):
        """As when a machine was stolen in the middle of it."""
        self.start()
        elsewhere = Person(self.server, name="elsewhere")

        def change():
            elsewhere.run("login", self.server.url, "--account", "alice@example.org")
            elsewhere.run("account", "password", passwords=(PASSWORD, "another long password"))

        self.while_content_comes(change)
        with self.assertRaises(Failed) as refusal:
            self.send()
        self.assertIn("your login has ended", refusal.exception.errors)
        self.assertEqual(self.states(), {1})

    def test_it_is_not_finished_where_the_operator_allows_no_time(self):
        self.start(config="finish_within = 0\n")
        self.while_content_comes(lambda: self.server.step_clock(2 * HOUR_MS))
        with self.assertRaises(Failed) as refusal:
            self.send()
        self.assertIn("your login has ended", refusal.exception.errors)
        self.assertEqual(self.states(), {1})
        self.log_in(self.alice)
        self.receive(self.send()["parcel"])

    def states(self):
        with self.server.catalog() as catalog:
            return {row[0] for row in catalog.execute("SELECT state FROM parcels")}

    def test_the_key_does_nothing_else_and_the_catalog_has_none(self):
        self.start()
        asked = {}

        def try_all():
            parcel, key = seen[0]
            with self.server.catalog() as catalog:
                kept = [row[0] for row in catalog.execute("SELECT key FROM finishers")]
                other = next(row[0].hex() for row in catalog.execute("SELECT id FROM accounts"))
            self.assertEqual(kept, [hash_of(key)], "a thief of the catalog finds a hash")
            with_key = {"Sealift-Upload-Key": key}
            for method, path in (("GET", f"/api/v1/parcels/{parcel}"), ("POST", f"/api/v1/parcels/{parcel}/recall"),
                                 ("PUT", f"/api/v1/parcels/{parcel}/recipients"), ("GET", f"/api/v1/parcels/{parcel}/links"),
                                 ("POST", f"/api/v1/parcels/{parcel}/links"), ("POST", f"/api/v1/parcels/{parcel}/openings"),
                                 ("GET", f"/api/v1/parcels/{parcel}/parts/content/header"), ("GET", "/api/v1/parcels/sent"),
                                 ("PUT", f"/api/v1/parcels/{parcel}/parts/content"), ("POST", f"/api/v1/parcels/{parcel}/parts/content/uploads"),
                                 ("POST", f"/api/v1/parcels/{'0' * 32}/complete"), ("GET", "/api/v1/account"),
                                 ("GET", f"/api/v1/log/proofs/{'0' * 32}"), ("GET", f"/api/v1/directory/{other}")):
                fields = {"Tus-Resumable": "1.0.0", "Upload-Length": "1"} if path.endswith("/uploads") else {}
                if path.endswith("/parts/content"):
                    fields = {"Content-Type": "application/octet-stream"}
                body = {} if method != "GET" and not path.endswith("/parts/content") else None
                asked[method, path] = self.server.call(method, path, body, {**with_key, **fields})[0]

        seen = self.while_content_comes(try_all)
        self.send()
        self.assertEqual(len(asked), 14)
        self.assertEqual(set(asked.values()), {401}, asked)


if __name__ == "__main__":
    unittest.main()
