"""The API's document against the running server: every operation carried out once, by our own command line where it has a verb
for it, with each answer on the way judged (document.py). What the document does not say, no answer does."""
import base64
import email.message
import json
import subprocess
import unittest

from support import changes, document
from support.mutating_proxy import MutatingProxy
from support.people import PASSWORD, Person, approval, invite
from support.server import Opening, Server, build_folder, split_sealed
from support.session_proof import Owner, encoded
from support.signing_key import SigningKey

SCOPES = ("account", "parcels_read", "parcels_write", "requests", "administration", "metrics")


class Visitor(Person):
    """Whose every word goes through the proxy that judges the answers."""

    def __init__(self, server, proxy, address, *flags):
        super().__init__(server, None, url=f"http://127.0.0.1:{proxy.port}")
        self.address = address
        if address:
            self.enrol(invite(server, address, *flags))

    def enrol(self, link, *more):
        self.run("login", self.url, "--enrol", link.split("#")[-1], *more)

    def token(self):
        words = [word for scope in SCOPES for word in ("--scope", scope)]
        return self.json("account", "token", *words)["token"]


class Judged(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.server = Server(build_folder())
        cls.addClassCleanup(cls.server.__exit__)
        cls.server.start()
        cls.proxy = MutatingProxy(cls.server.port)
        cls.addClassCleanup(cls.proxy.__exit__)
        cls.wrong = []
        cls.proxy.set_mutation(cls.judge)
        cls.paper = cls.server.folder / "paper.txt"
        cls.paper.write_text("a paper")
        cls.admin = Visitor(cls.server, cls.proxy, "admin@example.org", "--admin")
        cls.bob = Visitor(cls.server, cls.proxy, "bob@example.org")
        cls.token, cls.bobs = cls.admin.token(), cls.bob.token()

    @classmethod
    def judge(cls, exchange):
        fields = email.message.Message()
        for name, value in exchange.fields.items():
            fields[name] = value
        try:
            document.judge(exchange.method, exchange.path, exchange.status, fields, exchange.body)
        except document.NotAsDocumented as error:
            cls.wrong.append(str(error))

    def ask(self, method, path, body=None, token=None, expect=200, **headers):
        status, _, answer = self.server.call(method, path, body, headers, token or self.token)
        self.assertEqual(status, expect, (path, answer))
        return answer

    def act(self, owner, account, operation, method, path, body, expect, **how):
        field = owner.act(operation, body=encoded(body), **how)
        return self.ask(method, path, body, account.token, expect, **{"Sealift-Act": field})

    def carry_out_account(self):
        for path in ("/api/v1/server", "/api/v1/openapi.json", "/health/live", "/health/ready", "/metrics", "/log/checkpoint", "/log/directory/checkpoint",
                     "/api/v1/sessions", "/api/v1/custody", "/api/v1/admin/usage"):
            self.ask("GET", path)
        self.bob.run("whoami")
        self.ask("PUT", "/api/v1/account/language", {"language": "fr"}, expect=204)
        self.bob.run("paper-key")  # makes a slot, and removes the old one
        again = Visitor(self.server, self.proxy, None)
        again.run("login", again.url, "--account", "bob@example.org")
        login = next(each["session"] for each in again.json("account", "sessions")["sessions"]
                     if each["kind"] == "login" and not each["this"])
        again.run("account", "end-session", login)
        # With the new password as the second line: its slot is replaced.
        changed = subprocess.run([self.server.build / "sealift", "account", "password"], text=True, capture_output=True,
                                 env={**again.environment(), "SEALIFT_PASSWORD_FD": "0"}, input=f"{PASSWORD}\n{PASSWORD}2\n")
        self.assertEqual(changed.returncode, 0, changed.stderr)
        again.run("logout")
        self.bob.run("login", self.bob.url, "--account", "bob@example.org", password=PASSWORD + "2")

    def carry_out_keys(self):
        """A rotation; and what no verb does: another generation of keys by itself, and a slot beside the password's."""
        rotating = Visitor(self.server, self.proxy, None)
        link = self.recovery_link("eve@example.org").split("#")[-1]
        paper = rotating.json("login", rotating.url, "--enrol", link)["paper_key"]
        rotating.run("account", "rotate", passwords=(paper, PASSWORD))
        account, old, new = self.server.account(), SigningKey(self.server.folder), SigningKey(self.server.folder)
        with self.server.catalog() as catalog:
            catalog.execute("UPDATE directory SET signing_key = ? WHERE account = ?", (old.public, bytes.fromhex(account.id)))
        text = (f"sealift/v1/directory-key\naccount {account.id}\ngeneration 2\nrecipient {account.recipient}\n"
                f"signing-key {new.verifier}\n")
        owner = Owner(lambda method, path: self.ask(method, path, token=account.token), account.id, old)
        self.act(owner, account, "account.publish_key", "POST", "/api/v1/account/keys", {
            "generation": 2, "recipient": account.recipient, "signing_key": new.verifier,
            "endorsement": base64.b64encode(old.sign(text.encode())).decode()}, expect=201)
        owner.key, owner.generation = new, 2
        self.ask("GET", "/api/v1/directory/" + account.id, token=account.token)
        slot = {"kind": "trusted_browser", "generation": 2,
                "file": base64.b64encode(self.server.seal(b"keys", account)).decode()}
        made = self.act(owner, account, "slot.add", "POST", "/api/v1/account/slots", slot, expect=201, slots=[slot])["id"]
        found = self.ask("GET", "/api/v1/account/slots", token=account.token)["slots"]
        revision = next(each["revision"] for each in found if each["id"] == made)
        self.act(owner, account, "slot.replace", "PUT", f"/api/v1/account/slots/{made}",
                 {"expected_revision": revision, "replacement": slot}, expect=204, target=made)

    def carry_out_recovery(self):
        officers = [Visitor(self.server, self.proxy, None) for _ in range(2)]
        for number, officer in enumerate(officers):
            officer.enrol(self.recovery_link(f"officer{number}@example.org"))
        key = self.server.folder / "organisation.key"
        public = self.admin.json("organisation", "init", "--output", key)["key"]
        subprocess.run([self.server.build / "sealift", "admin", "--data", self.server.data, "organisation-key", public], check=True,
                       capture_output=True)
        named = [word for each in officers for word in ("--recovery-officer-key", each.json("whoami")["fingerprint"])]
        self.admin.run("organisation", "sign", "--key-file", key, *named, "officer0@example.org", "officer1@example.org")
        tom = Visitor(self.server, self.proxy, "tom@example.org")
        for of_an_older_client in (True, False):
            if of_an_older_client:
                with self.server.catalog() as catalog:
                    catalog.execute("DELETE FROM recovery_halves")
                    catalog.execute("DELETE FROM recovery_shares")
            recovery = officers[0].run("recovery", "ask", "tom@example.org").strip()
            for officer in officers:
                officer.run(*approval(officer, recovery, "tom@example.org"))
            if of_an_older_client:
                tom.run("recovery", "cancel")
                tom.run("login", tom.url, "--account", "tom@example.org")
        officers[0].run("recovery", "list")
        with self.server.catalog() as catalog:  # two days go by
            catalog.execute("UPDATE recoveries SET not_before = 0")
        officers[0].run("recovery", "release", recovery, "tom@example.org", "-o", self.server.folder / "recovered.txt")

    def recovery_link(self, address):
        said = subprocess.run([self.server.build / "sealift", "admin", "--data", self.server.data, "invite", address, "--recovery-officer"],
                              check=True, capture_output=True, text=True).stdout
        return next(word for word in said.split() if "#" in word)

    def carry_out_parcels(self):
        sent = self.admin.json("send", self.paper, "--to", "bob@example.org")
        self.bob.run("inbox")
        self.bob.run("receive", sent["parcel"], "-o", self.server.folder / "out")
        self.admin.run("outbox")
        self.admin.run("outbox", sent["parcel"])
        carol = Visitor(self.server, self.proxy, "carol@example.org")
        self.admin.run("recipients", "add", sent["parcel"], "carol@example.org")
        self.admin.run("recipients", "remove", sent["parcel"], "carol@example.org")
        self.admin.run("expiry", sent["parcel"], "2d")
        self.admin.run("recall", sent["parcel"])
        linked = self.admin.json("send", self.paper, "--link")
        visitor = Visitor(self.server, self.proxy, None)
        visitor.run("receive", linked["link"], "-o", self.server.folder / "by-link")
        links = self.ask("GET", f"/api/v1/parcels/{linked['parcel']}/links")["links"]
        self.ask("DELETE", f"/api/v1/parcels/{linked['parcel']}/links/{links[0]['id']}", expect=204)
        asked = self.bob.json("request", "create", "--title", "papers")
        visitor.run("hand-in", asked["link"], self.paper)
        self.bob.run("request", "list")
        self.bob.run("request", "close", asked["request"])
        return carol

    def carry_out_raw(self):
        account, recipient = self.server.account(), self.server.account()
        parcel = self.server.create_parcel(account, recipient)
        header, payload = split_sealed(self.server.seal(b"content", recipient))
        upload = self.server.create_upload(account, parcel, header, len(payload))
        self.assertEqual(self.server.call("OPTIONS", "/api/v1/uploads")[0], 204)
        self.assertEqual(upload.offset(), 0)
        self.assertEqual(self.server.call("DELETE", upload.path, headers=upload.headers())[0], 204)
        parcel, payload = self.server.send(account, b"content", recipient)
        opening = self.server.open_parcel(recipient, parcel)
        self.assertIsInstance(opening, Opening)
        self.assertEqual(opening.get("")[0], 200)
        self.assertEqual(opening.payload()[0], 200)
        tag = opening.payload()[1]["ETag"]
        self.assertEqual(opening.payload(Range="bytes=1-3")[0], 206)
        self.assertEqual(opening.payload(**{"If-None-Match": tag})[0], 304)
        self.assertEqual(opening.payload(Range="bytes=9000000-")[0], 416)
        completed = self.server.call("POST", f"/api/v1/parcels/{parcel}/complete", token=account.token)[2]
        for _ in range(400):
            status = self.server.call("GET", f"/api/v1/log/proofs/{completed['event']}", token=account.token)[0]
            if status != 409:
                break
        self.assertEqual(status, 200)
        leaves = self.server.call("GET", "/log/checkpoint")[2].split(b"\n")[1].decode()
        self.assertEqual(self.server.call("GET", f"/log/tile/0/000.p/{leaves}")[0], 200)
        leaves = self.server.call("GET", "/log/directory/checkpoint")[2].split(b"\n")[1].decode()
        self.assertEqual(self.server.call("GET", f"/log/directory/tile/0/000.p/{leaves}")[0], 200)
        self.assertEqual(self.server.call("PUT", "/health/live")[0], 405)
        self.assertEqual(self.server.call("GET", "/api/v1/nothing")[0], 404)

    def carry_out_proposals(self):
        other = Visitor(self.server, self.proxy, "other@example.org", "--admin")
        proposed = self.admin.json("people", "roles", "carol@example.org", "--admin")["proposal"]
        other.run("proposals", "confirm", proposed)
        self.assertEqual(other.json("proposals")["proposals"][0]["proposal"], proposed)
        changes.let_take_effect(self.server)
        other.run("proposals", "withdraw", self.admin.json("people", "roles", "bob@example.org", "--recovery-officer")["proposal"])

    def carry_out_administration(self, carol):
        self.admin.run("policy", "show")
        self.admin.run("policy", "set", "link_opens_max=9")
        made = self.admin.json("people", "invite", "dan@example.org")["invitation"]
        self.assertIn(made, json.dumps(self.ask("GET", "/api/v1/admin/enrolments")))
        self.ask("DELETE", "/api/v1/admin/enrolments/" + made, expect=204)
        self.admin.run("people", "list")
        self.admin.run("people", "quota", "carol@example.org", "1000000")
        self.carry_out_proposals()
        self.admin.run("people", "suspend", "carol@example.org")
        self.admin.run("people", "reinstate", "carol@example.org")
        self.admin.run("people", "end-sessions", "carol@example.org")
        carol.run("login", carol.url, "--account", "carol@example.org")

    def carry_out_lockdown(self, carol):
        self.admin.run("lockdown", "on")
        for person in (self.admin, carol):
            person.run("login", person.url, "--account", person.address)
            person.run("lockdown", "off")
        self.assertFalse(self.admin.json("lockdown", "status")["locked"])

    def test_every_operation_answers_as_the_document_says(self):
        self.carry_out_account()
        carol = self.carry_out_parcels()
        self.carry_out_administration(carol)
        self.carry_out_recovery()
        self.carry_out_lockdown(carol)
        self.carry_out_keys()
        self.carry_out_raw()
        self.assertEqual(self.wrong, [])
        self.assertEqual(set(document.OPERATIONS) - document.answered, set())

    def test_what_differs_from_the_document_is_found(self):
        path = "/api/v1/server"
        status, headers, body = self.server.call("GET", path)
        text = json.dumps(body).encode()
        document.judge("GET", path, status, headers, text)
        more = json.dumps({**body, "password": "x"}).encode()
        fewer = json.dumps({name: value for name, value in body.items() if name != "log_key"}).encode()
        other = email.message.Message()
        for name, value in (*headers.items(), ("X-Extra", "1")):
            other[name] = value
        plain = email.message.Message()
        plain["Content-Type"] = "text/plain"
        for case in ((200, headers, more), (200, headers, fewer), (200, headers, b"{"), (202, headers, text), (200, other, text),
                     (200, plain, text), (404, headers, text)):
            with self.assertRaises(document.NotAsDocumented):
                document.judge("GET", path, *case)


if __name__ == "__main__":
    unittest.main()
