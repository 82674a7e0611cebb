"""The minimal repository: its recipes, and every upstream of its rows on loopback. A row is a file of
tests/e2e/minimal/rows; it says what the recipe pins before and after, what upstream answers, and what must come of
it. Bytes of artefacts are the tests' own, and whatever publishes their hashes is made to agree."""

import functools
import gzip
import hashlib
import io
import json
import lzma
import pathlib
import re
import shutil
import tarfile
import zipfile

import github_releases
import tap

ROWS = tap.ROOT / "tests/e2e/minimal/rows"
WOLFI = tap.ROOT / "tests/e2e/minimal/wolfi.txt"
CONFIG = tap.ROOT / "config/mwatch.yaml"
CONFIG_ARCHIVE = "https://github.com/{name}/archive/refs/tags/{tag}.tar.gz"  # as mwatch.yaml has it
OVERLAY = tap.ROOT / "tests/unit/minimal"  # what the corpus lacks of the repository
EPOCH = 3                                  # of every recipe before


def rows():
    """{name: row}"""
    return {path.stem: json.loads(path.read_text()) for path in sorted(ROWS.glob("*.json"))}


# ---- what upstream publishes ----

def tar(name, mode):
    out = io.BytesIO()
    content = b"".join(hashlib.sha512(f"{name} {i}".encode()).digest() for i in range(200))
    with tarfile.open(fileobj=out, mode="w") as archive:
        entry = tarfile.TarInfo("project/data")
        entry.size = len(content)
        archive.addfile(entry, io.BytesIO(content))
    return gzip.compress(out.getvalue(), mtime=0) if mode == "gz" else lzma.compress(out.getvalue())


def archive_zip(name):
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(zipfile.ZipInfo("META-INF/MANIFEST.MF", (2026, 1, 1, 0, 0, 0)), name * 500)
    return out.getvalue()


@functools.lru_cache(maxsize=None)
def artefact(url):
    """The bytes at an address, always the same."""
    if url.endswith((".tar.gz", ".tgz")):
        return tar(url, "gz")
    if url.endswith(".tar.xz"):
        return tar(url, "xz")
    if url.endswith((".war", ".hpi")):
        return archive_zip(url)
    return b"\x7fELF\x02\x01\x01" + url.encode() * 300


def hash_of(url, kind="sha256"):
    return hashlib.new(kind, artefact(url)).hexdigest()


def grouped(digest):
    """As `gpg --print-md` writes a hash, which is how Apache publishes them."""
    words = [digest[i:i + 8].upper() for i in range(0, len(digest), 8)]
    return "\n    ".join(" ".join(words[i:i + 4]) for i in range(0, len(words), 4))


def filled(line):
    return re.sub(r"\{(sha\d+) ([^}]+)\}", lambda m: hash_of(m.group(2), m.group(1)), line)


def apkindex(names=()):
    """An APKINDEX.tar.gz of wolfi.txt and of whatever else images name."""
    known = dict(line.split() for line in WOLFI.read_text().splitlines() if not line.startswith("#"))
    known = {**{name: "1.0-r0" for name in names}, **known}
    text = "".join(f"C:Q1{hashlib.sha1(n.encode()).hexdigest()[:26]}=\nP:{n}\nV:{v}\nA:x86_64\nS:1\nI:1\nT:{n}\n\n"
                   for n, v in sorted(known.items())).encode()
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as index:
        for name, content in (("DESCRIPTION", b"wolfi"), ("APKINDEX", text)):
            entry = tarfile.TarInfo(name)
            entry.size = len(content)
            index.addfile(entry, io.BytesIO(content))
    return gzip.compress(out.getvalue(), mtime=0)


class Upstreams(github_releases.GitHub):
    """The upstreams of these rows."""

    def __init__(self, cases, names=()):
        super().__init__()
        index = apkindex(names)
        for arch in ("x86_64", "aarch64"):
            self.files[f"packages.wolfi.dev/os/{arch}/APKINDEX.tar.gz"] = index
        for case in cases:
            self.add(case)

    def add(self, case):
        for name, held in case.get("github", {}).items():
            self.add_tags(name, held.get("tags", []))
            listed = [row if isinstance(row, dict) else {"tag": row} for row in held.get("releases", [])]
            if listed:
                self.repositories[name] = [self.made(row, len(listed) - i) for i, row in enumerate(listed)]
        for url, answer in case.get("answers", {}).items():
            body = "\n".join(map(filled, answer["body"])) + "\n"
            self.put(url, (answer.get("status", 200), {"Content-Type": answer.get("type", "text/plain")}, body.encode()))
        for url in case.get("artefacts", {}):
            self.put(url, artefact(url))
        for url, (of, line) in case.get("checksums", {}).items():
            line = line.replace("{sha512 grouped}", grouped(hash_of(of, "sha512")))
            self.put(url, (line.replace("{sha256}", hash_of(of)) + "\n").encode())

    def put(self, url, content):
        self.files[url.removeprefix("https://")] = content

    def add_tags(self, name, tags):
        commit = github_releases.commit_of
        if tags:
            self.refs["github.com/" + name] = [
                (f"refs/tags/{tag}", commit("tag " + name + tag), commit(name + tag)) for tag in sorted(tags)]

    def made(self, row, hours):
        files = {name: {"digest": "sha256:" + hash_of(url), "size": len(artefact(url))}
                 for name, url in row.get("files", {}).items()}
        return github_releases.release(row["tag"], hours, draft=row.get("draft", False),
                                       prerelease=row.get("prerelease", False), assets=files)


