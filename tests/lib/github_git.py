"""Git data as GitHub's API has it, kept by git itself in a bare repository: identifiers are true."""

import os
import pathlib
import subprocess
import tempfile

QUIET = {**{k: v for k, v in os.environ.items() if not k.startswith("GIT_")}, "GIT_CONFIG_GLOBAL": os.devnull,
         "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_COUNT": "1", "GIT_CONFIG_KEY_0": "safe.directory",
         "GIT_CONFIG_VALUE_0": "*", "LC_ALL": "C"}


class Git:
    def __init__(self, directory, default_branch="main"):
        self.directory = pathlib.Path(directory)
        if not (self.directory / "HEAD").exists():
            self.directory.mkdir(parents=True, exist_ok=True)
            self.run("init", "--quiet", "--bare", "--template=", f"--initial-branch={default_branch}")

    def run(self, *args, data=None, check=True, env=None):
        done = subprocess.run(["git", f"--git-dir={self.directory}", *args], input=data, capture_output=True,
                              env={**QUIET, **(env or {})}, check=False)
        if check and done.returncode:
            raise ValueError(done.stderr.decode(errors="replace").strip())
        return done.stdout.decode(errors="replace").strip() if done.returncode == 0 else None

    def ref(self, name):
        """The commit a full ref name is at, None when there is no such ref."""
        return self.run("rev-parse", "--verify", "--quiet", name, check=False) or None

    def branch(self, name):
        return self.ref(f"refs/heads/{name}")

    def kind(self, sha):
        return self.run("cat-file", "-t", sha, check=False)

    def blob(self, content):
        return self.run("hash-object", "-w", "--stdin", data=content)

    def tree(self, base, entries):
        """A tree with [(mode, sha or None, path)] laid over a base tree."""
        with tempfile.TemporaryDirectory() as folder:
            index = {"GIT_INDEX_FILE": str(pathlib.Path(folder) / "index")}
            self.run("read-tree", base if base else "--empty", env=index)
            for mode, sha, path in entries:
                if sha is None:
                    self.run("update-index", "--force-remove", "--", path, env=index)
                else:
                    self.run("update-index", "--add", "--cacheinfo", f"{mode},{sha},{path}", env=index)
            return self.run("write-tree", env=index)

    def list_tree(self, sha):
        lines = self.run("ls-tree", "-z", sha).split("\0")
        for line in filter(None, lines):
            head, path = line.split("\t", 1)
            mode, kind, oid = head.split(" ")
            yield {"path": path, "mode": mode, "type": kind, "sha": oid}

    def commit(self, tree, parents, message, who="octocat"):
        env = {f"GIT_{role}_{part}": value for role in ("AUTHOR", "COMMITTER")
               for part, value in (("NAME", who), ("EMAIL", f"{who}@users.noreply.example"))}
        args = [word for parent in parents for word in ("-p", parent)]
        return self.run("commit-tree", tree, *args, data=message.encode(), env=env)

    def move(self, ref, new, old=None):
        """Set a ref; False when it is not at `old` ("" = it must not be there)."""
        expected = [] if old is None else [old or "0" * 40]
        try:
            self.run("update-ref", ref, new, *expected)
            return True
        except ValueError:
            return False

    def delete(self, ref):
        self.run("update-ref", "-d", ref)

    def ahead(self, base, head):
        """Commits of head that base does not have."""
        return int(self.run("rev-list", "--count", f"{base}..{head}"))

    def is_ancestor(self, one, other):
        return self.run("merge-base", "--is-ancestor", one, other, check=False) is not None

    def merged_tree(self, base, head):
        """The tree of a merge, None when it conflicts."""
        return self.run("merge-tree", "--write-tree", base, head, check=False)

    def put(self, branch, files, message="change", who="octocat", start=None):
        """Commit {path: text, bytes or None} to a branch (made at `start`'s commit when it is new)."""
        return self.put_entries(branch, [("100644", text, path) for path, text in files.items()], message, who, start)

    def put_entries(self, branch, entries, message="change", who="octocat", start=None):
        """The same for [(mode, text, path)]."""
        tip = self.branch(branch) or (self.branch(start) if start else None)
        kept = [(mode, None if text is None else self.blob(text if isinstance(text, bytes) else text.encode()), path)
                for mode, text, path in entries]
        tree = self.tree(f"{tip}^{{tree}}" if tip else None, kept)
        commit = self.commit(tree, [tip] if tip else [], message, who)
        self.move(f"refs/heads/{branch}", commit)
        return commit
