#!/usr/bin/python3
"""A GitHub for tests, on loopback: stateful, and stricter than GitHub where that finds mistakes.

    with GitHub() as hub:
        hub.add_token("secret", "octocat")
        repo = hub.add_repository("octo/recipes", {"README": "hello\n"})
        ... GITHUB_API_URL = hub.url ...

As a program: github_double.py SEED, a JSON file (see seed() below); prints "ready PORT" and ends with
its standard input. What GitHub has no call for is asked under /_double: GET state, GET requests, POST
fail (answers to come), POST set (a repository's members), POST put (a commit on a branch).

Every request is checked (known paths, parameters and members only, API version, User-Agent, JSON
bodies) and kept; with FORGE_REQUESTS=FILE it is also written there, a JSON line each, for the check
against GitHub's published description. Git data is git's own, in a bare repository."""

import base64
import datetime
import hashlib
import http.server
import json
import os
import pathlib
import re
import secrets
import shutil
import subprocess
import sys
import tempfile
import threading
import time
import urllib.parse

sys.path.insert(0, str(pathlib.Path(__file__).resolve().parent))
sys.modules.setdefault("github_double", sys.modules[__name__])  # the routes import it, program or not
import github_git
import github_graph
import graphql_subset

DOCUMENTATION = "https://docs.github.com/rest"
BODY_MOST = 65536


def moment(seconds=None):
    at = datetime.datetime.fromtimestamp(time.time() if seconds is None else seconds, datetime.timezone.utc)
    return at.strftime("%Y-%m-%dT%H:%M:%SZ")


class Refusal(Exception):
    """An answer that is no success."""

    def __init__(self, status, message, errors=None, headers=None):
        super().__init__(message)
        self.status, self.headers = status, headers or {}
        self.body = {"message": message, "documentation_url": DOCUMENTATION, "status": str(status)}
        if errors is not None:
            self.body["errors"] = errors


def invalid(resource, field, code="invalid", message=None):
    error = {"resource": resource, "code": code, "field": field}
    if message:
        error["message"] = message
    return Refusal(422, "Validation Failed", [error])


class Who:
    """Whose token it is."""

    def __init__(self, login, kind="User", permission="write", scopes="repo", expires=None, rights=None):
        self.login, self.kind, self.permission = login, kind, permission
        self.scopes, self.expires, self.rights = scopes, expires, rights
        self.owner = None  # installations see their owner's repositories only
        self.ends = None   # seconds since 1970

    def public(self):
        return {"login": self.login, "id": int(hashlib.sha1(self.login.encode()).hexdigest()[:7], 16),
                "type": self.kind, "site_admin": False}


class Item:
    """An issue, or a pull request, which GitHub also takes for one."""

    def __init__(self, repo, number, author, fields):
        self.repo, self.number, self.author = repo, number, author
        self.title, self.body = fields["title"], fields.get("body")
        self.state, self.reason, self.created_at, self.closed_at = "open", None, moment(), None
        self.updated_at = self.created_at
        self.labels, self.assignees, self.milestone = [], [], None
        self.comments, self.events = [], []
        self.pull = None

    @property
    def node(self):
        return f"{'PR' if self.pull else 'I'}_{self.repo.id}_{self.number}"

    @property
    def association(self):
        if self.author.kind != "User":
            return "NONE"
        return "COLLABORATOR" if self.author.permission in ("admin", "maintain", "write") else "NONE"

    def touch(self):
        self.updated_at = moment()

    def event(self, kind, **more):
        self.touch()
        self.events.append({"id": len(self.events) + 1, "event": kind, "created_at": moment(), **more})

    def set_state(self, state, reason=None):
        if state != self.state:
            self.state, self.closed_at = state, moment() if state == "closed" else None
            self.event("closed" if state == "closed" else "reopened")
        self.reason = reason

    def add_labels(self, names):
        for name in names:
            label = self.repo.labels.setdefault(name.lower(), {"name": name, "color": "ededed"})
            if label["name"] not in self.labels:
                self.labels.append(label["name"])
                self.event("labeled", label={"name": label["name"], "color": label["color"]})

    def view(self):
        repo = self.repo
        seen = {
            "id": repo.id * 1000 + self.number, "node_id": self.node, "number": self.number,
            "html_url": f"{repo.hub.server_url}/{repo.full}/{'pull' if self.pull else 'issues'}/{self.number}",
            "title": self.title, "body": self.body, "state": self.state, "user": self.author.public(),
            "labels": [{"name": name, "color": "ededed"} for name in self.labels],
            "assignees": [{"login": login} for login in self.assignees], "closed_at": self.closed_at,
            "milestone": {"title": self.milestone} if self.milestone else None, "locked": False,
            "created_at": self.created_at, "updated_at": self.updated_at, "author_association": self.association,
        }
        if self.pull:
            seen.update(self.pull.view())
        else:
            seen["state_reason"] = self.reason
        return seen


