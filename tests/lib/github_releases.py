"""GitHub on loopback: GraphQL and REST for whoever has the token, the web server's feeds and git for everybody.
It keeps what it was asked, and can be made to have had enough."""

import base64
import datetime
import hashlib
import json
import urllib.parse
import xml.sax.saxutils

import graphql
import upstreams

TOKEN = "ghp_0123456789abcdef0123456789abcdef0123"
FEED_ENTRIES = 10
BAD_GATEWAY = (502, {"Content-Type": "application/json"}, json.dumps({
    "data": None, "errors": [{"message": "Something went wrong while executing your query. This may be the result "
                                         "of a timeout, or it could be a GitHub bug."}]}).encode())


def commit_of(text):
    return hashlib.sha1(text.encode()).hexdigest()


def release(tag, hours=0, **more):
    """A release that was made so many hours after the year began."""
    moment = datetime.datetime(2026, 1, 1) + datetime.timedelta(hours=hours)
    return {"tag": tag, "at": moment.strftime("%Y-%m-%dT%H:%M:%SZ"), "draft": False, "prerelease": False,
            "notes": f"Notes of {tag}.", "assets": {}, **more}


def releases(*tags):
    """Releases of these tags, the first one the newest."""
    return [release(tag, hours=len(tags) - i) for i, tag in enumerate(tags)]


