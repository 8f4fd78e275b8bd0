"""One administrator alone: what a single session, with its keys, gets on a server that has other administrators and officers.

The attack: invite two puppets as recovery officers, make the recovery's delay an hour, have a newcomer's client deal shares to
the puppets, approve twice, and read what the newcomer is sent. Changes of roles and a weaker policy wait for another
administrator and a delay instead, and everybody is told (docs/decisions/0210).
"""
import unittest

from support import changes, lies
from support.people import Failed, Person
from support.server import Server, build_folder
from support.waiting import until

HOUR_MS = 3_600_000
NEWCOMER = "newcomer@example.org"


class WithHolders(unittest.TestCase):
    administrators = ("mallory", "ann")

    def setUp(self):
        self.server = Server(build_folder())
        self.addCleanup(self.server.__exit__)
        self.server.start()
        for name in self.administrators:
            setattr(self, name, Person(self.server, f"{name}@example.org", administrator=True))
        self.olga, self.omar = (Person(self.server, f"{name}@example.org", officer=True) for name in ("olga", "omar"))

    def puppet(self, number):
        address = f"puppet{number}@example.org"
        link = self.mallory.json("people", "invite", address, "--recovery-officer")["link"]
        puppet = Person(self.server, name=f"puppet{number}")
        puppet.enrol(link)
        puppet.address = address
        return puppet

    def proposals(self, person):
        return person.json("proposals")["proposals"]

    def roles(self, address):
        found = next(each for each in self.mallory.json("people", "list")["accounts"] if each["address"] == address)
        return found["administrator"], found["recovery_officer"]

    def pass_time(self, hours):
        """For what waits: the catalog's times are that much earlier."""
        with self.server.catalog() as catalog:
            for name in ("proposed", "not_before", "ended"):
                catalog.execute(f"UPDATE proposals SET {name} = {name} - ?", (hours * HOUR_MS,))


class OneAdministrator(WithHolders):
    @lies.counted
    def test_puppets_and_a_short_delay_bring_nobodys_keys(self):
        puppets = [self.puppet(number) for number in (1, 2)]
        self.mallory.tried("policy", "set", "recovery_delay_ms_min=1h")
        newcomer = Person(self.server, NEWCOMER)
        parcel = self.sent_to(newcomer)
        stolen = self.steal(puppets)
        self.assertNotIn("AGE-SECRET-KEY", stolen, "one administrator has a newcomer's keys")
        newcomer.run("receive", parcel, "-o", self.server.folder / "in")

    def sent_to(self, newcomer):
        letter = self.server.folder / "letter.txt"
        letter.write_text("for the newcomer alone")
        return self.ann.json("send", letter, "--to", newcomer.address)["parcel"]

    def steal(self, puppets):
        """The newcomer's keys, as one person with two puppets gets them; or nothing."""
        out = self.server.folder / "stolen.txt"
        try:
            recovery = puppets[0].run("recovery", "ask", NEWCOMER).strip()
            for puppet in puppets:
                puppet.run("recovery", "approve", recovery)
            with self.server.catalog() as catalog:  # an hour passes
                catalog.execute("UPDATE recoveries SET not_before = not_before - ?", (HOUR_MS,))
            puppets[0].run("recovery", "release", recovery, NEWCOMER, "-o", out)
        except Failed:
            return ""
        return out.read_text()

    @lies.counted
    def test_a_puppet_confirms_nothing(self):
        puppet = self.puppet(1)
        waiting = self.proposals(self.mallory)[0]["proposal"]
        self.assertIn("your own", self.mallory.fails("proposals", "confirm", waiting))
        self.assertIn("sealift: error", puppet.fails("proposals", "confirm", waiting))
        self.assertIn("sealift: error", self.olga.fails("proposals", "confirm", waiting), "an officer is no administrator")
        self.pass_time(24 * 20)
        self.assertEqual(self.roles(puppet.address), (False, False))

    @lies.counted
    def test_the_others_suspended_are_still_there(self):
        """Neither a change nor a reopening needs fewer, because the others can't log in."""
        self.mallory.run("people", "suspend", "ann@example.org")
        self.mallory.run("policy", "set", "recovery_delay_ms_min=1h")
        self.assertNotIn("not_before", self.proposals(self.mallory)[0])
        self.assertIn("has a role", self.mallory.fails("people", "close", "ann@example.org"))
        self.mallory.run("lockdown", "on")
        self.mallory.run("login", self.server.url, "--account", "mallory@example.org")
        self.assertEqual(self.mallory.json("lockdown", "status")["approvals_needed"], 2)

    @lies.counted
    def test_a_lock_down_ends_what_waits(self):
        self.mallory.run("policy", "set", "recovery_delay_ms_min=1h")
        self.ann.run("proposals", "confirm", self.proposals(self.ann)[0]["proposal"])
        self.ann.run("lockdown", "on")
        self.assertEqual(changes.waiting(self.server), 0)


