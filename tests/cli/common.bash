# What the command line's tests share. Each test has a directory of its own, with a fresh
# copy of the small site tests/cli/base in "$site"; the program is $CAIRN.

export SOURCE_DATE_EPOCH=1748736000 # 2025-06-01: nothing here depends on the day

setup() {
    dir=$BATS_TEST_TMPDIR
    site=$dir/site
    cp -R "$BATS_TEST_DIRNAME/base" "$site"
    cd "$dir" || return 1
}

# cairn ARGUMENT...: runs it; $status, $out and $err say what came of it.
cairn() {
    status=0
    "$CAIRN" "$@" >"$dir/stdout" 2>"$dir/stderr" </dev/null || status=$?
    out=$(cat "$dir/stdout")
    err=$(cat "$dir/stderr")
}

# says TEXT PATTERN: fails unless TEXT matches the shell PATTERN, and shows it.
says() {
    # shellcheck disable=SC2053 # the pattern is a pattern
    [[ $1 == $2 ]] || {
        printf 'expected: %s\nfound: %s\n' "$2" "$1"
        return 1
    }
}

exits() {
    [ "$status" -eq "$1" ] || {
        printf 'exit status %s, not %s\n%s\n' "$status" "$1" "$err"
        return 1
    }
}

# One hash of all paths and bytes below DIR, the manifest included.
tree_hash() {
    (cd "$1" && find . -type f -print0 | LC_ALL=C sort -z | xargs -0 sha256sum | sha256sum)
}

# Inode and time of every file: what changes when a file is written again.
tree_inodes() {
    (cd "$1" && find . -type f -printf '%p %i %T@\n' | LC_ALL=C sort)
}

# break_site: a link that leads to nothing, in line 3, column 5 of content/explainers/x.md
break_site() {
    printf '# X\n\nSee [that](nothing.md).\n' >"$site/content/explainers/x.md"
}

# warn_site: a picture without alternative text, which is a warning
warn_site() {
    printf '<svg xmlns="http://www.w3.org/2000/svg" width="1" height="1"/>\n' \
        >"$site/content/explainers/dot.svg"
    printf '# X\n\n![](dot.svg)\n' >"$site/content/explainers/x.md"
}