class Pull:
    def __init__(self, item, base, head, draft, from_fork=None):
        self.item, self.base, self.head, self.draft, self.from_fork = item, base, head, draft, from_fork
        self.reviewers, self.teams, self.merged_at, self.auto_merge = [], [], None, None
        self.sha = item.repo.git.branch(head) if not from_fork else "f" * 40
        item.pull = self

    def follow(self):
        """What a push did to it."""
        item, git = self.item, self.item.repo.git
        if item.state != "open" or self.from_fork:
            return
        tip, base = item.repo.tips.get(self.head), item.repo.tips.get(self.base)
        if tip is None:
            item.set_state("closed")
        elif tip != self.sha:
            self.sha = tip
            if base and git.is_ancestor(tip, base):
                self.merged_at = moment()
                item.set_state("closed")

    def view(self):
        repo = self.item.repo
        here = {"id": repo.id, "full_name": repo.full}
        head = {"id": 99999, "full_name": self.from_fork} if self.from_fork else here
        return {"draft": self.draft, "merged_at": self.merged_at,
                "head": {"ref": self.head, "sha": self.sha, "label": f"{repo.owner}:{self.head}", "repo": head},
                "base": {"ref": self.base, "sha": repo.tips.get(self.base), "repo": here},
                "requested_reviewers": [{"login": login} for login in self.reviewers],
                "requested_teams": [{"slug": slug} for slug in self.teams],
                "auto_merge": {"merge_method": self.auto_merge.lower()} if self.auto_merge else None}

    def status(self):
        """GitHub's mergeStateStatus."""
        item = self.item
        base = item.repo.git.branch(self.base)
        if item.repo.git.merged_tree(base, self.sha) is None:
            return "dirty"
        return "blocked" if item.repo.required_checks else "clean"


