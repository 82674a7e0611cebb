"""Keys and signatures for tests: minisign's made with OpenSSL's Ed25519, OpenPGP's with gpg."""

import base64
import hashlib
import os
import pathlib
import shutil
import subprocess

import tap


def _run(*words, **how):
    return subprocess.run(words, check=True, capture_output=True, **how).stdout


def need(program):
    if not shutil.which(program):
        raise tap.Skip(f"no {program}")


class Minisign:
    """A key pair in a folder that outlives it."""

    def __init__(self, folder, number=b"\x01\x02\x03\x04\x05\x06\x07\x08"):
        need("openssl")
        self.folder, self.number = pathlib.Path(folder), number
        self.secret = self.folder / f"minisign-{number.hex()}.pem"
        _run("openssl", "genpkey", "-algorithm", "ed25519", "-out", self.secret)
        public = _run("openssl", "pkey", "-in", self.secret, "-pubout", "-outform", "DER")[-32:]
        self.public = base64.b64encode(b"Ed" + number + public).decode()

    def _raw(self, data):
        place = self.folder / "to-sign"
        place.write_bytes(data)
        return _run("openssl", "pkeyutl", "-sign", "-inkey", self.secret, "-rawin", "-in", place)

    def sign(self, data, legacy=False, comment="timestamp:1778056464", signed_comment=None):
        letters = b"Ed" if legacy else b"ED"
        one = self._raw(data if legacy else hashlib.blake2b(data).digest())
        both = self._raw(one + (comment if signed_comment is None else signed_comment).encode())
        return (f"untrusted comment: signature\n"
                f"{base64.b64encode(letters + self.number + one).decode()}\n"
                f"trusted comment: {comment}\n{base64.b64encode(both).decode()}\n").encode()


class Gpg:
    """A key of gpg in a home of its own."""

    def __init__(self, folder, name="upstream"):
        need("gpg")
        need("gpgv")
        self.home = pathlib.Path(folder) / f"gpg-{name}"
        self.home.mkdir(mode=0o700)
        self.env = {**os.environ, "GNUPGHOME": str(self.home)}
        self.name = f"{name} <{name}@example.org>"
        self._gpg("--quick-gen-key", "--passphrase", "", self.name, "ed25519", "sign", "never")

    def _gpg(self, *words, data=b""):
        return _run("gpg", "--batch", "--quiet", "--pinentry-mode", "loopback", *words, env=self.env,
                    input=data)

    def keys(self, armor=False):
        return self._gpg(*(["--armor"] if armor else []), "--export")

    def detached(self, data, armor=True):
        return self._gpg(*(["--armor"] if armor else []), "--detach-sign", data=data)

    def clearsigned(self, data):
        return self._gpg("--clearsign", data=data)

    def close(self):
        subprocess.run(["gpgconf", "--kill", "all"], env=self.env, capture_output=True)
