#!/usr/bin/env python3
"""The attackers' own tools against a running Sealift: sqlmap (Host header included), wapiti, slowhttptest, testssl, h2load.

    tools.py BUILD_DIR [TOOL...]

Each run is bounded, and judged by what the tool itself reports; the table at the end says what each one found. Needs the packages of
tools/packages-attack.txt. Everything listens on loopback.
"""
import base64
import json
import pathlib
import re
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent / "system"))

from support import raw_http
from support.server import Server

LIMIT_S = 900


def run(arguments, limit_s=LIMIT_S):
    done = subprocess.run(arguments, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, timeout=limit_s, stdin=subprocess.DEVNULL)
    return done.stdout.decode("utf-8", "replace")


def sqlmap(server, person, folder):
    """Every header that is parsed, a path, a query and a JSON body. Gives (runs, findings)."""
    url = f"http://127.0.0.1:{server.port}"
    bearer = f"Authorization: Bearer {person.token}"
    runs = [
        ["-u", url + "/api/v1/server", "--headers", "Host: 127.0.0.1*\nX-Forwarded-For: 1*"],
        ["-u", url + "/api/v1/account", "--headers", "Authorization: Bearer *"],
        ["-u", url + "/api/v1/parcels/" + "0" * 32 + "*", "--headers", bearer],
        ["-u", url + "/api/v1/parcels/sent?cursor=1", "--headers", bearer],
        ["-u", url + "/api/v1/sessions", "--method", "POST", "--headers", "Content-Type: application/json",
         "--data", '{"address":"a@b.test*","authentication_key":"' + base64.b64encode(b"k" * 32).decode() + '"}'],
    ]
    findings = []
    for number, arguments in enumerate(runs):
        text = run(["sqlmap", *arguments, "--batch", "--level", "2", "--risk", "2", "--flush-session", "--technique", "BEUSQ",
                    "--ignore-code", "*", "--timeout", "5", "--retries", "0", "--output-dir", str(folder / f"sqlmap{number}")])
        if not re.search(r"all tested parameters do not appear to be injectable|no parameter\(s\) found", text):
            findings.append(text[-800:])
    return len(runs), findings


def wapiti(server, _person, folder):
    report = folder / "wapiti.json"
    run(["wapiti", "-u", f"http://127.0.0.1:{server.port}/api/v1/server", "--scope", "domain", "-m", "all", "--flush-session", "-f", "json", "-o", str(report),
         "--max-scan-time", "300", "-v", "0", "--no-bugreport"])
    found = json.loads(report.read_text())
    findings = [f"{kind}: {len(each)}" for group in ("vulnerabilities", "anomalies") for kind, each in found[group].items() if each]
    return 1, findings


def slowhttptest(server, _person, folder):
    """Slow heads, slow bodies and slow reading, 500 connections at once, beside a client that has to be served."""
    url = f"http://127.0.0.1:{server.port}/api/v1/sessions"
    findings = []
    kinds = {"slow head": ["-H", "-i", "5"], "slow body": ["-B", "-i", "5", "-s", "8192"], "slow reading": ["-X", "-w", "10", "-y", "20", "-n", "5", "-z", "5"]}
    for kind, arguments in kinds.items():
        prober = raw_http.Client(server.port)
        tool = subprocess.Popen(["slowhttptest", "-c", "500", "-r", "200", "-l", "40", "-p", "3", "-u", url, *arguments],
                                stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, stdin=subprocess.DEVNULL)
        asked = served = 0
        while tool.poll() is None:
            asked += 1
            answer = prober.ask("GET", "/health/live")
            served += answer is not None and answer.status == 200
            try:
                tool.wait(timeout=0.5)
            except subprocess.TimeoutExpired:
                pass
        print(f"  {kind}: {served} of {asked} probes served")
        if asked < 10 or served < asked:
            findings.append(f"{kind}: {served} of {asked} probes served")
    return len(kinds), findings


def testssl(server, _person, folder):
    report = folder / "testssl.json"
    run(["testssl", "--quiet", "--color", "0", "--jsonfile", str(report), "--protocols", "--server-defaults", "--server-preference", "--vulnerable", "--each-cipher", "--fs",
         f"127.0.0.1:{server.port}"])
    # A certificate made for loopback cannot be trusted, nor revoked.
    excused = re.compile(r"^cert_|^trust|^DNS_CAA|^OCSP|^cert|^scan|^engine|^BREACH")
    findings = [f"{each['id']}: {each['severity']} {each['finding']}" for each in json.loads(report.read_text())
                if each["severity"] in ("LOW", "MEDIUM", "HIGH", "CRITICAL") and not excused.match(each["id"])]
    return 1, findings


def h2load(server, person, folder):
    """As many requests as it can make, over plain HTTP/1.1, of 200 connections at once: of anyone, with a login, of a route that is
    not there. Each has to get the answer that one alone gets, and a client beside them is served."""
    url = f"http://127.0.0.1:{server.port}"
    held = ["-H", f"Authorization: Bearer {person.token}"]
    kinds = {"/health/live": ([], "2xx"), "/api/v1/server": ([], "2xx"), "/api/v1/policy": (held, "2xx"), "/api/v1/nothing": ([], "4xx")}
    findings = []
    for path, (more, expected) in kinds.items():
        asked, prober = 20_000, raw_http.Client(server.port)
        tool = subprocess.Popen(["h2load", "--h1", "-n", str(asked), "-c", "200", "-t", "2", *more, url + path], text=True,
                                stdout=subprocess.PIPE, stderr=subprocess.STDOUT, stdin=subprocess.DEVNULL)
        probes = served = 0
        while tool.poll() is None and probes < 10_000:
            answer = prober.ask("GET", "/health/live")
            probes, served = probes + 1, served + (answer is not None and answer.status == 200)
        text = tool.communicate(timeout=LIMIT_S)[0]
        counts = dict(reversed(each.split()) for each in re.search(r"status codes: (.*)", text)[1].split(", "))
        lost = re.search(r"(\d+) failed, (\d+) errored, (\d+) timeout", text)
        rate = re.search(r"([\d.]+) req/s", text)[1]
        print(f"  {path}: {rate} requests/s, {counts}; {served} of {probes} probes served")
        # h2load counts a 4xx as failed, which is what is due of a route that is not there.
        errors = int(lost[2]) + int(lost[3]) + (int(lost[1]) if expected == "2xx" else 0)
        if int(counts[expected]) != asked or errors or served < probes:
            findings.append(f"{path}: {counts}, {lost[0]}, {served} of {probes} probes served")
    return len(kinds), findings


TOOLS = {"sqlmap": sqlmap, "wapiti": wapiti, "slowhttptest": slowhttptest, "testssl": testssl, "h2load": h2load}


def main():
    build, chosen = sys.argv[1], sys.argv[2:] or list(TOOLS)
    table = []
    for name in chosen:
        print(f"{name} ...", flush=True)
        config = "requests_per_second = 100000\n" + ("tls = self-made\n" if name == "testssl" else "")
        with tempfile.TemporaryDirectory() as folder, Server(build, config=config) as server:
            roles = sorted(server.roles())
            runs, findings = TOOLS[name](server, server.account(), pathlib.Path(folder))
            if sorted(server.roles()) != roles:
                findings.append("a role crashed")
            table.append((name, runs, findings))
    failed = False
    for name, runs, findings in table:
        print(f"{name}: {runs} runs, {'nothing found' if not findings else f'{len(findings)} findings'}")
        for finding in findings:
            print("  " + finding)
        failed = failed or bool(findings)
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
