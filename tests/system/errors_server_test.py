"""Errors that people who are logged in meet, and what an operator at the machine itself meets."""
import json
import os
import shutil
import subprocess
import unittest

from support.errors import Rows
from support.people import PASSWORD, Person, invite

NONE = "0" * 32

ACCOUNT = """
2 | account end-session x | account end-session takes one session's id | `sealift account sessions` lists them
1 | account end-session NONE | This login or token has ended. | `sealift account sessions` lists those that have not.
2 | account token | a token needs at least one --scope
2 | account token --scope everything | everything is not a scope of tokens | they are {}
2 | account token --scope administratoin | administratoin is not a scope of tokens | did you mean administration?
2 | account token --scope account --days soon | --days takes a number of days, or a number and m, h, d, w or y, up to ten years; not soon
1 | account rotate --lost-machine URL --account bob@example.org | another account is logged in here | `sealift logout` first, or use another --profile NAME
1 | account rotate | this is not a paper key: was it mistyped?
1 | login URL --account bob@example.org | another account is logged in here | `sealift logout` first, or log in with another --profile NAME
2 | login URL --account x | --account takes a mail address; not x
2 | login URL --account alice@example.org --token | this isn't a token
1 | profile remove other | the profile is logged in | run `sealift logout --profile other` first
1 | log watch nobody@example.org | There is no such account. | Check the address.
2 | log watch x | log watch takes mail addresses
1 | log watch bob@example.org --compare text | comparing with text: note without signatures
1 | log watch bob@example.org --policy text | text: trust policy: a line that is none
1 | log accept-restore URL | this server's operator has published no restore that is new to you | if the log went back without one, call the people who run the server
1 | log verify --data DATA --checkpoint text | checkpoint text: note without signatures
1 | log verify --data DATA --checkpoint large | checkpoint large: the file has 600000 bytes, and may have 524288
1 | log verify --data DATA --checkpoint nothere | checkpoint nothere: open: No such file or directory
1 | log verify --receipt text | text: receipt: first line
1 | log verify --receipt nothere | cannot read nothere: open: No such file or directory
"""

OFFICER = """
2 | recovery ask bob@example.org --to x | --to takes a public key (age1...)
1 | recovery ask nobody@example.org | There is no such account. | Check the address.
1 | recovery approve NONE | no such recovery is waiting: `sealift recovery list` lists those that are
"""

PARCELS = """
2 | send text --to x | --to takes a mail address; not x
1 | send text --to nobody@example.org | there is no account for nobody@example.org | send a --link instead
2 | send text --link --opens none | --opens takes a number from 1 to 1000000; not none
2 | send text --link --note LONG | the note has 70000 bytes, and may have 16384
2 | send text --link --expires soon | --expires takes a number and m, h, d, w or y, from a minute to ten years; not soon
1 | outbox NONE | There is no such parcel: it was recalled, has expired, or is not yours. | `sealift inbox` lists what waits for you; the sender can see more in `sealift outbox`.
2 | links x | a parcel's id has 32 hexadecimal digits; not x | `sealift inbox` and `sealift outbox` list parcels by their ids
2 | links revoke NONE x | a link's id has 32 hexadecimal digits; not x | `sealift links NONE` lists them
1 | links revoke PARCEL_ID NONE | the parcel has no such link | `sealift links PARCEL_ID` lists them
2 | recipients add PARCEL_ID x | x is not a mail address
1 | recipients add PARCEL_ID nobody@example.org | There is no such account. | Check the address.
1 | recipients add PARCEL_ID bob@example.org | This person is a recipient of the parcel already, or was removed from it. | See who is: `sealift outbox PARCEL`. Who was removed gets another parcel.
1 | recipients remove PARCEL_ID carol@example.org | This account is not a recipient of the parcel. | See who is: `sealift outbox PARCEL`.
2 | request create | request create needs a --title
2 | request create --title LONG | the title has 70000 bytes, and may have 2000
2 | request create --title a --parcels none | --parcels takes a number from 1 to 1000000; not none
2 | request create --title a --size big | --size takes a size like 500M or 10G; not big
2 | request close x | a request's id has 32 hexadecimal digits; not x | `sealift request list` shows yours
1 | request close NONE | There is no such request: it was closed, has expired, or is not yours. | `sealift request list` shows yours
"""

