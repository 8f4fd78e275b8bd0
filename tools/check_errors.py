#!/usr/bin/env python3
"""Every sentence of an error has a test that names it, or a reason here why no test can meet it.

    check_errors.py           fails when a sentence has neither, or has a reason and is gone or is named after all
    check_errors.py --list    the sentences that no test names, reason or not, each with its file

The refusals of data/errors/refusals.json have a check of their own (tests/system/error_tables_test.py). This one is for
what the command line, the operator's verbs, the client's library and the server's start say by themselves: every
literal, or pattern of literals and values, that goes into an Error or a Failure in ROOMS. A test names a sentence when
it has four words in a row of it, or all of a shorter one, which no other sentence has; or else all of it by itself.
"""
import re
import sys
from collections import Counter

import check_french as french
import messages

ROOT = french.ROOT
ROOMS = ("admin", "base", "census", "cli", "client", "drill", "sealift")
# What stops a server's start, and what its keepers refuse; the rest of it speaks to programs.
STARTING = ("config", "daemon", "listener", "sealiftd_main", "supervisor/", "vault/data_folder", "vault/directory_keeper", "vault/host",
            "vault/key_mark", "vault/place_of_data", "vault/reopen_key", "vault/sequencer", "vault/upkeep/")
CALLS = {*french.SENTENCE_CALLS, "fail_usage", "Failure", "refusal", "lost_failure", "named", "wrong_usage", "no_address"}
TESTS = ("tests/**/*.py", "tests/**/*.txt", "src/**/*_test.cc", "web/tests/*.mjs", "web/src/**/*.test.*")
WORD = re.compile(r"[A-Za-z0-9_'-]+")
RUN = 4  # words
MARKS = r' \| |"|\n|\^|\$'  # what sets sentences apart in a test; a context's colon does, too

DISK = "a disk or a system that fails: the tests with faults meet it, and judge its code"
LIES = "a server that lies or breaks off: the tests of the client's library judge the code that each lie ends in"
TYPED = "a person who answers no at a terminal, or closes it"
RACE = "another process in between, for which no test waits"
OTHERS = "takes a second account of the machine"
BUILT = "wrong data in the program itself"
# Why no test names them: what the path below src begins with, what the sentence does, and the reason.
UNREACHED = (
    ("base/atomic_file.cc", "", DISK), ("base/file_system.cc", "", DISK), ("census/case/export.cc", "writing", DISK),
    ("census/case/case.cc", "making the case's file", DISK), ("census/case/case_sql.cc", "using", DISK),
    ("census/case/case_people.cc", "", "a case whose one row is damaged: what SQLite itself finds is met before"),
    ("census/case/case_put.cc", "", "the scanner's own order of calls"), ("census/names/", "", BUILT), ("census/structure/", "", BUILT),
    ("census/case/case.cc", "the case's file is not yours", OTHERS), ("cli/profiles.cc", "make the folder", DISK),
    ("cli/verbs/profile.cc", "remove the profile", DISK), ("cli/verbs/log_server.cc", "", TYPED),
    ("cli/verbs/recovery.cc", "", LIES),
    ("cli/verbs/given_out.cc", "--recovered-with takes", "a file that officers wrote, with two keys"),
    ("cli/verbs/log_monitor.cc", "", LIES), ("cli/verbs/log_witness.cc", "", LIES), ("cli/verbs/login.cc", "the link's address", LIES),
    ("cli/verbs/receive.cc", "", LIES), ("cli/witness_check.cc", "", LIES), ("client/account/", "", LIES), ("client/api/", "", LIES),
    ("client/http_client.cc", "", LIES), ("client/internal/", "", LIES), ("client/transfer/", "", f"{LIES}; or {DISK}"),
    ("drill/", "", "the drill's own search, which drill_test.py runs to its end"),
    ("server/daemon.cc", "", OTHERS), ("server/vault/place_of_data.cc", "", OTHERS), ("server/listener.cc", "another file", RACE),
    ("server/supervisor/control.cc", "", RACE), ("server/vault/directory_keeper.cc", "the directory's log can't", DISK),
    ("server/vault/directory_keeper.cc", "the directory's log is of another key", "its log.key is judged before"),
    ("server/vault/upkeep/backup.cc", "parcels end", RACE), ("server/vault/upkeep/backup.cc", "{} belongs", OTHERS),
    ("server/vault/upkeep/generation.cc", "backup's marker", "a whole marker with a field less"),
    ("server/vault/upkeep/log_copy.cc", "", RACE),
)


