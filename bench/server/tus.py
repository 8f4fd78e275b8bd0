#!/usr/bin/env python3
"""A tus upload to Sealift, durable before it is acknowledged, beside npm's @tus/server, which is not: interleaved rounds.

    bench/server/tus.py BUILD_FOLDER [--rounds 5] [--mib 2048] [--folder BUILD_FOLDER]

Ours is the whole server: front, vault, catalog, blob store. One PATCH of the whole size by one client (load_client) after the
upload was created; medians of ratios. Both write below --folder. In a network namespace of its own, as run.py. Needs root and node.
"""
import argparse
import http.client
import os
import pathlib
import random
import shutil
import ssl
import statistics
import subprocess
import sys
import tempfile

HERE = pathlib.Path(__file__).resolve().parent
sys.path[:0] = [str(HERE), str(HERE.parent.parent / "tests" / "system")]
from run import enter_namespace  # noqa: E402
from support.server import Server, split_sealed  # noqa: E402


class Ours:
    """Takes uploads of one size, a parcel each."""

    def __init__(self, build, folder, size, pair):
        folder.mkdir()
        self.server = Server(build, folder=folder, config="private_key = {}\ncertificate = {}\n".format(*pair) if pair else None)
        if pair:
            (self.server.data / "tls").mkdir(parents=True)
            shutil.copyfile(pair[1], self.server.data / "tls" / "certificate.pem")  # which the tests' client trusts
        self.size = size
        self.certificate = pair[1] if pair else "-"

    def start(self):
        self.server.start()
        self.sender = self.server.account()
        self.header = split_sealed(self.server.seal(b"content", self.sender))[0]
        self.manifest = self.server.seal(b"manifest", self.sender)

    def create(self):
        self.parcel = self.server.create_parcel(self.sender, self.sender)
        self.server.put_manifest(self.sender, self.parcel, self.manifest)
        upload = self.server.create_upload(self.sender, self.parcel, self.header, self.size)
        return self.server.port, upload.path, "Sealift-Upload-Key: " + upload.key

    def remove(self):
        self.server.call("POST", f"/api/v1/parcels/{self.parcel}/recall", token=self.sender.token)

    def stop(self):
        self.server.stop()


class Peer:
    def __init__(self, folder, size, port, pair):
        folder.mkdir()
        self.folder, self.size, self.port = folder, size, port
        self.certificate = pair[1] if pair else "-"
        self.process = subprocess.Popen(["node", HERE / "npm" / "tus_peer.mjs", str(port), folder, *(pair or ())],
                                        stdout=subprocess.PIPE, stderr=subprocess.DEVNULL)
        if self.process.stdout.readline() != b"ready\n":
            raise RuntimeError("the peer does not start")

    def create(self):
        connection = (http.client.HTTPSConnection("localhost", self.port, context=ssl.create_default_context(cafile=self.certificate))
                      if self.certificate != "-" else http.client.HTTPConnection("localhost", self.port))
        connection.request("POST", "/files", headers={"Tus-Resumable": "1.0.0", "Upload-Length": str(self.size), "Content-Length": "0"})
        answer = connection.getresponse()
        if answer.status != 201:
            raise RuntimeError(f"the peer answers {answer.status}")
        location = answer.getheader("Location")
        connection.close()
        return self.port, "/" + location.split("/", 3)[3] if "://" in location else location, ""

    def remove(self):
        for file in self.folder.iterdir():
            file.unlink()

    def stop(self):
        self.process.terminate()
        self.process.wait()


def upload_seconds(build, way):
    port, path, fields = way.create()
    done = subprocess.run([build / "load_client", "patch", str(port), way.certificate, path, "1", str(way.size), fields],
                          capture_output=True, text=True, timeout=600)
    if done.returncode != 0:
        raise RuntimeError(f"{type(way).__name__}: {done.stderr.strip()}")
    way.remove()
    os.sync()
    return float(done.stdout.split()[0])


def measure(title, build, ways, options):
    rates = {name: [] for name in ways}
    for _ in range(options.rounds):
        for name in random.sample(list(ways), len(ways)):
            rates[name].append(options.mib / upload_seconds(build, ways[name]))
    for name, measured in rates.items():
        ratios = sorted(mine / peer for mine, peer in zip(measured, rates["@tus/server"]))
        print(f"{title:16} {name:12} {statistics.median(measured):6.0f} MiB/s   x @tus/server {ratios[0]:5.2f} /"
              f" {statistics.median(ratios):5.2f} / {ratios[-1]:5.2f}", flush=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--mib", type=int, default=2048)
    parser.add_argument("--folder", default="")
    options = parser.parse_args()
    enter_namespace()
    build = pathlib.Path(options.build).resolve()
    folder = pathlib.Path(tempfile.mkdtemp(prefix="bench-tus-", dir=options.folder or build))
    pair = [str(folder / "key.pem"), str(folder / "certificate.pem")]
    subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes", "-days", "30",
                    "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost,IP:127.0.0.1", "-keyout", pair[0], "-out", pair[1]],
                   check=True, stderr=subprocess.DEVNULL)
    try:
        for title, files, port in (("tus over TLS", pair, 8343), ("tus, plain", None, 8300)):
            ways = {}
            try:
                ways["sealift"] = Ours(build, folder / f"ours-{port}", options.mib << 20, files)
                ways["sealift"].start()
                ways["@tus/server"] = Peer(folder / f"peer-{port}", options.mib << 20, port, files)
                measure(title, build, ways, options)
            finally:
                for way in ways.values():
                    way.stop()
    finally:
        shutil.rmtree(folder, ignore_errors=True)


if __name__ == "__main__":
    main()
