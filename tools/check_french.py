#!/usr/bin/env python3
"""Holds the command line's sentences and data/messages/fr.po together.

    check_french.py             fails when a sentence that people may read has no French, some French is unused, or some
                                French (of the web client, too) is typeset in another way than the rest
    check_french.py --missing   prints the missing ones as PO, to be filled in

In src/cli, src/admin, src/drill and src/sealift every literal with two words or more counts as a sentence, and so
does any word that is printed; in the layers below, and in what `sealift admin` does at the server's own machine, what an
Error is made of, and what fsck finds. Sentences joined from literals and
values count as a pattern with a {value} in each gap. What is for programs or files is in NOT_FOR_PEOPLE.
"""
import os
import pathlib
import re
import sys

import messages

ROOT = pathlib.Path(__file__).resolve().parent.parent
SPEAKING = ("cli", "admin", "drill", "sealift")
# Their Errors reach people word by word. Those of the other layers are shown in French where they have one.
FAILING = ("age", "base", "census", "client", "crypto", "directory", "extract", "http", "log", "parcel", "readers", "tls")
# Below `sealift admin`: what stops it, and what fsck, backup and restore find, an operator reads. sealiftd itself speaks English.
OPERATING = ("catalog/internal/migrations.cc", "catalog/internal/sqlite_database.cc", "server/vault/data_folder.cc", "server/vault/host.cc",
             "server/vault/key_mark.cc", "server/vault/place_of_data.cc", "server/vault/reopen_key.cc", "server/vault/upkeep/")
FINDINGS = "server/vault/upkeep/check.cc"  # whose every text is shown, but for the names in JSON
# Whose every text is shown: the census's doubts, and why a file was not read whole.
SHOWN = ("census/people/doubts.cc", "extract/pool.cc", "extract/pile.cc")
TEST = re.compile(r"_(test|fuzz|bench|fixture)\.(cc|h)$|fault_file_system|faults?\.")
# Formats of files and protocols, and what only a developer meets.
NOT_FOR_PEOPLE = {
    "# created: {}\n# public key: {}\n",  # a key file, as age-keygen writes it
    "tls = self-made\nrequests_per_second = 1000000\n",  # a server's settings
    "sealift: serving at ",  # what sealiftd prints for programs, in every language
    "patient ", " has a secret\n", " has half a secret\n", "please read ", "papers of ", "password ",  # the drill's canaries
    " admin recovery-officer days new ", " keys keep verify generation ", " keys generation ", " config backup keys ",  # names of options
    " repair-what-is-safe end-what-is-lost ",
    # A witness's metrics.
    "# HELP sealift_witness_leaves Entries that this witness has signed for.\n# TYPE sealift_witness_leaves gauge\n",
    "# HELP sealift_witness_time_seconds When this witness last signed.\n# TYPE sealift_witness_time_seconds gauge\n",
    # Columns that tabs set apart.
    "\tthe same as {}", "(no name)", "same\t", " bits\t", "birth date", "similar name", "middle name",
    "nobody else of that name", "decided by a person",
    "unknown key",  # a word of the JSON
    "m, h, d, w or y",  # what helps are compared with
    "--data DIR ",  # of a synopsis
    # The drill's own invariants, and races that no person causes.
    "the search does not find what is there", "a link that the drill does not know",
    "a parcel that was sent is not in the catalog", "an object is sealed to a key that nobody knows",
}
# Names in capitals that are the same in French, and abbreviations.
SAME_IN_FRENCH = {"URL", "JSON", "PORT", "ARGUMENT", "OPTION", "HEX", "VKEY", "ID", "DATE", "SHA"}
TOKEN = re.compile(r'R"(?P<end>\w*)\((?P<raw>.*?)\)(?P=end)"|"(?P<text>(?:[^"\\\n]|\\.)*)"|\'(?:[^\'\\]|\\.)+\'|//[^\n]*|/\*.*?\*/|'
                   r"(?P<word>[A-Za-z_]\w*)|(?P<number>\d[\w'.]*)|(?P<mark><<|>>|::|->|&&|\|\||==|!=|<=|>=|\S)", re.S)
ESCAPE = re.compile(r"\\(u[0-9a-fA-F]{4}|x[0-9a-fA-F]{2}|.)")
SEPARATORS = {",", ";", "?", ":", "<<", ">>", "&&", "||", "==", "!=", "<=", ">=", "=", "return", "+="}
NAME = re.compile(r"(?<![\w-])[A-Z][A-Z]+(?:-[A-Z]+)*(?![A-Z0-9])")
CLOSING = {"(": ")", "{": "}", "[": "]"}
WORDS = re.compile(r"[A-Za-z]{2,}[,;:.]? \W?(?:[A-Za-z]|\{\})|\{\}[,;:]? ?[A-Za-z]{3,}[^/]* ")
SENTENCE_CALLS = ("fail", "Error", "with_context", "error_of_errno", "malformed", "damaged", "problem", "contradiction", "failed",
                  "changed", "unsupported", "lie", "io", "small_order", "conflict", "refused_line",
                  "read_partly", "read_failed", "needs_password", "not_supported")


