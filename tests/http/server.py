#!/usr/bin/python3
"""A web server that misbehaves on request.

usage: server.py [CERT KEY]        with them it speaks TLS

Prints "ready PORT" when it listens on loopback, and ends when its standard input does, so it never
outlives the test that started it. /stats tells what it saw: requests by path and query,
connections, and how many requests were under way at once; /stats?reset begins to count anew.
"""

import email.utils
import functools
import gzip
import hashlib
import http.server
import io
import json
import os
import socket
import ssl
import struct
import sys
import tarfile
import threading
import time
import urllib.parse
import zlib


class State:
    lock = threading.Lock()
    requests = {}
    connections = 0
    active = 0
    most_active = 0
    bytes = 0
    tokens = 0


def tar_gz():
    """A small archive, the same bytes every time."""
    raw = io.BytesIO()
    with tarfile.open(fileobj=raw, mode="w") as tar:
        for name, text in (("demo-1.0/README", b"demo\n" * 100), ("demo-1.0/main.c", b"int x;\n")):
            info = tarfile.TarInfo(name)
            info.size = len(text)
            tar.addfile(info, io.BytesIO(text))
    return gzip.compress(raw.getvalue(), mtime=0)


@functools.cache
def big_tar_gz():
    """An archive of 3 MB that does not become smaller, the same bytes every time."""
    raw, data = io.BytesIO(), b"".join(hashlib.sha512(b"%d" % i).digest() for i in range(48000))
    with tarfile.open(fileobj=raw, mode="w") as tar:
        info = tarfile.TarInfo("demo-2.0/data")
        info.size = len(data)
        tar.addfile(info, io.BytesIO(data))
    return gzip.compress(raw.getvalue(), compresslevel=1, mtime=0)


