#!/usr/bin/env python3
"""`sealift send` and `receive` over TLS beside the same bytes over bare TLS, sftp, and rclone with crypt.

    bench/transfer.py BUILD_FOLDER [--rounds 5] [--mib 2048] [--folder BUILD_FOLDER] [--only "bare TLS,sealift"]

Interleaved rounds, medians of ratios; in a network namespace of its own with `reno`, as bench/server/run.py. One large file, in
memory on the client's side; the server's side is in --folder (where it is in memory, the processors are compared and not the
disk), and ours and the bare upload are durable when they end. A program's time is that of its whole process. sftp and rclone take part where sshd and rclone are installed. Needs root.
"""
import argparse
import os
import pathlib
import random
import shutil
import signal
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE / "server"), str(HERE.parent / "tests" / "system")]
from support.people import Person  # noqa: E402
from run import enter_namespace  # noqa: E402
from support.server import Server  # noqa: E402

SSHD = """Port 8022
ListenAddress 127.0.0.1
HostKey {folder}/host_key
AuthorizedKeysFile {folder}/user_key.pub
PermitRootLogin yes
StrictModes no
UsePAM no
PidFile none
Subsystem sftp internal-sftp
"""


def run(*words, **how):
    done = subprocess.run([str(word) for word in words], capture_output=True, text=True, **how)
    if done.returncode != 0:
        raise RuntimeError(f"{words[0]}: {done.stderr.strip()}")
    return done.stdout


def timed(*words, **how):
    begun = time.monotonic()
    run(*words, **how)
    return time.monotonic() - begun


