#!/usr/bin/env python3
"""The census at scale: bench/census/run.py BUILD [--size 6500] [--stage-mb 150] [--work DIR] [--jobs N]

1. Stages, in MB of input per second of CPU: finding in text, reading each format in memory, and each
   kind of file through the whole chain (reader process, understanding, case) with one job.
2. A whole invented dump without OCR: time to the first people, total time, CPU, and the peak of
   memory of all processes together (proportional set size, and the part that is no file's pages).

CPU seconds hold on a machine that others use; wall times do not, so the load is printed beside them.
--size 0 leaves the dump out, --stage-mb 0 the stages. An existing dump in DIR is used again.
"""
import argparse
import collections
import json
import os
import pathlib
import resource
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time

KINDS = [("register_csv", "registers of people, CSV"), ("register_xlsx", "registers of people, XLSX"),
         ("letter_docx", "letters, DOCX"), ("case_pdf", "case files, PDF with text"), ("mail", "mails, EML"),
         ("mailbox", "mail folders, MBOX"), ("zip", "archives of all these, ZIP"),
         ("clean_budget_csv", "budgets, CSV"), ("clean_budget_xlsx", "budgets, XLSX"),
         ("clean_program_text", "program text"), ("clean_log_text", "logs")]


def run_quietly(command):
    subprocess.run([str(c) for c in command], check=True, stdout=subprocess.DEVNULL)


def child_cpu():
    usage = resource.getrusage(resource.RUSAGE_CHILDREN)
    return usage.ru_utime + usage.ru_stime


def micro(program, pattern):
    """Yields (name, figure text) of Google Benchmark's results by CPU time."""
    done = subprocess.run([program, f"--benchmark_filter={pattern}", "--benchmark_format=json"], check=True,
                          capture_output=True, text=True)
    for result in json.loads(done.stdout)["benchmarks"]:
        name = result["name"].split("/")[0].replace("_", " ")
        if "bytes_per_second" in result:
            yield name, f"{result['bytes_per_second'] / 1e6:.1f} MB/s"
        else:
            seconds = result["real_time"] / 1e3
            yield name, f"{result['items_per_second'] * result['cpu_time'] / 1e3:,.0f} records in {seconds:.0f} s"


def make_dump(build, folder, size_mb):
    if not (folder / "made.json").exists():
        shutil.rmtree(folder, ignore_errors=True)
        run_quietly([build / "make_census_dump", folder, size_mb])
    return json.loads((folder / "made.json").read_text())


def scan_command(build, case, paths, jobs):
    return [build / "sealift", "census", "scan", *paths, "--case", case, "--no-ocr", "--jobs", jobs]


def measure_kinds(build, folder, work):
    """Prints MB/s of CPU for each kind of file; what starting costs is taken off."""
    def cpu_of(paths):
        case = work / "kind"
        shutil.rmtree(case, ignore_errors=True)
        before = child_cpu()
        run_quietly(scan_command(build, case, paths, 1))
        return child_cpu() - before
    nothing = work / "empty.txt"
    nothing.write_text("\n")
    start = min(cpu_of([nothing]) for _ in range(3))
    for kind, words in KINDS:
        paths = sorted((folder / "files").glob(f"*/*/{kind}-*"))
        size = sum(path.stat().st_size for path in paths)
        cpu = max(0.001, cpu_of(paths) - start)
        print(f"  {words:34}{size / 1e6:8.1f} MB {cpu:8.2f} s CPU {size / 1e6 / cpu:8.1f} MB/s")


def tree_of(pid):
    """The process and what it started, as far as it lives."""
    try:
        children = pathlib.Path(f"/proc/{pid}/task").glob("*/children")
        below = [int(child) for listed in children for child in listed.read_text().split()]
    except OSError:
        return []
    return [pid] + [one for child in below for one in tree_of(child)]


def memory_mib(pid):
    """(proportional set size, anonymous part of it) of a process tree."""
    total = collections.Counter()
    for one in tree_of(pid):
        try:
            for line in pathlib.Path(f"/proc/{one}/smaps_rollup").read_text().splitlines()[1:]:
                name, size = line.split()[:2]
                total[name] += int(size)
        except OSError:
            continue  # it has ended
    return total["Pss:"] / 1024, total["Pss_Anon:"] / 1024


