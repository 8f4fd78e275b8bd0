#!/usr/bin/env python3
"""Sealing and opening beside Debian's age and beside the machine's limit, in one run.

Prints medians over interleaved rounds, and ratios of medians: on a machine that others use, only
numbers of the same run can be compared. Settings are environment variables:

  SIZE_MIB (2048)    size of the text           ROUNDS (5)       interleaved rounds
  FAST_DIR (/dev/shm) memory-backed folder      FILES (10000)    small files, of 4 KiB
  RSS_MIB (1,1024,8192)  sizes for peak memory  THREADS (all)

BUILD is the folder of the built programs (build/release).
"""
import os
import pathlib
import statistics
import subprocess
import sys
import tempfile
import time


def setting(name, otherwise):
    """An empty variable, as make exports it, is one that is not set."""
    return os.environ.get(name) or otherwise


BUILD = pathlib.Path(setting("BUILD", "build/release"))
SIZE_MIB = int(setting("SIZE_MIB", "2048"))
ROUNDS = int(setting("ROUNDS", "5"))
FILES = int(setting("FILES", "10000"))
RSS_MIB = [int(s) for s in setting("RSS_MIB", "1,1024,8192").split(",")]
THREADS = setting("THREADS", str(os.cpu_count()))
FAST_DIR = setting("FAST_DIR", "/dev/shm")


def run(command, **more):
    """Seconds that the command took; ends the benchmark when it fails."""
    began = time.monotonic()
    more.setdefault("stdout", subprocess.DEVNULL)
    subprocess.run([str(c) for c in command], check=True, stderr=subprocess.DEVNULL, **more)
    return time.monotonic() - began


def peak_mib(command, stdin=None):
    """Peak resident size of the engine, as it reports it."""
    done = subprocess.run([str(c) for c in command], check=True, stdin=stdin, capture_output=True)
    return int(done.stdout) / 1024


def contest(title, commands, mib):
    """Interleaved rounds of every command; prints medians and ratios to the first and second."""
    times = {name: [] for name, _ in commands}
    for round_number in range(ROUNDS + 1):
        for name, action in commands:
            seconds = action()
            if round_number > 0:  # the first warms up
                times[name].append(seconds)
    print(f"\n{title}")
    print(f"  {'':24}{'MB/s median':>12}{'best':>8}  {'of limit':>9}  {'times age':>9}")
    median = {name: statistics.median(values) for name, values in times.items()}
    for name, values in times.items():
        of_limit = f"{median['limit'] / median[name]:9.1%}" if "limit" in median else " " * 9
        rate = mib * 1.048576
        print(f"  {name:24}{rate / median[name]:12.0f}{rate / min(values):8.0f}  {of_limit}  "
              f"{median['age'] / median[name]:9.2f}")