class TwoAdministrators(WithHolders):
    def test_a_role_takes_another_administrator_and_the_delay(self):
        address = self.puppet(1).address
        waiting = self.proposals(self.ann)[0]
        self.assertEqual((waiting["address"], waiting["proposer"], waiting["roles"]["recovery_officer"]), (address, "mallory@example.org", True))
        self.assertNotIn("not_before", waiting)
        said = self.ann.run("proposals", "confirm", waiting["proposal"])
        self.assertIn("takes effect on", said)
        self.assertEqual(self.roles(address), (False, False))
        self.pass_time(71)
        self.assertEqual(len(self.proposals(self.ann)), 1)
        self.pass_time(1)
        until(lambda: self.roles(address) == (False, True), "the role was given")
        self.assertEqual(self.proposals(self.ann), [])
        kinds = [event["kind"] for event in self.server.call("GET", "/api/v1/custody", token=self.ann.token())[2]["events"]]
        self.assertIn("proposal_confirmed", kinds)

    def test_what_weakens_the_policy_waits_and_what_strengthens_it_does_not(self):
        done = self.mallory.tried("policy", "set", "recovery_delay_ms_min=1h", "link_passphrase=required", "--json")
        self.assertIn("recovery_delay_ms_min=3600000; another administrator has to confirm it", done.stderr)
        policy = self.ann.json("policy", "show")
        self.assertEqual((policy["recovery_delay_ms_min"], policy["link_passphrase"]), (48 * HOUR_MS, "required"))
        self.ann.run("proposals", "confirm", self.proposals(self.ann)[0]["proposal"])
        self.pass_time(72)
        until(lambda: self.ann.json("policy", "show")["recovery_delay_ms_min"] == HOUR_MS, "the policy is weaker")

    def test_everybody_hears_of_it_and_officers_can_stop_it(self):
        clerk = Person(self.server, "clerk@example.org")
        self.mallory.run("people", "roles", "clerk@example.org", "--recovery-officer")
        for person in (clerk, self.olga, self.ann):
            said = person.tried("login", self.server.url, "--account", person.address).stderr
            self.assertIn("warning: mallory@example.org proposed a change: roles of clerk@example.org: recovery_officer", said)
            self.assertIn("proposed a change", person.tried("whoami").stderr)
        proposal = self.proposals(clerk)[0]["proposal"]
        self.assertIn("sealift: error", clerk.fails("proposals", "withdraw", proposal))
        self.assertIn("withdrew", self.olga.run("proposals", "withdraw", proposal))
        self.assertEqual(self.proposals(clerk), [])
        self.assertNotIn("proposed", clerk.tried("whoami").stderr)

    def test_who_is_no_holder_any_more_does_not_decide(self):
        self.mallory.run("people", "roles", "ann@example.org", "--none")
        self.assertEqual(self.roles("ann@example.org"), (True, False))
        self.ann.run("proposals", "withdraw", self.proposals(self.ann)[0]["proposal"])


class OnlyAdministrator(WithHolders):
    administrators = ("mallory",)

    def test_the_delay_runs_at_once_and_everybody_is_told(self):
        clerk = Person(self.server, "clerk@example.org")
        self.mallory.run("people", "roles", "clerk@example.org", "--admin")
        waiting = self.proposals(clerk)[0]
        self.assertIn("not_before", waiting)
        self.assertIn("takes effect on", clerk.tried("whoami").stderr)
        self.pass_time(71)
        self.assertEqual(self.roles("clerk@example.org"), (False, False))
        self.pass_time(1)
        until(lambda: self.roles("clerk@example.org") == (True, False), "the role was given")
        clerk.run("login", self.server.url, "--account", "clerk@example.org")
        self.mallory.run("policy", "set", "recovery_delay_ms_min=1h")
        proposal = self.proposals(clerk)[0]["proposal"]
        self.assertIn("too recently", clerk.fails("proposals", "confirm", proposal))
        self.pass_time(73)
        self.assertIn("takes effect on", clerk.run("proposals", "confirm", proposal))

    def test_the_machine_itself_gives_roles_at_once(self):
        ben = Person(self.server, "ben@example.org", administrator=True)
        self.assertEqual(ben.json("whoami")["roles"], ["administrator"])


if __name__ == "__main__":
    unittest.main()