class GitHub(upstreams.Upstreams):
    def __init__(self):
        super().__init__()
        self.repositories = {}  # "owner/name" -> [release], the newest first
        self.tags = {}          # "owner/name" -> tags beside its releases'
        self.moved = {}         # "owner/name" as it was -> as it is now
        self.private = set()    # asked for, they are forbidden
        self.takes = None       # repositories in a query; with more it times out
        self.poison = set()     # with these in it, a query times out
        self.faults = []        # answers to give instead, one after the other: (status, headers, body), a
                                # function of a query, None for the right one
        self.batches = []       # (["owner/name"], status) of every query
        self.invalid = []       # queries that GitHub would not have understood, and why

    def options(self):
        for name, kept in self.repositories.items():
            tags = [r["tag"] for r in kept if not r["draft"]] + self.tags.get(name, [])
            self.refs.setdefault("github.com/" + name, [
                (f"refs/tags/{tag}", commit_of("tag " + name + tag), commit_of(name + tag)) for tag in tags])
        return super().options()

    def answer(self, path, body, headers):
        host, _, rest = path.partition("?")[0].partition("/")
        if (host, rest) == ("api.github.com", "graphql"):
            return self.answer_query(body, headers["Authorization"])
        if host == "github.com" and rest.endswith("/releases.atom") and path not in self.files:
            return self.feed(rest.removesuffix("/releases.atom"))
        if host == "api.github.com" and "/releases/tags/" in rest:
            name, _, tag = rest.removeprefix("repos/").partition("/releases/tags/")
            found = self.find(name, urllib.parse.unquote(tag))
            return self.json(self.rest(name, found)) if found else (404, {}, b'{"message": "Not Found"}')
        return super().answer(path, body, headers)

    def json(self, value, status=200, **headers):
        return status, {"Content-Type": "application/json", **headers}, json.dumps(value).encode()

    def find(self, name, tag):
        return next((r for r in self.repositories.get(name, []) if r["tag"] == tag), None)

    # ---- REST ----

    def rest(self, name, kept):
        return {"tag_name": kept["tag"], "draft": kept["draft"], "prerelease": kept["prerelease"],
                "published_at": kept["at"], "html_url": f"https://github.com/{name}/releases/tag/{kept['tag']}",
                "body": kept["notes"],
                "assets": [{"name": file, "browser_download_url": self.download(name, kept, file), **more}
                           for file, more in kept["assets"].items()]}

    def list_releases(self, repository, query):
        if repository not in self.repositories:
            return 404, {}, b'{"message": "Not Found"}'
        self.releases[repository] = [self.rest(repository, r) for r in self.repositories[repository]]
        return super().list_releases(repository, query)

    def download(self, name, kept, file):
        return f"https://github.com/{name}/releases/download/{kept['tag']}/{file}"

    # ---- the web server's feed ----

    def feed(self, name):
        if name not in self.repositories:
            return 404, {}, b"Not Found"
        entries = [r for r in self.repositories[name] if not r["draft"]][:FEED_ENTRIES]
        text = xml.sax.saxutils.escape
        body = ('<?xml version="1.0" encoding="UTF-8"?>\n'
                '<feed xmlns="http://www.w3.org/2005/Atom" xmlns:media="http://search.yahoo.com/mrss/" xml:lang="en-US">\n'
                f"  <id>tag:github.com,2008:https://github.com/{name}/releases</id>\n"
                f"  <title>Release notes from {name.split('/')[1]}</title>\n")
        for r in entries:
            page = f"https://github.com/{name}/releases/tag/{urllib.parse.quote(r['tag'], safe='')}"
            body += (f"  <entry>\n    <id>tag:github.com,2008:Repository/1296269/{text(r['tag'])}</id>\n"
                     f"    <updated>{r['at']}</updated>\n"
                     f'    <link rel="alternate" type="text/html" href="{page}"/>\n'
                     f"    <title>{text(r['tag'])}</title>\n"
                     f'    <content type="html">&lt;p&gt;{text(text(r["notes"]))}&lt;/p&gt;</content>\n  </entry>\n')
        return 200, {"Content-Type": "application/atom+xml; charset=utf-8"}, (body + "</feed>\n").encode()

    # ---- GraphQL ----

    def answer_query(self, body, token):
        if token != "Bearer " + TOKEN:
            return self.json({"message": "Bad credentials", "status": "401"}, 401)
        asked = json.loads(body)
        try:
            query = graphql.Query(asked["query"], asked["variables"])
        except graphql.Fault as why:
            self.invalid.append(f"{why}: {asked['query']}")
            return self.json({"errors": [{"path": ["query"], "message": str(why),
                                          "extensions": {"code": "undefinedField"}}]})
        names = ["{owner}/{name}".format(**given) for _, given, _ in query.repositories]
        answer = self.answer_to(query, names)
        self.batches.append((names, answer[0]))
        return answer

    def answer_to(self, query, names):
        fault = self.faults.pop(0) if self.faults else None
        if fault:
            return fault(query) if callable(fault) else fault
        if (self.takes and len(names) > self.takes) or self.poison & set(names):
            return BAD_GATEWAY
        return self.json(self.execute(query))

    def execute(self, query, limit=None):
        """The answer; with `limit`, resources are used up after so many repositories."""
        data, errors = {}, []
        for number, (alias, given, selection) in enumerate(query.repositories):
            name = "{owner}/{name}".format(**given)
            name = self.moved.get(name, name)
            data[alias] = None
            if limit is not None and number >= limit:
                errors.append({"type": "RESOURCE_LIMITS_EXCEEDED", "path": [alias, "releases"],
                               "message": "Resource limits for this query exceeded."})
            elif name in self.private:
                errors.append({"type": "FORBIDDEN", "path": [alias], "extensions": {"saml_failure": True},
                               "message": "Resource protected by organization SAML enforcement. You must grant "
                                          "your Personal Access token access to this organization."})
            elif name not in self.repositories:
                errors.append({"type": "NOT_FOUND", "path": [alias], "locations": [{"line": 2, "column": 1}],
                               "message": f"Could not resolve to a Repository with the name '{name}'."})
            else:
                data[alias] = query.execute("Repository", selection, self.repository_node(name))
        return {"data": data, **({"errors": errors} if errors else {})}

    def repository_node(self, name):
        kept = self.repositories[name]
        stable = [r for r in kept if not r["draft"] and not r["prerelease"]]

        def page(first, after=None, orderBy=None):
            if orderBy != {"field": "CREATED_AT", "direction": "DESC"}:
                raise AssertionError("the order of releases is not asked for")
            start = int(base64.b64decode(after).decode().split(":")[1]) if after else 0
            shown = kept[start:start + first]
            end = base64.b64encode(f"cursor:{start + len(shown)}".encode()).decode()
            return {"nodes": [self.release_node(name, r) for r in shown], "totalCount": len(kept),
                    "pageInfo": {"hasNextPage": start + first < len(kept), "endCursor": end if shown else None}}

        return {"nameWithOwner": name, "releases": page,
                "latestRelease": self.release_node(name, stable[0]) if stable else None,
                "release": lambda tagName: self.release_node(name, self.find(name, tagName))}

    def release_node(self, name, kept):
        if kept is None:
            return None
        files = [{"name": file, "downloadUrl": self.download(name, kept, file), **more}
                 for file, more in kept["assets"].items()]
        return {"tagName": kept["tag"], "isDraft": kept["draft"], "isPrerelease": kept["prerelease"],
                "publishedAt": None if kept["draft"] else kept["at"], "description": kept["notes"],
                "url": f"https://github.com/{name}/releases/tag/{kept['tag']}",
                "tagCommit": None if kept["draft"] else {"oid": kept.get("commit") or commit_of(name + kept["tag"])},
                "releaseAssets": lambda first, after=None: {"nodes": files[:first]}}