class Handler(http.server.BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def setup(self):
        super().setup()
        with State.lock:
            State.connections += 1

    def log_message(self, *args):
        pass

    # -- answering

    def answer(self, status, body=b"", headers=()):
        if isinstance(body, str):
            body = body.encode()
        self.send_response(status)
        for name, value in headers:
            self.send_header(name, value)
        if status != 304:
            self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.command != "HEAD":
            self.wfile.write(body)

    def handle_one(self):
        split = urllib.parse.urlsplit(self.path)
        self.query = dict(urllib.parse.parse_qsl(split.query, keep_blank_values=True))
        length = int(self.headers.get("Content-Length") or 0)
        self.body = self.rfile.read(length) if length else b""
        name = split.path.strip("/").replace("-", "_").split("/")[0] or "ok"
        if name == "stats":
            return self.stats()
        with State.lock:
            State.requests[self.path] = self.seen = State.requests.get(self.path, 0) + 1
            State.active += 1
            State.most_active = max(State.most_active, State.active)
        try:
            getattr(self, "page_" + name, self.unknown)()
        except (BrokenPipeError, ConnectionResetError, ssl.SSLError):
            self.close_connection = True
        finally:
            with State.lock:
                State.active -= 1

    do_GET = do_POST = do_HEAD = do_PATCH = do_PUT = do_DELETE = handle_one

    def number(self, name, fallback):
        return int(self.query.get(name, fallback))

    def unknown(self):
        self.answer(404, "no such page\n")

    def stats(self):
        with State.lock:
            text = json.dumps(
                {
                    "requests": State.requests,
                    "connections": State.connections,
                    "most_active": State.most_active,
                    "bytes": State.bytes,
                    "tarball": hashlib.sha256(tar_gz()).hexdigest(),
                    "big": hashlib.sha256(big_tar_gz()).hexdigest(),
                    "big_size": len(big_tar_gz()),
                }
            )
            if "reset" in self.query:
                State.connections = State.most_active = State.bytes = 0
        self.answer(200, text)

    # -- well-behaved pages

    def page_ok(self):
        self.answer(200, "ok\n", [("Content-Type", "text/plain"), ("Set-Cookie", "session=secret1")])

    def page_graphql(self):
        self.answer(200, '{"data": {}}')

    def page_bytes(self):
        self.answer(200, b"x" * self.number("n", 10))

    def page_etag(self):
        tag = '"v%s"' % self.query.get("v", "1")
        if self.headers.get("If-None-Match") == tag:
            self.answer(304, headers=[("ETag", tag), ("X-Fresh", "yes")])
        else:
            self.answer(200, "tagged\n", [("ETag", tag), ("X-Fresh", "no")])

    def page_modified(self):
        date = "Wed, 06 May 2026 08:34:24 GMT"
        if self.headers.get("If-Modified-Since") == date:
            self.answer(304)
        else:
            self.answer(200, "dated\n", [("Last-Modified", date)])

    def page_no_store(self):
        self.answer(200, "not kept\n", [("ETag", '"n"'), ("Cache-Control", "private, no-store")])

    def page_gzip(self):
        if "gzip" not in self.headers.get("Accept-Encoding", ""):
            return self.answer(200, "plain\n")
        return self.answer(200, gzip.compress(b"unpacked\n"), [("Content-Encoding", "gzip")])

    def page_tarball(self):
        self.answer(200, tar_gz(), [("Content-Type", "application/gzip")])

    def page_half_tarball(self):
        body = tar_gz()
        self.answer(200, body[: len(body) // 2])

    def page_encoded_tarball(self):
        self.answer(200, tar_gz(), [("Content-Encoding", "gzip")])

    def page_html(self):
        self.answer(200, "<!DOCTYPE html><html><body>Log in</body></html>\n")

    def page_echo(self):
        self.answer(
            200,
            json.dumps(
                {
                    "method": self.command,
                    "body": self.body.decode("latin-1"),
                    "headers": {k.lower(): v for k, v in self.headers.items()},
                }
            ),
        )

    def page_auth(self):
        """Tells what it was given, and the same backwards, which nobody can know for a secret."""
        given = self.headers.get("Authorization")
        self.answer(200, f"{given} {given[::-1]}" if given else "none")

    # -- registries

    def page_v2(self):
        """/v2/KIND/... for who has the last token, or user and password."""
        kind, given = self.path.split("/")[2], self.headers.get("Authorization")
        if given and given in (f"Bearer token.{State.tokens}", "Basic b2N0bzpzZWNyZXQtMQ=="):
            return self.answer(200, "in\n")
        realm = f"http://{self.headers['Host']}/token?kind={kind}"
        challenge = 'Basic realm="r"' if kind == "basic" else f'Bearer realm="{realm}",service="s",scope="{kind}"'
        self.answer(401, "out\n", [("WWW-Authenticate", challenge)])

    def page_token(self):
        kind = self.query["kind"]
        if kind == "slow":
            time.sleep(0.2)
        if kind == "away":
            there = f"http://localhost:{self.server.server_address[1]}/echo"
            return self.answer(307, headers=[("Location", there)])
        if kind == "refused":
            return self.answer(403, "no\n")
        State.tokens += 1
        self.answer(200, json.dumps({"token": f"token.{State.tokens}", "expires_in": 90}))

    # -- a file whose connection breaks

    def page_ranged(self):
        """A large archive; the first `times` answers break off after `cut` bytes."""
        body, how = big_tar_gz(), self.query.get("how", "fine")
        tag = {"weak": 'W/"r1"', "date": None, "young": None, "bare": None}.get(how, '"r1"')
        if how == "replaced" and self.seen > 1:
            body, tag = tar_gz(), '"r2"'
        first, headers = 0, [("ETag", tag)] if tag else []
        if how in ("date", "young"):
            date = email.utils.formatdate(0 if how == "date" else time.time() + 3600, usegmt=True)
            headers.append(("Last-Modified", date))
        if how == "none":
            headers.append(("Accept-Ranges", "none"))
        wanted = self.headers.get("Range")
        if wanted and how == "gone":
            return self.answer(416, "no such range\n")
        condition = self.headers.get("If-Range")
        if wanted and how != "ignored" and (condition == tag or (condition and how in ("date", "young"))):
            first = int(wanted.removeprefix("bytes=").removesuffix("-"))
        if how == "unasked":
            first = 100
        told = {"shifted": first - 1, "nonsense": "x"}.get(how, first)
        total = {"other-length": len(body) + 7, "star": "*"}.get(how, len(body))
        self.send_response(206 if first else 200)
        if first:
            if how == "other-tag":
                headers = [("ETag", '"r2"')]
            if how == "no-tag":
                headers = []
            headers.append(("Content-Range", f"bytes {told}-{len(body) - 1}/{total}"))
        for name, value in headers:
            self.send_header(name, value)
        body = body[first:]
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        if self.seen <= self.number("times", 1):
            body = body[: self.number("cut", 1000)]
            self.close_connection = True
        with State.lock:
            State.bytes += len(body)
        self.wfile.write(body)

    # -- slow pages

    def page_slow(self):
        time.sleep(self.number("ms", 100) / 1000)
        self.answer(200, "slow\n")

    def page_hang(self):
        time.sleep(20)

    def page_drip(self):
        self.send_response(200)
        self.send_header("Content-Length", "1000000")
        self.end_headers()
        while True:
            self.wfile.write(b".")
            time.sleep(0.02)

    # -- broken pages

    def page_truncated(self):
        self.send_response(200)
        self.send_header("Content-Length", "1000")
        self.end_headers()
        self.wfile.write(b"x" * 500)
        self.close_connection = True

    def page_reset(self):
        if self.seen > self.number("n", 1):
            return self.answer(200, "at last\n")
        self.connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.connection.close()
        self.close_connection = True

    def page_endless(self):
        """Ten gigabytes, or as much as the client takes."""
        self.send_response(200)
        self.send_header("Transfer-Encoding", "chunked")
        self.end_headers()
        piece = b"x" * 65536
        for _ in range(10 * 2**30 // len(piece)):
            self.wfile.write(b"%x\r\n%s\r\n" % (len(piece), piece))
            with State.lock:
                State.bytes += len(piece)

    def page_huge(self):
        self.send_response(200)
        self.send_header("Content-Length", str(10 * 2**30))
        self.end_headers()
        self.page_endless_body()

    def page_endless_body(self):
        piece = b"x" * 65536
        while True:
            self.wfile.write(piece)
            with State.lock:
                State.bytes += len(piece)

    def page_error_without_end(self):
        self.send_response(404)
        self.send_header("Content-Length", str(10 * 2**30))
        self.end_headers()
        self.page_endless_body()

    def page_bomb(self):
        """50 MB of zeros in 50 kB."""
        packer = zlib.compressobj(9, zlib.DEFLATED, 31)
        body = b"".join(packer.compress(bytes(2**20)) for _ in range(50)) + packer.flush()
        self.answer(200, body, [("Content-Encoding", "gzip")])

    def page_header_flood(self):
        self.wfile.write(b"HTTP/1.1 200 OK\r\n")
        while True:
            self.wfile.write(b"X-Flood: " + b"x" * 1000 + b"\r\n")

    def page_no_http(self):
        self.wfile.write(b"220 mail.example ESMTP\r\n")
        self.close_connection = True

    # -- redirects

    def page_to(self):
        self.answer(self.number("status", 302), headers=[("Location", self.query["url"])])

    def page_loop(self):
        self.answer(302, "x" * 100, [("Location", "/loop?%d" % self.seen)])

    def page_chain(self):
        left = self.number("n", 1)
        if left == 0:
            return self.answer(200, "end of chain\n")
        return self.answer(302, headers=[("Location", "chain?n=%d" % (left - 1))])

    # -- limits

    def page_flaky(self):
        if self.seen <= self.number("n", 2):
            return self.answer(500, "later\n")
        return self.answer(200, "worked\n")

    def page_limited(self):
        if self.seen > self.number("n", 1):
            return self.answer(200, "let in\n")
        wait = self.query.get("after", "1")
        if wait == "date":
            wait = email.utils.formatdate(time.time() + 2, usegmt=True)
        return self.answer(429, "slow down\n", [("Retry-After", wait)])

    def page_quota(self):
        """As GitHub answers when the quota is used up."""
        reset = int(time.time()) + self.number("in", 3600)
        headers = [("X-RateLimit-Remaining", "0"), ("X-RateLimit-Reset", str(reset))]
        if self.seen > self.number("n", 1):
            return self.answer(200, "quota again\n")
        status = self.number("status", 403)
        return self.answer(status, '{"message": "API rate limit exceeded"}', headers)


class Server(http.server.ThreadingHTTPServer):
    daemon_threads = True
    request_queue_size = 256

    def handle_error(self, request, client_address):
        pass


def main():
    server = Server(("127.0.0.1", 0), Handler)
    if len(sys.argv) == 3:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(sys.argv[1], sys.argv[2])
        server.socket = context.wrap_socket(
            server.socket, server_side=True, do_handshake_on_connect=False
        )
    threading.Thread(target=server.serve_forever, daemon=True).start()
    print("ready", server.server_address[1], flush=True)
    sys.stdin.buffer.read()
    os._exit(0)


main()