def main():
    engine, limit = BUILD / "age_engine", BUILD / "age_limit"
    with tempfile.TemporaryDirectory(dir=FAST_DIR) as name, open("/dev/null", "wb") as null:
        folder = pathlib.Path(name)
        text, sealed, payload = folder / "text", folder / "text.age", folder / "payload"
        identity = folder / "identity"
        run(["age-keygen", "-o", identity])
        recipient = subprocess.run(["age-keygen", "-y", identity], check=True, capture_output=True,
                                   text=True).stdout.strip()
        with open(text, "wb") as out:
            for _ in range(SIZE_MIB):
                out.write(os.urandom(1 << 20))
        run(["age", "-r", recipient, "-o", sealed, text])
        run([engine, "seal", THREADS, text, payload])
        print(f"{SIZE_MIB} MiB, {ROUNDS} rounds after one to warm up, {THREADS} threads, "
              f"{os.cpu_count()} processors, load {os.getloadavg()[0]:.1f}")
        seal = [BUILD / "sealift", "seal", "-r", recipient]
        open_ = [BUILD / "sealift", "open", "-i", identity]
        seals = [("limit", lambda: run([limit, "seal", THREADS, text])),
                 ("age", lambda: run(["age", "-r", recipient, text], stdout=null)),
                 ("engine", lambda: run([engine, "seal", THREADS, text, "/dev/null"])),
                 ("sealift", lambda: run([*seal, text], stdout=null))]
        opens = [("limit", lambda: run([limit, "open", THREADS, text])),
                 ("age", lambda: run(["age", "-d", "-i", identity, sealed], stdout=null)),
                 ("engine", lambda: run([engine, "open", THREADS, payload, "/dev/null"])),
                 ("sealift", lambda: run([*open_, sealed], stdout=null))]
        contest("seal, memory to /dev/null", seals, SIZE_MIB)
        contest("open, memory to /dev/null", opens, SIZE_MIB)

        back = folder / "back"

        def fresh(command):
            """Into a new file, for everybody: pages that a file has already are cheaper."""
            back.unlink(missing_ok=True)
            return run(command)

        to_file = [("age", lambda: fresh(["age", "-r", recipient, "-o", back, text])),
                   ("cp", lambda: fresh(["cp", text, back])),
                   ("engine", lambda: fresh([engine, "seal", THREADS, text, back])),
                   ("sealift", lambda: fresh([*seal, "-o", back, text]))]
        from_file = [("age", lambda: fresh(["age", "-d", "-i", identity, "-o", back, sealed])),
                     ("cp", lambda: fresh(["cp", text, back])),
                     ("engine", lambda: fresh([engine, "open", THREADS, payload, back])),
                     ("sealift", lambda: fresh([*open_, "-o", back, sealed]))]
        contest("seal, file to file", to_file, SIZE_MIB)
        contest("open, file to file", from_file, SIZE_MIB)
        for path in (back, text, sealed, payload):
            path.unlink()

        many = folder / "many"
        many.mkdir()
        for number in range(FILES):
            (many / str(number)).write_bytes(os.urandom(4096))
        done = subprocess.run([engine, "files", THREADS, many, str(FILES)], check=True, capture_output=True, text=True)
        seal_us, open_us = (float(word) for word in done.stdout.split())
        assert all((many / str(number)).read_bytes() == (many / f"{number}.back").read_bytes() for number in range(FILES))
        few = max(1, FILES // 100)
        seal_each = sum(run(["age", "-r", recipient, many / str(n)], stdout=null) for n in range(few)) / few * 1e6
        run(["age", "-r", recipient, "-o", sealed, many / "0"])
        open_each = sum(run(["age", "-d", "-i", identity, sealed], stdout=null) for _ in range(few)) / few * 1e6
        print(f"\n{FILES} files of 4 KiB with their headers, in one process: seal {seal_us:.0f} us, open {open_us:.0f} us a "
              f"file; age, in a process a file: {seal_each:.0f} and {open_each:.0f} us (mean of {few})")

        print("\npeak resident memory")
        for mib in RSS_MIB:
            sparse = folder / "sparse"
            with open(sparse, "wb") as out:
                out.truncate(mib << 20)
            seal = peak_mib([engine, "seal", THREADS, sparse, "/dev/null"])
            with open(sparse, "rb") as data:
                reader = subprocess.Popen(["cat"], stdin=data, stdout=subprocess.PIPE)
                piped = peak_mib([engine, "seal", THREADS, "-", "/dev/null"], reader.stdout)
                reader.stdout.close()
                reader.wait()
            run([engine, "seal", THREADS, sparse, folder / "sealed"])
            sparse.unlink()
            opened = peak_mib([engine, "open", THREADS, folder / "sealed", "/dev/null"])
            (folder / "sealed").unlink()
            print(f"  {mib:6} MiB: seal {seal:.1f} MiB, seal from a pipe {piped:.1f} MiB, "
                  f"open {opened:.1f} MiB", flush=True)


if __name__ == "__main__":
    main()
