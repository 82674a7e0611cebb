#!/usr/bin/env python3
"""Packages for test_lockfile, in the folder given: good/ and odd/, each with packages.txt (what is to be locked, a
line each) and either expected.lock.json or, a line each, errors.txt."""

import pathlib
import random
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
from apk_files import Package, lock

CONFIG = b"contents:\n  packages:\n    - glibc\n"
REMOTE = "https://packages.example/os"
folder = pathlib.Path(sys.argv[1])


def put(where, package, repository, data=None):
    """A repository on the network is the folder remote/ of this one."""
    place = folder / where / repository.replace(REMOTE, "remote") / package.arch
    place.mkdir(parents=True, exist_ok=True)
    (place / package.file).write_bytes(package.bytes if data is None else data)


def line(package, repository, checksum=None):
    return (f"{package.arch} {package.name} {package.version} {checksum or package.checksum} "
            f"{repository}/{package.arch}/{package.file}\n")


def provides(count, seed):
    source = random.Random(seed)
    return "".join(f"provides = so:lib{source.randbytes(24).hex()}.so.1=1\n" for _ in range(count))


def magic(arch):
    """Not compressed, so that what looks like the beginning of another gzip stream stands in it as it is."""
    return Package("magic", "1-r0", arch, more="# \x1f\x8b\x08\n" * 3, level=0)


def good():
    packages = []
    for arch in ("x86_64", "aarch64"):
        packages += [
            (Package("zlib", "1.3.1-r51", arch), REMOTE),
            (Package("glibc", "2.42-r1", arch, more=provides(20, 1)), REMOTE),
            (Package("unsigned", "1-r0", arch, signed=False), "./packages"),
            (Package("large-control", "1-r0", arch, more=provides(6000, 2)), REMOTE),
            (Package("larger-control", "1-r0", arch, more=provides(30000, 3)), "./packages"),
            (Package("large-data", "1-r0", arch, content=random.Random(4).randbytes(300000)), REMOTE),
            (magic(arch), REMOTE),
            (Package("libstdc++", "15.2.0-r0", arch), "./packages")]
    for package, repository in packages:
        put("good", package, repository)
    (folder / "good/packages.txt").write_text("".join(line(*p) for p in packages))
    (folder / "good/expected.lock.json").write_text(
        lock("images/python.yaml", CONFIG, ["https://packages.example/os/signing.rsa.pub", "./melange.rsa.pub"],
             [REMOTE, "./packages"], packages, runtime=[f"{REMOTE}/extra"]))


def odd():
    rows = []

    def row(package, message, data=None, checksum=None, absent=False):
        if not absent:
            put("odd", package, REMOTE, data)
        rows.append((line(package, REMOTE, checksum), f"{REMOTE}/{package.arch}/{package.file}: {message}"))

    (folder / "odd").mkdir()
    one = Package("other", "1-r0", "x86_64", more="url = other\n")
    row(Package("replaced", "1-r0", "x86_64"), "not the package that the index tells of", data=one.bytes)
    cut = Package("cut", "1-r0", "x86_64")
    row(cut, "not the package that the index tells of", data=cut.bytes[:len(cut.signature) + 10])
    bare = Package("no-data", "1-r0", "x86_64")
    row(bare, "not the package that the index tells of", data=bare.signature + bare.control)
    row(Package("page", "1-r0", "x86_64"), "not the package that the index tells of", data=b"<html>not here</html>")
    row(Package("no-hash", "1-r0", "x86_64", datahash=False), "the package does not tell the hash of its data")
    row(Package("newer", "1-r0", "x86_64"), "the checksum is none that is known: Q2abc=", checksum="Q2abc=")
    row(Package("absent", "1-r0", "x86_64"), "the server answered 404", absent=True)
    row(Package("empty", "1-r0", "x86_64"), "the server does not say how large it is", data=b"")
    (folder / "odd/packages.txt").write_text("".join(text for text, _ in rows))
    (folder / "odd/errors.txt").write_text("".join(message + "\n" for _, message in rows))


good()
odd()
