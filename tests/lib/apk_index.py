"""Package indexes as apk repositories serve them: a signature, then the index, each a gzip stream of its own."""

import base64
import gzip
import hashlib
import io
import pathlib
import subprocess
import tarfile
import tempfile


class Key:
    """An RSA key that openssl makes."""

    def __init__(self, name="test.rsa.pub", bits=2048):
        self.name = name
        self.folder = tempfile.TemporaryDirectory(prefix="mwatch-key-")
        self.private = pathlib.Path(self.folder.name) / "key"
        subprocess.run(["openssl", "genrsa", "-out", self.private, str(bits)], check=True, capture_output=True)
        self.public = subprocess.run(["openssl", "rsa", "-in", self.private, "-pubout"], check=True,
                                     capture_output=True).stdout

    def sign(self, data, digest="sha256"):
        done = subprocess.run(["openssl", "dgst", f"-{digest}", "-sign", self.private], input=data, check=True,
                              capture_output=True)
        return done.stdout


def archive(entries, end=True):
    """A tar of [(name, bytes)], gzip'd; without the blocks that end it when more follows."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as tar:
        for name, content in entries:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            tar.addfile(info, io.BytesIO(content))
        length = tar.offset
    data = out.getvalue()
    return gzip.compress(data if end else data[:length], mtime=0)


def checksum(*words):
    """What stands for a package's content in an index."""
    return "Q1" + base64.b64encode(hashlib.sha1(" ".join(words).encode()).digest()).decode()


def stanza(name, version, **fields):
    """A package: depends, provides, install_if, origin, arch, build as keywords."""
    lines = [f"C:{checksum(name, version, fields.get('build', ''))}", f"P:{name}", f"V:{version}",
             f"A:{fields.get('arch', 'x86_64')}", "S:1000", "I:4000", f"T:{name}",
             f"o:{fields.get('origin', name)}", "t:1764400000"]
    for letter, key in (("D", "depends"), ("p", "provides"), ("i", "install_if"), ("k", "priority")):
        if fields.get(key):
            lines.append(f"{letter}:{fields[key]}")
    return "\n".join(lines) + "\n\n"


def index(stanzas, key=None, digest="sha256"):
    """The bytes of APKINDEX.tar.gz; signed when there is a key."""
    data = archive([("DESCRIPTION", b"test"), ("APKINDEX", "".join(stanzas).encode())])
    if not key:
        return data
    name = ".SIGN.RSA256." if digest == "sha256" else ".SIGN.RSA."
    return archive([(name + key.name, key.sign(data, digest))], end=False) + data
