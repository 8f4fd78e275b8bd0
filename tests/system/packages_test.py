"""The Debian packages: what is in them, that a man page and completions are there for every verb, and that the same programs
give the same bytes; `cmake --install`; what the SBOM lists; and a release's signed checksums. In Debian roots they are tried
by `make packages-test`."""
import hashlib
import json
import os
import pathlib
import re
import shutil
import subprocess
import sys
import tempfile
import unittest

from support.server import build_folder

SOURCE = pathlib.Path(os.environ["SEALIFT_SOURCE_DIR"])
sys.path.insert(0, str(SOURCE / "packaging"))
import try_packages  # noqa: E402


QUICKLY = {"DPKG_DEB_COMPRESSOR_LEVEL": "0"}


def said(*command):
    return subprocess.run(list(map(str, command)), check=True, capture_output=True, text=True, env={**os.environ, **QUICKLY}).stdout


def make(name):
    """The packages, made from this build, in a folder of that name."""
    out = FOLDER / name
    said(SOURCE / "packaging" / "make_packages.sh", build_folder(), out)
    return sorted(out.glob("*.deb"))


def setUpModule():
    global FOLDER, MADE
    FOLDER = pathlib.Path(tempfile.mkdtemp(prefix="sealift-packages-"))
    unittest.addModuleCleanup(shutil.rmtree, FOLDER)
    MADE = make("first")


