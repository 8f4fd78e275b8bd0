#!/usr/bin/env python3
"""Files exchanged with stock age, both ways: tests/interop/age_interop.py BUILD_DIR

Every case seals with one program, opens with the other and compares. Prints the number of cases.
"""
import hashlib
import itertools
import pathlib
import random
import subprocess
import sys
import tempfile

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent.parent))
from script import Script  # noqa: E402

SIZES = [0, 1, 65535, 65536, 65537, 1 << 20, (1 << 20) + 1, 5_000_000]
LARGE_SIZE = 3 << 30
SEAL = {"sealift": ["sealift", "seal"], "age": ["age"]}
OPEN = {"sealift": ["sealift", "open"], "age": ["age", "-d"]}
DIRECTIONS = [("sealift", "age"), ("age", "sealift")]


class Interop:
    def __init__(self, build, work):
        self.script = Script(build, work)
        self.work = pathlib.Path(work)
        self.count = 0

    def run(self, words, **how):
        done = subprocess.run(words, cwd=self.work, env=self.script.env, capture_output=True, **how)
        if done.returncode:
            raise SystemExit(f"{' '.join(words)}: exit status {done.returncode}\n"
                             + done.stderr.decode(errors="replace"))
        return done.stdout

    def text(self):
        return (self.work / "text").read_bytes()

    def make_keys(self):
        """{kind: (private key file, recipient option and value)}"""
        keys = {}
        self.run(["sealift", "keygen", "-o", "ours.key"])
        self.run(["age-keygen", "-o", "theirs.key"])
        for name in ("ours", "theirs"):
            recipient = self.run(["age-keygen", "-y", f"{name}.key"]).decode().strip()
            keys[f"X25519 key of {name}"] = (f"{name}.key", ["-r", recipient])
        for kind, size in (("ed25519", []), ("rsa", ["-b", "3072"])):
            self.run(["ssh-keygen", "-q", "-t", kind, *size, "-N", "", "-f", f"ssh_{kind}"])
            keys[f"ssh-{kind}"] = (f"ssh_{kind}", ["-R", f"ssh_{kind}.pub"])
        return keys

    def keys_and_sizes(self, keys):
        for (kind, (private, recipient)), size, armor, (sealer, opener) in itertools.product(
                keys.items(), SIZES, ([], ["-a"]), DIRECTIONS):
            text = random.Random(size).randbytes(size)
            (self.work / "text").write_bytes(text)
            self.run([*SEAL[sealer], *recipient, *armor, "-o", "sealed", "text"])
            # a file on one side, a pipe on the other
            sealed = (self.work / "sealed").read_bytes()
            if self.run([*OPEN[opener], "-i", private], input=sealed) != text:
                raise SystemExit(f"{kind}, {size} bytes, {sealer} to {opener}: texts differ")
            self.count += 1

    def several_recipients(self, keys):
        everybody = [word for _, recipient in keys.values() for word in recipient]
        for sealer, opener in DIRECTIONS:
            self.run([*SEAL[sealer], *everybody, "-o", "sealed", "text"])
            for private, _ in keys.values():
                if self.run([*OPEN[opener], "-i", private, "sealed"]) != self.text():
                    raise SystemExit(f"several recipients, {sealer} to {opener}: texts differ")
                self.count += 1

    def passphrases(self):
        for armor, (sealer, opener) in itertools.product(([], ["-a"]), DIRECTIONS):
            self.script.do_type(False, "seven-green-lamps", "seven-green-lamps")
            self.script.do_exec(False, *SEAL[sealer], "-p", *armor, "-o", "sealed", "text")
            self.script.do_type(False, "seven-green-lamps")
            self.script.do_exec(False, *OPEN[opener], "sealed")
            if self.script.out != self.text():
                raise SystemExit(f"passphrase, {sealer} to {opener}: texts differ")
            self.count += 1

    def large(self):
        """Several GiB through pipes from end to end; nothing of it touches a disk."""
        recipient = self.run(["age-keygen", "-y", "ours.key"]).decode().strip()
        source = [["openssl", "enc", "-aes-128-ctr", "-K", "00" * 16, "-iv", "00" * 16, "-in",
                   "/dev/zero"], ["head", "-c", str(LARGE_SIZE)]]
        expected = self.digest_of(source)
        for sealer, opener in DIRECTIONS:
            chain = [[*SEAL[sealer], "-r", recipient], [*OPEN[opener], "-i", "ours.key"]]
            if self.digest_of([*source, *chain]) != expected:
                raise SystemExit(f"{LARGE_SIZE} bytes, {sealer} to {opener}: texts differ")
            self.count += 1

    def digest_of(self, chain):
        running, previous = [], None
        for words in chain:
            running.append(subprocess.Popen(words, stdin=previous, stdout=subprocess.PIPE,
                                            stderr=subprocess.DEVNULL, cwd=self.work,
                                            env=self.script.env))
            if previous:
                previous.close()
            previous = running[-1].stdout
        digest = hashlib.sha256()
        while piece := previous.read(1 << 20):
            digest.update(piece)
        previous.close()
        running[0].wait()  # cut off by head, which it reports as a failure
        if any(child.wait() for child in running[1:]):
            raise SystemExit("a program of the chain failed")
        return digest.digest()


def main():
    with tempfile.TemporaryDirectory() as work:
        interop = Interop(pathlib.Path(sys.argv[1]).resolve(), work)
        keys = interop.make_keys()
        interop.keys_and_sizes(keys)
        interop.several_recipients(keys)
        interop.passphrases()
        interop.large()
        version = interop.run(["age", "--version"]).decode().strip()
        print(f"{interop.count} files exchanged with age {version}, both ways")
    return 0


if __name__ == "__main__":
    sys.exit(main())
