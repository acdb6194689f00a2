#!/bin/sh
# Makes the virtual environment: sh tools/venv.sh PYTHON FOLDER
# Debian and Ubuntu ship Python without the module that makes environments; as root it is installed.
set -eu
python=$1 folder=$2

fail() { printf '%s\n' "$@" >&2; exit 1; }

command -v "$python" >/dev/null 2>&1 ||
    fail "There is no $python on this machine. Install Python 3.11 or newer, or name it: make run PYTHON=python3.12"
"$python" -c 'import sys; sys.exit(sys.version_info < (3, 11))' ||
    fail "$python is $("$python" --version 2>&1), but 3.11 or newer is needed. If you have one, name it: make run PYTHON=python3.12"

if ! "$python" -c 'import ensurepip, venv' >/dev/null 2>&1; then
    package=$("$python" -c 'import sys; print("python%d.%d-venv" % sys.version_info[:2])')
    if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
        apt-get update -qq && apt-get install -y -qq "$package"
    else
        fail "This Python cannot make virtual environments. Install the module, then run make again:" \
            "  sudo apt-get install $package"
    fi
fi
# Written aside, so that an interrupted run leaves nothing that looks whole.
rm -rf "$folder"
"$python" -m venv "$folder" || { rm -rf "$folder"; fail "$python could not make the environment $folder."; }