class Packages(unittest.TestCase):
    def files(self, package):
        return {line.split()[5].removeprefix("."): line.split()[0] for line in said("dpkg-deb", "-c", package).splitlines()}

    def test_both_hold_what_they_are_for_and_nothing_that_others_can_write(self):
        server, client = (self.files(package) for package in MADE)  # as their names sort
        for path in ("/usr/bin/sealift", "/usr/bin/sealift-extract", "/usr/share/doc/sealift/operate/policy.md", "/usr/share/man/man1/sealift-send.1.gz",
                     "/usr/share/man/fr/man1/sealift-send.1.gz",
                     "/usr/share/man/man1/sealift-extract.1.gz", "/usr/share/zsh/vendor-completions/_sealift"):
            self.assertIn(path, client)
        for path in ("/usr/bin/sealiftd", "/usr/lib/systemd/system/sealift.service", "/etc/sealift/sealift.conf",
                     "/usr/lib/sysusers.d/sealift.conf", "/usr/lib/tmpfiles.d/sealift.conf", "/usr/share/man/man8/sealiftd.8.gz",
                     "/usr/share/doc/sealift-server/operate/upgrade.md"):
            self.assertIn(path, server)
        self.assertEqual([path for path in (*client, *server) if "logrotate" in path or "/cron" in path], [], "the server keeps its log short itself")
        for path, mode in (*client.items(), *server.items()):
            self.assertFalse(mode[5] == "w" or mode[8] == "w" or "s" in mode, (path, mode))
        self.assertIn("sealift (= ", said("dpkg-deb", "-f", MADE[0], "Depends"))

    def test_every_verb_has_a_page_and_its_options_are_completed(self):
        made = FOLDER / "described"
        program = build_folder() / "sealift"
        said(SOURCE / "packaging" / "describe_verbs.py", program, made)
        verbs = [line.split()[0] for line in said(program, "help").splitlines() if line.startswith("  ")]
        self.assertGreater(len(verbs), 20)
        pages = {path.name for path in (made / "man1").iterdir()}
        self.assertEqual(pages, {"sealift.1", *(f"sealift-{verb}.1" for verb in verbs)})
        self.assertEqual({path.name for path in (made / "fr" / "man1").iterdir()}, pages)
        french = (made / "fr" / "man1" / "sealift-send.1").read_text(encoding="utf-8")
        self.assertIn("CODE DE SORTIE", french)
        self.assertIn("Tout est scellé sur cet ordinateur", french)
        for typed, offered in (("send --pass", {"--passphrase"}), ("outb", {"outbox"}), ("people su", {"suspend"}),
                               ("lockdown o", {"on", "off"}), ("admin --data DIR reo", {"reopen", "reopen-keys"}),
                               ("people suspend ", set()), ("admin --data ", set())):
            for shell, completed in (("bash", self.bash), ("zsh", self.zsh), ("fish", self.fish)):
                with self.subTest(shell=shell, typed=typed):
                    self.assertEqual(completed(made / "completions" / shell, typed), offered)

    def test_completions_are_loaded_from_where_they_were_made(self):
        """As docs/operate/packages.md says for programs that aren't installed."""
        made = FOLDER / "loaded"
        said(SOURCE / "packaging" / "describe_verbs.py", build_folder() / "sealift", made)
        page = (SOURCE / "docs/operate/packages.md").read_text()
        for shell, begin, end in ((("bash", "--norc", "-c"), "", "complete -p sealift"),
                                  (("zsh", "-fc"), "autoload -U compinit; compinit -u -D; ", "print -- sealift $_comps[sealift]"),
                                  (("fish", "--no-config", "-c"), "", "complete -c sealift")):
            line = f"source ~/.local/share/sealift/completions/{shell[0]}"
            self.assertIn(f"| {shell[0]} | `{line}` |", page)
            shown = said(*shell, begin + line.replace("~/.local/share/sealift", str(made)) + "; " + end)
            self.assertIn({"fish": "__fish_use_subcommand"}.get(shell[0], "_sealift"), shown, shell)

    def test_no_completed_option_is_unknown_to_its_verb(self):
        """Nothing runs: behind each option is one that no verb has."""
        made, program = FOLDER / "options", build_folder() / "sealift"
        said(SOURCE / "packaging" / "describe_verbs.py", program, made)
        rows = re.findall(r'^    ([a-z-]+)\) words="([^"]*)" parts="([^"]*)" ;;$', (made / "completions" / "bash").read_text(), re.M)
        self.assertGreater(sum(len(options.split()) for _, options, _ in rows), 100)
        for verb, options, parts in rows:
            for option in options.split():
                if option == "--help":
                    continue
                tried = [subprocess.run([program, verb, *before, option, "--none-has-this", "--nor-this"], capture_output=True, text=True)
                         for before in [[], *([part] for part in parts.split())]]
                self.assertTrue(any(re.search("unknown option --(none-has|nor)-this", each.stderr) for each in tried), (verb, option))

    def bash(self, made, typed):
        words = ["sealift", *typed.split(" ")]
        script = f"""source {made}
COMP_WORDS=({" ".join(word or "''" for word in words)}) COMP_CWORD={len(words) - 1}; _sealift; echo "${{COMPREPLY[@]}}" """
        return set(said("bash", "-c", script).split())

    def zsh(self, made, typed):
        """Its own functions replaced by ones that print what they are offered."""
        words = ["sealift", *typed.split(" ")]
        script = f"""compadd() {{ shift; print -l -- "$@" }}; _describe() {{ print -l -- ${{(P)2%%:*}} }}; _files() {{ }}; compdef() {{ }}
source {made}; words=({" ".join(word or "''" for word in words)}) CURRENT={len(words)} PREFIX={words[-1]}; _sealift"""
        return {word for word in said("zsh", "-fc", script).split() if word.startswith(words[-1])}

    def fish(self, made, typed):
        """What there is besides files."""
        found = said("fish", "--no-config", "-c", f"cd {FOLDER}; source {made}; complete -C 'sealift {typed}'").splitlines()
        files = said("fish", "--no-config", "-c", f"cd {FOLDER}; complete -C 'no-such-program {typed}'").splitlines()
        return {line.split("\t")[0] for line in found if line not in files}

    def test_paths_in_programs_start_at_the_source_tree(self):
        """Those of the build folder would tell its place, and differ with and without ccache."""
        for program in ("sealift", "sealiftd", "sealift-extract"):
            content = (build_folder() / program).read_bytes()
            self.assertTrue(b"\0src/" in content, program)
            self.assertEqual(re.findall(rb"\0([^\0]*/src/[a-z_/]+\.(?:cc|h))(?=\0)", content), [], program)

    def test_the_same_programs_give_the_same_bytes(self):
        def digests(packages):
            return [hashlib.sha256(package.read_bytes()).hexdigest() for package in packages]
        self.assertEqual(digests(make("second")), digests(MADE))


class EarlierReleases(unittest.TestCase):
    def test_a_commit_is_a_release_when_its_changelog_has_nothing_above_it(self):
        released = "# Changelog\n\nNewest first.\n\n## Unreleased\n\n## 0.1.0 (2026-11-30)\n\nThe first.\n"
        for changelog, version, expected in ((released, "0.1.0", True), (released.replace("## Unreleased\n\n", ""), "0.1.0", True),
                                             (released, "0.1", False), (released, "0.2.0", False), (released, "0x1.0", False),
                                             (released.replace("## 0.1.0", "- Something.\n\n## 0.1.0"), "0.1.0", False),
                                             (released.replace("## 0.1.0", "## 0.2.0 (2027-01-31)\n\n- More.\n\n## 0.1.0"), "0.1.0", False)):
            self.assertEqual(try_packages.is_release(changelog, version), expected, (changelog, version))


