"""Git over smart HTTP as a forge serves it: nginx with TLS and passwords before git's own http-backend, on loopback.

usage:
    with git_server.GitServer(folder) as server:
        server.create("project")            # folder/git/project.git
        ... server.url + "/project.git", git_server.TOKEN, server.ca ...

Raises tap.Skip where nginx, fcgiwrap or git's http-backend is missing. `readonly` is a token that may fetch only.
Besides the repositories: /moved/X is redirected to /X, /away/X to another host, /broken/X answers 503.
"""

import base64
import os
import pathlib
import shutil
import signal
import socket
import subprocess
import time

import tap

TOKEN = "ghs_0123456789abcdefSECRET"
READONLY = "ghs_readonlySECRET"
ELSEWHERE = ":/usr/sbin:/usr/local/sbin"

CONFIG = """
daemon off; master_process off; pid {dir}/nginx.pid; error_log {dir}/error.log;
events {{ worker_connections 256; }}
http {{
  log_format brief '$status $request_method $uri $http_host "$remote_user"';
  access_log {dir}/access.log brief;
  client_body_temp_path {dir}/body; proxy_temp_path {dir}/proxy; fastcgi_temp_path {dir}/fastcgi;
  uwsgi_temp_path {dir}/uwsgi; scgi_temp_path {dir}/scgi;
  client_max_body_size 0; map_hash_bucket_size 256;
  map $http_authorization $readonly {{ default 0; "Basic {readonly}" 1; }}
  map $readonly $passwords {{ default {dir}/passwords; 1 {dir}/passwords-readonly; }}
  map "$readonly $uri $arg_service" $refused {{ default 0; "~^1 .*git-receive-pack" 1; }}
  server {{
    listen 127.0.0.1:{port} ssl;
    server_name localhost;
    ssl_certificate {dir}/localhost.pem; ssl_certificate_key {dir}/localhost.key;
    location /moved/ {{ rewrite ^/moved/(.*)$ /$1 permanent; }}
    location /away/ {{ return 301 https://127.0.0.1:{port}$uri?$args; }}
    location /broken/ {{ return 503; }}
    location / {{
      if ($refused) {{ return 403; }}
      auth_basic "git"; auth_basic_user_file $passwords;
      fastcgi_pass unix:{dir}/cgi.socket;
      fastcgi_request_buffering off;
      fastcgi_param SCRIPT_FILENAME {backend};
      fastcgi_param GIT_PROJECT_ROOT {dir}/git;
      fastcgi_param GIT_HTTP_EXPORT_ALL "";
      fastcgi_param GIT_PROTOCOL $http_git_protocol;
      fastcgi_param HTTP_CONTENT_ENCODING $http_content_encoding;
      fastcgi_param PATH_INFO $uri;
      fastcgi_param QUERY_STRING $query_string;
      fastcgi_param REQUEST_METHOD $request_method;
      fastcgi_param CONTENT_TYPE $content_type;
      fastcgi_param CONTENT_LENGTH $content_length;
      fastcgi_param REMOTE_USER $remote_user;
      fastcgi_param REMOTE_ADDR $remote_addr;
    }}
  }}
}}
"""


def find(program):
    path = shutil.which(program, path=os.environ.get("PATH", "") + ELSEWHERE)
    if not path:
        raise tap.Skip(f"{program} is not installed")
    return path


def find_backend():
    find("git")
    folder = subprocess.run(["git", "--exec-path"], capture_output=True, text=True, check=True).stdout
    backend = pathlib.Path(folder.strip()) / "git-http-backend"
    if not backend.exists():
        raise tap.Skip("git has no http-backend here")
    return backend


def listens(port):
    with socket.socket() as s:
        return s.connect_ex(("127.0.0.1", port)) == 0


def free_port():
    with socket.socket() as s:
        s.bind(("127.0.0.1", 0))
        return s.getsockname()[1]


def basic(token):
    return base64.b64encode(f"x-access-token:{token}".encode()).decode()


