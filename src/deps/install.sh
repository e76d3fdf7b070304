#!/bin/sh
# install.sh build|check|fuzz: everything `make`, `make check` or `make fuzz` needs
# that is not there yet. Nothing is downloaded, and little time spent, when it is.
set -eu
cd "$(dirname "$0")/../.."
# SYSTEM_CMARK=1 links the system's cmark-gfm instead (see the Makefile).
cmark() {
    if [ -z "${SYSTEM_CMARK:-}" ]; then src/deps/cmark.sh "$1"; fi
}
case ${1:-build} in
build)
    src/deps/packages.sh src/deps/apt.txt
    cmark release
    ;;
check)
    src/deps/packages.sh src/deps/apt.txt src/deps/apt-check.txt
    cmark release
    cmark asan
    cmark tsan
    src/deps/npm.sh
    ;;
fuzz)
    src/deps/packages.sh src/deps/apt.txt src/deps/apt-fuzz.txt
    cmark fuzz
    ;;
*) echo "usage: install.sh [build|check|fuzz]" >&2; exit 2 ;;
esac