def errors_in(inside):
    """Patterns in calls of CALLS, and in what has an ErrorCode beside them."""
    for at, token in enumerate(inside):
        if token[0] != "group" or token[1] == "[":
            continue
        before = inside[at - 1][1] if at and inside[at - 1][0] == "other" else ""
        if before in CALLS or ("other", "ErrorCode") in token[2] and ("other", ";") not in token[2]:
            for _, pattern, _ in french.pieces_of(token[2], before):
                yield pattern
        else:
            yield from errors_in(token[2])


def sentences():
    """Where each stands. One word says nothing by itself: it is the name of a reason, a fact or an option."""
    found = {}
    starting = tuple(f"server/{each}" for each in STARTING)
    for path in french.sources((*ROOMS, "server")):
        place = path.relative_to(ROOT / "src").as_posix()
        if place.startswith("server/") and not place.startswith(starting):
            continue
        for pattern in errors_in(french.tree_of(french.tokens_of(path.read_text(encoding="utf-8")))):
            if any(len(piece) > 1 for piece in pieces_of(pattern)):
                found.setdefault(pattern, place)
    return found


def pieces_of(pattern):
    """The words between values."""
    return [words for words in (WORD.findall(piece) for piece in re.split(r"\{\}|\n", messages.PLACEHOLDER.sub("{}", pattern)))
            if words]


def runs_of(pattern):
    for words in pieces_of(pattern):
        if len(words) > 1:
            yield from (tuple(words[at:at + RUN]) for at in range(max(1, len(words) - RUN + 1)))


def texts_of_tests():
    for path in (path for pattern in TESTS for path in ROOT.glob(pattern)):
        text = re.sub(r'"\s*\n\s*[fr]*"', "", path.read_text(encoding="utf-8"))  # literals that follow each other are one
        yield re.sub(r"\\(.)", r"\1", text)


def unnamed(found):
    owners = Counter(run for pattern in found for run in set(runs_of(pattern)))
    wanted = {run for run, count in owners.items() if count == 1}
    tested, spans = set(), set()
    for text in texts_of_tests():
        words = WORD.findall(text)
        for length in range(2, RUN + 1):
            tested.update(wanted.intersection(zip(*(words[at:] for at in range(length)))))
        spans.update(span for marks in (MARKS, MARKS + "|: ") for span in re.split(marks, text) if " " in span and len(span) < 200)
    left = {pattern: path for pattern, path in found.items() if not tested.intersection(runs_of(pattern))}
    left = dict(sorted(left.items(), key=lambda item: -len(item[0])))  # what contains another one comes first
    said = whole(left)
    alone = {found.lastgroup for found in map(said.fullmatch, spans) if found}
    return {pattern: path for at, (pattern, path) in enumerate(left.items()) if f"at{at}" not in alone}


def whole(patterns):
    """For those that have no run of their own: all of one, from one mark to the next."""
    def one(pattern):
        return ".+".join(re.escape(piece) for piece in messages.PLACEHOLDER.sub("{}", pattern).split("{}"))
    return re.compile("|".join(f"(?P<at{at}>{one(pattern)})" for at, pattern in enumerate(patterns)))


def reason_of(pattern, path):
    return next((row for row in UNREACHED if path.startswith(row[0]) and pattern.startswith(row[1])), None)


def main():
    found = sentences()
    left = unnamed(found)
    if "--list" in sys.argv:
        for pattern, path in left.items():
            print(f"{path}: {pattern!r}")
    reasons = {pattern: reason_of(pattern, path) for pattern, path in left.items()}
    wrong = [f"src/{left[pattern]}: no test names {pattern!r}" for pattern, row in reasons.items() if not row]
    wrong += [f"tools/check_errors.py: nothing needs the reason of {row[:2]}" for row in UNREACHED if row not in reasons.values()]
    for line in wrong:
        print(line)
    print(f"errors: {len(found)} sentences, {len(found) - len(left)} named by a test, {len(left) - sum(1 for row in reasons.values() if not row)} with a reason, {len(wrong)} wrong")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
