#!/usr/bin/env python3
"""The map of CONTRIBUTING.md has every file: each room's paragraph names the file's stem, or what it begins with
(`prove` for prove_word.c), and names nothing that is not there. Prints a line for each that is missing."""

import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]
STAGES, PROGRAM = "4, the stages", "5, the program"
COMMANDS = re.compile(r"watcher/(main|cli|options|groups|help|session\w*|cmd_\w+)\.[ch]$")


def rooms(text):
    """{room: the words in its paragraph's backquotes}"""
    found = {}
    for title, body in re.findall(r"^\*\*(\d, .+?)\*\*(.*?)(?=^\*\*|^A floor)", text, re.M | re.S):
        name = re.search(r"`(.+)/`", title)
        found[name.group(1) if name else title.rstrip(".,")] = set(re.findall(r"`([a-z0-9_.*]+)`", body))
    return found


def place(path):
    if COMMANDS.match(path):
        return PROGRAM
    folder = path.rpartition("/")[0]
    return STAGES if folder == "watcher" else folder


def covers(words, stem):
    parts = stem.split("_")
    return any("_".join(parts[:count]) in words for count in range(len(parts), 0, -1))


def main():
    known = rooms((ROOT / "CONTRIBUTING.md").read_text())
    files = subprocess.run(["git", "ls-files", "watcher/*.[ch]", "sources/*.[ch]", "git/*.[ch]"], cwd=ROOT, text=True,
                           capture_output=True, check=True).stdout.split()
    stems = {}
    for path in files:
        stems.setdefault(place(path), set()).add(pathlib.PurePath(path).stem)
    lines = []
    for room, names in stems.items():
        words = known.get(room, set())
        lines += [f"{room}: {name}" for name in sorted(names)
                  if not covers(words, name) and not (name.startswith("cmd_") and "cmd_*" in words)]
        lines += [f"{room}: there is no {word}" for word in sorted(words - names)
                  if not any(name.startswith(word + "_") for name in names) and re.fullmatch(r"[a-z0-9_]+", word)]
    print("\n".join(lines), end="\n" if lines else "")
    sys.exit(1 if lines else 0)


main()
