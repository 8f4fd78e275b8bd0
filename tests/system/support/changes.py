"""Changes that wait (docs/decisions/0210), and how tests have them happen: the catalog is told that their delay is over.

    alice.run("people", "roles", "bob@example.org", "--admin")
    changes.let_take_effect(server)
"""
from support.waiting import until


def waiting(server):
    with server.catalog() as catalog:
        return catalog.execute("SELECT count(*) FROM proposals WHERE state = 1").fetchone()[0]


def let_take_effect(server):
    """Everything that waits, as if it had been confirmed and its delay were over; but not the roles of who hasn't enrolled."""
    def is_done():
        with server.catalog() as catalog:
            return not catalog.execute("SELECT count(*) FROM proposals WHERE state = 1 AND "
                                       "(kind = 2 OR account IN (SELECT id FROM accounts))").fetchone()[0]
    with server.catalog() as catalog:
        catalog.execute("UPDATE proposals SET not_before = proposed WHERE state = 1")
    until(is_done, "the changes that waited took effect")
