#!/bin/sh
# Prints the path of a program that starts, for the tests: sh tools/program.sh chromium|nginx|office [PYTHON]
# Takes $CHROMIUM, $NGINX or $OFFICE, one on the PATH or where Debian puts it, or (PYTHON is given) playwright's Chromium;
# otherwise installs one, or fails saying what to do.
# Ubuntu's chromium-browser can be a stub that only asks for snap: so each is started once.
set -eu
program=$1 python=${2:-} asks=--version options=--no-install-recommends

case $program in
    chromium)
        variable=CHROMIUM needed_by="The browser tests need Chromium" packages=chromium options=
        names="chromium chromium-browser google-chrome google-chrome-stable" ;;
    nginx)
        variable=NGINX needed_by="The browser tests behind a proxy need nginx" packages=nginx asks=-v
        names="nginx /usr/sbin/nginx /usr/local/sbin/nginx" ;;
    office)
        variable=OFFICE needed_by="The tests that open files in a spreadsheet need LibreOffice"
        packages="libreoffice-calc-nogui libreoffice-calc" names="soffice libreoffice" ;;
    *)
        echo "There is no program $program here: name chromium, nginx or office." >&2
        exit 2 ;;
esac
eval "named=\${$variable:-}"

starts() { [ -n "$1" ] && "$1" $asks >/dev/null 2>&1; }

find_one() {
    for name in $names; do
        if starts "$name"; then command -v "$name"; return 0; fi
    done
    [ "$program" = chromium ] && [ -n "$python" ] || return 1
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

# Debian would start nginx as a service after installing it; RUNLEVEL=1 tells it not to.
install_with_apt() {
    as_root apt-get update -qq || return 0
    for package in $packages; do
        as_root env RUNLEVEL=1 DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $options "$package" && return 0
    done
}

if [ -n "$named" ]; then
    if starts "$named"; then command -v "$named"; exit 0; fi
    echo "$variable is $named, which does not start. Name one that does, or unset $variable." >&2
    exit 1
fi
find_one && exit 0

echo "$needed_by, and none that starts is on this machine; installing it." >&2
if command -v apt-get >/dev/null 2>&1; then
    install_with_apt >&2 || true
    find_one && exit 0
fi
if [ "$program" = chromium ] && [ -n "$python" ]; then
    "$python" -m playwright install --with-deps chromium >&2 || true
    find_one && exit 0
fi

echo "$needed_by, and it could not be installed. Install it, for example with" >&2
echo "  sudo apt-get install ${packages%% *}" >&2
echo "or name one in the variable $variable." >&2
exit 1
