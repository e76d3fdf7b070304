#!/bin/sh
# packages.sh LIST...: install the Debian packages of the lists that are missing.
#
# A package counts as present when dpkg has it or when the program that stands
# for it is on PATH, so a Node or a compiler from elsewhere is left alone. When
# all is there this is one dpkg-query and no network. On a system without dpkg
# it only says what is needed and goes on: the compiler will be the judge.
set -eu
export LC_ALL=C
fail() { printf 'deps: error: %s\n' "$*" >&2; exit 2; }

wanted=$(cat "$@" | sed 's/#.*//' | awk 'NF {print $1, $2}')
if ! command -v dpkg-query >/dev/null; then
    printf 'deps: not a Debian system; install what these are called here: %s\n' \
        "$(printf '%s\n' "$wanted" | awk '{printf "%s ", $1}')" >&2
    exit 0
fi
installed=$(dpkg-query -W -f '${db:Status-Status} ${Package}\n' | sed -n 's/^installed //p')

missing=
while read -r package program; do
    case "
$installed
" in *"
$package
"*) continue ;; esac
    if [ "$program" != - ] && command -v "$program" >/dev/null; then continue; fi
    missing="$missing $package"
done <<LIST
$wanted
LIST
[ -n "$missing" ] || exit 0

as_root=
if [ "$(id -u)" != 0 ]; then
    command -v sudo >/dev/null || fail "not root and no sudo; as root: apt-get install$missing"
    as_root="sudo"
fi
printf 'deps: installing%s\n' "$missing"
log=$(mktemp)
trap 'rm -f "$log"' EXIT
# A broken mirror of somebody else's must not matter: whether update was good
# enough is for install to say.
# shellcheck disable=SC2086  # $as_root and $missing are lists
{
    $as_root apt-get update -q || true
    $as_root env DEBIAN_FRONTEND=noninteractive \
        apt-get install -q -y --no-install-recommends $missing
} >"$log" 2>&1 </dev/null || {
    grep -E '^(Err|[EW]):' "$log" >&2 || tail -n 20 "$log" >&2
    fail "cannot install$missing (is this machine online?)"
}
