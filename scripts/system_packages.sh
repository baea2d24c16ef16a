#!/bin/sh
# Debian packages that judge our output: system_packages.sh [1] [PACKAGE…], all by default. They are installed only as
# root, or with sudo when the first word is 1; otherwise one line says what to run, and which tests stay out without it.
# Nothing here ever fails a build: what cannot be installed is skipped by name.
set -u

needs() { # the tests that need a package
    case $1 in
    openssl) echo "tests/unit/trust tests/integration/exchange/central/test_tls.py" ;;
    xmlsec1) echo "tests/unit/trust/xades/test_template.py" ;;
    curl) echo "tests/integration/exchange/central/test_tls.py" ;;
    chromium) echo "tests/browser" ;;
    postgresql) echo "tests/unit/exchange/adapters/test_log_postgres.py tests/unit/exchange/adapters/test_log_database_postgres.py tests/integration/systems/test_population_on_postgresql.py" ;;
    nginx-light | wrk) echo "benchmarks/exchange.py" ;;
    esac
}

as_asked=${1:-}
[ $# -gt 0 ] && shift
missing=""
for package in ${*:-openssl xmlsec1 curl chromium postgresql nginx-light wrk}; do
    dpkg-query -W -f='${Status}' "$package" 2>/dev/null | grep -q "install ok installed" || missing="$missing $package"
done
[ -n "$missing" ] || exit 0
if [ "$(id -u)" = 0 ]; then
    run=""
elif [ "$as_asked" = 1 ]; then
    run="sudo"
else
    echo "To have everything tested and judged:  sudo apt-get install -y$missing"
    for package in $missing; do echo "  left out without $package: $(needs "$package")"; done
    exit 0
fi
export DEBIAN_FRONTEND=noninteractive
$run apt-get update -qq >/dev/null 2>&1
for package in $missing; do
    $run apt-get install -y -qq --no-install-recommends "$package" >/dev/null 2>&1 ||
        echo "Could not be installed: $package; left out without it: $(needs "$package")"
done
exit 0
