"""Wolfi's recipes read in Python, apart from mwatch's own code: enough of YAML for how they are written, the
variables, and what an `update:` block makes of a tag. It serves to know what mwatch should find."""

import re

KEY = re.compile(r"((?:[^\s:#'\"{}\[\]-]|-(?=\S))[^:#]*?|\"[^\"]*\"|'[^']*') *:(?= |$)")
BLOCK = re.compile(r"[|>][-+0-9]* *(?:#.*)?$")


class Reader:
    """Block mappings, block lists and scalars; `{}` and `[]`; anything else in braces stays text."""

    def __init__(self, text):
        self.lines = text.split("\n")
        self.at = 0

    def skip(self):
        while self.at < len(self.lines):
            text = self.lines[self.at].strip()
            if text and not text.startswith("#") and text != "---":
                return
            self.at += 1

    def peek(self):
        """(indent, text) of the next line that says something; (-1, "") at the end."""
        self.skip()
        if self.at == len(self.lines):
            return -1, ""
        line = self.lines[self.at]
        return len(line) - len(line.lstrip(" ")), line.strip()

    def node(self, indent):
        """What begins on the next line, if that stands at least so deep."""
        depth, text = self.peek()
        if depth < indent:
            return None
        if text.startswith("- ") or text == "-":
            return self.sequence(depth)
        return self.mapping(depth) if KEY.match(text) else self.scalar(depth, text)

    def sequence(self, indent):
        items = []
        while True:
            depth, text = self.peek()
            if depth != indent or not (text.startswith("- ") or text == "-"):
                return items
            rest = text[1:].strip()
            if not rest or rest.startswith("#"):
                self.at += 1
                items.append(self.node(indent + 1))
            elif KEY.match(rest) or rest.startswith("- "):
                inner = depth + len(text) - len(text[1:].lstrip())
                self.lines[self.at] = " " * inner + rest
                items.append(self.node(inner))
            else:
                items.append(self.scalar(indent, rest))

    def mapping(self, indent):
        found = {}
        while True:
            depth, text = self.peek()
            match = KEY.match(text) if depth == indent else None
            if not match:
                return found
            key, rest = match.group(1).strip("'\""), text[match.end():].strip()
            if rest and not rest.startswith("#"):
                found[key] = self.scalar(indent, rest)
                continue
            self.at += 1
            depth, text = self.peek()
            same = depth == indent and (text.startswith("- ") or text == "-")
            found[key] = self.node(indent if same else indent + 1)

    def scalar(self, indent, text):
        self.at += 1
        if BLOCK.match(text):
            return self.block(indent, folded=text[0] == ">")
        if text[0] in "'\"":
            return self.quoted(text)
        text = re.split(r" #", text)[0].strip()
        while self.at < len(self.lines) and self.lines[self.at].strip() and self.peek()[0] > indent:
            text += " " + re.split(r" #", self.peek()[1])[0].strip()
            self.at += 1
        return {"{}": {}, "[]": []}.get(text, text)

    def quoted(self, text):
        mark = text[0]
        closed = re.compile(r"'((?:[^']|'')*)'" if mark == "'" else r'"((?:[^"\\]|\\.)*)"')
        while not closed.match(text) and self.at < len(self.lines):
            text += " " + self.lines[self.at].strip()
            self.at += 1
        inner = closed.match(text).group(1)
        if mark == "'":
            return inner.replace("''", "'")
        return re.sub(r"\\(.)", lambda m: {"n": "\n", "t": "\t"}.get(m.group(1), m.group(1)), inner)

    def block(self, indent, folded):
        lines, depth = [], None
        while self.at < len(self.lines):
            line = self.lines[self.at]
            own = len(line) - len(line.lstrip(" "))
            if line.strip() and own <= indent:
                break
            depth = own if depth is None and line.strip() else depth
            lines.append(line[depth or 0:])
            self.at += 1
        return (" " if folded else "\n").join(lines).rstrip() + "\n"


def read(text):
    return Reader(text).node(0)


def replace(match, replacement, text):
    """Go's ReplaceAllString, with `$1_x` read as its author meant it."""
    parts = re.sub(r"\$\{(\w+)\}|\$(\d+)", lambda m: rf"\g<{m.group(1) or m.group(2)}>",
                   replacement.replace("\\", "\\\\"))
    return re.sub(match, parts, text)