class Bench:
    def __init__(self, options):
        self.options = options
        self.size = options.mib << 20
        self.build = pathlib.Path(options.build).resolve()
        self.disk = pathlib.Path(tempfile.mkdtemp(prefix="bench-transfer-", dir=options.folder or self.build))
        self.memory = pathlib.Path(tempfile.mkdtemp(prefix="bench-transfer-", dir="/dev/shm"))
        self.source = self.memory / "large"
        self.processes = []
        self.server = None

    def prepare(self):
        with open(self.source, "wb") as out:
            for _ in range(self.options.mib):
                out.write(os.urandom(1 << 20))
        self.start_bare()
        self.start_sealift()
        self.ways = {"bare TLS": (self.bare_put, self.bare_get), "curl": (self.curl_put, self.curl_get),
                     "sealift": (self.send, self.receive)}
        if shutil.which("sshd"):
            self.start_sshd()
            self.ways["sftp"] = (self.sftp_put, self.sftp_get)
            if shutil.which("rclone"):
                self.ways["rclone crypt"] = (self.rclone_put, self.rclone_get)
        if self.options.only:
            self.ways = {name: self.ways[name] for name in self.options.only.split(",")}

    # ---- the same bytes, neither sealed nor verified

    def start_bare(self):
        run("openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30",
            "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost", "-keyout", self.disk / "key.pem",
            "-out", self.disk / "cert.pem")
        (self.disk / "bare").mkdir()
        shutil.copyfile(self.source, self.disk / "large")
        self.processes.append(subprocess.Popen(
            [self.build / "bench_server", "8000", "8043", self.disk / "cert.pem", self.disk / "key.pem",
             self.disk / "large", self.disk / "bare", "1"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            start_new_session=True))
        time.sleep(1)

    def bare(self, mode, path, *more):
        return float(run(self.build / "load_client", mode, 8043, self.disk / "cert.pem", path, 1, *more).split()[0])

    def bare_put(self):
        seconds = self.bare("put", "/upload/x", self.size)
        for file in (self.disk / "bare").iterdir():
            file.unlink()
        return seconds

    def bare_get(self):
        return self.bare("get", "/large")

    # The same over TLS by curl: from a file, and into one.
    def curl(self, *words):
        return timed("curl", "-sS", "--fail", "--cacert", self.disk / "cert.pem", "-H", "Host: localhost", "-o", self.memory / "got", *words)

    def curl_put(self):
        seconds = self.curl("-T", self.source, "https://localhost:8043/upload/x")
        for file in (self.disk / "bare").iterdir():
            file.unlink()
        return seconds

    def curl_get(self):
        seconds = self.curl("https://localhost:8043/large")
        (self.memory / "got").unlink()
        return seconds

    # ---- ours

    def start_sealift(self):
        (self.disk / "sealift").mkdir()
        self.server = Server(self.build, config="tls = self-made\n", folder=self.disk / "sealift")
        self.server.start()
        self.alice = Person(self.server, "alice@example.org", administrator=True)
        self.bob = Person(self.server, "bob@example.org")
        self.parcel = self.alice.json("send", self.source, "--to", "bob@example.org")["parcel"]

    def send(self):
        begun = time.monotonic()
        parcel = self.alice.json("send", self.source, "--to", "bob@example.org")["parcel"]
        seconds = time.monotonic() - begun
        self.alice.run("recall", parcel)
        return seconds

    def receive(self):
        begun = time.monotonic()
        self.bob.run("receive", self.parcel, "-o", self.memory / "out")
        seconds = time.monotonic() - begun
        shutil.rmtree(self.memory / "out")
        return seconds

    # ---- others

    def start_sshd(self):
        for key in ("host_key", "user_key"):
            run("ssh-keygen", "-q", "-t", "ed25519", "-N", "", "-f", self.disk / key)
        pathlib.Path("/run/sshd").mkdir(exist_ok=True)
        (self.disk / "sshd_config").write_text(SSHD.format(folder=self.disk))
        self.processes.append(subprocess.Popen([shutil.which("sshd"), "-D", "-f", self.disk / "sshd_config"],
                                               stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True))
        time.sleep(1)
        (self.disk / "known_hosts").write_text(
            "[127.0.0.1]:8022 " + (self.disk / "host_key.pub").read_text())
        self.ssh_options = ["-P", "8022", "-i", self.disk / "user_key", "-o", f"UserKnownHostsFile={self.disk}/known_hosts",
                            "-b", "-", "root@127.0.0.1"]
        shutil.copyfile(self.source, self.disk / "sftp-large")
        if shutil.which("rclone"):
            password = run("rclone", "obscure", "-", input="a passphrase").strip()
            self.rclone = {**os.environ, "RCLONE_CONFIG_FAR_TYPE": "sftp", "RCLONE_CONFIG_FAR_HOST": "127.0.0.1",
                           "RCLONE_CONFIG_FAR_PORT": "8022", "RCLONE_CONFIG_FAR_USER": "root",
                           "RCLONE_CONFIG_FAR_KEY_FILE": str(self.disk / "user_key"),
                           "RCLONE_CONFIG_SEALED_TYPE": "crypt", "RCLONE_CONFIG_SEALED_PASSWORD": password,
                           "RCLONE_CONFIG_SEALED_REMOTE": f"far:{self.disk}/rclone", "RCLONE_CONFIG": "/dev/null"}
            run("rclone", "copyto", self.source, "sealed:kept", env=self.rclone)

    def sftp_put(self):
        seconds = timed("sftp", *self.ssh_options, input=f"put {self.source} {self.disk}/sftp-sent\n")
        (self.disk / "sftp-sent").unlink()
        return seconds

    def sftp_get(self):
        seconds = timed("sftp", *self.ssh_options, input=f"get {self.disk}/sftp-large {self.memory}/got\n")
        (self.memory / "got").unlink()
        return seconds

    def rclone_put(self):
        seconds = timed("rclone", "copyto", self.source, "sealed:sent", env=self.rclone)
        run("rclone", "deletefile", "sealed:sent", env=self.rclone)
        return seconds

    def rclone_get(self):
        seconds = timed("rclone", "copyto", "sealed:kept", self.memory / "got", env=self.rclone)
        (self.memory / "got").unlink()
        return seconds

    # ---- rounds

    def measure(self, title, which):
        rates = {name: [] for name in self.ways}
        for _ in range(self.options.rounds):
            for name in random.sample(list(self.ways), len(self.ways)):
                os.sync()
                rates[name].append(self.options.mib / self.ways[name][which]())
        for name, measured in rates.items():
            ratios = sorted(mine / peer for mine, peer in zip(rates["sealift"], measured))
            print(f"{title:10} {name:13} {statistics.median(measured):7.0f} MiB/s   sealift is x {ratios[0]:5.2f} /"
                  f" {statistics.median(ratios):5.2f} / {ratios[-1]:5.2f}", flush=True)

    def close(self):
        if self.server:
            self.server.stop()
        for process in self.processes:  # with what they started themselves
            os.killpg(process.pid, signal.SIGKILL)
            process.wait()
        for folder in (self.disk, self.memory):
            shutil.rmtree(folder, ignore_errors=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--mib", type=int, default=2048)
    parser.add_argument("--folder", default="")
    parser.add_argument("--only", default="")
    options = parser.parse_args()
    enter_namespace()
    signal.signal(signal.SIGTERM, lambda *_: sys.exit("stopped"))  # what was started is ended then too
    bench = Bench(options)
    try:
        bench.prepare()
        bench.measure("send", 0)
        bench.measure("receive", 1)
    finally:
        bench.close()


if __name__ == "__main__":
    main()
