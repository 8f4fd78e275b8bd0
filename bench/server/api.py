#!/usr/bin/env python3
"""A small GET of the API, login checked, beside nginx's static file of the same size: interleaved rounds, medians of ratios.

    bench/server/api.py BUILD_FOLDER [--rounds 7] [--requests 40000] [--connections 16]

The whole server answers: front, frames, vault, catalog. CPU is that of all its processes, a request (nginx: of its own).
In a network namespace of its own, as run.py.
"""
import argparse
import os
import pathlib
import random
import shutil
import socket
import statistics
import subprocess
import sys
import tempfile
import time

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent.parent / "tests" / "system")]
from run import NGINX, enter_namespace, family  # noqa: E402
from support import session_proof  # noqa: E402
from support.server import Server  # noqa: E402


def cpu_seconds(pid):
    ticks = 0
    for each in family(pid):
        fields = pathlib.Path(f"/proc/{each}/stat").read_text().rpartition(")")[2].split()
        ticks += int(fields[11]) + int(fields[12])
    return ticks / os.sysconf("SC_CLK_TCK")


class Bench:
    def __init__(self, options, folder):
        self.options, self.folder = options, folder
        self.build = pathlib.Path(options.build).resolve()
        self.server = Server(self.build, folder=folder / "sealift", config="host_name = localhost\nrequests_per_second = 1000000\nentries_per_hour = 1000000000\n")

    def start(self):
        (self.folder / "sealift").mkdir()
        self.server.start()
        self.sender = self.server.account()
        self.parcel = self.server.create_parcel(self.sender, *[self.server.account() for _ in range(self.options.recipients)])
        path = f"/api/v1/parcels/{self.parcel}"
        self.login = self.server.bound_login(self.sender)
        size = len(self.server.call("GET", path, token=self.sender.token, headers={"Host": "localhost"})[2].__repr__())
        (self.folder / "small").write_bytes(b"x" * 1024)
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days",
                        "30", "-subj", "/CN=localhost", "-keyout", self.folder / "key.pem", "-out", self.folder / "cert.pem"],
                       check=True, stderr=subprocess.DEVNULL)
        (self.folder / "nginx.conf").write_text(NGINX.format(port=8100, tls=8143, folder=self.folder, files=self.folder,
                                                             uploads=self.folder, processes=os.cpu_count()))
        self.nginx = subprocess.Popen(["nginx", "-c", self.folder / "nginx.conf"], stderr=subprocess.DEVNULL)
        self.wait_for(8100)
        self.ways = {"nginx": (self.nginx.pid, 8100, "/small", ""),
                     "live": (self.server.process.pid, self.server.port, "/health/live", ""),
                     "token": (self.server.process.pid, self.server.port, path, self.sender.token),
                     "api": (self.server.process.pid, self.server.port, path, self.login)}
        return size

    @staticmethod
    def wait_for(port):
        for _ in range(100):
            try:
                socket.create_connection(("127.0.0.1", port)).close()
                return
            except OSError:
                time.sleep(0.1)
        raise RuntimeError("nginx does not listen")

    def once(self, name):
        pid, port, path, token = self.ways[name]
        if getattr(token, "key", None):  # good for a minute, as often as one likes
            fields = session_proof.fields(token, "GET", path)
            token = "\r\n".join([token, *(f"{field}: {value}" for field, value in fields.items())])
        before = cpu_seconds(pid)
        done = subprocess.run([self.build / "load_client", "small", str(port), "-", path, str(self.options.connections),
                               str(self.options.requests), token], capture_output=True, text=True, timeout=300)
        if done.returncode != 0:
            raise RuntimeError(name + ": " + done.stderr)
        return self.options.requests / float(done.stdout.split()[0]), (cpu_seconds(pid) - before) / self.options.requests * 1e6

    def run(self):
        print(f"answers of about {self.start()} bytes, {self.options.connections} connections")
        rates, costs = {name: [] for name in self.ways}, {name: [] for name in self.ways}
        for _ in range(self.options.rounds):
            for name in random.sample(list(self.ways), len(self.ways)):
                rate, cost = self.once(name)
                rates[name].append(rate)
                costs[name].append(cost)
        for name in self.ways:
            ratios = [mine / peer for mine, peer in zip(rates[name], rates["nginx"])]
            print(f"{name:6} {statistics.median(rates[name]):8.0f} req/s  x nginx {min(ratios):.2f} / {statistics.median(ratios):.2f} /"
                  f" {max(ratios):.2f}   {statistics.median(costs[name]):6.1f} CPU-us a request")

    def stop(self):
        self.server.stop()
        if hasattr(self, "nginx"):
            self.nginx.terminate()
            self.nginx.wait()


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build")
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--requests", type=int, default=40000)
    parser.add_argument("--connections", type=int, default=16)
    parser.add_argument("--recipients", type=int, default=8)
    options = parser.parse_args()
    enter_namespace()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="bench-api-"))
    folder.chmod(0o755)
    bench = Bench(options, folder)
    try:
        bench.run()
    finally:
        bench.stop()
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
