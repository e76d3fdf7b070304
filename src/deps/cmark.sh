#!/bin/sh
# cmark.sh VARIANT: cmark-gfm as static libraries in build/deps/VARIANT/{include,lib}.
#
# VARIANT is release, asan, tsan or fuzz: a sanitiser sees only what it has
# instrumented, so each of our variants links its own copy. The pinned tarball
# comes from the Debian mirror that apt is configured for, is verified, and is
# kept in build/deps; CMARK_TARBALL=FILE takes a copy instead (it is verified
# too). The unpacked source stays in build/deps/src/cmark-gfm: the specification
# suites read its test/*.txt.
#
# Two edits make parsing thread-safe: the tables SPECIAL_CHARS and SKIP_CHARS of
# src/inlines.c are written during every parse, so each thread gets its own. The
# third only spares a C++ compiler that upstream's project() asks for and needs
# for its tests alone.
set -eu
export LC_ALL=C
cd "$(dirname "$0")/../.."
here=src/deps
variant=${1:?usage: cmark.sh release|asan|tsan|fuzz}
version='' sha256='' pool=''
# shellcheck source=/dev/null  # the three variables above
. "$here/cmark-gfm.pin"

deps=build/deps
source=$deps/src/cmark-gfm
tarball=$deps/cmark-gfm-$version.tar.gz
stamp=$deps/$variant/cmark-gfm.stamp
cc=${CC:-cc}
fail() { printf 'deps: error: %s\n' "$*" >&2; exit 2; }

harden="-O2 -g -fPIC -DNDEBUG -U_FORTIFY_SOURCE -D_FORTIFY_SOURCE=3 -fstack-protector-strong -fstack-clash-protection"
case $variant in
release) flags=$harden ;;
asan) flags="-O1 -g -fno-omit-frame-pointer -fsanitize=address,undefined" ;;
tsan) flags="-O1 -g -fno-omit-frame-pointer -fsanitize=thread" ;;
fuzz) flags="-O1 -g -fno-omit-frame-pointer -fsanitize=fuzzer-no-link,address,undefined" cc=clang ;;
*) fail "unknown variant '$variant'" ;;
esac
identity="$version $sha256 $(cksum <"$here/cmark.sh") $cc"
if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$identity" ]; then exit 0; fi

verified() { printf '%s  %s\n' "$sha256" "$1" | sha256sum -c --status 2>/dev/null; }

fetch() {
    mkdir -p "$deps"
    if [ -n "${CMARK_TARBALL:-}" ]; then
        verified "$CMARK_TARBALL" || fail "'$CMARK_TARBALL' is not the pinned cmark-gfm $version"
        cp "$CMARK_TARBALL" "$tarball"
        return
    fi
    helper=/usr/lib/apt/apt-helper
    [ -x $helper ] || fail "no apt here to fetch cmark-gfm $version with:" \
        "give its tarball as CMARK_TARBALL=FILE, or build with SYSTEM_CMARK=1"
    # indextargets knows only what apt-get update has fetched; the second form also
    # serves an image whose package lists were deleted. Neither goes to the network.
    # shellcheck disable=SC2016  # apt expands it
    mirrors=$({
        apt-get indextargets --format '$(REPO_URI)'
        apt-get --print-uris update | sed -n "s|^'\\(.*/\\)dists/.*|\\1|p"
    } 2>/dev/null | sort -u | grep -E '^(https?|file|copy|ftp):' || true)
    [ -n "$mirrors" ] || fail "apt has no package mirror configured to fetch cmark-gfm $version from"
    log=$deps/fetch.log
    : >"$log"
    for mirror in $mirrors; do
        if $helper -o APT::Sandbox::User=root download-file "$mirror$pool" "$tarball.part" \
            "SHA256:$sha256" >>"$log" 2>&1 && verified "$tarball.part"; then
            mv "$tarball.part" "$tarball"
            printf 'deps: cmark-gfm %s from %s\n' "$version" "$mirror"
            return
        fi
        rm -f "$tarball.part"
    done
    grep -E '^(Err|E):' "$log" >&2 || cat "$log" >&2
    fail "cannot fetch cmark-gfm $version from any mirror of apt (is this machine online?);" \
        "a copy of the tarball can be given as CMARK_TARBALL=FILE"
}

