"""A git server of refs alone: protocol v2 over smart HTTP, as far as `ls-refs` goes, on loopback."""

import http.server
import threading


def pkt(text):
    data = text.encode() if isinstance(text, str) else text
    return b"%04x" % (len(data) + 4) + data


ADVERTISEMENT = (pkt("# service=git-upload-pack\n") + b"0000" + pkt("version 2\n") + pkt("agent=git/2.39\n")
                 + pkt("ls-refs=unborn\n") + pkt("object-format=sha1\n") + b"0000")


def lines(body):
    at = 0
    while at < len(body):
        length = int(body[at:at + 4], 16)
        if length >= 4:
            yield body[at + 4:at + length].decode().rstrip("\n")
        at += max(length, 4)


class Refs:
    """{"/owner/name": [(ref, object, peeled)]} served until close(); counts requests."""

    def __init__(self, repositories):
        self.repositories = repositories
        self.requests = []
        double = self

        class Handler(http.server.BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def log_message(self, *_):
                pass

            def answer(self, status, body, kind="text/plain"):
                self.send_response(status)
                self.send_header("Content-Type", kind)
                self.send_header("Content-Length", str(len(body)))
                self.end_headers()
                self.wfile.write(body)

            def repository(self, suffix):
                path = self.path.split("?")[0]
                name = path[:-len(suffix)].removesuffix(".git") if path.endswith(suffix) else ""
                double.requests.append(self.command + " " + self.path)
                return double.repositories.get(name)

            def do_GET(self):
                if self.repository("/info/refs") is None:
                    self.answer(404, b"not found")
                else:
                    self.answer(200, ADVERTISEMENT, "application/x-git-upload-pack-advertisement")

            def do_POST(self):
                body = self.rfile.read(int(self.headers["Content-Length"]))
                refs = self.repository("/git-upload-pack")
                if refs is None:
                    self.answer(404, b"not found")
                    return
                wanted = [line[11:] for line in lines(body) if line.startswith("ref-prefix ")]
                told = b""
                for ref, oid, peeled in refs:
                    if wanted and not any(ref.startswith(prefix) for prefix in wanted):
                        continue
                    told += pkt(f"{oid} {ref}" + (f" peeled:{peeled}" if peeled != oid else "") + "\n")
                self.answer(200, told + b"0000", "application/x-git-upload-pack-result")

        self.server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_address[1]}"
        threading.Thread(target=self.server.serve_forever, args=(0.01,), daemon=True).start()

    def close(self):
        self.server.shutdown()
        self.server.server_close()

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()
