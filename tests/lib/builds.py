"""Nights of a repository with an image of its own package, and what that is built with."""

import json

import apk_index
from nightly import BASE, CONFIG, KEY, REPOSITORY, Night, image

ENVIRONMENT = f"""environment:
  contents:
    repositories:
      - {REPOSITORY}
    keyring:
      - https://packages.wolfi.dev/os/wolfi-signing.rsa.pub
    packages:
"""
OWN = """package:
  name: {name}
  version: {version}
  epoch: {epoch}
  target-architecture: [x86_64]
{environment}{packages}pipeline:
  - uses: tidy
"""
TIDY = "needs:\n  packages:\n    - cmd:tidy\npipeline:\n  - runs: tidy\n"

# name: (version, depends, provides)
WORLD = {
    "wolfi-baselayout": ("20230201-r20", "", ""),
    "ca-certificates-bundle": ("20251003-r0", "", ""),
    "glibc": ("2.42-r4", "", ""),
    "openssl-dev": ("3.6.0-r2", "libssl3", ""),
    "libssl3": ("3.6.0-r2", "glibc", ""),
    "go-1.24": ("1.24.9-r0", "glibc", "go=1.24.9-r0"),
    "tidier": ("5.8-r1", "glibc", "cmd:tidy=5.8-r1"),
}


def own(name, *packages, version="8.5.0", epoch="0", environment=ENVIRONMENT):
    listed = "".join(f"      - {package}\n" for package in packages)
    return OWN.format(name=name, version=version, epoch=epoch, environment=environment, packages=listed)


def files(**more):
    return {
        "mwatch.yaml": CONFIG[:CONFIG.index("  images:")],
        "pipelines/tidy.yaml": TIDY,
        "app/melange.yaml": own("app", "openssl-dev", "go", epoch="3 # CVE-2026-1"),
        "app/apko/app.yaml": image(BASE + ["app"], more="archs: [amd64]\n"),
        **more,
    }


class Builds(Night):
    def __init__(self, given=None, **more):
        super().__init__(given or files(**more))
        self.registry.tags["owner/minimal-app"] = []
        self.world()

    def world(self, world=None, **moved):
        """The index, with other versions of some packages."""
        rows = dict(world or WORLD)
        for name, version in moved.items():
            name = name.replace("_", "-")
            rows[name] = (version, *rows[name][1:])
        stanzas = [apk_index.stanza(name, version, depends=depends, provides=provides)
                   for name, (version, depends, provides) in rows.items()]
        self.registry.files["packages.wolfi.dev/os/x86_64/APKINDEX.tar.gz"] = apk_index.index(stanzas, KEY)

    def recipes(self, *words, status=0):
        out, _ = self.run("--format", "json", "--no-cache", *words, status=status)
        return {row["file"]: row for row in json.loads(out).get("recipes", [])}

    def row(self, *words, status=0):
        return self.recipes(*words, status=status)["app/melange.yaml"]

    def record(self):
        return json.loads((self.folder / "rebuild.json").read_text())


def because(row):
    return row["decision"], row["because"]
