"""`mwatch run` on a GitHub of the tests' own: octo/os, a checkout of it, and its upstreams; and ways to end it at any
write it makes."""

import concurrent.futures
import copy
import json
import os
import pathlib
import shutil
import signal
import subprocess

import github_double
import osv_double
import tap

RECIPE = """package:
  name: {name}
  version: "{version}"
  epoch: 0

update:
  enabled: true
  release-monitor:
    identifier: {number}
"""
NUMBERS = {"redis": 1, "php": 2, "curl": 3, "zlib": 4, "xz": 5}
CLEAN = {name: value for name, value in os.environ.items() if not name.startswith(("GIT_", "GITHUB_"))}


def recipe(name, version):
    return RECIPE.format(name=name, version=version, number=NUMBERS[name])


class Hub(github_double.GitHub):
    """Counts what is written and can end the writer just before or just after its Nth write."""

    def __init__(self, folder):
        super().__init__(folder)
        self.victim, self.at, self.when, self.writes = None, 0, "", 0
        self.server.handle_error = lambda *_: None  # the dead read no answers

    def is_write(self, method, path, data):
        return method in ("POST", "PATCH", "PUT", "DELETE") and (not path.endswith("/graphql") or b'"mutation' in data)

    def strike(self, when):
        if self.victim and self.writes == self.at and self.when == when:
            self.victim.send_signal(signal.SIGKILL)
            self.victim.wait()
            return True
        return False

    def answer(self, method, path, headers, data):
        if not self.is_write(method, path, data):
            return super().answer(method, path, headers, data)
        self.writes += 1
        if self.strike("before"):
            return 500, b"", {}
        told = super().answer(method, path, headers, data)
        self.strike("after")
        return told


HOOK = """#!/bin/sh
cat >/dev/null
echo x >>"$GIT_DIR/pushes"
[ "$(wc -l <"$GIT_DIR/pushes")" = "$(cat "$GIT_DIR/{when}" 2>/dev/null)" ] || exit 0
kill -KILL "$(cat "$GIT_DIR/victim")"
exit {status}
"""


class Bed:
    """A forge with octo/os, a checkout of it, and its upstreams."""

    def __init__(self, versions, config="", like=None, files=None):
        self.keep = tap.temporary()
        self.base = pathlib.Path(self.keep.name)
        self.hub = Hub(self.base / "hub")
        self.hub.add_token("secret", "octocat")
        self.double = like.double if like else osv_double.Osv().__enter__()
        self.like = like
        if like:
            self.take_over(like)
        else:
            recipes = {f"{name}.yaml": recipe(name, version) for name, version in versions.items()}
            self.repo = self.hub.add_repository("octo/os", {"mwatch.yaml": config, **recipes, **(files or {})})
            for name, version in versions.items():
                self.release(name, version)
        self.git("clone", "-q", self.repo.git.directory, self.base / "os", cwd=self.base)
        self.git("config", "user.name", "mwatch")
        self.git("config", "user.email", "mwatch@example.org")

    def take_over(self, like):
        """The same state, on a server of its own."""
        self.repo = copy.deepcopy(like.repo, {id(like.hub): self.hub, id(like.repo.git): like.repo.git})
        self.repo.git = copy.copy(like.repo.git)
        self.repo.git.directory = self.hub.folder / "octo/os.git"
        shutil.copytree(like.repo.git.directory, self.repo.git.directory)
        self.hub.repositories.append(self.repo)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        if not self.like:
            self.double.__exit__()
        self.hub.close()
        self.keep.cleanup()

    def git(self, *words, cwd=None):
        done = subprocess.run(["git", *map(str, words)], cwd=cwd or self.base / "os", env=CLEAN, check=True,
                              capture_output=True, text=True)
        return done.stdout.strip()

    def release(self, name, *versions):
        self.double.projects[NUMBERS[name]] = list(versions)

    def pull(self):
        self.git("pull", "-q", "--ff-only")

    def env(self):
        return {"GITHUB_TOKEN": "secret", "GITHUB_API_URL": self.hub.url, "GITHUB_REPOSITORY": "octo/os",
                "GITHUB_SERVER_URL": self.hub.server_url, "TMPDIR": str(self.base)}

    def write(self, files, branch="main", who="hubot"):
        """A person's commit, and the checkout brought up to it."""
        self.repo.git.put(branch, files, "by hand", who)
        self.repo.follow()
        self.pull()

    def show(self, branch, file):
        return self.repo.git.run("show", f"{branch}:{file}") + "\n"

    def words(self, *more, format="json"):
        return ["run", "-C", "os", "--format", format, "--cache", str(self.base / "cache"), *more,
                *self.double.options()]

    def run(self, *more, status=0, warns=False):
        """{recipe: what was done}, of rows that have something to say; and how much was written."""
        before = self.written()
        code, out, err = tap.run(*self.words(*more), cwd=self.base, env=self.env())
        tap.equal(code, status, out + err)
        if not warns:
            tap.equal(err, "")
        self.rows = json.loads(out)["components"]
        self.triggers = json.loads(out).get("triggers", [])
        done = {row["recipe"]: row["outcome"] for row in self.rows if "outcome" in row}
        return done, self.written() - before

    def run_other(self, command, *more):
        """The recipes in what another command than run prints."""
        words = [command if word == "run" else word for word in self.words(*more)]
        code, out, err = tap.run(*words, cwd=self.base, env=self.env())
        tap.equal((code, err), (0, ""), out)
        return [row["recipe"] for row in json.loads(out)["components"]]

    def written(self):
        pushes = self.repo.git.run("reflog", "--all", check=False) or ""
        return self.hub.writes + len(pushes.splitlines())

    def start(self, *more):
        return subprocess.Popen([tap.MWATCH, *self.words(*more)], cwd=self.base, stdout=subprocess.PIPE,
                                stderr=subprocess.PIPE, text=True, env={**os.environ, **self.env()})

    def item(self, number):
        self.repo.follow()
        return self.repo.items[number]

    def commit_on(self, branch, name, version, who="hubot"):
        self.repo.git.put(branch, {f"{name}.yaml": recipe(name, version)}, f"set {name}", who)
        self.repo.follow()

    def close(self, number, merged=False):
        item = self.item(number)
        item.set_state("closed")
        if merged:
            item.pull.merged_at = github_double.moment()

    def merge(self, name, version):
        """As a person does it: by squashing, and the branch is deleted."""
        number = next(n for n, item in self.repo.items.items() if item.pull and item.pull.head == f"mwatch/{name}"
                      and item.state == "open")
        self.close(number, merged=True)
        self.repo.git.delete(f"refs/heads/mwatch/{name}")
        self.commit_on("main", name, version)

    def state(self):
        """All that matters, without times and identifiers that depend on them."""
        self.repo.follow()
        items = [(i.number, i.title, (i.body or "").replace(self.hub.url, "HUB"), i.state,
                  bool(i.pull and i.pull.merged_at), i.labels,
                  [c["body"] for c in i.comments], i.pull.auto_merge if i.pull else None)
                 for i in self.repo.items.values()]
        refs = {name: (self.repo.git.run("rev-parse", f"{name}^{{tree}}"),
                       self.repo.git.run("log", "-1", "--format=%B", name)) for name in self.repo.tips}
        return items, refs, self.told()

    def told(self):
        """Who was told of what: each event once, however often it was sent."""
        sent, times = {}, {}
        for dispatch in self.repo.dispatches:
            payload = dispatch.get("payload") or json.loads(dispatch["inputs"]["payload"])
            for one in payload["components"]:
                sent[one["event"]] = (payload["on"], one["recipe"], one.get("from"), one["to"], one.get("number"))
                times[one["event"]] = times.get(one["event"], 0) + 1
        tap.equal({event: count for event, count in times.items() if count > 2}, {}, "told more than twice")
        return sent