RECEIVING = """
1 | receive PARCEL_ID -o nothere/out | the folder above nothere/out is not there | make it first
1 | receive PARCEL_ID -o text | text is not a folder | take another name
1 | receive PARCEL_ID --sealed text | text is there already | take another name
2 | receive PARCEL_ID -o out --conflict ask | --conflict ask needs a terminal on which to ask | choose rename, skip or fail
2 | receive PARCEL_ID -o out --conflict perhaps | --conflict takes ask, rename, skip or fail
1 | receive PARCEL_ID -o out --only other | the parcel has no entry other: --list shows those it has
1 | receive PARCEL_ID --list --receipt r | no receipt was sent, so none was written | a receipt is made once, when the whole parcel has been received
1 | receive PARCEL_ID -o out --receipt nothere/r | the folder above nothere/r is not there | make it first
1 | recall PARCEL_ID | There is no such parcel: it was recalled, has expired, or is not yours. | `sealift inbox` lists what waits for you; the sender can see more in `sealift outbox`.
1 | lockdown on | This needs the role administrator or recovery officer. | An administrator can give you the role.
1 | people list | This needs the role administrator. | An administrator can give you the role.
"""

VISITING = """
1 | receive REQUEST --list | this is not a link to a parcel | `sealift hand-in` takes this one
1 | hand-in LINK text | this is not a link to a file request | `sealift receive` takes this one
2 | hand-in REQUEST text --note LONG | the note has 70000 bytes, and may have 16384
1 | receive CUT_LINK --list | the link is cut off: 9 characters at its end are missing or changed | copy all of it from the message, or ask its sender to send it again
1 | hand-in REQUEST text | this link takes no more files: ask for another one
1 | login URL --account nobody@example.org | The address or the password is wrong. | check the address and the password
1 | login URL --account bob@example.org --token | this machine has no keys | log in with the password once, then with the token
1 | login URL --enrol x | this is not an enrolment link
1 | login URL --enrol AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA | This enrolment link was used, has expired, or was withdrawn. | a link works once, and expires: ask for a new one
2 | login URL --enrol ENROL --recovered-with text | --recovered-with goes with --recovered FILE
2 | login URL --enrol ENROL --language es | --language is en or fr, not es
2 | login URL --enrol ENROL --recovered text | the address has no account that keys could be of
1 | login URL --enrol ENROL --recovered nothere | cannot read nothere: No such file or directory
2 | login URL --enrol ENROL --recovered text --recovered-with text | --recovered-with is for keys that are sealed, and these are not
2 | login URL --enrol ENROL --recovered braces | the keys are sealed: --recovered-with names the file of their key
2 | login URL --enrol ENROL --recovery-officer-key x | --recovery-officer-key takes a fingerprint
"""

PEOPLE = """
2 | people frob | people takes list, invitations, invite, withdraw, suspend, reinstate, close, roles, quota or end-sessions
2 | people quota bob@example.org | people quota takes an account, and a size or default
2 | people suspend x | x is neither an address nor an account's id
1 | people suspend nobody@example.org | nobody@example.org has no account on this server: `sealift people list` lists those that have
2 | people invite x | people invite takes a mail address
2 | people withdraw x | x is no invitation's id: `sealift people invitations` lists those
1 | people withdraw NONE | NONE is no open invitation: `sealift people invitations` lists those
2 | people roles bob@example.org --admin --none | --none takes all roles, and goes with no other of them
2 | people quota bob@example.org many | people quota takes a size like 500M or 10G, or default
2 | policy set link=allowed | link=allowed: the policy has no link; did you mean links?
2 | policy set x | x: policy set takes NAME=VALUE, with the names of policy show
2 | policy set revision=3 | the policy's revision can't be set: it counts the changes
2 | policy set links=perhaps | the policy links takes one of allowed, forbidden; not perhaps
2 | policy set link_opens_max=-1 | the policy link_opens_max takes a number from 1 to 1000000, or none; not -1
2 | policy set parcel_lifetime_ms_max=soon | the policy parcel_lifetime_ms_max takes a duration of at most ten years, like 12h or 7d, or milliseconds; not soon
2 | policy set account_quota_bytes_max=big | the policy account_quota_bytes_max takes a size like 500M or 10G, or bytes; not big
2 | policy set recipient_domains=UPPER | the policy recipient_domains takes up to 1000 domains in small letters, joined by commas; not UPPER
2 | recovery ask x | x is not a mail address
2 | recovery approve x | x is not a recovery's id: `sealift recovery list` lists them
2 | proposals confirm x | x is not a proposal's id: `sealift proposals` lists them
1 | recovery approve NONE | This needs the role recovery officer. | An administrator can give you the role.
2 | recovery release NONE bob@example.org | release needs -o FILE
1 | recovery cancel | no recovery of this account is waiting
"""

