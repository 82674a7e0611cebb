"""GitHub's workflows and actions read as a runner reads them: what each step runs and uses, expressions filled in."""

import os
import pathlib
import re
import subprocess

import tap

EXPRESSION = re.compile(r"\$\{\{(.*?)\}\}", re.S)
PINNED = re.compile(r"uses: [\w.-]+/[\w./-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+$")


def load(path):
    try:
        import yaml
    except ImportError as missing:
        raise tap.Skip("no PyYAML") from missing
    return yaml.safe_load(pathlib.Path(path).read_text())


def jobs(document):
    """(name, job) of a workflow; an action's steps as one job."""
    return document["jobs"].items() if "jobs" in document else [("", document["runs"])]


def steps(document):
    return [step for _, job in jobs(document) for step in job["steps"]]


def uses_lines(path):
    """Every `uses:` with what stands behind it on its line."""
    lines = pathlib.Path(path).read_text().splitlines()
    return [line.strip().removeprefix("- ") for line in lines if re.match(r"\s*(- )?uses:", line)]


def shellcheck(scripts):
    """[(where, script)] through shellcheck, as `bash -eo pipefail` runs them."""
    for where, script in scripts:
        done = subprocess.run(["shellcheck", "-s", "bash", "-e", "SC1091,SC2153", "-"], input=f"set -eo pipefail\n{script}",
                              capture_output=True, text=True)
        tap.equal((done.returncode, done.stdout), (0, ""), where)


def bash(script, folder, environment):
    """A step's script as a runner runs it; (status, output, {name: value} that it set)."""
    file = pathlib.Path(folder) / "output"
    file.write_text("")
    done = subprocess.run(["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script], cwd=folder, text=True,
                          capture_output=True, timeout=120, env={**environment, "GITHUB_OUTPUT": str(file)})
    outputs = dict(line.split("=", 1) for line in file.read_text().splitlines())
    return done.returncode, done.stdout + done.stderr, outputs


class Runner:
    """Runs an action's steps. `inputs` over the defaults; cache steps do nothing."""

    def __init__(self, folder, action, inputs, variables=None):
        self.folder = pathlib.Path(folder)
        self.document = load(action)
        self.inputs = {name: row.get("default", "") for name, row in self.document["inputs"].items()} | inputs
        self.outputs = {}
        self.summary = self.folder / "summary.md"
        self.log = ""
        self.environment = {
            **os.environ, "GITHUB_ACTIONS": "true", "GITHUB_ACTION_PATH": str(pathlib.Path(action).parent),
            "GITHUB_STEP_SUMMARY": str(self.summary), "RUNNER_TEMP": str(self.folder / "temp"), **(variables or {})}
        (self.folder / "temp").mkdir(exist_ok=True)

    def value(self, expression):
        word = expression.strip()
        for prefix, values in (("inputs.", self.inputs), ("github.", {"token": "the-workflows-own-token"})):
            if word.startswith(prefix) and word[len(prefix):] in values:
                return values[word[len(prefix):]]
        step, output = re.fullmatch(r"steps\.([\w-]+)\.outputs\.([\w-]+)", word).groups()
        return self.outputs.get(step, {}).get(output, "")

    def fill(self, text):
        filled = EXPRESSION.sub(lambda found: self.value(found.group(1)), str(text))
        return EXPRESSION.sub(lambda found: self.value(found.group(1)), filled)

    def run_step(self, step):
        variables = {name: self.fill(text) for name, text in step.get("env", {}).items()}
        status, said, outputs = bash(step["run"], self.folder, {**self.environment, **variables})
        self.log += said
        self.outputs[step.get("id", "")] = outputs
        return status

    def run(self):
        """All steps until one fails: its status, else 0."""
        for step in self.document["runs"]["steps"]:
            status = self.run_step(step) if "run" in step else 0
            if status:
                return status
        return 0

    def output(self, name):
        return self.fill(self.document["outputs"][name]["value"])
