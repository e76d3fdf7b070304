#!/bin/sh
# npm.sh: the npm packages that only `make check` uses, exactly as
# package-lock.json pins them, in build/deps/node_modules. No install script runs.
# The lock file names no registry: npm's own configuration says which one is used.
# Without them `make check` still runs; the suites that use them skip and say so.
set -eu
cd "$(dirname "$0")/../.."
stamp=build/deps/node_modules/.cairn-stamp
identity=$(cat src/deps/package.json src/deps/package-lock.json | cksum)
if [ -f $stamp ] && [ "$(cat $stamp)" = "$identity" ]; then exit 0; fi
# Node brings its own list of authorities; a network with one more tells the system.
authorities=/etc/ssl/certs/ca-certificates.crt
if [ -f $authorities ]; then
    export NODE_EXTRA_CA_CERTS="${NODE_EXTRA_CA_CERTS:-$authorities}"
fi
mkdir -p build/deps
cp src/deps/package.json src/deps/package-lock.json build/deps/
echo 'deps: installing npm packages'
if (cd build/deps && npm ci --ignore-scripts --no-audit --no-fund) >build/deps/npm.log 2>&1; then
    printf '%s\n' "$identity" >$stamp
else
    grep -iE 'err(or|!)' build/deps/npm.log >&2 || cat build/deps/npm.log >&2
    echo 'deps: warning: npm ci failed (is this machine online?); what needs it is skipped' >&2
fi
