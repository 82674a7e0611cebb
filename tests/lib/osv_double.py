"""OSV on loopback, as its server answers (google/osv.dev, gcp/api/server.py): a thousand queries at most, one that
is wrong makes the whole batch wrong, every query has pages of its own, and what is not known is no error."""

import json
import re
import urllib.parse

import upstreams

MOST = 1000


def refused(message):
    return 400, {"Content-Type": "application/json"}, json.dumps({"code": 3, "message": message}).encode()


class Osv(upstreams.Upstreams):
    """Upstreams with api.osv.dev among them."""

    def __init__(self):
        super().__init__()
        self.hosts.add("api.osv.dev")
        self.known = {}    # "pkg:gem/rails@8.1.2", "Wolfi curl 8.6.0-r1" or a commit -> [id]
        self.details = {}  # id -> what the advisory says beside its id
        self.page = 1000   # ids in an answer
        self.broken = None  # (status, body) for everything
        self.batches = []  # how many queries each had

    def know(self, what, *ids):
        self.known.setdefault(what, []).extend(ids)

    def answer(self, path, body, headers):
        host, _, rest = path.partition("/")
        if host != "api.osv.dev":
            return super().answer(path, body, headers)
        if self.broken:
            return self.broken[0], {}, self.broken[1]
        if rest == "v1/querybatch":
            return self.batch(json.loads(body)["queries"])
        if rest.startswith("v1/vulns/"):
            return self.advisory(urllib.parse.unquote(rest[len("v1/vulns/"):]))
        return 404, {}, b"404 page not found"

    def advisory(self, name):
        if name not in self.details:
            return 404, {}, json.dumps({"code": 5, "message": "Bug not found."}).encode()
        return 200, {}, json.dumps({"id": name, "modified": "2026-05-01T00:00:00Z", **self.details[name]}).encode()

    def batch(self, queries):
        self.batches.append(len(queries))
        if len(queries) > MOST:
            return refused("Too many queries.")
        results = []
        for query in queries:
            try:
                results.append(self.result(query))
            except ValueError as why:
                return refused(str(why))
        return 200, {}, json.dumps({"results": results}).encode()

    def subject(self, query):
        package = query.get("package", {})
        if purl := package.get("purl"):
            if not re.fullmatch(r"pkg:[a-z.+-]+/[^@]*[^@/]@[^@]+", purl):
                raise ValueError("Invalid Package URL.")
            if "version" in query or "name" in package:
                raise ValueError("version specified in params and PURL query")
            return purl
        if package:
            if package["ecosystem"] not in ("Go", "Wolfi"):
                raise ValueError("Invalid ecosystem.")
            return f"{package['ecosystem']} {package['name']} {query['version']}"
        if not re.fullmatch(r"[0-9a-f]{40}", query.get("commit", "")):
            raise ValueError("Invalid hash.")
        return query["commit"]

    def result(self, query):
        ids = self.known.get(self.subject(query), [])
        start = int(query.get("page_token", "0"))
        result = {}
        if part := ids[start:start + self.page]:
            result["vulns"] = [{"id": one, "modified": "2026-05-01T00:00:00Z"} for one in part]
        if start + self.page < len(ids):
            result["next_page_token"] = str(start + self.page)
        return result