class Install(unittest.TestCase):
    def test_cmake_installs_what_runs_where_it_is(self):
        prefix = FOLDER / "opt/sealift"
        for component in ("sealift", "sealift-server"):
            said("cmake", "--install", build_folder(), "--prefix", prefix, "--component", component)
        self.assertRegex(said(prefix / "bin/sealift", "version"), r"^sealift \d")
        for path in ("bin/sealiftd", "bin/sealift-extract", "share/man/man1/sealift-send.1", "share/man/man8/sealiftd.8",
                     "share/bash-completion/completions/sealift", "share/zsh/site-functions/_sealift",
                     "share/doc/sealift/guide/census.md", "share/doc/sealift-server/operate/backup.md",
                     "share/doc/sealift-server/sealift.conf", "lib/sysusers.d/sealift.conf", "lib/tmpfiles.d/sealift.conf"):
            self.assertTrue((prefix / path).is_file(), path)
        for unit in ("sealift.service", "sealift-backup.service"):
            commands = re.findall(r"^ExecStart=(\S+)", (prefix / "lib/systemd/system" / unit).read_text(), re.M)
            self.assertEqual([os.path.dirname(command) for command in commands], [str(prefix / "bin")], unit)
            self.assertTrue(os.access(commands[0], os.X_OK), commands)

    def test_the_servers_account_has_its_folder_and_no_shell(self):
        root = FOLDER / "root"
        (root / "usr/lib/sysusers.d").mkdir(parents=True)
        (root / "etc").mkdir()
        shutil.copy(SOURCE / "packaging/sealift.sysusers", root / "usr/lib/sysusers.d/sealift.conf")
        said("systemd-sysusers", f"--root={root}", "sealift.conf")
        self.assertRegex((root / "etc/passwd").read_text(), r"(?m)^sealift:x:\d+:\d+:[^:]*:/var/lib/sealift:/usr/sbin/nologin$")

    def test_the_example_configuration_is_taken_as_it_is_and_with_every_line(self):
        data, config = FOLDER / "data", FOLDER / "example.conf"
        text = (SOURCE / "packaging/sealift.conf").read_text()
        said(build_folder() / "sealift", "admin", "--data", data, "reopen-keys", "--new")
        for lines in (text, re.sub(r"(?m)^#(?=\w+ = )", "", text)):
            config.write_text(lines)
            done = subprocess.run([build_folder() / "sealift", "admin", "--data", data, "doctor", "--config", config, "--json"], capture_output=True, text=True)
            self.assertIn("checks", json.loads(done.stdout), done.stderr)
        config.write_text(lines + "mail_hots = x\n")
        done = subprocess.run([build_folder() / "sealift", "admin", "--data", data, "doctor", "--config", config], capture_output=True, text=True)
        self.assertIn("mail_hots", done.stderr, "or nothing would be noticed")

    def test_systemd_rates_the_units_as_the_documents_say(self):
        page = (SOURCE / "docs/operate/packages.md").read_text()
        told = re.search(r"rates the server's unit (\d\.\d) and the backup's (\d\.\d)\.", page).groups()
        for unit, most in zip(("sealift.service", "sealift-backup.service"), told):
            done = subprocess.run(["systemd-analyze", "security", "--offline=true", SOURCE / "packaging" / unit], capture_output=True, text=True)
            rated = re.search(rf"exposure level for {unit}: (\d\.\d)", done.stdout).group(1)
            self.assertLessEqual(float(rated), float(most), unit)
            self.assertLessEqual(float(most), 1.5)


