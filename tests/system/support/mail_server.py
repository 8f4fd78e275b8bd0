"""tests/mail/smtp_server.py: aiosmtpd, with Debian's own Python."""
import base64
import json
import os
import pathlib
import quopri
import subprocess

SOURCE = pathlib.Path(os.environ["SEALIFT_SOURCE_DIR"])


class MailServer:
    def __init__(self):
        self.process = subprocess.Popen(
            ["/usr/bin/python3", SOURCE / "tests/mail/smtp_server.py"], stdin=subprocess.PIPE,
            stdout=subprocess.PIPE, text=True)
        self.port = int(self.process.stdout.readline().split()[1])

    @staticmethod
    def read(line):
        """Of one that was taken: its envelope's recipients, and its bytes."""
        envelope = json.loads(line)
        return envelope["to"], base64.b64decode(envelope["message"])

    def message(self):
        """The next message: its envelope's recipients, and its text with line ends as written."""
        to, raw = self.read(self.process.stdout.readline())
        head, _, body = raw.partition(b"\r\n\r\n")
        return to, head.decode(), quopri.decodestring(body).decode()

    def stop(self):
        self.process.stdin.close()
        self.process.wait()
        self.process.stdout.close()
