"""Packages from npm that tests judge by: pinned, installed once, and only what is used of them kept."""

import fcntl
import os
import shutil
import subprocess

import tap

# All of @octokit/openapi is 385 MB; one file of it is used.
PACKAGES = ["@octokit/openapi@23.0.2", "@octokit/graphql-schema@15.26.1", "ajv@8.20.0", "ajv-formats@3.0.1",
            "graphql@16.15.0"]
KEPT = {"@octokit/openapi": ["generated/api.github.com.json"], "@octokit/graphql-schema": ["schema.graphql"]}
PLACE = tap.ROOT / "build" / "npm"


def give_up(why):
    """CI has to have them."""
    if os.environ.get("CI"):
        raise AssertionError(why)
    raise tap.Skip(why)


def strip(folder):
    for package, names in KEPT.items():
        whole, thin = folder / "node_modules" / package, folder / "thin"
        for name in names:
            (thin / name).parent.mkdir(parents=True, exist_ok=True)
            (whole / name).rename(thin / name)
        shutil.rmtree(whole)
        thin.rename(whole)


def install(npm, folder):
    folder.mkdir(parents=True)
    done = subprocess.run([npm, "install", "--prefix", folder, "--no-audit", "--no-fund", "--ignore-scripts", *PACKAGES],
                          capture_output=True, text=True, timeout=600, check=False)
    if done.returncode:
        shutil.rmtree(folder)
        give_up(f"npm cannot install what it needs: {done.stderr.strip()[-300:]}")
    strip(folder)
    (folder / "complete").write_text("\n".join(PACKAGES))


def modules():
    """The folder whose node_modules has the packages."""
    npm = shutil.which("npm")
    if not shutil.which("node") or not npm:
        give_up("node and npm are not installed")
    PLACE.mkdir(parents=True, exist_ok=True)
    with open(PLACE / "lock", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        folder = PLACE / "packages"
        complete = folder / "complete"
        if not complete.exists() or complete.read_text() != "\n".join(PACKAGES):
            shutil.rmtree(folder, ignore_errors=True)
            install(npm, folder)
        return folder
