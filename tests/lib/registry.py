"""A registry of images: lists of tags in pages, manifests and blobs, told to whom it is told, after the
specification's token or Basic authentication."""

import base64
import json
import pathlib
import urllib.parse

import tap
import upstreams


def basic(user, password):
    """The value of an Authorization header, and of `auth` in docker's config.json."""
    return base64.b64encode(f"{user}:{password}".encode()).decode()


class Registry(upstreams.Upstreams):
    """Beside what Upstreams serves: images at ghcr.io."""

    def __init__(self, host="ghcr.io", page=3):
        super().__init__()
        self.host, self.page = host, page
        self.hosts.add(host)
        self.tags = {}      # "owner/name" -> [tag]
        self.objects = {}   # "owner/name/manifests/latest" -> bytes
        self.refused = {}   # "owner/name" -> status
        self.scheme = None  # "Bearer", "Basic"; None: nobody is asked who he is
        self.realm = f"https://{host}/token"
        self.users = {}     # name, None for any -> password
        self.refresh = set()
        self.private = set()    # "owner/name" that only users may read
        self.denied = set()     # "owner/name" that tokens are given for, which are then refused
        self.issued = {}        # token -> (scope, bought by somebody)
        self.expires_in = None
        self.shown = []         # (HOST/PATH, Authorization or form) of every request that had one

    def answer(self, path, body, headers):
        name, _, query = path.partition("?")
        who = headers["Authorization"]
        if who or b"refresh_token=" in body:
            self.shown.append((path, who or body.decode()))
        if "https://" + name == self.realm and self.scheme:
            return self.issue(urllib.parse.parse_qs(query or body.decode()), who, bool(body))
        prefix = f"{self.host}/v2/"
        if path in self.files or not name.startswith(prefix):
            return super().answer(path, body, headers)
        image, kind, rest = self.take_apart(name.removeprefix(prefix))
        refusal = self.ask_who(image, who) if self.scheme else None
        if refusal:
            return refusal
        if kind != "tags":
            return self.give(image, kind, rest)
        if image in self.refused:
            return self.refused[image], {}, b'{"errors": [{"code": "DENIED"}]}'
        if image not in self.tags:
            return 404, {}, b'{"errors": [{"code": "NAME_UNKNOWN"}]}'
        status, more, told = self.list_tags(image, urllib.parse.parse_qs(query))
        # One that says what it was shown: mwatch must not keep it for that.
        return status, more, told.replace(b'{"name"', json.dumps({"shown": who}).encode()[:-1] + b', "name"')

    @staticmethod
    def take_apart(path):
        parts = path.split("/")
        return "/".join(parts[:-2]), parts[-2], parts[-1]

    def give(self, image, kind, rest):
        """A manifest, a blob, what refers to one."""
        found = self.objects.get(f"{image}/{kind}/{rest}")
        if found is None:
            return 404, {}, b'{"errors": [{"code": "MANIFEST_UNKNOWN"}]}'
        return 200, {"Content-Type": "application/json"}, found

    # -- who asks

    def is_user(self, who):
        if not who or not who.startswith("Basic "):
            return False
        user, _, password = base64.b64decode(who.removeprefix("Basic ")).decode().partition(":")
        return self.users.get(user, self.users.get(None)) == password

    def ask_who(self, image, who):
        """The answer to who may not, None for who may."""
        if self.scheme == "Basic":
            allowed = self.is_user(who)
            challenge = 'Basic realm="Registry"'
        else:
            scope, bought = self.issued.get((who or "").removeprefix("Bearer "), (None, False))
            allowed = scope == f"repository:{image}:pull"
            if allowed and (image in self.denied or image in self.private and not bought):
                return 403, {}, b'{"errors": [{"code": "DENIED"}]}'
            challenge = f'Bearer realm="{self.realm}",service="{self.host}",scope="repository:{image}:pull"'
        if allowed:
            return None
        return 401, {"WWW-Authenticate": challenge}, b'{"errors": [{"code": "UNAUTHORIZED"}]}'

    def issue(self, query, who, posted):
        """Tokens, as ghcr.io gives them: anybody's only for what is there and public."""
        if "scope" not in query:
            return 400, {}, b"{}"
        scope = query["scope"][0]
        image = scope.split(":")[1]
        bought = query["refresh_token"][0] in self.refresh if posted else self.is_user(who)
        if (who or posted) and not bought:
            return 403, {}, b'{"errors": [{"code": "DENIED", "message": "denied"}]}'
        if not bought and image not in self.tags:
            return 403, {}, b'{"errors": [{"code": "DENIED"}]}'
        if not bought and image in self.private:
            return 401, {}, b'{"errors": [{"code": "UNAUTHORIZED"}]}'
        token = f"secret.{len(self.issued)}.aGVsbG8gd29ybGQ="
        self.issued[token] = scope, bought
        told = {"token": token} if self.expires_in is None else {"access_token": token, "expires_in": self.expires_in}
        return 200, {"Content-Type": "application/json"}, json.dumps(told).encode()

    def list_tags(self, image, query):
        tags = self.tags[image]
        start = tags.index(query["last"][0]) + 1 if "last" in query else 0
        shown, headers = tags[start:start + self.page], {"Content-Type": "application/json"}
        if start + self.page < len(tags):
            headers["Link"] = f'</v2/{image}/tags/list?n={self.page}&last={shown[-1]}>; rel="next"'
        return 200, headers, json.dumps({"name": image, "tags": shown}).encode()


class Checkout:
    """`files` in a folder of their own, as long as their `registry` serves."""

    def __enter__(self):
        self.registry.__enter__()
        self.temporary = tap.temporary()
        self.folder = pathlib.Path(self.temporary.__enter__())
        tap.write(self.folder, self.files)
        return self

    def __exit__(self, *why):
        self.temporary.__exit__(*why)
        self.registry.__exit__(*why)
