"""How a server says how it is: its own log, in files, on standard error and by syslog; each event reached by what it tells of."""
import collections
import ctypes
import json
import os
import pathlib
import re
import resource
import select
import shutil
import signal
import socket
import ssl
import struct
import subprocess
import threading
import time
import unittest

from support import exposition
from support.certificates import make_certificate
from support.mail_server import MailServer
from support.people import Person
from support.server import DAY_MS, Server, build_folder
from support.waiting import until

SOURCE = pathlib.Path(os.environ["SEALIFT_SOURCE_DIR"])

Message = collections.namedtuple("Message", "facility severity time host app role event sequence line")
MESSAGE = re.compile(
    r'<(\d{1,3})>1 (\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z) (\S{1,255}) (\S{1,48}) (\S{1,128}) (\S{1,32}) '
    r'\[origin software="sealift" swVersion="([^"\\\]]*)"\]\[meta sequenceId="(\d+)"\] (.*)')


def read_message(octets):
    """RFC 5424, strictly."""
    found = MESSAGE.fullmatch(octets.decode("ascii"))
    assert found, octets
    line = json.loads(found[9])
    assert line["event"] == found[6] and line["role"] == found[5], octets
    return Message(int(found[1]) // 8, int(found[1]) % 8, found[2], found[3], found[4], found[5], found[6], int(found[8]), line)


class Receiver:
    """A syslog server: datagrams, or streams with octet counting, inside TLS with a context."""

    def __init__(self, family=socket.AF_INET, kind=socket.SOCK_STREAM, address=("127.0.0.1", 0), context=None):
        self.messages, self.context, self.is_open = [], context, True
        self.streams = []
        self.socket = socket.socket(family, kind)
        if family == socket.AF_INET:
            self.socket.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        self.socket.bind(address)
        self.port = self.socket.getsockname()[1] if family == socket.AF_INET else None
        if kind == socket.SOCK_STREAM:
            self.socket.listen()
        self.thread = threading.Thread(target=self.accept if kind == socket.SOCK_STREAM else self.take_datagrams, daemon=True)
        self.thread.start()

    def take_datagrams(self):
        while self.is_open:
            try:
                octets = self.socket.recv(65536)
            except OSError:
                return
            if octets and self.is_open:
                self.messages.append(read_message(octets))

    def accept(self):
        while self.is_open:
            try:
                plain = self.socket.accept()[0]
                stream = self.context.wrap_socket(plain, server_side=True) if self.context else plain
            except (OSError, ssl.SSLError):
                continue
            self.streams.append(stream)
            threading.Thread(target=self.take_stream, args=(stream,), daemon=True).start()

    def take_stream(self, stream):
        file = stream.makefile("rb")
        while True:
            try:
                length = b""
                while not length.endswith(b" "):
                    octet = file.read(1)
                    if not octet:
                        return
                    length += octet
                assert re.fullmatch(rb"[1-9]\d* ", length), length
                self.messages.append(read_message(file.read(int(length))))
            except (OSError, ValueError):
                return

    def close(self):
        self.is_open = False
        for each in (self.socket, *self.streams):
            try:
                each.shutdown(socket.SHUT_RDWR)
            except OSError:
                pass
            each.close()

    def events(self):
        return [each.event for each in self.messages]


class Observed(unittest.TestCase):
    def serve(self, config="", start=True):
        self.server = Server(build_folder(), config=config)
        self.addCleanup(self.server.__exit__)
        if start:
            self.server.start()
        return self.server

    def kept(self):
        """The lines of the server's own files, oldest first."""
        lines = []
        for name in ("sealift.log.4", "sealift.log.3", "sealift.log.2", "sealift.log.1", "sealift.log"):
            path = self.server.data / "journal" / name
            if path.exists():
                lines += [json.loads(line) for line in path.read_text(encoding="ascii").splitlines()]
        return lines

    def said(self, event):
        return [line for line in self.kept() if line["event"] == event]

    def until_said(self, event, count=1, seconds=30):
        until(lambda: len(self.said(event)) >= count, f"{event} is in the log", seconds)
        return self.said(event)

    def log_in_wrongly(self, address="alice@example.org"):
        self.assertEqual(self.server.call("POST", "/api/v1/sessions", {"address": address, "authentication_key": "AAAA" * 10 + "AAA="})[0], 401)


class Lines(Observed):
    def test_the_page_has_every_event(self):
        page = (SOURCE / "docs/operate/log.md").read_text()
        told = re.findall(r"^\| `(\w+)` \| (\w+) \| (.*) \|$", page, re.M)
        table = re.findall(r'\{\w+, "(\w+)", (\w+),\s*"(.*?)"\},', (SOURCE / "src/server/log_event.cc").read_text(), re.S)
        self.assertGreater(len(table), 30)
        self.assertEqual(told[-len(table):], table)

    def test_a_file_that_was_removed_or_moved_away_is_made_again(self):
        self.serve()
        self.until_said("serving")
        journal = self.server.data / "journal"
        for act in (lambda: (journal / "sealift.log").unlink(),
                    lambda: (journal / "sealift.log").rename(self.server.folder / "kept")):
            act()
            self.log_in_wrongly()
            self.until_said("login_failed")

    def test_failures_that_were_only_counted_are_told_when_the_server_stops(self):
        self.serve()
        for number in range(13):
            self.log_in_wrongly(f"nobody{number}@example.org")
        self.until_said("login_failed", 10)
        self.assertEqual(self.said("repeated"), [])
        self.server.stop()
        told = [line for line in self.said("repeated") if line["of"] == "login_failed"]
        self.assertEqual([line["count"] for line in told], ["3"])

    def test_a_syslog_server_that_accepts_and_says_nothing_holds_no_stop_up(self):
        server = self.serve(start=False)
        make_certificate(server.folder, "deaf")
        with socket.create_server(("127.0.0.1", 0)) as deaf:
            server.config = f"syslog = tls:localhost:{deaf.getsockname()[1]}\nsyslog_certificates = {server.folder}/certificate.pem\n"
            server.start()
            self.until_said("serving")
            begun = time.monotonic()
            self.assertEqual(server.stop(), 0)
            self.assertLess(time.monotonic() - begun, 8)
        lost = [line for line in self.said("lines_not_delivered") if line["where"] == "syslog"]
        self.assertGreater(int(lost[-1]["count"]), 0)

    def test_lines_are_in_files_and_on_standard_error(self):
        self.serve()
        self.until_said("serving")
        self.server.stop()
        shown = [json.loads(line) for line in self.server.log().splitlines()]
        self.assertEqual(self.kept(), [line for line in shown if line["role"] != "logger"])
        folder = self.server.data / "journal"
        self.assertEqual(folder.stat().st_mode & 0o777, 0o700)
        self.assertEqual((folder / "sealift.log").stat().st_mode & 0o777, 0o600)

    def test_a_role_that_dies_is_said_with_how_it_died(self):
        self.serve()
        fronts = len(self.server.roles_named("front"))
        for name in ("front", "logger", "vault"):
            until(lambda: len(self.server.roles_named("front")) == fronts, "the front that was killed runs again")
            pid = self.server.roles_named(name)[0]
            os.kill(pid, signal.SIGKILL)
            until(lambda: [each for each in self.said("role_ended") if each["pid"] == str(pid)], f"{name} is in the log")
            line = next(each for each in self.said("role_ended") if each["pid"] == str(pid))
            self.assertEqual((line["role"], line["ended"], line["how"]), ("supervisor", "sealift-" + name, "signal 9"))
        self.server.wait_ready()
        taken_along = [each["ended"] for each in self.said("role_ended") if each["why"] == "its vault ended"]
        self.assertEqual(set(taken_along), {"sealift-front"}, "the fronts go with their vault, the logger doesn't")

    def test_a_role_that_cannot_be_confined_is_said_and_ends_the_server(self):
        """Each start of the vault confines it to the folders that it works in: one of them is gone."""
        server = self.serve()
        (server.data / "store").rename(server.folder / "store")
        os.kill(server.roles_named("vault")[0], signal.SIGKILL)
        self.assertEqual(server.process.wait(40), 1)
        self.assertEqual(self.said("not_confined")[0]["why"], "sandbox folder: No such file or directory")
        self.assertIn("sealiftd: error: a role could not be confined", server.log())
        server.process.stdout.close()
        server.process = None

    def test_a_change_of_the_directory_by_somebody_else_is_said_and_not_logged(self):
        server = self.serve()
        with server.catalog() as catalog:
            catalog.execute("INSERT INTO directory_changes(place, how, generation, commitment, happened, authenticator) "
                            "VALUES(?, 1, 1, ?, 0, ?)", (os.urandom(32), os.urandom(32), os.urandom(32)))
        self.server.account()  # the next change is what makes the keeper look
        Person(server, "alice@example.org", administrator=True)
        self.assertEqual(self.until_said("directory_change_refused")[0]["why"], "something else than this server wrote it into the catalog")
        with server.catalog() as catalog:
            self.assertEqual(catalog.execute("SELECT refused, log_index FROM directory_changes ORDER BY seq").fetchone(), (1, None))

    def test_digests_that_cannot_be_kept_are_said_and_tried_again(self):
        server = self.serve()
        with server.catalog() as catalog:
            catalog.execute("CREATE UNIQUE INDEX one_digest ON blobs((digest IS NOT NULL)) WHERE digest IS NOT NULL")
        sender, recipient = server.account(), server.account()
        for _ in range(2):
            server.send(sender, b"x" * 1000, recipient)
        self.assertEqual(self.until_said("digests_not_kept")[0]["why"], "catalog: constraint")
        with server.catalog() as catalog:
            catalog.execute("DROP INDEX one_digest")
        until(server.has_settled, "the digest is kept")

    @unittest.skipIf(os.geteuid() != 0, "only root puts bytes into another process's socket")
    def test_what_a_role_sends_that_is_no_line_counts_as_lost(self):
        server = self.serve()
        self.until_said("serving")
        front = server.roles_named("front")[0]
        for path in pathlib.Path(f"/proc/{front}/fd").iterdir():
            if path.is_socket():
                self.send_datagram(front, int(path.name), b"no line")
        line = next(each for each in self.until_said("lines_lost") if each["where"] == "frame")
        self.assertEqual((line["role"], line["count"]), ("front", "1"))

    @staticmethod
    def send_datagram(pid, number, octets):
        """By a copy of the other process's descriptor (pidfd_getfd(2)), if it is one of the log's."""
        pidfd_getfd = 438
        pidfd = os.pidfd_open(pid)
        copied = ctypes.CDLL(None, use_errno=True).syscall(pidfd_getfd, pidfd, number, 0)
        os.close(pidfd)
        if copied < 0:
            raise OSError(ctypes.get_errno(), "pidfd_getfd")
        with socket.socket(fileno=copied) as one:
            if one.family == socket.AF_UNIX and one.type == socket.SOCK_SEQPACKET:
                one.send(octets)

    def test_failed_logins_are_pseudonyms(self):
        self.serve()
        Person(self.server, "alice@example.org", administrator=True)
        self.log_in_wrongly()
        self.log_in_wrongly()
        self.log_in_wrongly("bob@example.org")
        lines = self.until_said("login_failed", 3)
        self.assertEqual(lines[0]["account"], lines[1]["account"])
        self.assertNotEqual(lines[0]["account"], lines[2]["account"])
        self.assertEqual(lines[0]["client"], lines[2]["client"])
        for path in (self.server.data / "journal").iterdir():
            self.assertNotIn("example.org", path.read_text())
            self.assertNotIn("127.0.0.1", path.read_text())

    def test_failed_logins_have_names_where_the_operator_says_so(self):
        self.serve("log_logins = names\n")
        self.log_in_wrongly("carol@example.org")
        line = self.until_said("login_failed")[0]
        self.assertEqual((line["account_address"], line["client_address"]), ("carol@example.org", "127.0.0.1"))

    def test_a_flood_is_a_few_lines(self):
        self.serve()
        statuses = collections.Counter(
            self.server.call("POST", "/api/v1/sessions/prepare", {"address": "alice@example.org"})[0] for _ in range(200))
        self.assertGreater(statuses[429], 50)
        lines = self.until_said("throttled", 10)
        self.assertEqual(len(lines), 10)
        self.assertEqual({(each["class"], each["operation"]) for each in lines}, {("guessing", "session.prepare")})

    def test_a_missing_payload_is_said(self):
        self.serve()
        sender, recipient = self.server.account(), self.server.account()
        parcel, _ = self.server.send(sender, b"x" * 300_000, recipient)
        opening = self.server.open_parcel(recipient, parcel)
        self.assertEqual(opening.payload()[0], 200)
        blob = next(path for path in (self.server.data / "store/blobs").glob("*/*"))
        blob.unlink()
        self.assertGreaterEqual(opening.payload()[0], 400)
        self.assertEqual(self.until_said("blob_missing")[0]["blob"], blob.name)

    def test_mail_that_nobody_takes_is_said(self):
        with socket.create_server(("127.0.0.1", 0)) as closed:
            port = closed.getsockname()[1]
        self.serve(f"mail_host = 127.0.0.1\nmail_port = {port}\nmail_security = none\nmail_from = s@example.org\n"
                   "server_url = http://files.example.org\n")
        alice = Person(self.server, "alice@example.org")
        bob = Person(self.server, "bob@example.org")
        paper = self.server.folder / "paper.txt"
        paper.write_text("a paper")
        alice.run("send", paper, "--to", bob.address)
        self.assertEqual(self.until_said("mail_not_sent")[0]["attempts"], "1")

    def test_a_letter_that_is_refused_for_good_is_said_and_counted(self):
        mail = MailServer()
        self.addCleanup(mail.stop)
        self.serve(f"mail_host = 127.0.0.1\nmail_port = {mail.port}\nmail_security = none\nmail_from = s@example.org\n"
                   "server_url = http://files.example.org\n")
        alice, refused = Person(self.server, "alice@example.org"), Person(self.server, "refused@example.org")
        paper = self.server.folder / "paper.txt"
        paper.write_text("a paper")
        alice.run("send", paper, "--to", refused.address)
        line = self.until_said("mail_given_up")[0]
        self.assertEqual((line["level"], line["attempts"]), ("error", "1"))

    def test_what_somebody_tries_a_wrong_secret_at_is_said(self):
        self.serve()
        self.assertEqual(self.server.call("POST", "/api/v1/enrolments/look", {"token": "A" * 43})[0], 404)
        self.assertEqual(self.until_said("proof_failed")[0]["level"], "warning")

    def test_what_a_fresh_server_lacks_is_said_at_each_start(self):
        self.serve()
        Person(self.server, "alice@example.org", administrator=True)
        self.server.stop()
        self.server.start()
        self.assertEqual([each["there"] for each in self.until_said("few_administrators", 2)], ["0", "1"])
        self.assertEqual(len(self.said("no_reopen_keys")), 2)

    def test_a_service_manager_that_is_not_there_is_said(self):
        server = self.serve(start=False)
        server.environment = {"NOTIFY_SOCKET": str(server.folder / "nobody")}
        server.start()
        self.assertEqual(self.until_said("service_manager_not_told")[0]["level"], "warning")

    def test_a_clock_that_is_held_and_accepted_is_said(self):
        server = self.serve(start=False)
        server.step_clock(0)
        server.start()
        server.step_clock(3 * DAY_MS)  # and accepts it
        self.until_said("clock_held")
        self.until_said("clock_accepted")

    def test_a_certificate_that_is_renewed_is_said(self):
        server = self.serve(start=False)
        make_certificate(server.folder, "one")  # good for two days
        server.config = f"certificate = {server.folder}/certificate.pem\nprivate_key = {server.folder}/key.pem\n"
        server.start(wait=False)
        self.assertEqual(self.until_said("certificate_expires_soon")[0]["days_left"], "1")
        make_certificate(server.folder, "two")
        server.process.send_signal(signal.SIGHUP)
        self.assertEqual(len(self.until_said("certificate_renewed")), 1)
        (server.folder / "certificate.pem").write_text("none")
        server.process.send_signal(signal.SIGHUP)
        self.until_said("certificate_not_read")

    def test_an_expired_certificate_is_said(self):
        server = self.serve(start=False)
        make_certificate(server.folder, "old")  # good for two days
        server.config = f"certificate = {server.folder}/certificate.pem\nprivate_key = {server.folder}/key.pem\n"
        server.step_clock(0)
        server.start(wait=False)
        self.until_said("serving")
        server.step_clock(3 * DAY_MS)
        self.assertEqual(self.until_said("certificate_expired")[0]["level"], "critical")


class Figures(Observed):
    def figures(self):
        if not hasattr(self, "watcher"):
            self.watcher = self.server.account(administrator=True)
        return exposition.read(self.server.call("GET", "/metrics", token=self.watcher.token)[2].decode())

    def test_answers_are_counted_by_class_and_code(self):
        self.serve()
        before = self.figures()

        def grown(name, part="", **labels):
            samples = tuple(sorted(labels.items())) + ((("", part),) if part else ())
            after = self.figures()
            return after[name].samples.get(samples, 0) - before[name].samples.get(samples, 0)

        for _ in range(5):
            self.server.call("GET", "/api/v1/server")
            self.server.call("GET", "/nothing")
        self.assertEqual(grown("sealift_requests_total", **{"class": "api", "code": "200"}), 5)
        self.assertEqual(grown("sealift_requests_total", **{"class": "web", "code": "404"}), 5)
        self.assertEqual(grown("sealift_request_seconds", "_count", **{"class": "api"}), 5)
        self.log_in_wrongly()
        self.assertEqual(grown("sealift_logins_failed_total"), 1)
        os.kill(self.server.roles_named("vault")[0], signal.SIGKILL)
        until(lambda: self.said("role_ended"), "the vault died")
        self.server.wait_ready()
        self.assertEqual(grown("sealift_logins_failed_total"), 1, "counters outlive who counts")
        self.assertGreaterEqual(grown("sealift_roles_ended_total"), 2, "the vault and its fronts")

    def test_connections_that_were_one_too_many_are_counted(self):
        resource.setrlimit(resource.RLIMIT_NOFILE, (resource.getrlimit(resource.RLIMIT_NOFILE)[1],) * 2)
        self.serve("fronts = 1\n")
        before = self.figures()["sealift_connections_refused_total"].samples[()]
        limits = (SOURCE / "src/base/limits.h").read_text()
        most = int(re.search(r"kFrontConnectionsPerAddressMax = ([0-9']+);", limits)[1].replace("'", ""))
        held, closed = [], select.poll()
        try:
            while len(held) < most + 3:
                held.append(socket.create_connection(("127.0.0.1", self.server.port)))
                closed.register(held[-1], select.POLLIN)
            until(lambda: len(closed.poll(0)) >= 3, "those past the limit are closed")
        finally:
            for each in held:
                each.close()
        self.server.wait_ready()

        def counted():
            return self.figures()["sealift_connections_refused_total"].samples[()] - before

        until(lambda: counted() >= 3, "the refused ones are counted")
        self.assertLess(counted(), 10, "and no other")

    def test_bytes_that_nothing_explains(self):
        self.serve()
        self.assertEqual(self.figures()["sealift_unexplained_bytes"].samples[()], 0)
        self.server.stop()
        blobs = self.server.data / "store" / "blobs"
        (blobs / "00" / "notes.txt").write_bytes(bytes(1000))
        (blobs / "01" / ("01" * 16)).write_bytes(bytes(234))  # a blob that no row knows: removed
        self.server.start()
        until(lambda: self.figures()["sealift_unexplained_bytes"].samples[()] == 1234, "both were found")
        self.assertFalse((blobs / "01" / ("01" * 16)).exists())

    def figure(self, name, **labels):
        return self.figures()[name].samples.get(tuple(sorted(labels.items())), 0)

    def until_figure(self, name, value, **labels):
        until(lambda: self.figure(name, **labels) == value, f"{name}{labels} is {value}")

    def test_what_waits_is_counted_and_no_longer_when_it_is_done(self):
        """Gauges: each has another value while there is something."""
        server = self.serve(start=False)
        with socket.create_server(("127.0.0.1", 0)) as closed:
            port = closed.getsockname()[1]
        server.config = (f"mail_host = 127.0.0.1\nmail_port = {port}\nmail_security = none\nmail_from = s@example.org\n"
                         "server_url = http://files.example.org\n")
        server.step_clock(0)
        server.start()
        people = [Person(server, f"{name}@example.org", administrator=name == "alice", officer=name != "bob") for name in ("alice", "olga", "bob")]
        until(server.has_logged_all)
        before = self.figures()
        for name in ("sealift_recoveries_waiting", "sealift_custody_events_queued", "sealift_log_lag_seconds", "sealift_clock_held",
                     "sealift_blobs_undigested"):
            self.assertEqual(before[name].samples, {(): 0.0}, name)
        space = os.statvfs(server.data / "store")
        self.assertLess(abs(before["sealift_free_bytes"].samples[()] - space.f_bavail * space.f_frsize), 1 << 30)

        pile = server.folder / "pile"
        pile.write_bytes(os.urandom(300_000))
        parcel = people[0].json("send", pile, "--to", "bob@example.org")["parcel"]
        self.until_figure("sealift_mails", before["sealift_mails"].samples[(("state", "waiting"),)] + 1, state="waiting")
        until(lambda: self.figure("sealift_mails_failed_total") >= 1, "the mail server is away")
        self.assertEqual(self.figure("sealift_parcels", state="whole"), 1)
        stored = self.figure("sealift_blobs_bytes")
        self.assertGreater(stored, 300_000)
        self.assertLess(stored, 400_000)
        recovery = people[1].json("recovery", "ask", "bob@example.org")["recovery"]
        self.until_figure("sealift_recoveries_waiting", 1)
        people[1].run("recovery", "cancel", recovery)
        self.until_figure("sealift_recoveries_waiting", 0)
        until(server.has_logged_all)
        with server.catalog() as catalog:  # an event that nobody tells the log's writer of
            catalog.execute("INSERT INTO custody(id, salt, event, happened, authenticator) VALUES(?, x'00', x'00', ?, x'00')",
                            (os.urandom(16), server.now_ms() - 90_000))
        figures = self.figures()
        self.assertEqual(figures["sealift_custody_events_queued"].samples[()], 1)
        self.assertLess(abs(figures["sealift_log_lag_seconds"].samples[()] - 90), 20)
        self.accounts_are_counted(people[0])
        self.a_clock_is_counted(server)
        people[0].run("recall", parcel)
        self.until_figure("sealift_parcels", 1, state="ended")
        self.until_figure("sealift_blobs_bytes", 0)

    def accounts_are_counted(self, alice):
        active = self.figure("sealift_accounts", state="active")
        alice.run("people", "suspend", "bob@example.org")
        self.assertEqual(self.figure("sealift_accounts", state="suspended"), 1)
        self.assertEqual(self.figure("sealift_accounts", state="active"), active - 1)
        alice.run("people", "reinstate", "bob@example.org")

    def a_clock_is_counted(self, server):
        path = server.folder / "clock-offset"
        for offset, held in ((3 * DAY_MS, 1), (0, 0)):
            with open(path, "r+b") as file:
                file.write(struct.pack("=q", offset))
            self.until_figure("sealift_clock_held", held)

    def test_what_happens_is_counted(self):
        """Counters: each grows by what it is named for."""
        self.serve()
        self.server.call("POST", "/api/v1/enrolments/look", {"token": "A" * 43})
        self.assertEqual(self.figure("sealift_proofs_failed_total"), 1)
        throttled = [self.server.call("POST", "/api/v1/sessions/prepare", {"address": "a@example.org"})[0] for _ in range(200)].count(429)
        self.assertGreater(throttled, 50)
        self.assertEqual(self.figure("sealift_throttled_total", **{"class": "guessing"}), throttled)
        sender, recipient = self.server.account(), self.server.account()
        parcel, _ = self.server.send(sender, b"x" * 300_000, recipient)
        opening = self.server.open_parcel(recipient, parcel)
        blob = next(path for path in (self.server.data / "store/blobs").glob("*/*"))
        until(lambda: self.figure("sealift_blobs_undigested") == 0, "the payload was read back")
        blob.unlink()
        self.assertGreaterEqual(opening.payload()[0], 400)
        self.assertEqual(self.figure("sealift_blobs_missing_total"), 1)
        with self.server.catalog() as catalog:
            catalog.execute("UPDATE blobs SET digest = NULL")
        self.assertEqual(self.until_said("blob_not_readable")[0]["blob"], blob.name)
        self.assertEqual(self.figure("sealift_blobs_undigested"), 1)

    def test_times_that_a_rule_compares_with_now(self):
        server = self.serve(start=False)
        server.config = "tls = self-made\n"
        server.start()
        expires = self.figures()["sealift_certificate_expiry_time_seconds"].samples[()]
        self.assertLess(abs(expires - server.now_ms() / 1000 - 3650 * 86400), 2 * 86400)
        Person(server, "alice@example.org")
        subprocess.run([server.build / "sealift", "admin", "--data", server.data, "backup", server.folder / "backup", "--keys",
                        server.folder / "keys"], check=True, capture_output=True)
        self.assertLess(abs(self.figures()["sealift_backup_time_seconds"].samples[()] - server.now_ms() / 1000), 60)
        until(server.has_logged_all)
        until(lambda: self.figures()["sealift_log_lag_seconds"].samples[()] == 0, "the log has all")
        with server.catalog() as catalog:
            logged = catalog.execute("SELECT count(*) FROM custody WHERE log_index IS NOT NULL").fetchone()[0]
        self.assertEqual(self.figures()["sealift_log_leaves"].samples[()], logged)


class NobodyReads(Observed):
    def test_no_line_is_lost_when_the_reader_of_standard_error_stops(self):
        server = self.serve(start=False)
        reader, writer = os.pipe()
        command = [server.build / "sealiftd", "--data", server.data, "--listen", "127.0.0.1:0"]
        process = subprocess.Popen(command, stdout=subprocess.PIPE, stderr=writer)
        os.close(writer)
        server.process, server.errors = process, open(os.devnull)
        server.port = int(process.stdout.readline().decode().rsplit(":", 1)[1])
        server.is_tls = False
        server.wait_ready()
        alice = server.account()
        size = 0
        while size < 150_000:  # far more than a pipe holds
            for _ in range(50):
                self.log_in_any(alice)
            until(lambda: self.is_settled(), "all is in the file")
            size = sum(path.stat().st_size for path in (server.data / "journal").iterdir())
        lines = self.kept()
        indexes = [int(each["index"]) for each in lines if each["event"] == "custody"]
        self.assertEqual(indexes, list(range(len(indexes))), "every event has its line")
        self.assertFalse([each for each in lines if each["event"] == "lines_lost"])
        os.close(reader)
        self.log_in_any(alice)
        until(lambda: len([each for each in self.kept() if each["event"] == "custody"]) == len(indexes) + 1, "nor when it is gone")
        self.assertEqual(len(server.roles_named("logger")), 1)

    def log_in_any(self, account):
        self.assertEqual(self.server.call("POST", "/api/v1/parcels", {
            "id": os.urandom(16).hex(), "lifetime_ms": 0, "receipt": "none",
            "recipients": [{"account": account.id, "generation": 1}]}, token=account.token)[0] // 100, 2)

    def is_settled(self):
        with self.server.catalog() as catalog:
            count = catalog.execute("SELECT count(*) FROM custody").fetchone()[0]
        return len([each for each in self.kept() if each["event"] == "custody"]) >= count

    def test_the_files_stay_within_their_limit(self):
        self.serve("log_file_bytes = 64K\n")
        account = self.server.account()
        for _ in range(600):
            self.log_in_any(account)
        until(lambda: len(list((self.server.data / "journal").iterdir())) == 5, "the fifth file")
        sizes = [path.stat().st_size for path in (self.server.data / "journal").iterdir()]
        self.assertLessEqual(sum(sizes), 64 << 10)


class Syslog(Observed):
    def judge(self, receiver):
        until(lambda: "serving" in receiver.events(), "serving was sent")
        self.log_in_wrongly()
        until(lambda: "login_failed" in receiver.events(), "the login was sent")
        serving = next(each for each in receiver.messages if each.event == "serving")
        failed = next(each for each in receiver.messages if each.event == "login_failed")
        self.assertEqual((serving.facility, serving.severity, serving.app, serving.role), (3, 6, "sealift", "vault"))
        self.assertEqual((failed.facility, failed.severity), (10, 4))
        self.assertEqual(serving.host, socket.gethostname())
        sequence = [each.sequence for each in receiver.messages]
        self.assertEqual(sequence, list(range(1, len(sequence) + 1)))
        self.server.stop()
        until(lambda: len(receiver.messages) == len(self.kept()), "what was said until the end arrives")
        self.assertEqual([each.line for each in receiver.messages], self.kept())

    def test_a_unix_socket(self):
        server = self.serve(start=False)
        receiver = Receiver(socket.AF_UNIX, socket.SOCK_DGRAM, str(server.folder / "log"))
        self.addCleanup(receiver.close)
        server.config = f"syslog = unix:{server.folder}/log\n"
        server.start()
        self.judge(receiver)

    def test_udp(self):
        receiver = Receiver(kind=socket.SOCK_DGRAM)
        self.addCleanup(receiver.close)
        self.serve(f"syslog = udp:127.0.0.1:{receiver.port}\n")
        self.judge(receiver)

    def test_tcp(self):
        receiver = Receiver()
        self.addCleanup(receiver.close)
        self.serve(f"syslog = tcp:localhost:{receiver.port}\n")
        self.judge(receiver)

    def tls_receiver(self, server, name="logs"):
        make_certificate(server.folder, name)
        shutil.copy(server.folder / "certificate.pem", server.folder / f"{name}.pem")
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(server.folder / "certificate.pem", server.folder / "key.pem")
        receiver = Receiver(context=context)
        self.addCleanup(receiver.close)
        return receiver

    def test_tls(self):
        server = self.serve(start=False)
        receiver = self.tls_receiver(server)
        server.config = f"syslog = tls:127.0.0.1:{receiver.port}\nsyslog_certificates = {server.folder}/logs.pem\n"
        server.start()
        self.judge(receiver)

    def test_a_server_that_cannot_prove_its_name_gets_nothing(self):
        server = self.serve(start=False)
        receiver = self.tls_receiver(server)
        self.tls_receiver(server, "other")
        server.config = f"syslog = tls:127.0.0.1:{receiver.port}\nsyslog_certificates = {server.folder}/other.pem\n"
        server.start()
        self.assertIn("name", self.until_said("syslog_not_reached")[0]["why"])
        self.assertEqual(receiver.messages, [])

    def test_what_is_said_while_the_syslog_server_is_away_arrives_afterwards(self):
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        self.serve(f"syslog = tcp:127.0.0.1:{port}\n")
        self.log_in_wrongly()
        self.until_said("syslog_not_reached")
        receiver = Receiver(address=("127.0.0.1", port))
        until(lambda: "login_failed" in receiver.events(), "what waited was sent")
        receiver.close()
        for stream in receiver.streams:
            stream.close()
        self.log_in_wrongly()
        self.until_said("login_failed", 2)
        again = Receiver(address=("127.0.0.1", port))
        self.addCleanup(again.close)
        self.log_in_wrongly()
        until(lambda: again.events().count("login_failed") >= 1, "and again")
        everything = [each.sequence for each in receiver.messages + again.messages]
        self.assertEqual(sorted(everything)[0], 1)

    def test_names_do_not_cross_the_network_in_the_clear(self):
        server = self.serve("log_logins = names\nsyslog = udp:192.0.2.1\n", start=False)
        with self.assertRaises(RuntimeError):
            server.start()
        self.assertIn("log_logins", server.log())
        server.process.wait()
        server.process = None

    def test_certificates_that_are_none_are_refused_at_the_start(self):
        server = self.serve("syslog = tls:127.0.0.1\nsyslog_certificates = /nowhere.pem\n", start=False)
        with self.assertRaises(RuntimeError):
            server.start()
        self.assertIn("syslog certificates", server.log())
        server.process.wait()
        server.process = None


if __name__ == "__main__":
    unittest.main()