class Recipe:
    def __init__(self, text):
        self.tree = read(text)
        self.package = self.tree["package"]
        self.name, self.version = self.package["name"], self.package["version"]
        self.update = self.tree.get("update") or {}
        self.enabled = self.update.get("enabled") == "true"
        self.kind = next((k for k in ("github", "git", "release-monitor", "oci") if k in self.update), None)
        self.monitor = self.update.get(self.kind) or {}

    def variables(self, version):
        known = {"package.name": self.name, "package.version": version,
                 "package.epoch": "0", "package.full-version": f"{version}-r0"}
        for key, value in (self.tree.get("vars") or {}).items():
            known[f"vars.{key}"] = value
        for row in self.tree.get("var-transforms") or []:
            known[f"vars.{row['to']}"] = replace(row["match"], row["replace"] or "",
                                                 self.expand(row["from"], known))
        return known

    def expand(self, text, known):
        for _ in range(3):
            text = re.sub(r"\$\{\{ *([\w.-]+) *\}\}", lambda m: known.get(m.group(1), m.group(0)), text)
        return text

    def steps(self, holder=None):
        """The steps of the main pipeline, the nested ones too."""
        for step in (holder or self.tree).get("pipeline") or []:
            if isinstance(step, dict):
                yield step
                yield from self.steps(step) if step.get("pipeline") else ()

    def checkouts(self):
        return [step["with"] for step in self.steps() if step.get("uses") == "git-checkout"]

    def text(self, key, fallback=None):
        """A filter of the monitor, with its variables replaced."""
        value = self.monitor.get(key)
        return self.expand(value, self.variables(self.version)) if value else fallback

    def repository(self):
        """Where the tags are asked for: `HOST/PATH`."""
        if self.kind == "github":
            return "github.com/" + self.text("identifier")
        url = self.text("identifier") or self.checkouts()[0]["repository"]
        url = self.expand(url, self.variables(self.version))
        url = url.replace("git://anongit.gentoo.org/", "git://anongit.gentoo.org/git/")
        return re.sub(r"^(https?|git)://", "", url).rstrip("/").removesuffix(".git")

    def is_snapshot(self):
        follows = self.kind == "git" and set(self.monitor) <= {"identifier"}
        return bool(follows and re.search(r"(^|\D)20\d{6}$", self.version) and
                    any("tag" not in c for c in self.checkouts()[:1]))

    def version_of(self, raw):
        """What the update block makes of a tag, None when it drops it."""
        prefix = self.text("tag-filter-prefix") or self.text("tag-filter") or self.text("version-filter-prefix")
        contains = self.text("tag-filter-contains") or self.text("version-filter-contains")
        if (prefix and not raw.startswith(prefix)) or (contains and contains not in raw):
            return None
        text = raw.removeprefix(self.text("strip-prefix", "")).removesuffix(self.text("strip-suffix", ""))
        for pattern in self.update.get("ignore-regex-patterns") or []:
            if re.search(pattern, text):
                return None
        if self.update.get("version-separator"):
            text = text.replace(self.update["version-separator"], ".")
        for row in self.update.get("version-transform") or []:
            text = replace(row["match"], row["replace"] or "", text)
        return text

    def tag_of(self, version):
        """The tag upstream gives this version: as the recipe checks it out, or as its filters want it;
        None when neither leads back to the version."""
        known = self.variables(version)
        guesses = [self.expand(c["tag"], known) for c in self.checkouts() if c.get("tag")]
        prefix, suffix = self.text("strip-prefix", ""), self.text("strip-suffix", "")
        separator = self.update.get("version-separator")
        for body in [version, *( [version.replace(".", separator)] if separator else [])]:
            guesses += [prefix + body + suffix, "v" + body, body]
        return next((raw for raw in guesses if self.version_of(raw) == version), None)

    def next_version(self):
        """(version, tag) of a release that is just newer, the least step that the filters let through."""
        versions = []
        for number in reversed(list(re.finditer(r"\d+", self.version))):
            more = str(int(number.group()) + 1).rjust(len(number.group()), "0")
            versions.append(self.version[:number.start()] + more + self.version[number.end():])
        for version in [*versions, self.version + ".1"]:
            tag = self.tag_of(version)
            if tag:
                return version, tag
        return None


def order(version):
    """A key that sorts the versions of the corpus as apk does: numbers, a letter, `_p1` after, `_rc1` before."""
    suffixes = {"alpha": -4, "beta": -3, "pre": -2, "rc": -1, "cvs": 1, "svn": 2, "git": 3, "hg": 4, "p": 5}
    key = []
    for number, suffix, letter in re.findall(r"(\d+)|_([a-z]+)|([a-z])", version):
        if suffix:
            key.append((suffixes[suffix], 0))
        else:
            key.append((0, int(number)) if number else (0.5, ord(letter)))
    return key + [(0, -1)]