def people_in(case):
    try:
        with sqlite3.connect(f"file:{case}/case.sqlite?mode=ro", uri=True, timeout=0.05) as database:
            return database.execute("SELECT count(*) FROM person").fetchone()[0]
    except sqlite3.Error:
        return 0


def measure_dump(build, folder, work, jobs):
    case = work / "dump-case"
    shutil.rmtree(case, ignore_errors=True)
    before, began = child_cpu(), time.monotonic()
    loads, first, peak, peak_anonymous, lookups = [], None, 0, 0, 0
    with open(work / "scan.out", "w+") as out:
        scan = subprocess.Popen([str(c) for c in scan_command(build, case, [folder / "files"], jobs)], stdout=out)
        while scan.poll() is None:
            time.sleep(0.25)
            whole, anonymous = memory_mib(scan.pid)
            peak, peak_anonymous = max(peak, whole), max(peak_anonymous, anonymous)
            lookups += 1
            if first is None and people_in(case) > 0:
                first = time.monotonic() - began, people_in(case)
            if lookups % 40 == 0:
                loads.append(os.getloadavg()[0])
        wall, cpu = time.monotonic() - began, child_cpu() - before
        out.seek(0)
        print(f"  scan said: {out.read().strip()}; exit status {scan.returncode}")
    bytes_read = sum(path.stat().st_size for path in folder.glob("files/**/*") if path.is_file())
    load = sum(loads) / max(1, len(loads))
    print(f"  {bytes_read / 1e9:.2f} GB, {jobs} jobs; mean load of the machine {load:.1f} on {os.cpu_count()} cores")
    if first:
        print(f"  first people after {first[0]:.1f} s ({first[1]} of them)")
    print(f"  whole: {wall / 60:.1f} min wall, {cpu / 60:.1f} min CPU"
          f" ({cpu / 60 / jobs:.1f} min on {jobs} free cores), {bytes_read / 1e6 / cpu:.1f} MB/s of CPU")
    print(f"  peak memory of all processes: {peak:.0f} MiB, {peak_anonymous:.0f} MiB of it not pages of files")
    return case


def judge_dump(build, case, made, work):
    """What was found, beside what was made: nobody in text that holds nobody's data."""
    people, files = work / "people.jsonl", work / "files.jsonl"
    run_quietly([build / "sealift", "census", "export", "--case", case, "--people", people, "--files", files])
    found, false_elements = 0, 0
    for line in people.open():
        found += 1
        false_elements += sum(any("/clean_" in e["path"] for e in element["evidence"])
                              for element in json.loads(line)["elements"])
    statuses = collections.Counter(json.loads(line)["status"] for line in files.open())
    clean = sum(part["bytes"] for kind, part in made.items() if kind.startswith("clean_"))
    print(f"  people: {found} found, {made['people']} named; files: {dict(statuses)}")
    print(f"  values found in {clean / 1e6:.0f} MB of text without any: {false_elements}")


def main():
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("build", type=pathlib.Path)
    parser.add_argument("--size", type=int, default=6500)
    parser.add_argument("--stage-mb", type=int, default=150)
    parser.add_argument("--work", type=pathlib.Path)
    parser.add_argument("--jobs", type=int, default=2)
    arguments = parser.parse_args()
    work = arguments.work or pathlib.Path(tempfile.mkdtemp(prefix="bench-census-"))
    work.mkdir(parents=True, exist_ok=True)
    build = arguments.build
    print(f"load {os.getloadavg()[0]:.1f} on {os.cpu_count()} cores")
    if arguments.stage_mb:
        print("in memory, one core, by CPU time")
        for program, pattern in (("census_bench", "_in_"), ("readers_bench", "read_"),
                                 ("census_bench", "resolve_records/1000000")):
            for name, figure in micro(build / program, pattern):
                print(f"  {name:34}{figure}")
        print("through the whole chain, one job, by CPU time of all processes")
        make_dump(build, work / "stages", arguments.stage_mb)
        measure_kinds(build, work / "stages", work)
    if arguments.size:
        print("a whole dump without OCR")
        made = make_dump(build, work / "dump", arguments.size)
        case = measure_dump(build, work / "dump", work, arguments.jobs)
        judge_dump(build, case, made, work)
    if arguments.work is None:
        shutil.rmtree(work)


if __name__ == "__main__":
    sys.exit(main())
