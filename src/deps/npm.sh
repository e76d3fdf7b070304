#!/bin/sh
# npm.sh: the npm packages that only `make check` uses, exactly as
# package-lock.json pins them, in build/deps/node_modules. No install script runs.
# The lock file names no registry: npm's own configuration says which one is used.
set -eu
cd "$(dirname "$0")/../.."
stamp=build/deps/node_modules/.cairn-stamp
identity=$(cat src/deps/package.json src/deps/package-lock.json | cksum)
if [ -f $stamp ] && [ "$(cat $stamp)" = "$identity" ]; then exit 0; fi
mkdir -p build/deps
cp src/deps/package.json src/deps/package-lock.json build/deps/
echo 'deps: installing npm packages'
(cd build/deps && npm ci --ignore-scripts --no-audit --no-fund) >build/deps/npm.log 2>&1 || {
    grep -i 'err' build/deps/npm.log >&2 || cat build/deps/npm.log >&2
    echo 'deps: error: npm ci failed (is this machine online?)' >&2
    exit 2
}
printf '%s\n' "$identity" >$stamp