class Repository:
    def __init__(self, hub, full, number, directory, default_branch):
        self.hub, self.full, self.id = hub, full, number
        self.owner, self.name = full.split("/")
        self.git = github_git.Git(directory, default_branch)
        self.default_branch, self.items, self.labels = default_branch, {}, {}
        self.milestones, self.known_tips = [], None
        self.collaborators, self.teams = {"octocat", "hubot"}, {"maintainers"}
        self.allow_auto_merge, self.required_checks = True, True
        self.methods = ["SQUASH", "MERGE", "REBASE"]
        self.archived, self.has_issues, self.drafts_allowed = False, True, True
        self.workflows, self.dispatches = {}, []  # {file: its inputs, False = has no workflow_dispatch}
        self.workflow_states = {}
        self.protection, self.rules = None, []  # required contexts, None = not protected; rulesets' rules
        self.installed, self.verified = [], []    # Apps by id; commits that an App made

    @property
    def node(self):
        return f"R_{self.id}"

    def new_item(self, author, fields):
        number = len(self.items) + 1
        self.items[number] = Item(self, number, author, fields)
        return self.items[number]

    @property
    def tips(self):
        """Branches and where they are, read once a request."""
        if self.known_tips is None:
            lines = self.git.run("for-each-ref", "--format=%(refname:strip=2) %(objectname)", "refs/heads/")
            self.known_tips = dict(line.rsplit(" ", 1) for line in lines.splitlines())
        return self.known_tips

    def follow(self):
        self.known_tips = None
        for item in self.items.values():
            if item.pull:
                item.pull.follow()

    def item(self, number, pull=False):
        item = self.items.get(int(number))
        if item is None or (pull and not item.pull):
            raise Refusal(404, "Not Found")
        return item

    def open_pull(self, author, head, base="main", title="pull", body="", draft=False, fork=None):
        item = self.new_item(author, {"title": title, "body": body})
        Pull(item, base, head, draft, fork)
        return item

    def state(self):
        return {"full_name": self.full, "labels": sorted(label["name"] for label in self.labels.values()),
                "items": [{**item.view(), "comments": [c["body"] for c in item.comments],
                           "events": [e["event"] for e in item.events]} for item in self.items.values()],
                "dispatches": self.dispatches, "verified": self.verified, "directory": str(self.git.directory),
                "refs": dict(line.split(" ") for line in self.git.run(
                    "for-each-ref", "--format=%(refname) %(objectname)").splitlines())}


ROUTES = []


def route(method, pattern, body=None, query=(), right=None):
    """`body`: the members it may have, `!` after the required ones; `right`: what a write needs."""
    expression = re.compile("^" + re.sub(r"\{(\w+)\}", r"(?P<\1>[^/]+)", pattern).replace("{*ref}", "(?P<ref>.+)")
                            + "$")
    known = None if body is None else {name.rstrip("!"): name.endswith("!") for name in body.split()}

    def keep(function):
        ROUTES.append((method, expression, known, set(query), right, function))
        return function
    return keep


PAGED = ("per_page", "page")


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def log_message(self, *_):
        pass

    def send(self, status, body=b"", headers=None):
        self.send_response_only(status)  # no Date but our own
        for name, value in (headers or {}).items():
            self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def handle_any(self):
        length = int(self.headers.get("Content-Length") or 0)
        data = self.rfile.read(length) if length else b""
        with self.server.hub.lock:
            status, body, headers = self.server.hub.answer(self.command, self.path, self.headers, data)
        if status == 0:  # the connection breaks instead
            self.close_connection = True
            return
        self.send(status, body, headers)

    do_GET = do_POST = do_PATCH = do_PUT = do_DELETE = do_HEAD = handle_any