class GitServer:
    """See above. `folder` must be a path without blanks."""

    def __init__(self, folder, workers=4):
        self.folder = pathlib.Path(folder)
        self.ca = self.folder / "ca.pem"
        self.port = free_port()
        self.url = f"https://localhost:{self.port}"
        self.processes = []
        nginx, cgi, backend = find("nginx"), find("fcgiwrap"), find_backend()
        (self.folder / "git").mkdir()
        certificates = tap.ROOT / "tests" / "http" / "certificates.sh"
        subprocess.run([certificates, self.folder], check=True)
        self.write_passwords()
        config = self.folder / "nginx.conf"
        config.write_text(CONFIG.format(dir=self.folder, port=self.port, backend=backend,
                                        readonly=basic(READONLY)))
        self.cgi = self.start([cgi, "-c", str(workers), "-s", f"unix:{self.folder}/cgi.socket"])
        self.nginx = self.start([nginx, "-p", str(self.folder), "-e", str(self.folder / "error.log"), "-c", str(config)])
        try:
            self.wait()
        except BaseException:
            self.close()
            raise

    def write_passwords(self):
        for token, name in (TOKEN, "passwords"), (READONLY, "passwords-readonly"):
            told = subprocess.run(["openssl", "passwd", "-apr1", token], capture_output=True, text=True, check=True)
            (self.folder / name).write_text(f"x-access-token:{told.stdout.strip()}\n")

    def start(self, words):
        # What the machine or its user configured must not decide.
        env = {"PATH": os.environ.get("PATH", "") + ELSEWHERE, "HOME": str(self.folder),
               "GIT_CONFIG_NOSYSTEM": "1", "GIT_CONFIG_GLOBAL": "/dev/null"}
        process = subprocess.Popen(words, env=env, stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL,
                                   stderr=subprocess.DEVNULL, start_new_session=True)
        self.processes.append(process)
        return process

    def wait(self):
        end = time.monotonic() + 30
        while not (listens(self.port) and (self.folder / "cgi.socket").exists()):
            if any(process.poll() is not None for process in self.processes) or time.monotonic() > end:
                log = self.folder / "error.log"
                raise RuntimeError("the git server does not start: " + (log.read_text() if log.exists() else ""))
            time.sleep(0.02)

    def path(self, name):
        return self.folder / "git" / f"{name}.git"

    def create(self, name):
        """A bare repository that takes pushes."""
        path = self.path(name)
        git("init", "-q", "--bare", "-b", "main", path)
        git("-C", path, "config", "http.receivepack", "true")
        git("-C", path, "config", "gc.auto", "0")
        return path

    def hook(self, name, hook, script):
        path = self.path(name) / "hooks" / hook
        path.write_text("#!/bin/sh\n" + script + "\n")
        path.chmod(0o755)

    def log(self):
        """The requests served so far, a line each."""
        return (self.folder / "access.log").read_text().splitlines()

    def stop_serving(self):
        """Freeze git's side, as a machine that is overloaded; and thaw it."""
        os.killpg(self.cgi.pid, signal.SIGSTOP)

    def go_on(self):
        os.killpg(self.cgi.pid, signal.SIGCONT)

    def close(self):
        for process in reversed(self.processes):
            if process.poll() is None:
                os.killpg(process.pid, signal.SIGCONT)
                os.killpg(process.pid, signal.SIGTERM)
                process.wait(10)

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.close()


ENVIRONMENT = {
    "GIT_CONFIG_GLOBAL": "/dev/null", "GIT_CONFIG_NOSYSTEM": "1", "HOME": "/nonexistent", "LC_ALL": "C",
    "GIT_AUTHOR_NAME": "a", "GIT_AUTHOR_EMAIL": "a@example.org", "GIT_COMMITTER_NAME": "a",
    "GIT_COMMITTER_EMAIL": "a@example.org", "GIT_AUTHOR_DATE": "1700000000 +0000",
    "GIT_COMMITTER_DATE": "1700000000 +0000", "GIT_TERMINAL_PROMPT": "0",
}


def git(*words, stdin=None):
    """What git prints, without anybody's configuration."""
    env = {"PATH": os.environ["PATH"], **ENVIRONMENT}
    done = subprocess.run(["git", *map(str, words)], env=env, input=stdin, capture_output=True, text=True)
    if done.returncode:
        raise AssertionError(f"git {' '.join(map(str, words))}: {done.stderr}")
    return done.stdout.strip()
