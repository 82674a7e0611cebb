"""apk packages as melange writes them, and what apko's lock files say of them: made apart from mwatch's own code."""

import base64
import gzip
import hashlib
import io
import json
import tarfile


def tar(entries, cut):
    """A ustar; without the two empty blocks at its end where others follow."""
    out = io.BytesIO()
    with tarfile.open(fileobj=out, mode="w", format=tarfile.USTAR_FORMAT) as archive:
        for name, content in entries:
            info = tarfile.TarInfo(name)
            info.size = len(content)
            archive.addfile(info, io.BytesIO(content))
    size = sum(512 + (len(content) + 511) // 512 * 512 for _, content in entries)
    return out.getvalue()[:size] if cut else out.getvalue()


def pack(entries, cut=True, level=9):
    return gzip.compress(tar(entries, cut), compresslevel=level, mtime=0)


def sum_text(kind, data):
    return f"{kind}-{base64.b64encode(hashlib.new(kind, data).digest()).decode()}"


class Package:
    def __init__(self, name, version, arch, more="", signed=True, content=b"content", datahash=True,
                 level=9):
        self.name, self.version, self.arch = name, version, arch
        self.data = pack([(f"usr/share/{name}", content)], cut=False)
        info = f"pkgname = {name}\npkgver = {version}\narch = {arch}\n{more}"
        if datahash:
            info += f"datahash = {hashlib.sha256(self.data).hexdigest()}\n"
        self.control = pack([(".PKGINFO", info.encode("latin-1"))], level=level)
        self.signature = pack([(".SIGN.RSA256.melange.rsa.pub", b"s" * 256)]) if signed else b""
        self.bytes = self.signature + self.control + self.data
        self.checksum = "Q1" + base64.b64encode(hashlib.sha1(self.control).digest()).decode()
        self.file = f"{name}-{version}.apk"

    def locked(self, repository):
        start = len(self.signature)
        middle = start + len(self.control)
        return {
            "name": self.name, "url": f"{repository}/{self.arch}/{self.file}", "version": self.version,
            "architecture": self.arch,
            "signature": {"range": f"bytes=0-{start - 1}", "checksum": sum_text("sha1", self.signature)} if start
            else {"range": "", "checksum": ""},
            "control": {"range": f"bytes={start}-{middle - 1}", "checksum": sum_text("sha1", self.control)},
            "data": {"range": f"bytes={middle}-{len(self.bytes) - 1}", "checksum": sum_text("sha256", self.data)},
            "checksum": self.checksum}


def strip_scheme(url):
    return url.removeprefix("https://").removeprefix("http://")


def locked_repositories(urls, archs):
    return [{"name": f"{strip_scheme(url)}/{arch}", "url": f"{url}/{arch}/APKINDEX.tar.gz", "architecture": arch}
            for arch in archs for url in urls]


def lock(name, config, keys, repositories, packages, build=(), runtime=()):
    """The text of a lock file; `packages` are (Package, repository) in order, those of an architecture together."""
    archs = list(dict.fromkeys(package.arch for package, _ in packages))
    return json.dumps({
        "version": "v1",
        "config": {"name": name, "checksum": sum_text("sha256", config)},
        "contents": {
            "keyring": sorted(({"name": strip_scheme(key), "url": key} for key in keys), key=lambda k: k["name"]),
            "build_repositories": locked_repositories(build, archs),
            "runtime_repositories": locked_repositories(runtime, archs),
            "repositories": locked_repositories(repositories, archs),
            "packages": [package.locked(repository) for package, repository in packages]},
    }, indent=2, ensure_ascii=False) + "\n"
