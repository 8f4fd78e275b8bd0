"""What an operator types and configures: links that work wherever the server is, sockets, folders, sizes and times."""
import subprocess
import unittest

from support.people import Person
from support.server import DAY_MS, Server, build_folder


class Operating(unittest.TestCase):
    def serve(self, config=None, arguments=(), start=True):
        server = Server(build_folder(), arguments=arguments, config=config)
        self.addCleanup(server.__exit__)
        if start:
            server.start()
        return server

    def admin(self, server, *words, status=0):
        done = subprocess.run([server.build / "sealift", "admin", "--data", server.data, *map(str, words)], capture_output=True, text=True)
        self.assertEqual(done.returncode, status, done.stderr)
        return done

    def link(self, server, address):
        return self.admin(server, "invite", address).stdout.strip()

    def enrol(self, server, link, url=None, *more):
        """Somebody who has nothing but the link logs in with it."""
        person = Person(server)
        person.run("login", url or link.split("/e#")[0], "--enrol", link, *more)
        return person.json("whoami")["address"]


class Units(Operating):
    def test_sizes_and_times_as_people_write_them(self):
        server = self.serve()
        alice = Person(server, "alice@example.org", administrator=True)
        bob = Person(server, "bob@example.org")
        alice.run("people", "quota", "bob@example.org", "10G")
        with server.catalog() as catalog:
            self.assertEqual(catalog.execute("SELECT quota_bytes_max FROM accounts WHERE quota_bytes_max IS NOT NULL").fetchall(), [(10 << 30,)])
        self.assertIn("10G", alice.fails("people", "quota", "bob@example.org", "10 gigs", status=2))
        alice.run("policy", "set", "parcel_lifetime_ms_max=60d", "account_quota_bytes_max=50G")
        policy = server.call("GET", "/api/v1/policy", token=server.account(administrator=True).token)[2]
        self.assertEqual((policy["parcel_lifetime_ms_max"], policy["account_quota_bytes_max"]), (60 * DAY_MS, 50 << 30))
        self.assertIn("7d", alice.fails("policy", "set", "parcel_lifetime_ms_max=soon", status=2))
        bob.run("request", "create", "--title", "papers", "--size", "2M")
        with server.catalog() as catalog:
            self.assertEqual(catalog.execute("SELECT size_bytes_max FROM requests").fetchall(), [(2 << 20,)])

    def test_days_of_any_length_with_a_warning(self):
        server = self.serve()
        alice = Person(server, "alice@example.org", administrator=True)
        for days, lifetime, warned in (("1", DAY_MS, False), ("12h", DAY_MS // 2, False), ("365", 365 * DAY_MS, False), ("400", 400 * DAY_MS, True),
                                       ("5y", 1825 * DAY_MS, True), ("3650", 3650 * DAY_MS, True)):
            with self.subTest(days=days):
                done = subprocess.run([server.build / "sealift", "account", "token", "--scope", "metrics", "--days", days],
                                      capture_output=True, text=True, env=alice.environment())
                self.assertEqual(done.returncode, 0, done.stderr)
                self.assertEqual("warning" in done.stderr, warned, done.stderr)
                with server.catalog() as catalog:
                    found = catalog.execute("SELECT max(expires - created) FROM sessions").fetchone()[0]
                self.assertEqual(found, max(lifetime, found if days in ("1", "12h") else 0))
        alice.fails("account", "token", "--scope", "metrics", "--days", "3651", status=2)
        done = subprocess.run([server.build / "sealift", "people", "invite", "bob@example.org", "--days", "90d"],
                              capture_output=True, text=True, env=alice.environment())
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("90 days", done.stderr)


if __name__ == "__main__":
    unittest.main()
