#!/bin/sh
# Debian packages that some tests use as judges. Installed only as root or when asked with SYSTEM=1; never by surprise.
set -eu
packages="xmlsec1 openssl nginx-light wrk chromium postgresql postgresql-contrib libfaketime"
missing=""
for package in $packages; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q "install ok installed" || missing="$missing $package"
done
[ -n "$missing" ] || exit 0
if [ "$(id -u)" = 0 ]; then
    run=""
elif [ "${1:-}" = 1 ]; then
    run="sudo"
else
    echo "Not installed:$missing"
    echo "The tests that need them are skipped, each by name. To run them too:  sudo apt-get install -y$missing"
    exit 0
fi
$run apt-get update -qq
DEBIAN_FRONTEND=noninteractive $run apt-get install -y -qq --no-install-recommends $missing >/dev/null