def plain(escaped):
    def one(found):
        code = found[1]
        if code[0] in "ux" and len(code) > 1:
            return chr(int(code[1:], 16))
        return {"n": "\n", "t": "\t", "0": "\0", "r": "\r"}.get(code, code)
    return ESCAPE.sub(one, escaped)


def tokens_of(text):
    """(kind, value): literals with escapes undone, the rest as it is; without comments and #lines."""
    text = re.sub(r"^\s*#.*?(?<!\\)$", "", text, flags=re.M | re.S)
    for found in TOKEN.finditer(text):
        if found["raw"] is not None:
            yield "text", found["raw"]
        elif found["text"] is not None:
            yield "text", plain(found["text"])
        elif found[0][:1] == "'" or found[0][:2] in ("//", "/*"):
            if found[0][:1] == "'":
                yield "other", found[0]
        else:
            yield "other", found[0]


def tree_of(tokens):
    """Groups in brackets as ("group", opening, inside); neighbouring literals joined."""
    stack = [("", [])]
    for kind, value in tokens:
        inside = stack[-1][1]
        if kind == "text":
            if inside and inside[-1][0] == "text":
                inside[-1] = ("text", inside[-1][1] + value)
            else:
                inside.append((kind, value))
        elif value in CLOSING:
            stack.append((value, []))
        elif value in CLOSING.values():
            if len(stack) > 1:
                opening, group = stack.pop()
                stack[-1][1].append(("group", opening, group))
        else:
            inside.append((kind, value))
    return stack[0][1]


def pieces_of(inside, call=""):
    """(call, pattern, first word of the statement): every literal, or what + joins it to. What follows an ErrorCode counts as
    in a call of Error."""
    piece, before, statement = [], [], ""
    for token in [*inside, ("other", ";")]:
        if token[0] == "other" and token[1] in SEPARATORS and token[1] != "::":
            yield from finished(piece, "Error" if ("other", "ErrorCode") in before else call, statement)
            piece, before = [], piece
            if token[1] == ";":
                statement = ""
            continue
        if not statement and token[0] == "other":
            statement = token[1]
        if statement == "std" and token[0] == "other" and token[1] in ("cout", "cerr"):
            statement = "print"
        piece.append(token)
        if token[0] == "group" and token[1] == "{":
            statement = ""


def finished(piece, call, statement):
    operands, operand = [], []
    for token in [*piece, ("other", "+")]:
        if token == ("other", "+"):
            operands.append(operand)
            operand = []
        else:
            operand.append(token)
    pattern, has_text = "", False
    for operand in operands:
        literal = literal_of(operand)
        if literal is not None:
            pattern, has_text = pattern + literal, True
        elif operand:
            pattern += "" if pattern.endswith("{}") else "{}"
    if has_text:
        yield call, pattern, statement
    for operand in operands:
        if literal_of(operand) is None:
            for at, token in enumerate(operand):
                if token[0] == "group":
                    before = operand[at - 1][1] if at and operand[at - 1][0] == "other" else ""
                    yield from pieces_of(token[2], before if token[1] != "[" else "")
                elif token[0] == "text" and len(operand) > 1:
                    yield call, token[1], statement


def literal_of(operand):
    """The text of "..." or std::string("..."), else None."""
    if len(operand) == 1 and operand[0][0] == "text":
        return operand[0][1]
    names = [token[1] for token in operand[:-1]]
    if names in (["std", "::", "string"], ["std", "::", "string_view"]) and operand[-1][0] == "group":
        return literal_of(operand[-1][2])
    return None


def joined(lines):
    return " ".join(line.strip() for line in lines)


def help_messages(usage):
    """What cli/help.cc looks up of a usage text."""
    synopsis, *paragraphs = usage.strip("\n").split("\n\n")
    yield from NAME.findall(synopsis)
    for paragraph in paragraphs:
        lines = paragraph.split("\n")
        if "  " in lines[0].strip() or re.match(" +-", lines[0]):
            yield from list_messages(lines)
        else:
            yield joined(lines)


def list_messages(lines):
    first = len(lines[0]) - len(lines[0].lstrip())
    meanings = []
    for line in lines:
        text = line.strip()
        if meanings and len(line) - len(line.lstrip()) > first + 4 and not text.startswith("--"):
            meanings[-1].append(text)
            continue
        term, _, meaning = text.partition("  ")
        if not meaning and (found := re.fullmatch(r"(-\S+(?: [A-Z]\S*)?) ([^A-Z].*)", text)):
            term, meaning = found.groups()  # where the hand left no gap, as cli/help.cc takes it
        yield from NAME.findall(term)
        meanings.append([meaning.strip()] if meaning else [])
    yield from map(joined, meanings)


