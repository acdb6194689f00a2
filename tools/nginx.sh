#!/bin/sh
# Prints the path of nginx, for the browser tests behind a proxy: sh tools/nginx.sh
# Takes $NGINX, or one on the PATH or where Debian puts it; otherwise installs one, or fails saying what to do.
set -eu

starts() { [ -n "$1" ] && "$1" -v >/dev/null 2>&1; }

find_one() {
    for name in "${NGINX:-}" nginx /usr/sbin/nginx /usr/local/sbin/nginx; do
        if starts "$name"; then command -v "$name"; return 0; fi
    done
    return 1
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"
    elif command -v sudo >/dev/null 2>&1; then sudo -n "$@"
    else return 1
    fi
}

if [ -n "${NGINX:-}" ] && ! starts "$NGINX"; then
    echo "NGINX is $NGINX, which does not start. Name one that does, or unset NGINX." >&2
    exit 1
fi
find_one && exit 0

# Debian would start a service after installing it; RUNLEVEL=1 tells it not to.
echo "No nginx is on this machine; installing one for the browser tests." >&2
if command -v apt-get >/dev/null 2>&1; then
    { as_root apt-get update -qq && as_root env RUNLEVEL=1 apt-get install -y -qq --no-install-recommends nginx; } >&2 || true
    find_one && exit 0
fi

echo "The browser tests need nginx, and it could not be installed. Install it, for example with" >&2
echo "  sudo apt-get install nginx" >&2
echo "or name one: NGINX=/path/to/nginx make test" >&2
exit 1
