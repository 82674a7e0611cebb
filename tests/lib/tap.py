"""Tests in Python: TAP on standard output, mwatch run as a user runs it."""

import os
import pathlib
import subprocess
import sys
import tempfile
import traceback

ROOT = pathlib.Path(__file__).resolve().parents[2]
MWATCH = os.environ.get("MWATCH", str(ROOT / "build" / "mwatch"))


class Skip(Exception):
    """Raised by a test that cannot run here; its text says why."""


def corpus():
    """The folder with corpus/ and upstreams/, or Skip."""
    for place in (os.environ.get("MWATCH_CORPUS"), ROOT.parent / "shared"):
        if place and (pathlib.Path(place) / "corpus").is_dir():
            return pathlib.Path(place)
    raise Skip("no corpus: set MWATCH_CORPUS")


def run(*args, cwd=None, env=None, stdin="", timeout=120):
    """Run mwatch; (status, stdout, stderr) as text."""
    mine = {"NO_COLOR": "", "DOCKER_CONFIG": "/nonexistent", "REGISTRY_AUTH_FILE": "", "XDG_RUNTIME_DIR": ""}
    words = {**os.environ, **mine, **(env or {})}
    done = subprocess.run([MWATCH, *map(str, args)], cwd=cwd, env=words, input=stdin,
                          capture_output=True, timeout=timeout, text=True, errors="replace")
    return done.returncode, done.stdout, done.stderr


def temporary():
    """A folder that is gone after the test."""
    return tempfile.TemporaryDirectory(prefix="mwatch-test-")


def write(folder, files):
    """Write {name: text or bytes} below a folder."""
    for name, content in files.items():
        path = pathlib.Path(folder) / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content if isinstance(content, bytes) else content.encode())


def equal(found, expected, what=""):
    if found != expected:
        raise AssertionError(f"{what}\nexpected: {expected!r}\nfound:    {found!r}")


def contains(text, part):
    if part not in text:
        raise AssertionError(f"expected to find: {part!r}\nin: {text[:4000]}")


def main(tests):
    """Run [(name, function)]; every one is counted. An argument names those to run, MWATCH_TESTS_BUT those not to."""
    failed = 0
    only = sys.argv[1] if len(sys.argv) > 1 else ""
    but = os.environ.get("MWATCH_TESTS_BUT") or "\0"
    tests = [(name, test) for name, test in tests if only in name and but not in name]
    print(f"1..{len(tests)}")
    for number, (name, test) in enumerate(tests, 1):
        try:
            test()
            print(f"ok {number} - {name}")
        except Skip as why:
            print(f"ok {number} - {name} # SKIP {why}")
        except Exception as error:
            failed += 1
            print(f"not ok {number} - {name}")
            text = traceback.format_exc() if not isinstance(error, AssertionError) else str(error)
            for line in text.splitlines():
                print(f"#   {line}")
        sys.stdout.flush()
    sys.exit(1 if failed else 0)


def collect(namespace):
    """The functions called test_* of a module, as main wants them."""
    return [(name[5:].replace("_", " "), value) for name, value in namespace.items()
            if name.startswith("test_") and callable(value)]