# edit FILE SED-EXPRESSION LINE: apply, then insist that LINE is there exactly once.
edit() {
    sed -i "$2" "$1"
    [ "$(grep -cxF -- "$3" "$1")" = 1 ] || fail "cannot edit $1: expected one line '$3'"
}

unpack() {
    new=$source.new
    rm -rf "$new"
    mkdir -p "$new"
    tar -xzf "$tarball" -C "$new" --strip-components=1
    edit "$new/src/inlines.c" 's/^static int8_t SKIP_CHARS\[256\];$/static _Thread_local int8_t SKIP_CHARS[256];/' \
        'static _Thread_local int8_t SKIP_CHARS[256];'
    edit "$new/src/inlines.c" 's/^static int8_t SPECIAL_CHARS\[256\] = {$/static _Thread_local int8_t SPECIAL_CHARS[256] = {/' \
        'static _Thread_local int8_t SPECIAL_CHARS[256] = {'
    edit "$new/CMakeLists.txt" 's/^project(cmark-gfm)$/project(cmark-gfm C)/' 'project(cmark-gfm C)'
    printf '%s\n' "$version $sha256 $(cksum <"$here/cmark.sh")" >"$new/.edited"
    rm -rf "$source"
    mv "$new" "$source"
}

build() {
    out=$PWD/$deps/$variant
    rm -rf "$out" "$deps/obj/$variant"
    cmake -S "$source" -B "$deps/obj/$variant" -DCMAKE_BUILD_TYPE=None \
        -DCMAKE_C_COMPILER="$cc" -DCMAKE_C_FLAGS="$flags -ffile-prefix-map=$PWD=." \
        -DCMAKE_INSTALL_PREFIX="$out" -DCMAKE_INSTALL_LIBDIR=lib \
        -DCMARK_TESTS=OFF -DCMARK_SHARED=OFF -DCMARK_STATIC=ON &&
        cmake --build "$deps/obj/$variant" --parallel "$(nproc)" \
            --target libcmark-gfm_static libcmark-gfm-extensions_static &&
        mkdir -p "$out/include" "$out/lib" &&
        cp "$deps/obj/$variant"/src/libcmark-gfm.a "$deps/obj/$variant"/extensions/libcmark-gfm-extensions.a "$out/lib" &&
        cp "$source"/src/cmark-gfm.h "$source"/src/cmark-gfm-extension_api.h \
            "$source"/extensions/cmark-gfm-core-extensions.h \
            "$deps/obj/$variant"/src/cmark-gfm_export.h "$deps/obj/$variant"/src/cmark-gfm_version.h "$out/include"
}

# Two makes at once would unpack over each other.
mkdir -p "$deps"
exec 9>"$deps/.lock"
if command -v flock >/dev/null; then flock 9; fi
if [ -f "$stamp" ] && [ "$(cat "$stamp")" = "$identity" ]; then exit 0; fi

for program in cmake "$cc"; do
    command -v "$program" >/dev/null || fail "no $program here: run make deps first"
done
if [ ! -f "$tarball" ] || ! verified "$tarball"; then fetch; fi
[ "$(cat "$source/.edited" 2>/dev/null)" = "$version $sha256 $(cksum <"$here/cmark.sh")" ] || unpack
printf 'deps: building cmark-gfm %s (%s)\n' "$version" "$variant"
build >"$deps/cmark-$variant.log" 2>&1 || {
    tail -n 20 "$deps/cmark-$variant.log" >&2
    fail "building cmark-gfm failed; all of it is in $deps/cmark-$variant.log"
}
printf '%s\n' "$identity" >"$stamp"
