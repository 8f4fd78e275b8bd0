#!/usr/bin/env python3
"""Man pages and completions from what `sealift` says of its own verbs: describe_verbs.py PROGRAM FOLDER.

Writes FOLDER/man1/sealift.1 and sealift-VERB.1, the same in French in FOLDER/fr/man1, and FOLDER/completions/{bash,zsh,fish}. A verb or option that the
program doesn't have is in none of them, and none that it has is missing."""
import os
import pathlib
import re
import subprocess
import sys

OPTION = re.compile(r"(?<![\w-])(--[a-z][a-z-]*)")


# What a page says besides the verb's own words.
WORDS = {
    "C.UTF-8": ("NAME", "SYNOPSIS", "DESCRIPTION", "EXIT STATUS", "SEE ALSO", "0 done, 1 failed, 2 wrong usage.",
                "files sealed on the sender's machine", "usage: sealift VERB [ARGUMENT...]"),
    "fr_CA.UTF-8": ("NOM", "SYNOPSIS", "DESCRIPTION", "CODE DE SORTIE", "VOIR AUSSI", "0 fait, 1 échec, 2 mauvaise utilisation.",
                    "fichiers scellés sur l’ordinateur de l’expéditeur", "utilisation\u00a0: sealift VERBE [ARGUMENT...]"),
}


def said(program, *words, locale="C.UTF-8"):
    return subprocess.run([program, *words], check=True, capture_output=True, text=True, env={**os.environ, "LC_ALL": locale}).stdout


def verbs_of(program, locale="C.UTF-8"):
    """Name and summary of each, in the program's order."""
    lines = said(program, "help", locale=locale).splitlines()
    return [line.split(None, 1) for line in lines if line.startswith("  ")]


def troff(text):
    text = text.replace("\\", "\\e").replace("-", "\\-")
    return "\n".join("\\&" + line if line[:1] in ".'" else line for line in text.splitlines())


def page(name, summary, usage, version, others, locale):
    synopsis, _, rest = usage.partition("\n\n")
    head = synopsis[:synopsis.index("sealift")]
    synopsis = synopsis.replace(head, " " * len(head), 1)
    names = WORDS[locale]
    see = ", ".join(f"\\fB{other}\\fR(1)" for other in others)
    return f""".TH {name.upper()} 1 "" "Sealift {version}" "Sealift"
.SH {names[0]}
{troff(name)} \\- {troff(summary)}
.SH {names[1]}
.nf
{troff(synopsis)}
.fi
.SH {names[2]}
.nf
{troff(rest)}
.fi
.SH {names[3]}
{names[5]}
.SH {names[4]}
{see}
"""


def parts_of(verb, usage):
    """list, invite, ... of people: what comes behind the verb, or behind its --data DIR."""
    found = []
    for line in usage.split("\n\n")[0].splitlines():
        begins = re.search(rf"sealift {verb}(?: --data DIR)? (.*)", line)
        for way in begins[1].split(" | ") if begins else []:
            found += [word for word in way.split(" ")[0].split("|") if re.fullmatch("[a-z][a-z-]+", word) and word not in found]
    return found


def options_of(usages):
    """Those of the synopses and of the lists below; a sentence may name another verb's."""
    found = {"--help"}
    for usage in usages:
        synopsis, _, rest = usage.partition("\n\n")
        found.update(OPTION.findall(synopsis))
        found.update(re.findall(r"^ +(?:-\w, )?(--[a-z][a-z-]*)", rest, re.M))
    return sorted(found)


