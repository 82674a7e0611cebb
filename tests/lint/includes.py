#!/usr/bin/env python3
"""Walls: which file may include which, and which file may use which library (CONTRIBUTING.md has the map).
Prints a line for each that is broken; exit status 1 when there is one."""

import pathlib
import re
import subprocess
import sys

ROOT = pathlib.Path(__file__).resolve().parents[2]

# The rooms, by path; a file includes only floors below its own, and its own room.
ROOMS = [
    (r"watcher/(main|cmd_\w+|cli|options|help|groups|session\w*)\.[ch]$", 5, "commands"),
    (r"watcher/base/", 1, "base"),
    (r"watcher/http/", 2, "http"),
    (r"watcher/versions/", 2, "versions"),
    (r"watcher/yaml/", 2, "yaml"),
    (r"watcher/recipes/", 3, "recipes"),
    (r"watcher/rebuild/", 3, "rebuild"),
    (r"sources/", 3, "sources"),
    (r"git/", 3, "git"),
    (r"watcher/\w+\.[ch]$", 4, "stages"),
]

# What floor 3's rooms may know of each other: only the adapters' interface.
NEIGHBOURS = {("recipes", "sources/source.h")}

# An adapter builds requests and reads bytes: it stands on floor 1 alone.
LOWEST_ONLY = {"sources": 1}

LIBRARIES = {
    r"curl/": r"watcher/http/",
    r"sqlite3\.h": r"watcher/http/",
    r"yaml\.h": r"watcher/yaml/",
    r"libxml/": r"sources/(html|feed)\w*\.[ch]$",
    r"pcre2\.h": r"watcher/base/pattern\w*\.[ch]$",
    r"git2": r"git/",
    r"openssl/": r"watcher/base/(hash|minisign)\.c$|git/app\w*\.c$|watcher/rebuild/sign\w*\.c$",
    r"archive(_entry)?\.h": r"watcher/base/archive\w*\.c$",
    r"jansson\.h": r"watcher/base/json\.h$",
}


def room(path):
    for pattern, floor, name in ROOMS:
        if re.match(pattern, path):
            return floor, name
    return None


def check_own(path, included):
    here, there = room(path), room(included)
    if here is None or there is None:
        return f"{path}: no room in the house for {path if here is None else included}"
    if here[1] == there[1] or (here[1], included) in NEIGHBOURS:
        return None
    if there[0] > LOWEST_ONLY.get(here[1], here[0]) or there[0] == here[0]:
        return f"{path}: floor {here[0]} ({here[1]}) may not include {included}"
    return None


def check_library(path, included):
    for library, allowed in LIBRARIES.items():
        if re.match(library, included) and not re.search(r"^(" + allowed + ")", path):
            return f"{path}: <{included}> may be used only in {allowed}"
    return None


def main():
    files = subprocess.run(["git", "ls-files", "watcher", "sources", "git"], cwd=ROOT, text=True,
                           capture_output=True, check=True).stdout.split()
    broken = []
    for path in files:
        if not path.endswith((".c", ".h")):
            continue
        text = (ROOT / path).read_text()
        for included in re.findall(r'^\s*#\s*include\s*"([^"]+)"', text, re.M):
            broken.append(check_own(path, included))
        for included in re.findall(r"^\s*#\s*include\s*<([^>]+)>", text, re.M):
            broken.append(check_library(path, included))
    broken = [line for line in broken if line]
    print("\n".join(broken), end="\n" if broken else "")
    sys.exit(1 if broken else 0)


main()
