"""Every kind of upstream on one loopback port: `https://HOST/PATH` is answered at `/HOST/PATH`, to which
mwatch's --mirror leads. Repositories answer `ls-refs` of git's protocol v2, GitHub lists releases in pages,
release-monitoring.org lists versions, and anything else is a file."""

import http.server
import hashlib
import json
import threading
import urllib.parse

import git_double

PAGE = 100  # of releases, as GitHub gives at most


class Upstreams:
    """Fill in what is there, then `with` it."""

    def __init__(self):
        self.refs = {}      # "github.com/owner/name" -> [(ref, object, commit)]
        self.releases = {}  # "owner/name" -> [tag or {member: value}], newest first
        self.projects = {}  # number -> [version]
        self.files = {}     # "HOST/PATH?QUERY" -> bytes, or (status, {header: value}, bytes)
        self.tagged = False  # files have an ETag
        self.unchanged = []  # the paths of files that were answered by it alone
        self.requests = []  # "GET HOST/PATH?QUERY" as they came
        self.heeds_prefix = True  # a server may list all refs whatever it is asked for
        self.hosts = {"github.com", "api.github.com", "release-monitoring.org",
                      "raw.githubusercontent.com"}

    def options(self):
        """The --mirror options that lead here."""
        for name in [*self.refs, *self.files]:
            self.hosts.add(name.split("/")[0])
        words = []
        for host in sorted(self.hosts):
            words += ["--mirror", f"https://{host}/={self.url}/{host}/"]
        return words

    def answer(self, path, body, headers):
        """(status, headers, bytes) for what is asked at HOST/PATH?QUERY; `headers` are the request's."""
        name, _, query = path.partition("?")
        host, _, rest = name.partition("/")
        if path in self.files:
            found = self.files[path]
            return found if isinstance(found, tuple) else self.serve(path, found, headers)
        if name.endswith("/info/refs"):
            return self.greet(name.removesuffix("/info/refs"))
        if name.endswith("/git-upload-pack"):
            return self.list_refs(name.removesuffix("/git-upload-pack"), body)
        if host == "api.github.com" and rest.startswith("repos/") and rest.endswith("/releases"):
            return self.list_releases(rest[6:-9], urllib.parse.parse_qs(query))
        if host == "release-monitoring.org":
            return self.list_versions(urllib.parse.parse_qs(query))
        return 404, {}, b"not found"

    def serve(self, path, content, headers):
        if not self.tagged:
            return 200, {}, content
        etag = f'"{hashlib.sha256(content).hexdigest()}"'
        if headers.get("If-None-Match") == etag:
            self.unchanged.append(path)
            return 304, {"ETag": etag}, b""
        return 200, {"ETag": etag}, content

    def repository(self, name):
        return self.refs.get(name.removesuffix(".git"), self.refs.get(name))

    def greet(self, name):
        if self.repository(name) is None:
            return 404, {}, b"not found"
        kind = "application/x-git-upload-pack-advertisement"
        return 200, {"Content-Type": kind}, git_double.ADVERTISEMENT

    def list_refs(self, name, body):
        wanted = [line[11:] for line in git_double.lines(body) if line.startswith("ref-prefix ")]
        told = b"".join(
            git_double.pkt(f"{oid} {ref}" + (f" peeled:{commit}" if commit != oid else "") + "\n")
            for ref, oid, commit in self.repository(name) or []
            if not self.heeds_prefix or any(ref.startswith(prefix) for prefix in wanted))
        return 200, {"Content-Type": "application/x-git-upload-pack-result"}, told + b"0000"

    def list_releases(self, repository, query):
        if repository not in self.releases:
            return 404, {}, b'{"message": "Not Found"}'
        page = int(query.get("page", ["1"])[0])
        rows = self.releases[repository]
        shown = [row if isinstance(row, dict) else {"tag_name": row} for row in rows]
        body = json.dumps(shown[(page - 1) * PAGE:page * PAGE]).encode()
        headers = {"Content-Type": "application/json"}
        if page * PAGE < len(rows):
            url = f"https://api.github.com/repos/{repository}/releases?per_page={PAGE}&page={page + 1}"
            headers["Link"] = f'<{url}>; rel="next"'
        return 200, headers, body

    def list_versions(self, query):
        versions = self.projects.get(int(query["project_id"][0]))
        if versions is None:
            return 404, {}, b"{}"
        body = {"latest_version": versions[0], "stable_versions": versions, "versions": versions}
        return 200, {"Content-Type": "application/json"}, json.dumps(body).encode()

    def __enter__(self):
        double = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"
            disable_nagle_algorithm = True
            wbufsize = -1

            def log_message(self, *_):
                pass

            def handle_any(self):
                body = self.rfile.read(int(self.headers.get("Content-Length") or 0))
                path = self.path.lstrip("/")
                double.requests.append(f"{self.command} {path}")
                status, headers, told = double.answer(path, body, self.headers)
                self.send_response(status)
                for key, value in headers.items():
                    self.send_header(key, value)
                if "Content-Length" not in headers:
                    self.send_header("Content-Length", str(len(told)))
                else:  # it may be a lie: nothing more comes
                    self.close_connection = True
                self.end_headers()
                if self.command != "HEAD":
                    self.wfile.write(told)

            do_GET = do_POST = do_HEAD = handle_any

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()
        return self

    def __exit__(self, *_):
        self.server.shutdown()
        self.server.server_close()
