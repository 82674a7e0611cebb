"""Images that were published with what tells of them, and the packages they are built from."""

import base64
import hashlib
import json
import re

import apk_files
import apk_index
import registry
import tap

KEY = apk_index.Key("wolfi-signing.rsa.pub")
HOST = "packages.wolfi.dev"
REPOSITORY = f"https://{HOST}/os"
ARCHS = ("x86_64", "aarch64")
FILES = {"wolfi-baselayout": "20230201-r20", "glibc": "2.42-r4", "libssl3": "3.6.0-r2", "python-3.14": "3.14.0-r3",
         "nginx": "1.29.3-r0"}
NEEDS = {"python-3.14": "glibc libssl3", "nginx": "glibc"}


class Published(registry.Registry):
    """Registry and packages; files are given in ranges, as a CDN does."""

    def __init__(self):
        super().__init__()
        self.hosts.add(HOST)
        self.asked = []
        self.ranges = True

    def answer(self, path, body, headers):
        self.asked.append(path)
        wanted = re.fullmatch(r"bytes=0-(\d+)", headers.get("Range") or "")
        if wanted and self.ranges and path in self.files:
            whole = self.files[path]
            part = whole[:int(wanted[1]) + 1]
            return 206, {"Content-Range": f"bytes 0-{len(part) - 1}/{len(whole)}"}, part
        return super().answer(path, body, headers)

    def put(self, image, text):
        """An object by its digest."""
        digest = "sha256:" + hashlib.sha256(text).hexdigest()
        self.objects[f"{image}/manifests/{digest}"] = self.objects[f"{image}/blobs/{digest}"] = text
        return digest

    def publish(self, image, packages, annotations=None):
        """An index for both architectures, and an SBOM attested to each image, as apko and cosign do."""
        manifests = []
        for arch, docker in (("x86_64", "amd64"), ("aarch64", "arm64")):
            digest = self.put(image, json.dumps({"schemaVersion": 2, "layers": [], "comment": arch + str(packages)}).encode())
            manifests.append({"digest": digest, "platform": {"architecture": docker, "os": "linux"}})
            purls = [f"pkg:apk/wolfi/{name}@{version}?arch={arch}" for name, version in packages.items()]
            spdx = {"spdxVersion": "SPDX-2.3", "packages": [
                {"name": "p", "externalRefs": [{"referenceType": "purl", "referenceLocator": purl}]} for purl in purls]}
            statement = {"predicateType": "https://spdx.dev/Document", "predicate": spdx}
            envelope = {"payload": base64.b64encode(json.dumps(statement).encode()).decode()}
            blob = self.put(image, json.dumps(envelope).encode())
            self.objects[f"{image}/manifests/{digest.replace(':', '-')}.att"] = json.dumps(
                {"schemaVersion": 2, "layers": [{"digest": blob, "mediaType": "application/vnd.dsse.envelope.v1+json"}]}
            ).encode()
        index = {"schemaVersion": 2, "manifests": manifests, "annotations": annotations or {}}
        self.objects[f"{image}/manifests/latest"] = json.dumps(index).encode()
        self.tags.setdefault(image, []).append("latest")


def image(*packages):
    names = "".join(f"    - {name}\n" for name in packages)
    return (f"contents:\n  repositories:\n    - {REPOSITORY}\n  keyring:\n    - {REPOSITORY}/wolfi-signing.rsa.pub\n"
            f"  packages:\n{names}archs: [x86_64, aarch64]\n")


class World(registry.Checkout):
    def __init__(self, state, files=None):
        self.registry = Published()
        self.files = files or {
            "python/apko/python.yaml": image("wolfi-baselayout", "python-3.14"),
            "nginx/apko/nginx.yaml": image("wolfi-baselayout", "nginx"),
            "mwatch.yaml": "rebuild:\n  image: ghcr.io/owner/{recipe}\n  record: rebuild.json\n"
                           f"  state: {state}\n"}
        self.registry.files[f"{HOST}/os/wolfi-signing.rsa.pub"] = KEY.public
        self.serve(FILES)
        for name in ("python", "nginx"):
            self.registry.tags[f"owner/{name}"] = []

    def serve(self, versions):
        self.packages = {}
        for arch in ARCHS:
            stanzas = []
            for name, version in versions.items():
                package = apk_files.Package(name, version, arch)
                self.packages[arch, name] = package
                self.registry.files[f"{HOST}/os/{arch}/{package.file}"] = package.bytes
                text = apk_index.stanza(name, version, depends=NEEDS.get(name, ""), arch=arch)
                stanzas.append(re.sub(r"^C:.*", f"C:{package.checksum}", text))
            self.registry.files[f"{HOST}/os/{arch}/APKINDEX.tar.gz"] = apk_index.index(stanzas, KEY)

    def run(self, *words, status=0, env=None):
        cache = [] if "--cache" in words else ["--no-cache"]
        code, out, err = tap.run("rebuild", "-C", self.folder, *cache, *self.registry.options(), *words, env=env)
        tap.equal(code, status, err)
        return out, err

    def rows(self, *words, status=0, env=None):
        out, _ = self.run("--format", "json", *words, status=status, env=env)
        return {row["image"]: row for row in json.loads(out)["images"]}

    def locked(self, name):
        return self.folder / f"{name}/apko/{name}.lock.json"


PYTHON = {name: FILES[name] for name in ("wolfi-baselayout", "glibc", "libssl3", "python-3.14")}
NGINX = {name: FILES[name] for name in ("wolfi-baselayout", "glibc", "nginx")}