class Request:
    """One request, as the routes see it."""

    def __init__(self, hub, method, path, headers, data):
        split = urllib.parse.urlsplit(path)
        self.hub, self.method, self.path, self.headers = hub, method, split.path, headers
        self.query = dict(urllib.parse.parse_qsl(split.query, keep_blank_values=True))
        self.who, self.repo, self.more, self.entry = None, None, {}, {}
        try:
            self.body = json.loads(data) if data else None
        except ValueError:
            raise Refusal(400, "Problems parsing JSON") from None

    def page(self, items):
        """One page of a list, with Link to /repositories/ID/..., as GitHub has it."""
        size, number = int(self.query.get("per_page", 30)), int(self.query.get("page", 1))
        last = max(1, -(-len(items) // min(size, 100)))
        links = []

        def link(to, name):
            rest = self.path.split("/", 4)[4] if self.path.startswith("/repos/") else None
            path = self.path if rest is None else f"/repositories/{self.repo.id}/{rest}"
            query = urllib.parse.urlencode({**self.query, "page": to})
            links.append(f'<{self.hub.url}{path}?{query}>; rel="{name}"')
        if number > 1:
            link(number - 1, "prev")
        if number < last:
            link(number + 1, "next")
            link(last, "last")
        if links:
            self.more["Link"] = ", ".join(links)
        size = min(size, 100)
        return items[(number - 1) * size:number * size]


class GitHub:
    def __init__(self, folder=None):
        self.lock, self.seeded, self.first = threading.RLock(), None, None
        self.clear()
        self.temporary = None if folder else tempfile.TemporaryDirectory(prefix="mwatch-hub-")
        self.folder = pathlib.Path(folder or self.temporary.name)
        self.log = os.environ.get("FORGE_REQUESTS")
        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads, self.server.hub = True, self
        self.port = self.server.server_address[1]
        self.url = self.server_url = f"http://127.0.0.1:{self.port}"
        threading.Thread(target=self.server.serve_forever, kwargs={"poll_interval": 0.02}, daemon=True).start()

    def clear(self):
        self.requests, self.failures = [], []
        self.tokens, self.repositories, self.renamed, self.apps, self.users = {}, [], {}, {}, set()
        self.used, self.limit, self.token_life = 0, 5000, 3600
        self.clock_ahead = 0  # seconds that this server's clock is ahead

    def reset(self):
        """As it was when it was seeded."""
        self.clear()
        shutil.rmtree(self.folder)
        shutil.copytree(self.first, self.folder)
        self.seed(self.seeded)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()

    def close(self):
        self.server.shutdown()
        self.server.server_close()
        if self.temporary:
            self.temporary.cleanup()
        if self.first:
            shutil.rmtree(self.first)

    # ---- what there is

    def add_token(self, token, login, **more):
        self.tokens[token] = Who(login, **more)
        self.users.add(login)
        return self.tokens[token]

    def add_repository(self, full, files=None, default_branch="main", **members):
        repo = Repository(self, full, 1000 + len(self.repositories), self.folder / f"{full}.git", default_branch)
        for name, value in members.items():
            setattr(repo, name, value)
        if files and not repo.git.branch(default_branch):
            repo.git.put(default_branch, files, "first")
        self.repositories.append(repo)
        return repo

    def rename(self, old, new):
        repo = self.repository(old)
        self.renamed[old.lower()] = repo
        repo.full = new
        repo.owner, repo.name = new.split("/")

    def add_app(self, number, slug, public_key, owners, rights=None):
        """An App installed at owners; its key as PEM."""
        self.apps[str(number)] = {"slug": slug, "key": public_key, "suspended": False,
                                  "owners": {owner: 7000 + i for i, owner in enumerate(owners)},
                                  "rights": rights or {"contents": "write", "pull_requests": "write",
                                                       "issues": "write", "metadata": "read"}}

    def repository(self, full):
        for repo in self.repositories:
            if repo.full.lower() == full.lower():
                return repo
        return None

    def seed(self, seed):
        self.seeded = seed
        for token, who in seed.get("tokens", {}).items():
            self.add_token(token, **who)
        for app in seed.get("apps", []):
            self.add_app(**app)
        for full, members in seed.get("repositories", {}).items():
            members = dict(members)
            branches, labels = members.pop("branches", {}), members.pop("label_names", [])
            repo = self.add_repository(full, members.pop("files", {"README": "hello\n"}), **members)
            for branch, files in branches.items() if self.first is None else ():
                repo.git.put(branch, files, start=repo.default_branch)
            for name in labels:
                repo.labels[name.lower()] = {"name": name, "color": "c0ffee"}
        for name in ("token_life", "clock_ahead"):
            setattr(self, name, seed.get(name, getattr(self, name)))

    def keep_first(self):
        """Remember the repositories as they are, for reset()."""
        self.first = pathlib.Path(f"{self.folder}-first")
        shutil.copytree(self.folder, self.first)

    def fail(self, method, path, status, times=1, body=None, headers=None, after=False):
        """Answer the next requests that match otherwise; `after`: but do what they ask. Status 0 breaks
        the connection."""
        self.failures.append({"method": method, "path": re.compile(path), "status": status, "times": times,
                              "body": body, "headers": headers or {}, "after": after})

    # ---- answering

    def base_headers(self, request):
        self.used += 1
        headers = {"Content-Type": "application/json; charset=utf-8", "Cache-Control": "private, max-age=60",
                   "Date": datetime.datetime.fromtimestamp(
                       time.time() + self.clock_ahead, datetime.timezone.utc).strftime("%a, %d %b %Y %H:%M:%S GMT"),
                   "X-GitHub-Media-Type": "github.v3; format=json", "X-RateLimit-Limit": str(self.limit),
                   "X-RateLimit-Remaining": str(max(0, self.limit - self.used)),
                   "X-RateLimit-Used": str(self.used), "X-RateLimit-Resource": "core",
                   "X-RateLimit-Reset": str(int(time.time()) + 3600)}
        who = request.who if request else None
        if who and who.scopes is not None and who.kind == "User":
            headers["X-OAuth-Scopes"] = who.scopes
        if who and who.expires:
            headers["GitHub-Authentication-Token-Expiration"] = who.expires
        return headers

    def answer(self, method, path, headers, data):
        request = None
        try:
            if path.startswith("/_double/"):
                return 200, json.dumps(self.control(path[9:], json.loads(data or b"null"))).encode(), {}
            request = Request(self, method, path, headers, data)
            self.keep(request)
            status, body = self.serve(request)
        except Refusal as refusal:
            status, body, more = refusal.status, refusal.body, refusal.headers
            if request:
                request.more.update(more)
        if request and self.log:
            self.write_log(request.entry, status, body)
        told = self.base_headers(request)
        told.update(request.more if request else {})
        text = b"" if body is None else body if isinstance(body, bytes) else json.dumps(body).encode()
        if method == "GET" and status == 200:
            told["ETag"] = f'W/"{hashlib.sha256(text).hexdigest()}"'
            if headers.get("If-None-Match") == told["ETag"]:
                self.used -= 1
                return 304, b"", told
        return status, text, told

    def keep(self, request):
        entry = {"method": request.method, "path": request.path, "query": request.query, "body": request.body,
                 "headers": {name.lower(): value for name, value in request.headers.items()
                             if name.lower() != "authorization"}}
        self.requests.append(entry)
        request.entry = entry

    def write_log(self, entry, status, body):
        """`made`: the answer is one that a test made up."""
        entry = {**entry, "answer": {"status": status, "body": None if isinstance(body, bytes) else body,
                                     "made": entry.get("made", False)}}
        with open(self.log, "a", encoding="utf-8") as log:
            log.write(json.dumps(entry) + "\n")

    def failure(self, request):
        for failure in self.failures:
            target = request.path if not request.query else f"{request.path}?{urllib.parse.urlencode(request.query)}"
            if failure["method"] == request.method and failure["path"].search(target) and failure["times"]:
                failure["times"] -= 1
                return failure
        return None

    def serve(self, request):
        failure = self.failure(request)
        done = None
        if failure is None or failure["after"]:
            done = self.serve_well(request)
        if failure:
            request.entry["made"] = True
            request.more.update(failure["headers"])
            body = failure["body"]
            return failure["status"], body.encode() if isinstance(body, str) else body
        return done

    def serve_well(self, request):
        self.check_headers(request)
        request.who = self.authenticate(request)
        if request.path in ("/graphql", "/api/graphql"):
            return 200, self.graphql(request)
        path = self.canonical(request).removeprefix("/api/v3")  # as on a server of one's own
        for method, expression, known, query, right, function in ROUTES:
            match = expression.match(path)
            if not match or method != request.method:
                continue
            found = {name: urllib.parse.unquote(value) for name, value in match.groupdict().items()}
            self.check_request(request, known, query)
            if "owner" in found:
                request.repo = self.find(request, found.pop("owner"), found.pop("repo"))
                self.check_right(request, right)
            return function(self, request, **found)
        raise Refusal(404, "Not Found")

    def canonical(self, request):
        """/repositories/ID/... as /repos/owner/name/..."""
        match = re.match(r"/repositories/(\d+)(/.*)?$", request.path)
        if not match:
            return request.path
        for repo in self.repositories:
            if repo.id == int(match.group(1)):
                return f"/repos/{repo.full}{match.group(2) or ''}"
        raise Refusal(404, "Not Found")

    def find(self, request, owner, name):
        repo = self.repository(f"{owner}/{name}")
        old = self.renamed.get(f"{owner}/{name}".lower())
        if repo is None and old:
            rest = request.path.split("/", 4)[4:]
            query = f"?{urllib.parse.urlencode(request.query)}" if request.query else ""
            to = f"{self.url}/repositories/{old.id}{'/' + rest[0] if rest else ''}{query}"
            raise Refusal(301 if request.method == "GET" else 307, "Moved Permanently", headers={"Location": to})
        who = request.who
        if repo is None or who is None or (who.owner and who.owner.lower() != repo.owner.lower()):
            raise Refusal(404, "Not Found")
        repo.follow()
        return repo

    def check_headers(self, request):
        headers = request.headers
        if not headers.get("User-Agent"):
            raise Refusal(403, "Request forbidden by administrative rules. Please make sure your request has a "
                               "User-Agent header")
        if not request.path.endswith("/graphql") and headers.get("X-GitHub-Api-Version") != "2022-11-28":
            raise Refusal(400, "Unsupported API version")
        if "application/vnd.github+json" not in headers.get("Accept", ""):
            raise Refusal(415, "Unsupported 'Accept' header")
        if request.body is not None and headers.get("Content-Type") != "application/json":
            raise Refusal(415, "Unsupported 'Content-Type'")

    def check_request(self, request, known, query):
        unknown = set(request.query) - query
        if unknown:
            raise Refusal(400, f"the double: unknown parameters {unknown}")
        if known is None and request.body is not None:
            raise Refusal(400, "the double: no body is due")
        if known is None:
            return
        request.body = {} if request.body is None else request.body
        unknown = set(request.body) - set(known)
        if unknown:
            raise Refusal(400, f"the double: unknown members {unknown}")
        missing = [name for name, required in known.items() if required and request.body.get(name) is None]
        if missing:
            raise Refusal(422, "Invalid request.\n\n" + ", ".join(f'"{name}" wasn\'t supplied.' for name in missing))

    def check_right(self, request, right):
        who, repo = request.who, request.repo
        if request.method == "GET":
            return
        if repo.archived:
            raise Refusal(403, "Repository was archived so is read-only.")
        if who.rights is not None:  # an App's or a workflow's token: permission by permission
            if right and who.rights.get(right) != "write":
                raise Refusal(403, "Resource not accessible by integration",
                              headers={"X-Accepted-GitHub-Permissions": f"{right}=write"})
        elif who.permission == "read":
            raise Refusal(403, "Resource not accessible by personal access token",
                          headers={"X-Accepted-GitHub-Permissions": f"{right}=write"})

    def authenticate(self, request):
        given = request.headers.get("Authorization", "")
        if not given:
            raise Refusal(401, "Requires authentication")
        scheme, _, token = given.partition(" ")
        if scheme not in ("Bearer", "token"):
            raise Refusal(401, "Bad credentials")
        if token.count(".") == 2:
            return self.check_jwt(request, token)
        who = self.tokens.get(token)
        if who is None or (who.ends and who.ends <= time.time()):
            raise Refusal(401, "Bad credentials")
        return who

    def check_jwt(self, request, token):
        def part(text):
            return base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))
        header, payload, signature = token.split(".")
        claims = json.loads(part(payload))
        now = time.time() + self.clock_ahead
        app = self.apps.get(str(claims.get("iss")))
        if json.loads(part(header)) != {"alg": "RS256", "typ": "JWT"} or app is None:
            raise Refusal(401, "A JSON web token could not be decoded")
        if claims["iat"] > now:
            raise Refusal(401, "'Issued at' claim ('iat') must be an Integer representing the time that the "
                               "assertion was issued")
        if not now < claims["exp"] <= now + 600:
            raise Refusal(401, "'Expiration time' claim ('exp') is too far in the future"
                          if claims["exp"] > now else "'Expiration time' claim ('exp') must be a numeric value "
                          "representing the future time at which the assertion expires")
        with tempfile.TemporaryDirectory() as folder:
            for name, data in (("key", app["key"].encode()), ("signature", part(signature))):
                (pathlib.Path(folder) / name).write_bytes(data)
            done = subprocess.run(["openssl", "dgst", "-sha256", "-verify", f"{folder}/key", "-signature",
                                   f"{folder}/signature"], input=f"{header}.{payload}".encode(),
                                  capture_output=True, check=False)
        if done.returncode:
            raise Refusal(401, "A JSON web token could not be decoded")
        if not re.search(r"^/(app(/|$)|repos/[^/]+/[^/]+/installation$|repositories/\d+/installation$)", request.path):
            raise Refusal(401, "A JSON web token could not be used here")
        return Who(f"{app['slug']}[bot]", "App", rights=app["rights"])

    def new_installation_token(self, app, number):
        owner = next((owner for owner, known in app["owners"].items() if known == number), None)
        if owner is None:
            raise Refusal(404, "Not Found")
        token = "ghs_" + secrets.token_hex(18)
        who = Who(f"{app['slug']}[bot]", "Bot", rights=app["rights"], scopes=None)
        who.owner, who.ends = owner, time.time() + self.token_life
        self.tokens[token] = who
        return {"token": token, "expires_at": moment(who.ends + self.clock_ahead), "permissions": app["rights"],
                "repository_selection": "all"}

    def graphql(self, request):
        body = request.body or {}
        if set(body) - {"query", "variables", "operationName"}:
            raise Refusal(400, "the double: unknown members")
        query, mutation = github_graph.roots(self, request)
        return graphql_subset.execute(body.get("query", ""), body.get("variables"), query, mutation)

    # ---- what tests ask and set

    def control(self, what, body):
        if what == "state":
            return {repo.full: repo.state() for repo in self.repositories}
        if what == "requests":
            return self.requests
        if what == "fail":
            self.fail(**body)
        elif what == "rename":
            self.rename(body["old"], body["new"])
        elif what == "reset":
            self.reset()
        elif what == "app":
            self.add_app(**body)
        elif what == "server":
            for name, value in body.items():
                setattr(self, name, value)
        else:
            self.control_repository(what, self.repository(body.pop("repository")), body)
        return {}

    def control_repository(self, what, repo, body):
        if what == "set":
            for name, value in body.items():
                setattr(repo, name, value)
        elif what == "put":
            repo.git.put(body["branch"], body["files"], start=body.get("start", repo.default_branch))
        elif what == "entries":
            repo.git.put_entries(body["branch"], body["entries"])
        elif what == "issues":
            for number in range(body["count"]):
                repo.new_item(Who("person"), {"title": f"issue {number}", "body": body.get("body")})
        elif what == "pull":
            author = Who(body.pop("author", "person"))
            for _ in range(body.pop("count", 1)):
                repo.open_pull(author, **body)
        elif what == "item":
            item = repo.item(body.pop("number"))
            if "state" in body:
                item.set_state(body.pop("state"))
            if "event" in body:
                item.event(body.pop("event"), actor=Who(body.pop("actor")).public())
            for name, value in body.items():
                setattr(item.pull if item.pull and hasattr(item.pull, name) else item, name, value)
        else:
            raise ValueError(what)


import github_routes  # noqa: E402  (the routes register themselves)

assert github_routes


def main():
    hub = GitHub()
    with open(sys.argv[1], encoding="utf-8") as seed:
        hub.seed(json.load(seed))
    hub.keep_first()
    print(f"ready {hub.port}", flush=True)
    sys.stdin.read()
    hub.close()


if __name__ == "__main__":
    main()
