#!/bin/sh
# Runs every notebook from top to bottom: sh tools/notebooks.sh PYTHON
set -eu
if ls notebooks/*.ipynb >/dev/null 2>&1; then
    "$1" -m pytest --nbmake --nbmake-timeout=300 notebooks
else
    echo "There are no notebooks yet."
fi
