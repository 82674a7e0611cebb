"""A release on loopback, a recipe that pins an artefact of it, and what mwatch makes of the two."""

import hashlib
import io
import pathlib
import tarfile

import tap
import upstreams

FILE = "project-1.1.0.tar"
URL = f"https://github.com/owner/project/releases/download/v1.1.0/{FILE}"
HOST_URL = f"https://dl.example.org/{FILE}"
OLD = "0" * 64
RECIPE = """package:
  name: project
  version: 1.0.0
  epoch: 3
vars:
  sha256: {old}
  sha512: {old}
"""


def archive():
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w") as tar:
        entry = tarfile.TarInfo("project/data")
        entry.size = 200000
        tar.addfile(entry, io.BytesIO(hashlib.sha512(b"data").digest() * (200000 // 64)))
    return out.getvalue()


GOOD = archive()
SHA256 = hashlib.sha256(GOOD).hexdigest()
SHA512 = hashlib.sha512(GOOD).hexdigest()


def serve(files=None, artefact=GOOD, at=URL, digests=None):
    """A release with its own files: {name: bytes}."""
    double = upstreams.Upstreams()
    folder = URL.rpartition("/")[0]
    assets = []
    for name, content in {FILE: artefact, **(files or {})}.items():
        asset = {"name": name, "browser_download_url": f"{folder}/{name}", "size": len(content)}
        if name in (digests or {}):
            asset["digest"] = "sha256:" + digests[name]
        assets.append(asset)
        double.files[f"{folder}/{name}".removeprefix("https://")] = content
    double.files[at.removeprefix("https://")] = artefact
    double.releases["owner/project"] = [{"tag_name": "v1.1.0", "assets": assets}, "v1.0.0"]
    double.hosts.add("dl.example.org")
    return double


def artefact_row(url, pins="sha256: vars.sha256", more=()):
    rows = [url, pins, *more]
    return "      - " + "\n        ".join(rows) + "\n"


def config(row, component=""):
    return (f"recipes:\n  project:\n    source: {{github: owner/project}}\n    strip-prefix: v\n{component}"
            f"    artefacts:\n{row}")


DEFAULT = artefact_row("url: https://github.com/owner/project/releases/download/{tag}/project-{version}.tar")


def run(double, row=DEFAULT, files=None, component="", command=("bump",)):
    """(status, the recipe after, all that was said)"""
    with tap.temporary() as folder, double:
        tap.write(folder, {"project.yaml": RECIPE.format(old=OLD), "mwatch.yaml": config(row, component),
                           **(files or {})})
        code, out, err = tap.run(*command, "-C", folder, "--no-cache", *double.options(), "project")
        return code, (pathlib.Path(folder) / "project.yaml").read_text(), out + err


def pinned(double, confirmed=None, **how):
    """It is pinned, and its pull request says by whom it is confirmed."""
    code, after, said = run(double, **how)
    expected = RECIPE.format(old=OLD).replace("1.0.0", "1.1.0").replace("epoch: 3", "epoch: 0")
    tap.equal((code, after), (0, expected.replace(f"sha256: {OLD}", f"sha256: {SHA256}")), said)
    code, _, said = run(double, command=("run", "--dry-run"), **how)
    tap.equal(code, 0, said)
    tap.contains(said.replace("\\", ""), f"**confirmed** by {confirmed}" if confirmed else
                 "unconfirmed: upstream publishes no checksum that mwatch knows of")
    return said


def refused(double, *reasons, **how):
    code, after, said = run(double, **how)
    tap.equal((code, after), (1, RECIPE.format(old=OLD)), said)
    for reason in reasons:
        tap.contains(said, reason)


def lines(digest=SHA256, name=FILE):
    return f"{'1' * len(digest)}  other-1.1.0.tar\n{digest}  {name}\n".encode()
