"""Make a repository of forty images and a signed index: TEXT PACKAGES FOLDER."""

import pathlib
import sys

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parents[1] / "lib"))
import apk_index

IMAGES, VERSIONS = 40, 5
IMAGE = """contents:
  repositories: [./packages]
  keyring: [bench.rsa.pub]
  packages: [{packages}]
archs: [x86_64]
"""

text, packages, folder = sys.argv[1], int(sys.argv[2]), pathlib.Path(sys.argv[3])
key = apk_index.Key("bench.rsa.pub")
index = folder / "packages/x86_64/APKINDEX.tar.gz"
index.parent.mkdir(parents=True)
index.write_bytes(apk_index.index([pathlib.Path(text).read_text()], key))
(folder / "bench.rsa.pub").write_bytes(key.public)
for image in range(IMAGES):
    names = ", ".join(f"package-{(image * 7919 + k * 104729) % (packages // VERSIONS)}" for k in range(4))
    (folder / f"image-{image}.yaml").write_text(IMAGE.format(packages=names))
(folder / "mwatch.yaml").write_text("rebuild: {primary: 'package-*'}\n")
