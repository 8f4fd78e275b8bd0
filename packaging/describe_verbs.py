#!/usr/bin/env python3
"""Man pages and completions from what `sealift` says of its own verbs: describe_verbs.py PROGRAM FOLDER.

Writes FOLDER/man1/sealift.1 and sealift-VERB.1, and FOLDER/completions/{bash,zsh,fish}. A verb or option that the
program doesn't have is in none of them, and none that it has is missing."""
import pathlib
import re
import subprocess
import sys

OPTION = re.compile(r"(?<![\w-])(--[a-z][a-z-]*)")


def said(program, *words):
    return subprocess.run([program, *words], check=True, capture_output=True, text=True).stdout


def verbs_of(program):
    """Name and summary of each, in the program's order."""
    lines = said(program, "help").splitlines()
    return [line.split(None, 1) for line in lines if line.startswith("  ")]


def troff(text):
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return "\n".join("\\&" + line if line[:1] in ".'" else line for line in text.splitlines())


def page(name, summary, usage, version, others):
    synopsis, _, rest = usage.partition("\n\n")
    synopsis = synopsis.replace("usage:", "      ", 1)
    see = ", ".join(f"\\fB{other}\\fR(1)" for other in others)
    return f""".TH {name.upper()} 1 "" "Sealift {version}" "Sealift"
.SH NAME
{troff(name)} \\- {troff(summary)}
.SH SYNOPSIS
.nf
{troff(synopsis)}
.fi
.SH DESCRIPTION
.nf
{troff(rest)}
.fi
.SH EXIT STATUS
0 done, 1 failed, 2 wrong usage.
.SH SEE ALSO
{see}
"""


def bash(verbs, options):
    cases = "\n".join(f'    {verb}) words="{" ".join(options[verb])}" ;;' for verb, _ in verbs)
    return f"""# bash completion for sealift; made from its verbs.
_sealift() {{
  local current="${{COMP_WORDS[COMP_CWORD]}}" words
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "{" ".join(verb for verb, _ in verbs)} help" -- "$current"))
    return
  fi
  case "${{COMP_WORDS[1]}}" in
{cases}
    *) words="" ;;
  esac
  if [[ $current == -* ]]; then COMPREPLY=($(compgen -W "$words" -- "$current")); fi
}}
complete -o default -F _sealift sealift
"""


def zsh(verbs, options):
    named = "\n".join(f"    '{verb}:{summary}'" for verb, summary in verbs)
    cases = "\n".join(f"    {verb}) compadd -- {' '.join(options[verb])} ;;" for verb, _ in verbs)
    return f"""#compdef sealift
# made from its verbs
_sealift() {{
  local -a verbs=(
{named}
  )
  if (( CURRENT == 2 )); then _describe verb verbs; return; fi
  if [[ $PREFIX != -* ]]; then _files; return; fi
  case $words[2] in
{cases}
  esac
}}
_sealift "$@"
"""


def fish(verbs, options):
    lines = ["# fish completion for sealift; made from its verbs."]
    for verb, summary in verbs:
        lines.append(f"complete -c sealift -n __fish_use_subcommand -f -a {verb} -d '{summary}'")
        lines += [f"complete -c sealift -n '__fish_seen_subcommand_from {verb}' -l {option[2:]}"
                  for option in options[verb]]
    return "\n".join(lines) + "\n"


def main(program, folder):
    folder = pathlib.Path(folder)
    (folder / "man1").mkdir(parents=True, exist_ok=True)
    (folder / "completions").mkdir(exist_ok=True)
    version = said(program, "version").split()[1]
    verbs = [(verb, summary.replace("'", "’")) for verb, summary in verbs_of(program)]
    usages = {verb: said(program, verb, "--help") for verb, _ in verbs}
    options = {verb: sorted({*OPTION.findall(usages[verb]), "--help"}) for verb, _ in verbs}
    for verb, summary in verbs:
        name = f"sealift-{verb}"
        (folder / "man1" / f"{name}.1").write_text(page(name, summary, usages[verb], version, ["sealift"]))
    listed = "\n".join(f"  {verb:<12}{summary}" for verb, summary in verbs)
    everything = "usage: sealift VERB [ARGUMENT...]\n\n" + listed
    (folder / "man1" / "sealift.1").write_text(page("sealift", "files sealed on the sender's machine", everything, version,
                                                    [f"sealift-{verb}" for verb, _ in verbs]))
    for shell, made in (("bash", bash), ("zsh", zsh), ("fish", fish)):
        (folder / "completions" / shell).write_text(made(verbs, options))


if __name__ == "__main__":
    main(*sys.argv[1:])
