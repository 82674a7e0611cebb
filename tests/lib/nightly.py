"""Nights of a small image repository: indexes that are signed, a registry with tags, twelve images."""

import json

import apk_index
import registry
import tap

KEY = apk_index.Key("wolfi-signing.rsa.pub")
REPOSITORY = "https://packages.wolfi.dev/os"

# Twelve images: nine know nothing of what moves overnight.
PACKAGES = {
    "wolfi-baselayout": "20230201-r20",
    "ca-certificates-bundle": "20251003-r0",
    "glibc": "2.42-r4",
    "libssl3": "3.6.0-r2",
    "python-3.14": "3.14.0-r3",
    "nodejs-25": "25.2.0-r0",
    "bun": "1.3.2-r0",
    "go-1.25": "1.25.4-r1",
    "nginx": "1.29.3-r0",
    "httpd": "2.4.65-r4",
    "redis-8.2": "8.2.3-r0",
    "postgresql-18": "18.1-r0",
    "sqlite": "3.51.0-r0",
    "openjdk-21-jre": "21.0.9-r1",
    "busybox": "1.37.0-r50",
}
NEEDS = {
    "python-3.14": "glibc libssl3 so:libsqlite3.so.0",
    "nginx": "glibc libssl3",
    "httpd": "glibc",
    "nodejs-25": "glibc",
    "bun": "glibc",
    "go-1.25": "glibc busybox",
    "redis-8.2": "glibc",
    "postgresql-18": "glibc",
    "openjdk-21-jre": "glibc",
    "sqlite": "glibc",
}
IMAGES = {
    "python": ["python-3.14"], "node": ["nodejs-25"], "bun": ["bun"], "go": ["go-1.25"], "nginx": ["nginx"],
    "httpd": ["httpd"], "redis": ["redis-8.2"], "postgres": ["postgresql-18"], "sqlite": ["sqlite"],
    "java": ["openjdk-21-jre"], "static": [], "shell": ["busybox"],
}
CONFIG = """rebuild:
  image: ghcr.io/owner/minimal-{recipe}
  state: record
  record: rebuild.json
  images:
    static: {primary: wolfi-baselayout}
    shell: {primary: busybox}
"""


def image(packages, more="", repository=REPOSITORY):
    names = "".join(f"    - {name}\n" for name in packages)
    return (f"contents:\n  repositories:\n    - {repository}\n  keyring:\n"
            f"    - https://packages.wolfi.dev/os/wolfi-signing.rsa.pub\n  packages:\n{names}{more}")


BASE = ["wolfi-baselayout", "ca-certificates-bundle"]


def repository(more=None, config=CONFIG):
    files = {f"{name}/apko/{name}.yaml": image(BASE + packages) for name, packages in IMAGES.items()}
    return {"mwatch.yaml": config, **files, **(more or {})}


def stanzas(versions, builds=None):
    found = []
    for name, version in versions.items():
        provides = "so:libsqlite3.so.0=3.51.0-r0" if name == "sqlite" else ""
        found.append(apk_index.stanza(name, version, depends=NEEDS.get(name, ""), provides=provides,
                                      build=(builds or {}).get(name, "")))
    return found


class Night(registry.Checkout):
    """A repository and what it is built from; `versions` may differ by architecture."""

    def __init__(self, files=None):
        self.registry = registry.Registry()
        for name in IMAGES:
            self.registry.tags[f"owner/minimal-{name}"] = ["latest"]
        self.registry.files["packages.wolfi.dev/os/wolfi-signing.rsa.pub"] = KEY.public
        self.serve(PACKAGES)
        self.files = repository() if files is None else files

    def serve(self, versions, archs=("x86_64", "aarch64"), builds=None, key=KEY, digest="sha256"):
        for arch in archs:
            self.registry.files[f"packages.wolfi.dev/os/{arch}/APKINDEX.tar.gz"] = \
                apk_index.index(stanzas(versions, builds), key, digest)

    def run(self, *words, status=0, env=None):
        cache = [] if "--no-cache" in words else ["--cache", self.folder.parent / (self.folder.name + ".cache")]
        code, out, err = tap.run("rebuild", "-C", self.folder, *cache, *self.registry.options(), *words, env=env)
        tap.equal(code, status, err)
        return out, err

    def rows(self, *words, status=0):
        out, err = self.run("--format", "json", "--no-cache", *words, status=status)
        return {row["image"]: row for row in json.loads(out)["images"]}

    def due(self, *words, status=0):
        rows = self.rows(*words, status=status).values()
        return [(row["level"], row["image"], row["tag"]) for row in rows if row["decision"] == "rebuild"]

    def built(self):
        """The first night: all are built, and published under the tags they got."""
        for _, name, tag in self.due("--trigger"):
            self.registry.tags[f"owner/minimal-{name}"].append(tag)
