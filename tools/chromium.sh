#!/bin/sh
# Prints the path of a Chromium that starts, for the browser tests: sh tools/chromium.sh PYTHON
# Takes $CHROMIUM, one on the PATH, or playwright's; otherwise installs one, or fails saying what to do.
# Ubuntu's chromium-browser can be a stub that only asks for snap: so each is started once.
set -eu
python=$1

starts() { [ -n "$1" ] && "$1" --version >/dev/null 2>&1; }

find_one() {
    for name in "${CHROMIUM:-}" chromium chromium-browser google-chrome google-chrome-stable; do
        if starts "$name"; then command -v "$name"; return 0; fi
    done
    own=$("$python" -c 'from playwright.sync_api import sync_playwright
with sync_playwright() as p: print(p.chromium.executable_path)' 2>/dev/null) || return 1
    if starts "$own"; then printf '%s\n' "$own"; return 0; fi
    return 1
}

as_root() {
    if [ "$(id -u)" = 0 ]; then "$@"
    elif command -v sudo >/dev/null 2>&1; then sudo -n "$@"
    else return 1
    fi
}

if [ -n "${CHROMIUM:-}" ] && ! starts "$CHROMIUM"; then
    echo "CHROMIUM is $CHROMIUM, which does not start. Name one that does, or unset CHROMIUM." >&2
    exit 1
fi
find_one && exit 0

echo "No Chromium that starts is on this machine; installing one for the browser tests." >&2
if command -v apt-get >/dev/null 2>&1; then
    { as_root apt-get update -qq && as_root apt-get install -y -qq chromium; } >&2 || true
    find_one && exit 0
fi
"$python" -m playwright install --with-deps chromium >&2 || true
find_one && exit 0

echo "The browser tests need Chromium, and it could not be installed. Install it, for example with" >&2
echo "  sudo apt-get install chromium" >&2
echo "or name one: CHROMIUM=/path/to/chrome make test" >&2
exit 1