MACHINE = """
2 | admin --data DATA frob | admin takes one of {}; not frob
2 | admin --data DATA invite x | x is not a mail address
2 | admin --data DATA invite | invite takes one ADDRESS after it
2 | admin --data DATA status x | status takes nothing after it but options
2 | admin --data DATA status --keys x | status takes no --keys
2 | admin --data DATA clock maybe | clock takes show or accept
1 | admin --data text status | text: no server has this data folder | check --data: the package's server has /var/lib/sealift; a server makes its folder when it starts
2 | admin --data DATA backup b | --keys FOLDER is missing
2 | admin --data DATA restore b | --keys FOLDER is missing
2 | admin --data DATA backup b --keys b/k | backup of DATA to b with the keys in b/k: keys belong in another place than the backup
2 | admin --data DATA backup DATA/b --keys k | backup of DATA to DATA/b with the keys in k: a backup belongs outside the data folder: it would be lost with it
2 | admin --data DATA backup b --keys k --keep 0 | --keep takes a whole number from 1
2 | admin --data DATA backup b --keys k --verify --keep 2 | --verify only reads, and takes no --keep
2 | admin --data DATA backup b --keys k --generation 2 | --generation goes with --verify
1 | admin --data DATA backup b --keys k --verify | b with the keys in k: no backup is in this folder
1 | admin --data DATA backup text --keys k | backup of DATA to text with the keys in k: {}
1 | admin --data DATA backup b --keys text | backup of DATA to b with the keys in text: text is no folder
1 | admin --data DATA backup backup --keys keys --verify --generation 9 | backup with the keys in keys: this folder has no whole generation of that number, but these: 1
1 | admin --data DATA restore backup --keys keys | restore of backup with the keys in keys into DATA: the data folder holds something: restore into a new one
1 | admin --data text restore backup --keys keys | restore of backup with the keys in keys into text: text: text is no folder
1 | admin --data new restore nothere --keys keys | restore of nothere with the keys in keys into new: no backup is in this folder
1 | admin --data new restore backup --keys nothere | restore of backup with the keys in nothere into new: key file: No such file or directory
1 | admin --data new restore backup --keys keys --generation 7 | restore of backup with the keys in keys into new: this folder has no whole generation of that number, but these: 1
1 | admin --data DATA fsck --repair-what-is-safe | DATA: another server has this data folder: process {} | stop the server first; without an option, fsck only reads
1 | admin --data DATA reopen --key-file text | this is no reopen key: it begins with SEALIFT-REOPEN-1, and a letter of it is wrong or missing
1 | admin --data DATA reopen --key-file nothere | cannot read nothere: No such file or directory
1 | admin --data DATA reopen | DATA: there is no terminal on which to ask for the reopen key | without a terminal, give it with --key-file FILE
1 | admin --data DATA reopen-keys | DATA: the reopen keys were made and printed before | they are printed once; this machine keeps only what it needs to check them
1 | admin --data DATA state-restore --key-file reopen | DATA: this server was not restored
1 | admin --data DATA invite closed@example.org | DATA: the account of this address was closed
1 | admin --data DATA doctor --backup nothere | DATA: 1 problem was found
1 | admin --data DATA doctor --config nothere | nothere: configuration: No such file or directory
"""


