"""Versions that meet: the API's document against each release's, and a client at a server that is newer or older than it.
Older and newer programs themselves meet in `make packages-test`."""
import copy
import json
import os
import pathlib
import unittest

from support import document
from support.api_compatibility import breaks
from support.mutating_proxy import MutatingProxy
from support.people import Person
from support.server import Server, build_folder

RELEASES = sorted((pathlib.Path(os.environ["SEALIFT_SOURCE_DIR"]) / "tests/compatibility").glob("api-*.json"))


def changed(*path, to):
    """The API's document with one place changed, or without it."""
    whole = copy.deepcopy(document.DOCUMENT)
    place = whole
    for step in path[:-1]:
        place = place[step]
    if to is None:
        del place[path[-1]]
    else:
        place[path[-1]] = to(place.get(path[-1]))
    return whole


class Documents(unittest.TestCase):
    def test_clients_and_servers_of_each_release_work_with_this_one(self):
        self.assertTrue(RELEASES)
        for release in RELEASES:
            with self.subTest(release.name):
                self.assertEqual(breaks(json.loads(release.read_text()), document.DOCUMENT), [])

    def test_what_breaks_an_older_client_is_found(self):
        schemas = ("components", "schemas")
        server, language = (*schemas, "Server"), (*schemas, "SetLanguage")
        cases = {
            "an operation gone": changed("paths", "/api/v1/server", to=None),
            "a field gone from an answer": changed(*server, "properties", "log_key", to=None),
            "a field that may be missing": changed(*server, "required", to=lambda names: names[1:]),
            "a longer text in an answer": changed(*server, "properties", "name", "maxLength", to=lambda most: most + 1),
            "another type": changed(*server, "properties", "lockdown", "type", to=lambda _: "string"),
            "a field demanded": changed(*language, "required", to=lambda names: [*names, "tone"]),
            "another credential": changed("paths", "/api/v1/server", "get", "security", to=lambda _: [{"session": []}]),
            "a credential fewer": changed("paths", "/api/v1/log/proofs/{event}", "get", "security", to=lambda taken: taken[1:]),
            "a credential in another's place": changed("paths", "/api/v1/account", "get", "security", to=lambda _: [{"ticket": []}]),
        }
        for name, newer in cases.items():
            with self.subTest(name):
                self.assertEqual(len(breaks(document.DOCUMENT, newer)), 1, breaks(document.DOCUMENT, newer))

    def test_what_is_added_breaks_nobody(self):
        text = {"type": "string", "maxLength": 10}
        newer = changed("paths", "/api/v2/server", to=lambda _: document.DOCUMENT["paths"]["/api/v1/server"])
        newer["paths"]["/api/v1/account"]["get"]["security"].append({"ticket": []})
        newer["components"]["schemas"]["Server"]["properties"]["motto"] = text
        newer["components"]["schemas"]["SetLanguage"]["properties"]["tone"] = text
        self.assertEqual(breaks(document.DOCUMENT, newer), [])


class Clients(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(build_folder())
        cls.addClassCleanup(cls.server.__exit__)
        cls.server.start()
        cls.proxy = MutatingProxy(cls.server.port)
        cls.addClassCleanup(cls.proxy.__exit__)
        url = f"http://127.0.0.1:{cls.proxy.port}"
        cls.server.stop()
        cls.server.config = f"server_url = {url}\n"  # what links and logins name
        cls.server.start()
        cls.alice = Person(cls.server, "alice@example.org", administrator=True, url=url)
        cls.bob = Person(cls.server, "bob@example.org", url=url)

    def tearDown(self):
        self.proxy.set_mutation(None)

    def test_fields_that_a_newer_server_adds_are_passed_over(self):
        added = []

        def newer(exchange):
            if exchange.fields.get("Content-Type", "").startswith("application/json") and exchange.status < 300:
                value = json.loads(exchange.body)
                for each in [value] + [item for item in value.values() if isinstance(item, dict)] if isinstance(value, dict) else []:
                    each["added_in_a_later_version"] = {"of": ["any", 1, "kind"]}
                    added.append(exchange.path)
                exchange.body = json.dumps(value).encode()

        self.proxy.set_mutation(newer)
        note = self.server.folder / "note.txt"
        note.write_text("across versions")
        sent = self.alice.json("send", note, "--to", "bob@example.org")
        self.bob.run("receive", sent["parcel"], "-o", self.server.folder / "in")
        self.assertEqual((self.server.folder / "in/note.txt").read_text(), "across versions")
        self.bob.run("inbox")
        self.alice.run("outbox")
        self.assertGreater(len(set(added)), 8, added)

    def test_an_operation_that_an_older_server_lacks_is_named_as_that(self):
        asked = []

        def older(exchange):
            if exchange.path.startswith("/api/v1/policy"):
                asked.append(exchange.path)
                exchange.status, _, body = self.server.call("GET", "/api/v1/operation-of-a-later-version")
                exchange.fields, exchange.body = {"Content-Type": "application/json"}, json.dumps(body).encode()

        self.proxy.set_mutation(older)
        said = self.alice.fails("policy", "show")
        self.assertTrue(asked)
        self.assertIn("This server doesn't have that operation", said)
        self.assertIn("hint: ", said)

    def test_a_field_that_an_older_server_lacks_is_refused_and_nothing_is_changed(self):
        token = self.server.account().token
        status, _, body = self.server.call("PUT", "/api/v1/account/language", {"language": "fr", "tone": "kind"}, token=token)
        self.assertEqual((status, body["reason"]), (400, "unknown_field"))


if __name__ == "__main__":
    unittest.main()
