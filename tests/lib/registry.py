"""A registry of images that lists tags, in pages, and can refuse."""

import json
import urllib.parse

import upstreams


class Registry(upstreams.Upstreams):
    """Beside what Upstreams serves: images at ghcr.io."""

    def __init__(self, host="ghcr.io", page=3):
        super().__init__()
        self.host, self.page = host, page
        self.hosts.add(host)
        self.tags = {}      # "owner/name" -> [tag]
        self.refused = {}   # "owner/name" -> status

    def answer(self, path, body, headers):
        name, _, query = path.partition("?")
        prefix = f"{self.host}/v2/"
        if not name.startswith(prefix) or not name.endswith("/tags/list"):
            return super().answer(path, body, headers)
        image = name.removeprefix(prefix).removesuffix("/tags/list")
        if image in self.refused:
            return self.refused[image], {}, b'{"errors": [{"code": "DENIED"}]}'
        if image not in self.tags:
            return 404, {}, b'{"errors": [{"code": "NAME_UNKNOWN"}]}'
        return self.list_tags(image, urllib.parse.parse_qs(query))

    def list_tags(self, image, query):
        tags = self.tags[image]
        start = tags.index(query["last"][0]) + 1 if "last" in query else 0
        shown, headers = tags[start:start + self.page], {"Content-Type": "application/json"}
        if start + self.page < len(tags):
            headers["Link"] = f'</v2/{image}/tags/list?n={self.page}&last={shown[-1]}>; rel="next"'
        return 200, headers, json.dumps({"name": image, "tags": shown}).encode()
