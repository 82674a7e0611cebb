#!/usr/bin/python3
"""nginx with HTTP/2 for a test.

usage: nginx.py DIR        DIR holds localhost.pem and localhost.key and gets nginx's files

Prints "ready PORT PLAIN" when it listens on loopback, over TLS and without, or "ready 0 0" when
there is no nginx with HTTP/2, and ends nginx when its own standard input ends. DIR/access.log tells
protocol, connection and path of every request.
"""

import os
import shutil
import socket
import subprocess
import sys
import time

CONFIG = """
daemon off; master_process off; pid {dir}/nginx.pid; error_log {dir}/error.log;
events {{ worker_connections 256; }}
http {{
  log_format brief '$server_protocol $connection $uri';
  access_log {dir}/access.log brief;
  client_body_temp_path {dir}/body; proxy_temp_path {dir}/proxy; fastcgi_temp_path {dir}/fastcgi;
  uwsgi_temp_path {dir}/uwsgi; scgi_temp_path {dir}/scgi;
  server {{
    listen 127.0.0.1:{port} ssl http2;
    ssl_certificate {dir}/localhost.pem; ssl_certificate_key {dir}/localhost.key;
    location / {{ add_header ETag '"two"'; return 200 "over two\\n"; }}
  }}
  server {{
    listen 127.0.0.1:{plain};
    location / {{ return 200 "{kilobyte}"; }}
  }}
}}
"""


def free_ports():
    with socket.socket() as a, socket.socket() as b:
        a.bind(("127.0.0.1", 0))
        b.bind(("127.0.0.1", 0))
        return a.getsockname()[1], b.getsockname()[1]


def listens(port):
    with socket.socket() as s:
        return s.connect_ex(("127.0.0.1", port)) == 0


def main():
    folder = os.path.abspath(sys.argv[1])
    program = shutil.which("nginx", path=os.environ.get("PATH", "") + ":/usr/sbin:/usr/local/sbin")
    if not program:
        print("ready 0 0", flush=True)
        return
    port, plain = free_ports()
    config = os.path.join(folder, "nginx.conf")
    with open(config, "w") as f:
        f.write(CONFIG.format(dir=folder, port=port, plain=plain, kilobyte="x" * 1024))
    nginx = subprocess.Popen(
        [program, "-p", folder, "-c", config], stdin=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    while nginx.poll() is None and not listens(port):
        time.sleep(0.01)
    print("ready", *((port, plain) if nginx.poll() is None else (0, 0)), flush=True)
    sys.stdin.buffer.read()
    if nginx.poll() is None:
        nginx.terminate()
        nginx.wait()


main()