# ---- death, and company

def finish(bed, expected, what):
    bed.hub.victim = None
    for name in ("victim", "pre", "post", "hooks/pre-receive", "hooks/post-receive"):
        (bed.repo.git.directory / name).unlink(missing_ok=True)
    bed.run()
    tap.equal(bed.state(), expected, what)
    tap.equal(bed.run()[1], 0, what)


def kill_at_request(first, expected, number, when):
    with Bed({}, like=first) as bed:
        bed.hub.at, bed.hub.when = number, when
        bed.hub.victim = bed.start()
        bed.hub.victim.communicate()
        tap.equal(bed.hub.victim.returncode, -signal.SIGKILL)
        finish(bed, expected, f"{when} request {number}")


def kill_at_push(first, expected, number, when):
    with Bed({}, like=first) as bed:
        folder = bed.repo.git.directory
        hook = folder / f"hooks/{when}-receive"
        hook.parent.mkdir(exist_ok=True)
        hook.write_text(HOOK.format(when=when, status=1 if when == "pre" else 0))
        hook.chmod(0o755)
        (folder / when).write_text(f"{number}\n")
        process = bed.start()
        (folder / "victim").write_text(f"{process.pid}\n")
        process.communicate()
        tap.equal(process.returncode, -signal.SIGKILL)
        finish(bed, expected, f"{when} push {number}")


def die_at_every_write(first, pushes, least):
    """What is there after a run that died and one more is what an undisturbed run leaves."""
    with Bed({}, like=first) as undisturbed:
        undisturbed.run()
        expected = undisturbed.state()
        requests = undisturbed.hub.writes
    tap.equal(requests >= least, True, f"{requests} writes")
    deaths = [(kill_at_request, number, when) for number in range(1, requests + 1)
              for when in ("before", "after")]
    deaths += [(kill_at_push, number, when) for number in range(1, pushes + 1) for when in ("pre", "post")]
    with concurrent.futures.ThreadPoolExecutor(4) as pool:
        for ended in [pool.submit(kill, first, expected, *rest) for kill, *rest in deaths]:
            ended.result()


def two_at_once(first, *words):
    """What two runs at the same time leave, and what one would."""
    with Bed({}, like=first) as undisturbed:
        undisturbed.run()
        expected = undisturbed.state()
    with Bed({}, like=first) as bed:
        processes = [bed.start(*words) for _ in range(2)]
        ended = [(process.communicate(), process.returncode) for process in processes]
        tap.equal([status for _, status in ended], [0, 0], str(ended))
        return bed.state(), expected
