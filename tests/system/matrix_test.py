"""Every route with every kind of bad credential, generated from the API's document (which a test of the server holds against its
operation table): one refusal, byte for byte, and not a row of the catalog changed. And nothing is served that is not in it."""
import os
import re
import unittest

from support import document
from support import raw_http
from support.server import DAY_MS, Server, build_folder, hash_of, split_sealed, token

METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE", "OPTIONS", "TRACE", "PROPFIND", "CONNECT", "BREW")
CARRIED_BY = {"ticket": "Sealift-Ticket", "upload_key": "Sealift-Upload-Key", "hand_in_key": "Sealift-Hand-In-Key"}
NEEDING = [(route[1], path, route[2]) for path, methods in document.DOCUMENT["paths"].items() for route in
           ((path, method.upper(), operation) for method, operation in methods.items()) if route[2]["security"]]


class Matrix(unittest.TestCase):
    asked = 0

    @classmethod
    def setUpClass(cls):
        cls.server = server = Server(build_folder(), config="requests_per_second = 1000000\n")
        cls.addClassCleanup(server.__exit__)
        server.start()
        cls.alice, cls.bob, cls.mallory, cls.gone = (server.account(administrator=True) for _ in range(4))
        cls.parcel, _ = server.send(cls.alice, b"between alice and bob", cls.bob)
        cls.opening = server.open_parcel(cls.bob, cls.parcel)
        cls.upload = cls.begin_upload(cls.alice)
        other, _ = server.send(cls.mallory, b"of another tenant", cls.mallory)
        cls.other_opening, cls.other_upload = server.open_parcel(cls.mallory, other), cls.begin_upload(cls.mallory)
        cls.expired, cls.ended, cls.idle = token(), token(), token()
        for each in (cls.expired, cls.ended, cls.idle):
            server.session(cls.alice, each)
        with server.catalog() as catalog:
            catalog.execute("UPDATE sessions SET created = 1, last_seen = 1, expires = 2 WHERE token = ?", (hash_of(cls.expired),))
            catalog.execute("UPDATE sessions SET last_seen = last_seen - ? WHERE token = ?", (2 * DAY_MS, hash_of(cls.idle)))
            catalog.execute("UPDATE accounts SET state = 2 WHERE id = ?", (bytes.fromhex(cls.gone.id),))
        assert server.call("DELETE", "/api/v1/sessions/current", token=cls.ended)[0] == 204
        cls.client = raw_http.Client(server.port)
        cls.addClassCleanup(cls.client.close)

    @classmethod
    def begin_upload(cls, account):
        parcel = cls.server.create_parcel(account, cls.bob)
        header, payload = split_sealed(cls.server.seal(b"x" * 100, cls.bob))
        return cls.server.create_upload(account, parcel, header, len(payload))

    def target(self, path):
        """Everything in it is there, and somebody's."""
        values = {"parcel": self.parcel, "part": "content", "opening": self.opening.id, "upload": self.upload.id,
                  "account": self.bob.id}
        return re.sub(r"\{(\w+)\}", lambda name: values.get(name[1], os.urandom(16).hex()), path)

    def bad_credentials(self, schemes):
        """Name and fields of each; of a kind that the operation takes, and not good for it."""
        tickets = {"ticket": self.other_opening.ticket, "upload_key": self.other_upload.key, "hand_in_key": token()}
        yield "none", []
        for scheme in schemes:
            if scheme == "session":
                good = self.alice.token
                for name, value in (("empty", ""), ("no token", "Bearer"), ("empty token", "Bearer "),
                                    ("truncated", "Bearer " + good[:-1]), ("longer", f"Bearer {good}A"),
                                    ("wrong scheme", "Basic " + good), ("no scheme", good), ("two", f"Bearer {good}, Bearer {good}"),
                                    ("never given out", "Bearer " + token()), ("expired", "Bearer " + self.expired),
                                    ("idle too long", "Bearer " + self.idle), ("replayed", "Bearer " + self.ended),
                                    ("suspended", "Bearer " + self.gone.token), ("a ticket", "Bearer " + self.opening.ticket),
                                    ("a key", "Bearer " + self.upload.key)):
                    yield name, [("Authorization", value)]
                yield "a cookie", [("Cookie", "session=" + good)]
                yield "in the query", None
                continue
            good = {"ticket": self.opening.ticket, "upload_key": self.upload.key}.get(scheme, token())
            for name, value in (("empty", ""), ("truncated", good[:-1]), ("of another tenant", tickets[scheme]),
                                ("never given out", token()), ("a login", self.alice.token), ("Bearer", "Bearer " + good)):
                yield f"{scheme} {name}", [(CARRIED_BY[scheme], value)]

    def ask(self, method, path, operation, fields):
        target = self.target(path)
        if fields is None:
            target, fields = f"{target}?access_token={self.alice.token}", []
        content = list(operation.get("requestBody", {}).get("content", {}))
        fields = [*fields, ("Tus-Resumable", "1.0.0")]
        body = b""
        if content:
            fields.append(("Content-Type", content[0]))
            body = b"{}" if content[0] == "application/json" else b"x" * 16
        if operation["operationId"] == "upload.create":
            fields.append(("Upload-Length", "16"))
        if operation["operationId"] == "upload.append":
            fields.append(("Upload-Offset", "0"))
        # From an address of its own: wrong credentials slow an address down.
        cls = type(self)
        cls.asked += 1
        client = raw_http.Client(self.server.port, f"127.1.{cls.asked // 250}.{cls.asked % 250 + 1}")
        try:
            return client.ask(method, target, fields, body)
        finally:
            client.close()

    def test_every_bad_credential_gets_one_refusal_and_changes_nothing(self):
        before = self.server.contents()
        self.assertGreater(len(NEEDING), 50)
        for method, path, operation in NEEDING:
            schemes = [name for each in operation["security"] for name in each]
            first = None
            for name, fields in self.bad_credentials(schemes):
                answer = self.ask(method, path, operation, fields)
                what = (operation["operationId"], name, answer)
                self.assertIsNotNone(answer, what)
                same = {each: value for each, value in answer.fields.items() if each != "date"}
                first = first or (answer.status, answer.body, same)
                if name == "in the query" and answer.status == 400:
                    continue  # no query is taken there
                if name == "ticket of another tenant" and answer.status == 404 and "{opening}" not in path:
                    continue  # good, and the thing is not its holder's
                self.assertTrue((answer.status, answer.body, same) == first, (what, first))
            self.assertEqual(first[0], 401, operation["operationId"])
        self.assertGreater(self.asked, 900)
        self.assertEqual(self.server.contents(), before)

    def test_the_right_credentials_are_not_refused_like_that(self):
        """Else the matrix would pass with a server that refuses everybody."""
        for fields in ([("Authorization", "Bearer " + self.alice.token)], [("authorization", "bearer " + self.alice.token)]):
            self.assertEqual(self.client.ask("GET", "/api/v1/policy", fields).status, 200, fields[0][0])
        self.assertEqual(self.opening.get("")[0], 200)
        self.assertEqual(self.upload.offset(), 0)

    def test_nothing_is_served_that_is_not_in_the_table(self):
        known = {(method.upper(), path) for path, methods in document.DOCUMENT["paths"].items() for method in methods}
        before = self.server.contents()
        bearer = ("Authorization", "Bearer " + self.alice.token)
        for path in document.DOCUMENT["paths"]:
            for method in METHODS:
                if (method, path) in known:
                    continue
                answer = self.client.ask(method, self.target(path), [bearer])
                self.assertIsNotNone(answer, (method, path))
                self.assertIn(answer.status, (400, 404, 405, 501), (method, path, answer))
            if "{tile}" in path:
                continue  # the rest of such a path is the tile's
            target = self.target(path)
            for other in (target + "/", target + "/x", target + ";x", target + ".json", target.upper(), "/" + target, "/v2" + target,
                          target.replace("/v1", "/v2"), target.replace("/api/", "/internal/"), target.rsplit("/", 1)[0] + "/../admin"):
                if other == target or document.operation_of("GET", other):
                    continue
                answer = self.client.ask("GET", other, [bearer])
                self.assertIn(answer.status, (400, 404, 405), (other, answer))
        self.assertEqual(self.server.contents(), before)


if __name__ == "__main__":
    unittest.main()