class Logged(Rows, unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.serve()
        cls.alice = Person(cls.server, "alice@example.org", administrator=True)
        cls.bob = Person(cls.server, "bob@example.org")
        cls.carol = Person(cls.server, "carol@example.org")
        cls.olga = Person(cls.server, "olga@example.org", officer=True)
        Person(cls.server, "closed@example.org")
        cls.alice.run("people", "close", "closed@example.org")
        cls.visitor = Person(cls.server)
        for name, text in (("text", "letter\n"), ("braces", "{}"), ("large", "x" * 600000)):
            (cls.work / name).write_text(text)
        sent = cls.alice.json("send", cls.work / "text", "--to", "bob@example.org", "--link")
        request = cls.alice.json("request", "create", "--title", "papers", "--parcels", "1")["link"]
        cls.visitor.run("hand-in", request, cls.work / "text")
        cls.names = {"NONE": NONE, "URL": cls.server.url, "DATA": str(cls.server.data), "LONG": "x" * 70000, "PARCEL_ID": sent["parcel"],
                     "REQUEST": request, "CUT_LINK": sent["link"][:-9], "LINK": sent["link"], "ENROL": invite(cls.server, "dora@example.org")}

    def meets(self, table, person):
        for name, value in self.names.items():
            table = table.replace(name, value)
        self.reaches(table, person.environment())

    def test_account(self):
        other = self.alice.environment() | {"SEALIFT_PROFILE": "other"}
        subprocess.run([self.program, "login", self.server.url, "--enrol", invite(self.server, "erin@example.org")], env=other,
                       check=True, capture_output=True)
        self.meets(ACCOUNT, self.alice)

    def test_officer(self):
        self.meets(OFFICER, self.olga)

    def test_passwords(self):
        """As programs give them: in the environment, or by a descriptor."""
        visitor = self.visitor.environment(password="")
        url = self.server.url
        self.reaches(f"2 | login {url} --account bob@example.org | SEALIFT_PASSWORD_FD is not a descriptor",
                     visitor | {"SEALIFT_PASSWORD_FD": "x"})
        self.reaches(f"1 | login {url} --account bob@example.org | the password is longer than 1024 bytes", visitor | {"SEALIFT_PASSWORD_FD": "0"},
                     stdin=open("/dev/zero", "rb"))
        self.reaches(f"1 | login {url} --account bob@example.org | there is no terminal on which to ask for the password or passphrase, and "
                     "neither SEALIFT_PASSWORD_FD nor SEALIFT_PASSWORD is set", visitor)
        self.reaches(f"2 | login {url} --enrol {self.names['ENROL']} | the password needs at least {{}} characters",
                     visitor | {"SEALIFT_PASSWORD": "short"})

    def test_what_the_client_keeps(self):
        shutil.copytree(self.bob.profile, self.work / "profile")
        environment = self.bob.environment() | {"SEALIFT_HOME": str(self.work / "profile")}
        pins = next(path for path in (self.work / "profile/pins").iterdir() if not path.name.endswith(".trust.json"))
        pins.write_text("letter")
        self.reaches("1 | inbox | what was remembered of the server can't be read", environment)
        pins.unlink()
        self.reaches("2 | log verify --receipt text | this client has seen no log yet: its key is needed | give it with --key", environment)
        for name in ("openings", "sent"):
            shutil.rmtree(self.work / "profile" / name, ignore_errors=True)
            (self.work / "profile" / name).write_text("")
        self.reaches("1 | receive {PARCEL_ID} -o out | {{}}".format(**self.names), environment)

    def test_parcels(self):
        self.meets(PARCELS, self.alice)

    def test_a_suspended_sender(self):
        sent = self.carol.json("send", self.work / "text", "--to", "bob@example.org", "--link")
        with_passphrase = self.carol.json("send", self.work / "text", "--link", "--passphrase")
        self.bob.run("send", self.work / "text", "--to", "carol@example.org")
        self.alice.run("people", "suspend", "carol@example.org")
        self.addCleanup(self.alice.run, "people", "reinstate", "carol@example.org")
        says = ("The account of the person who sent this is suspended or closed, so it can't be received. | Ask the sender, or the people "
                "who run the server: they can reinstate a suspended account.")
        self.reaches(f"1 | receive {sent['parcel']} -o out | {says}", self.bob.environment())
        self.reaches(f"1 | receive {sent['link']} -o out | {says}", self.visitor.environment())
        self.reaches(f"1 | receive {with_passphrase['link']} -o out | {says}", self.visitor.environment(password=with_passphrase["passphrase"]))
        self.reaches("1 | send text --to carol@example.org | there is no account for carol@example.org | send a --link instead",
                     self.visitor_with_an_account().environment())
        self.reaches("1 | send text --to carol@example.org | the account of carol@example.org is suspended or closed, and takes no parcels",
                     self.bob.environment())

    def visitor_with_an_account(self):
        return Person(self.server, "frank@example.org")

    def test_domains_that_the_policy_does_not_allow(self):
        self.alice.run("policy", "set", "recipient_domains=example.org,example.net")
        self.addCleanup(self.alice.run, "policy", "set", "recipient_domains=")
        self.meets("""
1 | send text --to bob@example.org --to eve@example.com | the policy lets no parcel go to eve@example.com | it allows the domains example.net, example.org (recipient_domains); an administrator can change it
1 | recipients add PARCEL_ID eve@example.com | the policy lets no parcel go to eve@example.com | it allows the domains example.net, example.org (recipient_domains); an administrator can change it
""", self.alice)

    def test_receiving(self):
        self.meets(RECEIVING, self.bob)

    def test_visiting(self):
        self.meets(VISITING, self.visitor)

    def test_a_folder_of_another_account(self):
        """Nobody's account may look into it; root has to become nobody for that."""
        other = {"user": 65534, "group": 65534, "extra_groups": []} if os.geteuid() == 0 else {}
        folder = self.work / "closed"
        folder.mkdir()
        (folder / "vault.key").touch()
        folder.chmod(0)
        self.addCleanup(folder.chmod, 0o700)
        says = "this account may not look into it: run this as the account that owns it"
        self.reaches(f"""
1 | admin --data {folder} status | {folder}: {says}
1 | admin --data {folder} invite bob@example.org | {folder}: {says}
1 | admin --data {folder} doctor | {folder}: {says}
1 | admin --data {folder} fsck | {folder}: {says}
1 | admin --data {folder} backup b --keys k | backup of {folder} to b with the keys in k: {says}
""", **other)

    def test_people(self):
        self.meets(PEOPLE, self.alice)

    def test_machine(self):
        admin = [self.program, "admin", "--data", self.server.data]
        subprocess.run([*admin, "backup", self.work / "backup", "--keys", self.work / "keys"], check=True, capture_output=True)
        printed = subprocess.run([*admin, "reopen-keys"], check=True, capture_output=True, text=True).stdout
        (self.work / "reopen").write_text(printed.split()[0])
        self.meets(MACHINE, self.alice)


class Asked(Rows, unittest.TestCase):
    """Questions on a terminal, and answers that are no yes."""

    @classmethod
    def setUpClass(cls):
        cls.serve()
        cls.alice = Person(cls.server, "alice@example.org")
        cls.agreeing = {answer: Person(cls.server, f"{answer.strip().lower()}@example.net") for answer in ("y", "YES", "o", "Oui ")}
        # New to those, and none of them has accepted their keys.
        cls.olga = Person(cls.server, "olga@example.org", administrator=True, officer=True)
        cls.otto = Person(cls.server, "otto@example.org", officer=True)
        cls.anna = Person(cls.server, "anna@example.org")
        cls.yes = "Type yes: |Tapez oui\u00a0: "

    def asks(self, row, person, *answers):
        self.reaches_at_terminal(row, person.environment(password=""), *answers)

    def test_whether_keys_are_right(self):
        row = ("2 | account recovery | the recovery officers' keys were not confirmed: the answer was not yes | nothing was sent; compare the "
               "keys with the officers, by telephone")
        for answer in ("", "no", "yess"):
            self.asks(row, self.alice, (self.yes, answer))
        self.asks("1 | account recovery | the terminal was closed", self.alice, (self.yes, "\x04"))  # the key that ends what is typed
        self.reaches("2 | account recovery | nobody has confirmed these recovery officers' keys | confirm them with `sealift account "
                     "recovery` on a terminal, or name them with --recovery-officer-key", self.alice.environment())
        for answer, person in self.agreeing.items():
            done = self.said_at_terminal(["account", "recovery"], person.environment(password=""), [(self.yes, answer)])
            self.assertEqual(done.returncode, 0, done.stderr)

    def test_whether_a_recovery_is_right(self):
        recovery = self.otto.run("recovery", "ask", "anna@example.org").strip()
        self.addCleanup(self.otto.run, "recovery", "cancel", recovery)
        self.reaches(f"2 | recovery approve {recovery} anna@example.org --key x | --key takes a fingerprint", self.olga.environment())
        self.asks(f"2 | recovery approve {recovery} | the recovery was not confirmed: the answer was not yes", self.olga, (self.yes, "n"))

    def test_passwords_that_differ(self):
        url, link = self.server.url, invite(self.server, "erna@example.org")
        visitor = Person(self.server)
        self.asks(f"2 | login {url} --enrol {link} | the two passwords differ", visitor,
                  (self.yes, "y"), ("Choose a password: |Choisissez un mot de passe\u00a0: ", PASSWORD), ("Again: |Encore une fois\u00a0: ", "another password"))


if __name__ == "__main__":
    unittest.main()
