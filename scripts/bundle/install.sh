#!/bin/sh
# Installs Liên Thông from this folder alone: no network is used. Usage: sh install.sh [FOLDER], by default ./lienthong
set -eu
here=$(cd "$(dirname "$0")" && pwd)
target=${1:-lienthong}
python=${PYTHON:-python3.11}
(cd "$here" && sha256sum --check --quiet SHA256SUMS)
"$python" -m venv "$target"
pip() { "$target/bin/python" -m pip --isolated --disable-pip-version-check install --quiet --no-index --find-links "$here/wheels" "$@"; }
pip --require-hashes -r "$here/requirements.txt"
pip --no-deps "$here"/wheels/lienthong-*.whl
echo "Installed: $target/bin/lienthong --help"
