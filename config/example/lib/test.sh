# shellcheck shell=sh
# What the images' tests share. Each is called with the image to test and needs docker and curl.
set -eu

image=${1:?usage: $0 IMAGE}
container=

fail() {
    echo "$0: $*" >&2
    [ -z "$container" ] || docker logs "$container" >&2
    exit 1
}

stop() {
    [ -z "$container" ] || docker rm --force --volumes "$container" >/dev/null
    container=
}
trap stop EXIT

# Every container gets a file system that cannot be written to but for /tmp, and no capabilities.
confined() {
    docker run --read-only --tmpfs /tmp --cap-drop ALL --security-opt no-new-privileges "$@"
}

# run [OPTION...] IMAGE [ARGUMENT...]: to its end, with this standard input.
run() {
    confined --rm --interactive "$@"
}

# start [OPTION...] IMAGE [ARGUMENT...]: in the background, until the test is over.
start() {
    container=$(confined --detach "$@")
}

# Try a command until it succeeds, for as many seconds as patience says.
patience=30
wait_for() {
    until "$@"; do
        patience=$((patience - 1))
        [ "$patience" -gt 0 ] || fail "never came true: $*"
        sleep 1
    done
}

# Where a port of the started container is on this machine.
address() {
    docker port "$container" "$1" | head -n 1
}

expect() {
    case $2 in
    *"$1"*) ;;
    *) fail "expected '$1' in: $2" ;;
    esac
}

no_root() {
    user=$(docker image inspect --format '{{.Config.User}}' "$image")
    case $user in
    65532 | 65532:65532) ;;
    *) fail "runs as '$user', not as 65532" ;;
    esac
}

# docker exits with 127 where there is no such program; anything else is a shell, or no answer.
no_shell() {
    for shell in sh /bin/sh /bin/bash /bin/ash /bin/dash /bin/busybox /usr/bin/env; do
        status=0
        run --entrypoint "$shell" "$image" -c : </dev/null >/dev/null 2>&1 || status=$?
        [ "$status" = 127 ] || fail "$shell could be started (status $status)"
    done
}

no_root
