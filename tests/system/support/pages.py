"""What a page of the documents tells its reader to type, and a reader who types it.

    reader = Reader(page, folder, build, {"https://files.example.org": server.url})
    link = reader.type("sealift admin", person)      # the page's next line, which has to begin so; returns what it printed
    reader.done()                                    # nothing of the page is left

A page's lines are those of its fenced blocks without a language and of its indented ones; a block of ```sh is one script. Where a
block's lines begin with "$ ", the others are what is printed. A block with a command in it has nothing else: what isn't understood
here is an error, never left out. Blocks in other languages are settings.
"""
import os
import pathlib
import re
import subprocess

ROOT = pathlib.Path(__file__).resolve().parents[3]
PROGRAMS = {"sealift", "sealiftd", "age", "age-keygen", "apt", "apt-get", "cat", "certbot", "cmake", "cp", "curl", "dpkg", "gpg", "grep",
            "install", "journalctl", "lego", "make", "mkdir", "minisign", "mv", "npm", "node", "openssl", "promtool", "python3",
            "rsync", "scp", "sha256sum", "ssh", "sudo", "systemctl", "systemd-sysusers", "systemd-tmpfiles", "tar", "timedatectl"}

# What no test can type here, and why. Each is a line of a page, if there is such a page.
NOT_TYPED = {
    ("docs/operate/packages.md", "apt install ./sealift_*.deb ./sealift-server_*.deb"): "needs a root of its own: make packages-test",
    ("docs/operate/packages.md", "systemctl restart sealift"): "needs systemd: the test of the package runs the unit's line",
    ("docs/operate/packages.md", "systemctl enable --now sealift-backup.timer"): "needs systemd: the test of the package runs the unit's line",
    ("docs/operate/packages.md", "make release KEY=FILE"): "the test system_packages makes one, signs it and damages it",
    ("docs/operate/upgrade.md", "apt install ./sealift_*.deb ./sealift-server_*.deb"): "needs a root of its own: make packages-test",
    ("docs/operate/upgrade.md", "apt install --allow-downgrades ./sealift_*.deb ./sealift-server_*.deb"): "needs a root of its own: make packages-test",
    ("README.md", "make run"): "builds this tree, and serves until it is interrupted: the test system_run runs what it runs",
    ("README.md", "make show"): "the test show_sealing",
    ("README.md", "make test"): "the suite that this is part of",
    ("README.md", "sealift drill"): "the test system_drill_test, which takes minutes",
}


class NotUnderstood(AssertionError):
    pass


def blocks(text):
    """(language or None for an indented one, its lines)"""
    fence, indented, before = None, None, ""
    for line in text.splitlines():
        edge = re.fullmatch(r" *```(\S*)", line)
        if fence is not None:
            if edge:
                yield fence
                fence = None
            else:
                fence[1].append(line)
        elif edge:
            if indented is not None:
                yield indented
            fence, indented = (edge.group(1), []), None
        elif line.startswith("    ") and (indented is not None or not before.strip()):
            indented = indented or (None, [])
            indented[1].append(line)
        elif indented is not None and line.strip():
            yield indented
            indented = None
        before = line
    if indented is not None:
        yield indented


def without_remark(line):
    return re.split(r" {2,}#| {3,}", line.strip())[0].strip()


def is_command(line):
    words = line.split()
    return bool(words) and words[0] in PROGRAMS


def lines_of(page, language, lines):
    if language == "sh":
        return ["\n".join(lines)]
    if language:
        return []
    stripped = [line.strip() for line in lines if line.strip()]
    marked = [line[2:] for line in stripped if line.startswith("$ ")]
    if not marked and not any(map(is_command, stripped)):
        return []  # a setting, a picture
    found = [without_remark(line) for line in marked or stripped]
    for line in found:
        if not is_command(line):
            raise NotUnderstood(f"{page}: a line to type, or not? {line!r}")
    return found


def commands(page):
    """Of a page, by its path from the tree's root: what a test types, in order."""
    found = [line for language, lines in blocks((ROOT / page).read_text()) for line in lines_of(page, language, lines)]
    return [line for line in found if (page, line) not in NOT_TYPED]


def commands_in_sentences():
    """(page, command) of each `sealift ...` within the text of README and the pages for users and operators."""
    for page in (ROOT / "README.md", *sorted((ROOT / "docs" / "guide").glob("*.md")), *sorted((ROOT / "docs" / "operate").glob("*.md"))):
        for code in re.findall(r"`([^`]+)`", re.sub(r"^ *```.*?^ *```$", "", page.read_text(), flags=re.S | re.M)):
            command = " ".join(code.split()).removeprefix("sudo -u sealift ")
            if command.startswith("sealift "):
                yield str(page.relative_to(ROOT)), command


def pages_with_commands(folder):
    return {str(path.relative_to(ROOT)) for path in (ROOT / folder).glob("*.md") if commands(str(path.relative_to(ROOT)))}


class Reader:
    def __init__(self, page, folder, build, places):
        self.page, self.folder, self.build, self.places = page, pathlib.Path(folder), build, places
        self.left = commands(page)

    def next(self, begins):
        line = self.left.pop(0)
        if not line.startswith(begins):
            raise NotUnderstood(f"{self.page}: {begins!r} was expected, and this is there: {line!r}")
        return line

    def type(self, begins, person, variables=None, status=0, typed="", **places):
        """As that person, with this test's paths and names in place of the page's; returns what was printed."""
        line = self.next(begins)
        for theirs, ours in {**self.places, **places}.items():
            line = line.replace(theirs, str(ours))
        environment = {**person.environment(), "PATH": f"{self.build}:{os.environ['PATH']}", **(variables or {})}
        done = subprocess.run(["bash", "-euo", "pipefail", "-c", line], cwd=self.folder, env=environment, input=typed,
                              capture_output=True, text=True, timeout=120)
        assert done.returncode == status, (self.page, line, done.returncode, done.stdout, done.stderr)
        return done.stdout

    def done(self):
        assert not self.left, f"{self.page}: nobody typed {self.left}"