def bash(verbs, options, parts):
    cases = "\n".join(f'    {verb}) words="{" ".join(options[verb])}" parts="{" ".join(parts[verb])}" ;;' for verb, _ in verbs)
    return f"""# bash completion for sealift; made from its verbs.
_sealift() {{
  local current="${{COMP_WORDS[COMP_CWORD]}}" before="${{COMP_WORDS[COMP_CWORD-1]}}" words parts word
  if [ "$COMP_CWORD" -eq 1 ]; then
    COMPREPLY=($(compgen -W "{" ".join(verb for verb, _ in verbs)} help" -- "$current"))
    return
  fi
  case "${{COMP_WORDS[1]}}" in
{cases}
    *) words="" parts="" ;;
  esac
  if [[ $current == -* ]]; then COMPREPLY=($(compgen -W "$words" -- "$current")); return; fi
  for word in "${{COMP_WORDS[@]:2:COMP_CWORD-2}}"; do
    if [[ " $parts " == *" $word "* ]]; then return; fi
  done
  if [[ $before != -* ]]; then COMPREPLY=($(compgen -W "$parts" -- "$current")); fi
}}
complete -o default -F _sealift sealift
"""


def zsh(verbs, options, parts):
    named = "\n".join(f"    '{verb}:{summary}'" for verb, summary in verbs)
    cases = "\n".join(f"    {verb}) options=({' '.join(options[verb])}) parts=({' '.join(parts[verb])}) ;;" for verb, _ in verbs)
    return f"""#compdef sealift
# made from its verbs
_sealift() {{
  local -a options parts verbs=(
{named}
  )
  if (( CURRENT == 2 )); then _describe verb verbs; return; fi
  case $words[2] in
{cases}
  esac
  if [[ $PREFIX == -* ]]; then compadd -- $options; return; fi
  local -a before=($words[3,CURRENT-1])
  if (( $#parts && ! ${{#parts:*before}} )) && [[ $words[CURRENT-1] != -* ]]; then compadd -- $parts; else _files; fi
}}
if [[ $funcstack[1] == _sealift ]]; then _sealift "$@"; else compdef _sealift sealift; fi
"""


def fish(verbs, options, parts):
    lines = ["# fish completion for sealift; made from its verbs."]
    for verb, summary in verbs:
        lines.append(f"complete -c sealift -n __fish_use_subcommand -f -a {verb} -d '{summary}'")
        lines += [f"complete -c sealift -n '__fish_seen_subcommand_from {verb}' -l {option[2:]}"
                  for option in options[verb]]
        if parts[verb]:
            words = " ".join(parts[verb])
            lines.append(f"complete -c sealift -n '__fish_seen_subcommand_from {verb}; and not __fish_seen_subcommand_from {words}; "
                         f"and not string match -q -- \"-*\" (commandline -opc)[-1]' -f -a '{words}'")
    return "\n".join(lines) + "\n"


def write_pages(program, folder, locale):
    folder.mkdir(parents=True, exist_ok=True)
    version = said(program, "version").split()[1]
    verbs = [(verb, summary.replace("'", "’")) for verb, summary in verbs_of(program, locale)]
    for verb, summary in verbs:
        name = f"sealift-{verb}"
        usage = said(program, verb, "--help", locale=locale)
        (folder / f"{name}.1").write_text(page(name, summary, usage, version, ["sealift"], locale), encoding="utf-8")
    listed = "\n".join(f"  {verb:<12}{summary}" for verb, summary in verbs)
    summary, synopsis = WORDS[locale][6:]
    (folder / "sealift.1").write_text(page("sealift", summary, f"{synopsis}\n\n{listed}", version,
                                           [f"sealift-{verb}" for verb, _ in verbs], locale), encoding="utf-8")


def main(program, folder):
    folder = pathlib.Path(folder)
    write_pages(program, folder / "man1", "C.UTF-8")
    write_pages(program, folder / "fr" / "man1", "fr_CA.UTF-8")
    (folder / "completions").mkdir(exist_ok=True)
    verbs = [(verb, summary.replace("'", "’")) for verb, summary in verbs_of(program)]
    usages = {verb: said(program, verb, "--help") for verb, _ in verbs}
    parts = {verb: parts_of(verb, usages[verb]) for verb, _ in verbs}
    options = {verb: options_of([usages[verb], *(said(program, verb, part, "--help") for part in parts[verb])]) for verb, _ in verbs}
    for shell, made in (("bash", bash), ("zsh", zsh), ("fish", fish)):
        (folder / "completions" / shell).write_text(made(verbs, options, parts))


if __name__ == "__main__":
    main(*sys.argv[1:])