class Release(unittest.TestCase):
    """A release of this very build, in a repository of its own: what is being worked on is committed there."""

    @classmethod
    def setUpClass(cls):
        cls.key, cls.public, cls.files = FOLDER / "secret.key", FOLDER / "public.key", FOLDER / "files"
        said("minisign", "-G", "-W", "-p", cls.public, "-s", cls.key)
        said(SOURCE / "packaging" / "sign_release.sh", MADE[0].parent, cls.key, cls.files)

    def verified(self, files):
        """Whether both commands of docs/operate/packages.md succeed."""
        signature = subprocess.run(["minisign", "-V", "-q", "-p", self.public, "-m", files / "SHA256SUMS"], capture_output=True)
        sums = subprocess.run(["sha256sum", "--check", "--quiet", "SHA256SUMS"], cwd=files, capture_output=True)
        return signature.returncode == 0, sums.returncode == 0

    def damaged(self, name, change):
        copy = pathlib.Path(tempfile.mkdtemp(dir=FOLDER)) / "files"
        shutil.copytree(self.files, copy)
        content = (copy / name).read_bytes()
        (copy / name).write_bytes(change(content))
        return copy

    def test_signed_sums_cover_every_file_and_a_changed_byte_fails(self):
        listed = {line.split("  ")[1] for line in (self.files / "SHA256SUMS").read_text().splitlines()}
        self.assertEqual(listed, {path.name for path in self.files.iterdir()} - {"SHA256SUMS", "SHA256SUMS.minisig"})
        self.assertTrue(any(name.endswith(".deb") for name in listed))
        self.assertEqual(self.verified(self.files), (True, True))
        for name in sorted(listed):
            with self.subTest(name):
                middle = self.damaged(name, lambda content: content[:len(content) // 2] + bytes([content[len(content) // 2] ^ 1])
                                      + content[len(content) // 2 + 1:])
                self.assertEqual(self.verified(middle), (True, False))
        swapped = self.damaged("SHA256SUMS", lambda content: content.replace(b"a", b"b", 1))
        self.assertEqual(self.verified(swapped), (False, False))

    def test_without_a_key_there_is_no_release(self):
        done = subprocess.run([SOURCE / "packaging" / "sign_release.sh", MADE[0].parent, FOLDER / "none", FOLDER / "out"],
                              capture_output=True, text=True)
        self.assertEqual(done.returncode, 2)
        self.assertIn("no secret key", done.stderr)
        self.assertFalse((FOLDER / "out").exists())


class Sbom(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.sbom = json.loads(said(SOURCE / "packaging" / "make_sbom.py", build_folder(), MADE[0].parent))
        cls.digests = {path.name: hashlib.sha256(path.read_bytes()).hexdigest() for path in MADE}

    def test_it_is_spdx_2_3(self):
        """The fields that the specification demands, section by section (6, 7, 10, 11)."""
        sbom = self.sbom
        self.assertEqual((sbom["spdxVersion"], sbom["dataLicense"], sbom["SPDXID"]), ("SPDX-2.3", "CC0-1.0", "SPDXRef-DOCUMENT"))
        self.assertRegex(sbom["documentNamespace"], r"^urn:uuid:[0-9a-f-]{36}$")
        self.assertRegex(sbom["creationInfo"]["created"], r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$")
        self.assertTrue(all(re.match("(Tool|Person|Organization): ", one) for one in sbom["creationInfo"]["creators"]))
        known = {"SPDXRef-DOCUMENT"}
        for one in sbom["packages"]:
            self.assertRegex(one["SPDXID"], r"^SPDXRef-[A-Za-z0-9.-]+$")
            self.assertNotIn(one["SPDXID"], known, "each id once")
            known.add(one["SPDXID"])
            for field in ("name", "versionInfo", "downloadLocation", "licenseDeclared", "licenseConcluded", "copyrightText"):
                self.assertTrue(one[field], (one["name"], field))
            self.assertNotEqual(one["licenseDeclared"], "NOASSERTION", one["name"])
        extracted = {one["licenseId"] for one in sbom["hasExtractedLicensingInfos"]}
        used = set(re.findall(r"LicenseRef-[A-Za-z0-9.-]+", json.dumps(sbom["packages"])))
        self.assertEqual(used, extracted)
        described = set()
        for one in sbom["relationships"]:
            self.assertLessEqual({one["spdxElementId"], one["relatedSpdxElement"]}, known, one)
            self.assertIn(one["relationshipType"], ("DESCRIBES", "CONTAINS", "DYNAMIC_LINK", "STATIC_LINK"))
            described |= {one["relatedSpdxElement"]}
        self.assertEqual(described | {"SPDXRef-DOCUMENT"}, known, "nothing stands alone")

    def test_it_names_these_packages_by_their_digest(self):
        listed = {one["packageFileName"]: one["checksums"][0]["checksumValue"] for one in self.sbom["packages"] if "checksums" in one}
        self.assertEqual(listed, self.digests)

    def test_every_library_and_every_npm_package_in_the_bundle_is_there(self):
        names = {one["name"] for one in self.sbom["packages"]}
        for program in ("sealift", "sealiftd", "sealift-extract"):
            needed = re.findall(r"NEEDED +(\S+)", said("objdump", "-p", build_folder() / program))
            libraries = [library for library in re.findall(r"=> (/\S+)", said("ldd", build_folder() / program))
                         if os.path.basename(library) in needed]
            found = said("dpkg", "-S", *("*" + os.path.realpath(library).removeprefix("/usr") for library in libraries))
            owners = {re.split(r"[:,]", line)[0] for line in found.splitlines()}
            self.assertGreater(len(owners), 3)
            self.assertLessEqual(owners, names, program)
        self.assertLessEqual({"svelte", "pqclean", "libsodium", "nlohmann-json3-dev"}, names)
        self.assertFalse({"vite", "typescript", "puppeteer-core"} & names, "what only builds or tests isn't in the bundle")


if __name__ == "__main__":
    unittest.main()
