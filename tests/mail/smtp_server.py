"""A real mail server for tests: aiosmtpd on a free loopback port.

  smtp_server.py [--tls starttls|tls --certificate FILE --key FILE] [--user NAME --password TEXT]

Prints "port N" once it listens, then one line of JSON for each message it takes: envelope and
bytes. Mailboxes named refused@... do not exist (550), busy@... are asked to come again (451). Ends
when its standard input closes.
"""
import argparse
import base64
import json
import socket
import ssl
import sys

from aiosmtpd.controller import Controller
from aiosmtpd.smtp import AuthResult


class Mailbox:
    async def handle_RCPT(self, server, session, envelope, address, options):
        if address.startswith("refused@"):
            return "550 no such mailbox"
        if address.startswith("busy@"):
            return "451 come again"
        envelope.rcpt_tos.append(address)
        return "250 OK"

    async def handle_DATA(self, server, session, envelope):
        print(json.dumps({
            "from": envelope.mail_from,
            "to": envelope.rcpt_tos,
            "tls": session.ssl is not None or ARGUMENTS.tls == "tls",
            "user": session.auth_data.login.decode() if session.auth_data else None,
            "hello": session.host_name,
            "client_port": session.peer[1],
            "message": base64.b64encode(envelope.original_content).decode(),
        }), flush=True)
        return "250 OK"


def authenticate(server, session, envelope, mechanism, data):
    good = (data.login.decode() == ARGUMENTS.user
            and data.password.decode() == ARGUMENTS.password)
    return AuthResult(success=good, handled=False, auth_data=data)


parser = argparse.ArgumentParser()
parser.add_argument("--tls", choices=["starttls", "tls"])
parser.add_argument("--certificate")
parser.add_argument("--key")
parser.add_argument("--user")
parser.add_argument("--password")
ARGUMENTS = parser.parse_args()

context = None
if ARGUMENTS.tls:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(ARGUMENTS.certificate, ARGUMENTS.key)
settings = {}
if ARGUMENTS.tls == "starttls":
    settings.update(tls_context=context, require_starttls=True)
if ARGUMENTS.user:
    settings.update(authenticator=authenticate, auth_required=True,
                    auth_require_tls=ARGUMENTS.tls == "starttls")
with socket.socket() as probe:
    probe.bind(("127.0.0.1", 0))
    port = probe.getsockname()[1]
controller = Controller(Mailbox(), hostname="127.0.0.1", port=port,
                        ssl_context=context if ARGUMENTS.tls == "tls" else None, **settings)
controller.start()
print("port", port, flush=True)
sys.stdin.read()
controller.stop()
