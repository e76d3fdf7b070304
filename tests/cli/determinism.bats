#!/usr/bin/env bats
# The same input gives the same bytes (TRUST.md, promise 5), and a build that changes
# nothing touches nothing. Built is the checkout's own site, the manifest is compared too.
#
# timeout: 900

load common

setup_file() {
    export sample=$BATS_FILE_TMPDIR/sample
    mkdir "$sample"
    cp -R content templates assets "$sample/"
    export SOURCE_DATE_EPOCH=1748736000
    "$CAIRN" build "$sample" -q -j 1 -o "$BATS_FILE_TMPDIR/reference"
    reference=$(cd "$BATS_FILE_TMPDIR/reference" && find . -type f -print0 | LC_ALL=C sort -z |
        xargs -0 sha256sum | sha256sum)
    export reference
}

same_as_reference() {
    [ "$(tree_hash "$1")" = "$reference" ] || {
        diff -rq "$BATS_FILE_TMPDIR/reference" "$1" | head -20
        return 1
    }
}

@test "the sample site is not small, and the reference is whole" {
    [ "$(find "$BATS_FILE_TMPDIR/reference" -name '*.html' | wc -l)" -gt 40 ]
    [ -s "$BATS_FILE_TMPDIR/reference/feed.xml" ]
    [ -s "$BATS_FILE_TMPDIR/reference/.cairn-manifest" ]
}

@test "threads: 1, 2, 8 and 64" {
    for j in 1 2 8 64; do
        cairn build "$sample" -q -j "$j" -o "out-$j"
        exits 0
        same_as_reference "out-$j"
    done
}

@test "time zone and locale" {
    for zone in UTC Pacific/Kiritimati America/St_Johns; do
        TZ=$zone cairn build "$sample" -q -o "out-${zone//\//-}"
        exits 0
        same_as_reference "out-${zone//\//-}"
    done
    for locale in C C.UTF-8 de_DE.UTF-8 tr_TR.UTF-8; do
        LC_ALL=$locale LANG=$locale cairn build "$sample" -q -o "out-$locale"
        exits 0
        same_as_reference "out-$locale"
    done
}

@test "another path, and how it is written" {
    mkdir -p 'deep/er and/deeper'
    cp -R "$sample" 'deep/er and/deeper/another name'
    cairn build 'deep/er and/deeper/another name' -q
    exits 0
    same_as_reference 'deep/er and/deeper/another name/public'
    ln -s 'deep/er and/deeper/another name' link
    cairn build link -q -o out-link
    exits 0
    same_as_reference out-link
    cairn -C 'deep/er and' build './deeper/../deeper/another name/' -q -o "$dir/out-dots"
    exits 0
    same_as_reference out-dots
}

@test "another order in the directories, other times" {
    mkdir reverse
    (cd "$sample" && find . -type f | LC_ALL=C sort -r | xargs -d '\n' cp --parents -t "$dir/reverse")
    find reverse -type f -exec touch -d '1999-12-31' {} +
    cairn build reverse -q
    exits 0
    same_as_reference reverse/public
}

@test "another mask and other modes of the sources" {
    cp -R "$sample" modes
    chmod -R go-rwx modes
    (umask 077 && "$CAIRN" build modes -q)
    same_as_reference modes/public
}

@test "another day of the clock, when nothing falls due between" {
    SOURCE_DATE_EPOCH=1893456000 cairn build "$sample" -q -o out
    exits 0
    same_as_reference out
}

@test "other environment, no home, no terminal" {
    env -i "$CAIRN" build "$sample" -q -o out --now 2025-06-01
    same_as_reference out
}

@test "in place and whole give the same" {
    cairn build "$sample" -q -o out
    exits 0
    echo '# New' >"$sample/content/explainers/zz-new.md"
    cairn build "$sample" -q -o out --in-place
    rm "$sample/content/explainers/zz-new.md"
    exits 0
    [ -f out/explainers/zz-new/index.html ]
    cairn build "$sample" -q -o out --in-place
    exits 0
    same_as_reference out
    [ ! -e out/explainers/zz-new ]
}

@test "a second build that changes nothing keeps every inode and time" {
    cairn build "$sample" -o out
    exits 0
    tree_inodes out >before
    for way in --in-place -j1 -j8; do
        cairn build "$sample" -o out $way
        exits 0
        says "$out" "* 0 written, * 0 deleted*"
        tree_inodes out >after
        diff before after
    done
}

@test "one edit leaves the files that it does not concern" {
    cp -R "$sample" edited
    cairn build edited -o out
    exits 0
    tree_inodes out >before
    sed -i '$ s/$/ One more sentence./' edited/content/pages/about.md
    cairn build edited -o out
    exits 0
    tree_inodes out >after
    cut -d' ' -f1 before | sort >files
    changed=$(diff before after | sed -n 's/^> \([^ ]*\).*/\1/p')
    says "$changed" '*./about/index.html*'
    [ "$(wc -l <<<"$changed")" -le 4 ]
}

@test "relative and absolute links, flat and folder: each builds, and differs" {
    for urls in flat folder; do
        for relative in true false; do
            cp -R "$sample" "s-$urls-$relative"
            sed -i '/^relative_urls:/d; /^urls:/d' "s-$urls-$relative/content/site.yaml"
            printf '\nrelative_urls: %s\nurls: %s\n' "$relative" "$urls" \
                >>"s-$urls-$relative/content/site.yaml"
            cairn build "s-$urls-$relative" -q -o "o-$urls-$relative"
            exits 0
        done
    done
    [ -f o-flat-true/explainers/version-numbers.html ]
    [ ! -e o-flat-true/explainers/version-numbers ]
    [ -f o-folder-true/explainers/version-numbers/index.html ]
    grep -q 'href="/weekly/explainers/version-numbers/"' o-folder-false/explainers/index.html
    [ -z "$(grep 'href="/weekly/' o-folder-true/explainers/index.html)" ]
    [ "$(find o-*-* -maxdepth 0 -type d | while read -r d; do tree_hash "$d"; done | sort -u | wc -l)" = 4 ]
}