# ---- the recipes ----

def kind_of(pin):
    """sha256 of vars.sha256_x86"""
    return pin.split(".")[1].split("_")[0]


def texts(case):
    """[[file, old, new]]: what reads differently before and after the row."""
    return case.get("text") or [[file, old, new] for file, _, old, new in case["moves"]]


def melange(file, cases):
    """A small recipe that pins what the rows move, as they leave it."""
    settings = {move[1]: move[3] for case in cases for move in case["moves"] if move[0] == file}
    pins = {pin["pin"] for case in cases for pin in case.get("artefacts", {}).values()}
    settings.update({pin: hashlib.new(kind_of(pin), pin.encode()).hexdigest() for pin in pins})
    variables = "".join(f"  {path[5:]}: {value}\n" for path, value in settings.items() if path.startswith("vars."))
    version = settings.get("package.version", cases[0].get("version"))
    runs = "".join(f"      {line}\n" for case in cases for line in case.get("runs", ["make"]))
    return (f"package:\n  name: {file.split('/')[0]}-minimal\n  version: {version} # as upstream has it\n"
            f"  epoch: {EPOCH}\n\nvars:\n  # pinned\n{variables}\npipeline:\n  - runs: |\n{runs}")


def apko(cases):
    packages = "".join(f"    - {name}\n" for name in cases[0]["packages"])
    words = "".join(f"  {key}: {value}\n" for key, value in cases[0].get("environment", {}).items())
    return (f"contents:\n  repositories:\n    - https://packages.wolfi.dev/os\n  packages:\n{packages}\n"
            + (f"environment:\n{words}\n" if words else "") + "archs:\n  - x86_64\n  - aarch64\n")


def small(cases):
    """{file: text} of small recipes of our own, for all rows: these need nothing from elsewhere."""
    files, by_file = {}, {}
    for case in cases:
        by_file.setdefault(case["file"], []).append(case)
        files.update(case.get("files", {}))
    for file, held in by_file.items():
        files[file] = melange(file, held) if file.endswith("melange.yaml") else apko(held)
    return files


def real(cases):
    """{file: text} of the minimal repository's own recipes, with what the corpus lacks of them."""
    files = {}
    for folder in (tap.corpus() / "corpus/minimal", OVERLAY):
        for path in sorted(folder.rglob("*")):
            name = str(path.relative_to(folder))
            if path.is_file() and name != "expected.txt":
                files[name] = path.read_text()
    for case in cases:
        for name, text in case.get("files", {}).items():
            files.setdefault(name, text)
        for name, (before, line) in case.get("adds", {}).items():
            if line not in files[name]:
                files[name] = files[name].replace(before, line + before, 1)
    return files


def replaced(text, old, new):
    """Wherever it stands but in comments."""
    return "".join(line if line.lstrip().startswith("#") else line.replace(old, new)
                   for line in text.splitlines(keepends=True))


def set_back(files, cases):
    """The same files as they were before the rows moved."""
    files = dict(files)
    for case in cases:
        for file, old, new in texts(case):
            files[file] = replaced(files[file], new, old)
    for file in {case["file"] for case in cases if case["file"].endswith("melange.yaml")}:
        files[file] = re.sub(r"(?m)^  epoch: \d+", f"  epoch: {EPOCH}", files[file], count=1)
    return files


def images(files):
    """All packages that images name."""
    return {name for text in files.values() for name in re.findall(r"(?m)^    - ([a-z][\w.+-]*)$", text)}


def old_pin(text, pin):
    return re.search(rf"(?m)^  {pin.split('.')[1]}: ([0-9a-f]+)", text).group(1)


def new_epoch(case):
    return case.get("epoch", 0 if case["file"].endswith("melange.yaml") else EPOCH)


def pinned(case, before):
    """[[file, path, old, new]] of the hashes the row renews."""
    return [[case["file"], row["pin"], old_pin(before[case["file"]], row["pin"]), hash_of(url, kind_of(row["pin"]))]
            for url, row in case.get("artefacts", {}).items()]


def expected_edits(case, before):
    """[[file, path, old, new]] of the row, from files as they were before it; no path where that differs."""
    edits = case["moves"] + pinned(case, before)
    if new_epoch(case) != EPOCH:
        edits = edits + [[case["file"], "package.epoch", str(EPOCH), str(new_epoch(case))]]
    return edits


def expected_files(case, before):
    """{file: text} of what the row changes, as it leaves it."""
    after = {}
    for file, old, new in texts(case) + [[file, old, new] for file, _, old, new in pinned(case, before)]:
        after[file] = replaced(after.get(file, before[file]), old, new)
    if new_epoch(case) != EPOCH:
        file = case["file"]
        after[file] = re.sub(rf"(?m)^  epoch: {EPOCH}$", f"  epoch: {new_epoch(case)}", after.get(file, before[file]), count=1)
    return after


def run(files, double, *words, config=CONFIG, env=None):
    """(status, report, standard error, files afterwards) of mwatch over the files, against the double."""
    with tap.temporary() as folder, double:
        tap.write(folder, files)
        shutil.copy(config, pathlib.Path(folder) / "mwatch.yaml")
        env = {"GITHUB_TOKEN": github_releases.TOKEN, **(env or {})}
        code, out, err = tap.run("run", "--dry-run", "-C", folder, "--format", "json", "--no-cache",
                                 *double.options(), *words, env=env)
        left = {name: (pathlib.Path(folder) / name).read_text() for name in files}
    return code, json.loads(out) if out else None, err, left
