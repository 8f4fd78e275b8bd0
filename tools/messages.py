#!/usr/bin/env python3
"""The French of the command line as rows of C++: messages.py data/messages/fr.po OUT.

The file is PO, as gettext and its editors write it: comments, msgid, msgstr. Refuses a message that has no
French, is there twice, names other values than its English, or is not spaced as French in Quebec is.
"""
import json
import pathlib
import re
import sys

PLACEHOLDER = re.compile(r"\{([a-z_]+)(?::([^{}]*))?\}")
CODE = re.compile(r"`[^`]*`")
ESCAPES = {"n": "\n", '"': '"', "\\": "\\", "t": "\t"}
# Words that have another in the web client (web/src/i18n/terms.ts): one word for one thing.
TERMS = (("machine", "ordinateur"), ("remises?", "dépôt"), ("repris(e|es)?", "retiré"), ("e-?mails?", "courriel"), ("uploads?", "téléversement"),
         ("moyens? d’(accès|entrer)", "moyen de connexion"), ("révoqué(e|s|es)?", "désactivé"), ("répertoire", "dossier"))
FIXED_SPACE = "\u00a0"


class Message:
    def __init__(self, line):
        self.line, self.english, self.french, self.flags = line, "", "", set()


def unquoted(text, place):
    if len(text) < 2 or text[0] != '"' or text[-1] != '"':
        sys.exit(f"{place}: not in quotation marks")
    return re.sub(r"\\(.)", lambda found: ESCAPES[found[1]], text[1:-1])


def read_po(path):
    """All messages but the head, in the file's order."""
    messages, flags, part = [], set(), None
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        place = f"{path}:{number}"
        if line.startswith("#,"):
            flags.update(word.strip() for word in line[2:].split(","))
        elif line.startswith("msgid "):
            messages.append(Message(number))
            messages[-1].flags, flags, part = flags, set(), "english"
            messages[-1].english = unquoted(line[6:], place)
        elif line.startswith("msgstr "):
            part = "french"
            messages[-1].french = unquoted(line[7:], place)
        elif line.startswith('"'):
            setattr(messages[-1], part, getattr(messages[-1], part) + unquoted(line, place))
        elif line and not line.startswith("#"):
            sys.exit(f"{place}: not a line of a PO file")
    return [message for message in messages if message.english]


def names_of(text):
    return {(name, bool(forms)) for name, forms in PLACEHOLDER.findall(text)}


def why_not_typeset(french):
    """Why a text isn't written as Quebec's administration writes; None if it is. Of every French text that people read."""
    prose = CODE.sub("x", re.sub(r'\{"[^ ]*\}', "x", PLACEHOLDER.sub("x", french)))
    if re.search(r"[\w»)`] [:»](\s|$)|« ", prose):
        return "a plain space before a colon or inside guillemets: it has to be a no-break space"
    if re.search(rf"[ {FIXED_SPACE}\u202f][;!?](\s|$)", prose):
        return "a space before ; ! or ?"
    if re.search(rf"[A-Za-zÀ-ÿ»]:(\s|$)", re.sub(r"(^|\n)sealift:", "", prose)):
        return "no space before a colon"
    if re.search(r"[A-Za-zÀ-ÿ]'[A-Za-zÀ-ÿ]", prose):
        return "a straight apostrophe"
    if '"' in prose or "“" in prose:
        return "quotation marks other than « »"
    if re.search(r"[\dx] ?([KMGT]?i?o|%|s)(?![\w’-])", prose):
        return "no no-break space between a number and its unit"
    return None


def why_refused(message):
    if not message.french:
        return "it has no French"
    english, french = names_of(message.english), names_of(message.french)
    # A word may be the same in one language for any number.
    if {name for name, _ in english} != {name for name, _ in french}:
        return "its languages name other values"
    for text in (message.english, message.french):
        if any(forms and forms.count("|") != 1 for _, forms in PLACEHOLDER.findall(text)):
            return "a word that goes with a number has two forms: {name:one|many}"
    if {name for name, forms in french if forms} - {name for name, forms in english if forms} - {"count"}:
        return "its French takes for a number what its English doesn't: call it {count} if it is one"
    if why := why_not_typeset(message.french):
        return why
    prose = CODE.sub("x", PLACEHOLDER.sub("x", message.french))
    for word, instead in TERMS:
        if re.search(rf"\b{word}\b", prose, re.I):
            return f"not the word that the web client has: {instead}"
    if message.english.endswith("\n") != message.french.endswith("\n"):
        return "only one language ends its line"
    return None


def literal(text):
    # JSON escapes what C++ would; \u sequences are spelled as themselves.
    return json.dumps(text, ensure_ascii=False)


def main():
    source, out = (pathlib.Path(argument) for argument in sys.argv[1:])
    rows = {}
    for message in read_po(source):
        why = "it is there twice" if message.english in rows else why_refused(message)
        if why:
            sys.exit(f"{source}:{message.line}: {message.english!r}: {why}")
        rows[message.english] = message.french
    lines = [f"{{{literal(english)}, {literal(rows[english])}}},\n"
             for english in sorted(rows, key=lambda text: text.encode())]
    out.parent.mkdir(parents=True, exist_ok=True)
    out.write_text("".join(lines), encoding="utf-8")


if __name__ == "__main__":
    main()
