#!/usr/bin/env python3
"""Sealift's connection engine beside nginx and, where installed, h2o: interleaved rounds, medians of ratios.

    bench/server/run.py BUILD_FOLDER [--rounds 5] [--mib 2048] [--only tls1,put,...] [--memory-connections 10000]

Runs in a network namespace of its own with `reno`: the default BBR throttles loopback sevenfold. Each
round runs every server in random order; a figure counts only as a ratio to nginx in the same round.
CPU is that of the server's processes (ticks of 10 ms). Needs root, or user namespaces.
"""
import argparse
import json
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

NGINX = """worker_processes {processes}; worker_rlimit_nofile 20000; user root; daemon off; pid {folder}/nginx.pid; error_log {folder}/nginx.err;
events {{ worker_connections 15000; }}
http {{ access_log off; sendfile on; tcp_nopush on; tcp_nodelay on; keepalive_requests 100000000; keepalive_timeout 600;
  client_max_body_size 0; client_body_temp_path {uploads}/tmp; client_body_buffer_size 256k; default_type application/octet-stream; ssl_protocols TLSv1.3;
  server {{ listen 127.0.0.1:{port} backlog=4096; listen 127.0.0.1:{tls} ssl backlog=4096; server_name localhost;
    ssl_certificate {folder}/cert.pem; ssl_certificate_key {folder}/key.pem;
    location / {{ root {files}; }}
    location /upload {{ root {uploads}/nginx; dav_methods PUT; create_full_put_path on; }} }} }}
"""
H2O = """num-threads: {processes}
user: root
max-connections: 15000
http1-request-timeout: 600
listen: {{port: {port}, host: 127.0.0.1}}
listen:
  port: {tls}
  host: 127.0.0.1
  ssl: {{certificate-file: {folder}/cert.pem, key-file: {folder}/key.pem, minimum-version: TLSv1.2}}
hosts: {{default: {{paths: {{/: {{file.dir: {files}}}}}}}}}
"""


def enter_namespace():
    """Runs this script again in a network namespace of its own, once."""
    if os.environ.get("SEALIFT_BENCH_NAMESPACE"):
        subprocess.run(["ip", "link", "set", "lo", "up"], check=True)
        pathlib.Path("/proc/sys/net/ipv4/tcp_congestion_control").write_text("reno")
        return
    os.environ["SEALIFT_BENCH_NAMESPACE"] = "1"
    how = ["unshare", "--net"] if os.geteuid() == 0 else ["unshare", "--net", "--map-root-user"]
    os.execvp(how[0], [*how, sys.executable, *sys.argv])


def family(pid):
    """A process and everything below it."""
    pids = [pid]
    for task in pathlib.Path(f"/proc/{pid}/task").glob("*/children"):
        for child in task.read_text().split():
            pids += family(int(child))
    return pids


class Server:
    def __init__(self, name, command, port, tls):
        self.name, self.port, self.tls = name, port, tls
        self.process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
                                        start_new_session=True)

    def cpu_seconds(self):
        ticks = 0
        for pid in family(self.process.pid):
            fields = pathlib.Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()
            ticks += int(fields[11]) + int(fields[12])
        return ticks / os.sysconf("SC_CLK_TCK")

    def pss_kib(self):
        total = 0
        for pid in family(self.process.pid):
            for line in pathlib.Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines():
                if line.startswith("Pss:"):
                    total += int(line.split()[1])
        return total

    def stop(self):
        try:
            os.killpg(self.process.pid, signal.SIGKILL)
        except ProcessLookupError:
            pass
        self.process.wait()