def normal(pattern):
    """With every placeholder as {}; the word that goes with a number, too."""
    return messages.PLACEHOLDER.sub("{}", pattern)


def sources(modules):
    for module in modules:
        for path in sorted((ROOT / "src" / module).rglob("*")):
            if path.suffix in (".cc", ".h") and not TEST.search(path.name):
                yield path


def literals():
    """Every literal or pattern in the sources, and those that need French with their place."""
    everything, needed = set(), {}
    modules = [path.name for path in sorted((ROOT / "src").iterdir()) if path.is_dir()]
    for path in sources(modules):
        module = path.relative_to(ROOT / "src").parts[0]
        for call, pattern, statement in said_in(tree_of(tokens_of(path.read_text(encoding="utf-8")))):
            everything.add(normal(pattern))
            if needs_french(module, path, call, pattern, statement):
                needed.setdefault(pattern, path.relative_to(ROOT))
    return everything, needed


def said_in(tree):
    for call, pattern, statement in pieces_of(tree):
        if pattern.startswith("usage: ") and pattern != "usage: ":
            yield from (("looked_up", message, "") for message in help_messages(pattern))
        else:
            yield call, pattern, statement


def needs_french(module, path, call, pattern, statement):
    if pattern in NOT_FOR_PEOPLE or pattern in SAME_IN_FRENCH or not re.search("[A-Za-z]{2}", messages.PLACEHOLDER.sub("", pattern)):
        return False
    if module in SPEAKING:
        if path.name == "census_report_page.cc" and pattern.lstrip("\n").startswith("<"):
            return False  # markup
        if pattern.startswith(("{\"", "\"", ",\"", "},\"")) or pattern.endswith(":\"") or "\":" in pattern and call != "looked_up":
            return False  # JSON
        if call in ("phrase", "looked_up", "ask_password", "read_passphrase"):
            return True
        return bool(WORDS.search(pattern)) or statement == "print" and call == ""
    if path.relative_to(ROOT / "src").as_posix() in SHOWN:
        return pattern != "0123456789ABCDEF"
    place = path.relative_to(ROOT / "src").as_posix()
    if place == FINDINGS and " " in pattern or place.startswith(OPERATING) and call in SENTENCE_CALLS:
        return bool(re.search("[a-z]{3}", pattern))
    if path.name == "error_table.cc" and " " not in pattern:
        return False  # names, in JSON and logs
    return module in FAILING and call in SENTENCE_CALLS and bool(re.search("[a-z]{3}", pattern))


def quoted(text):
    def line(part):
        return '"' + part.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n").replace("\t", "\\t") + '"'
    parts = text.splitlines(keepends=True)
    return line(text) if len(parts) < 2 else "\n".join(['""', *map(line, parts)])


def typeset_otherwise():
    """Texts of the web client, which its own tests compare with the English ones. What ${} fills in is a value."""
    folder = ROOT / "web/src/i18n"
    lines = [(path, number, line) for path in [folder / "fr.ts", *sorted((folder / "fr").glob("*.ts"))]
             for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1)]
    for path, number, line in lines:
        for found in re.finditer(r"'((?:[^'\\]|\\.)*)'|`((?:[^`\\]|\\.)*)`|\"([^\"]*)\"", "" if line.lstrip().startswith(("//", "*")) else line):
            text = re.sub(r"\$\{[^}]*\}", "x", plain(found[1] or found[2] or found[3] or ""))
            if re.search(r"[\s\u00a0]", text) and (why := messages.why_not_typeset(text)):
                yield f"{path.relative_to(ROOT)}:{number}: {text!r}: {why}"


def main():
    known = messages.read_po(ROOT / "data/messages/fr.po")
    everything, needed = literals()
    have = {normal(message.english) for message in known}
    missing = {pattern: path for pattern, path in needed.items() if normal(pattern) not in have}
    if "--missing" in sys.argv:
        for pattern, path in missing.items():
            print(f"#: {path}\nmsgid {quoted(pattern)}\nmsgstr \"\"\n")
        return
    wrong = [f"{path}: no French for {pattern!r}" for pattern, path in missing.items()]
    system = {os.strerror(number) for number in range(1, 134)}
    for message in known:
        place = f"data/messages/fr.po:{message.line}"
        if why := messages.why_refused(message):
            wrong.append(f"{place}: {message.english!r}: {why}")
        if "system" in message.flags:
            if message.english not in system:
                wrong.append(f"{place}: {message.english!r} is no error of the system")
        elif normal(message.english) not in everything and message.english.removesuffix(": {why}") not in everything:
            wrong.append(f"{place}: {message.english!r} is said nowhere")
    wrong += typeset_otherwise()
    for line in wrong:
        print(line)
    print(f"french: {len(known)} messages, {len(wrong)} wrong")
    sys.exit(1 if wrong else 0)


if __name__ == "__main__":
    main()