class Bench:
    def __init__(self, options):
        self.options = options
        self.build = pathlib.Path(options.build).resolve()
        self.folder = pathlib.Path(tempfile.mkdtemp(prefix="bench-server-"))
        self.files = pathlib.Path(tempfile.mkdtemp(prefix="bench-server-", dir="/dev/shm"))
        self.uploads = pathlib.Path(tempfile.mkdtemp(prefix="bench-server-", dir=str(self.build)))
        (self.uploads / "nginx" / "upload").mkdir(parents=True)
        (self.uploads / "sealift").mkdir()
        self.servers = {}

    def prepare(self):
        for name, size in (("large", self.options.mib << 20), ("eighth", (self.options.mib << 20) // 8)):
            with open(self.files / name, "wb") as out:
                block = os.urandom(1 << 20)
                for _ in range(size >> 20):
                    out.write(block)
        (self.files / "small").write_bytes(b"x" * 1024)
        subprocess.run(["openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:P-256", "-nodes",
                        "-days", "30", "-subj", "/CN=localhost", "-addext", "subjectAltName=DNS:localhost",
                        "-keyout", self.folder / "key.pem", "-out", self.folder / "cert.pem"],
                       check=True, stderr=subprocess.DEVNULL)

    def start(self, download="large"):
        """Starts every server that is there. Ours has one file to offer."""
        self.stop()
        processes = str(os.cpu_count())
        place = dict(folder=self.folder, files=self.files, uploads=self.uploads, processes=processes)
        (self.folder / "nginx.conf").write_text(NGINX.format(port=8100, tls=8143, **place))
        (self.folder / "h2o.conf").write_text(H2O.format(port=8200, tls=8243, **place))
        commands = {
            "sealift": ([self.build / "bench_server", "8000", "8043", self.folder / "cert.pem", self.folder / "key.pem",
                         self.files / download, self.uploads / "sealift", processes], 8000, 8043),
            "nginx": (["nginx", "-c", self.folder / "nginx.conf"], 8100, 8143),
        }
        if shutil.which("h2o"):
            commands["h2o"] = (["h2o", "-c", self.folder / "h2o.conf"], 8200, 8243)
        for name, (command, port, tls) in commands.items():
            self.servers[name] = Server(name, [str(word) for word in command], port, tls)
        time.sleep(1)

    def stop(self):
        for server in self.servers.values():
            server.stop()
        self.servers = {}

    def client(self, server, mode, tls, path, *more):
        command = [self.build / "load_client", mode, server.tls if tls else server.port,
                   self.folder / "cert.pem" if tls else "-", path, *more]
        before = server.cpu_seconds()
        done = subprocess.run([str(word) for word in command], capture_output=True, text=True, timeout=600)
        if done.returncode != 0:
            raise RuntimeError(f"{server.name}: {done.stderr.strip()}")
        seconds, count = done.stdout.split()
        return float(seconds), int(count), server.cpu_seconds() - before

    def clean_uploads(self):
        for place in (self.uploads / "sealift", self.uploads / "nginx" / "upload"):
            for file in place.iterdir():
                file.unlink()
        os.sync()

    def rounds(self, title, names, run, unit):
        """One measurement: interleaved rounds, each server's rate and CPU, and ratios to nginx."""
        rates = {name: [] for name in names}
        costs = {name: [] for name in names}
        for _ in range(self.options.rounds):
            order = list(names)
            random.shuffle(order)
            for name in order:
                seconds, count, cpu = run(self.servers[name])
                rates[name].append(count / seconds)
                costs[name].append(cpu / count)
        result = {}
        for name in names:
            ratios = [mine / peer for mine, peer in zip(rates[name], rates["nginx"])]
            scale, cost_scale = (2.0**20, 2.0**30) if unit == "MiB/s" else (1.0, 1e6)
            result[name] = {"median": statistics.median(rates[name]) / scale,
                            "ratio_min": min(ratios), "ratio": statistics.median(ratios), "ratio_max": max(ratios),
                            "cpu": statistics.median(costs[name]) * cost_scale}
            cost = "CPU-s/GiB" if unit == "MiB/s" else "CPU-us/request"
            print(f"{title:34} {name:8} {result[name]['median']:9.0f} {unit:6} x nginx {min(ratios):5.2f} /"
                  f" {statistics.median(ratios):5.2f} / {max(ratios):5.2f}   {result[name]['cpu']:6.3f} {cost}", flush=True)
        return result

    def memory(self, tls):
        """PSS a connection costs after one request, with all of them idle at once."""
        count = self.options.memory_connections
        result = {}
        for name in self.servers:
            server = self.servers[name]
            before = server.pss_kib()
            command = [self.build / "load_client", "idle", server.tls if tls else server.port,
                       self.folder / "cert.pem" if tls else "-", "/small", count]
            client = subprocess.Popen([str(word) for word in command], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
            ready = client.stdout.readline().strip() == "ready"
            result[name] = (server.pss_kib() - before) / count if ready else None
            client.communicate()
            shown = f"{result[name]:6.2f} KiB each" if ready else "did not hold them"
            print(f"{'idle ' + ('TLS' if tls else 'plain') + f', {count} connections':34} {name:8} {shown}", flush=True)
        return result

    def run(self):
        self.prepare()
        size = self.options.mib << 20
        requests = self.options.requests
        everyone = ["sealift", "nginx"] + (["h2o"] if shutil.which("h2o") else [])
        two = ["sealift", "nginx"]
        plan = {
            "tls1": lambda: self.rounds("TLS download, 1 connection", everyone,
                                        lambda s: self.client(s, "get", True, "/large", 1), "MiB/s"),
            "plain1": lambda: self.rounds("plain download, 1 connection", two,
                                          lambda s: self.client(s, "get", False, "/large", 1), "MiB/s"),
            "tls8": lambda: self.rounds("TLS download, 8 connections", everyone,
                                        lambda s: self.client(s, "get", True, "/eighth", 8), "MiB/s"),
            "put": lambda: self.rounds("TLS upload, ours durable", two, lambda s: self.upload(s, True, size), "MiB/s"),
            "putplain": lambda: self.rounds("plain upload, ours durable", two,
                                            lambda s: self.upload(s, False, size), "MiB/s"),
            "small": lambda: self.rounds("GET 1 KiB, 64 connections", everyone,
                                         lambda s: self.client(s, "small", False, "/small", 64, requests), "req/s"),
            "smalltls": lambda: self.rounds("GET 1 KiB over TLS, 64 connections", everyone,
                                            lambda s: self.client(s, "small", True, "/small", 64, requests), "req/s"),
            "idle": lambda: self.memory(False),
            "idletls": lambda: self.memory(True),
        }
        chosen = self.options.only.split(",") if self.options.only else list(plan)
        results = {}
        for name in chosen:
            self.start("eighth" if name == "tls8" else "large")
            results[name] = plan[name]()
        if self.options.json:
            pathlib.Path(self.options.json).write_text(json.dumps(results, indent=1) + "\n")

    def upload(self, server, tls, size):
        done = self.client(server, "put", tls, "/upload/x", 1, size)
        self.clean_uploads()
        return done

    def close(self):
        self.stop()
        for folder in (self.folder, self.files, self.uploads):
            shutil.rmtree(folder, ignore_errors=True)


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("build")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--mib", type=int, default=2048)
    parser.add_argument("--requests", type=int, default=200000)
    parser.add_argument("--memory-connections", type=int, default=10000)
    parser.add_argument("--only", default="")
    parser.add_argument("--json", default="")
    options = parser.parse_args()
    enter_namespace()
    if os.geteuid() == 0:
        try:
            os.nice(-10)  # servers and clients alike: a busy neighbour disturbs less
        except OSError:
            pass
    bench = Bench(options)
    try:
        bench.run()
    finally:
        bench.close()


if __name__ == "__main__":
    main()
