#!/usr/bin/env bats
# Exit status: 0 done, 1 the content has errors, 2 wrong usage or the environment failed.
# DESIGN.md, "Command line". Whatever is refused leaves nothing behind.

load common

nothing_published() {
    [ ! -e "$site/public" ]
    [ -z "$(find "$site" "$dir" -maxdepth 1 -name '.*cairn*')" ]
}

@test "build publishes into SITE/public, exit 0" {
    cairn build "$site"
    exits 0
    [ -f "$site/public/index.html" ]
    [ -f "$site/public/explainers/sql/index.html" ]
    [ -f "$site/public/.cairn-manifest" ]
    says "$out" '*files in*written*'
    [ -z "$err" ]
}

@test "build without a SITE takes the current directory, -C changes it" {
    cairn -C "$site" build
    exits 0
    [ -f "$site/public/index.html" ]
}

@test "-o publishes elsewhere, and makes what is missing above" {
    cairn build "$site" -o "$dir/a/b/out"
    exits 0
    [ -f "$dir/a/b/out/index.html" ]
    [ ! -e "$site/public" ]
}

@test "-q says nothing at all" {
    cairn build "$site" -q
    exits 0
    [ -f "$site/public/index.html" ]
    [ -z "$out$err" ]
}

@test "a mistake in the content is exit 1, with its place, the line and a caret" {
    break_site
    cairn build "$site"
    exits 1
    says "$err" "*content/explainers/x.md:3:5: error: * [[]link_unknown]*"
    says "$err" "*See [[]that](nothing.md)."$'\n'"*^*"
    says "$err" "*1 error*"
    [ -z "$out" ]
    nothing_published
}

@test "check says the same as build and writes nothing" {
    break_site
    cairn build "$site"
    local first=$err
    cairn check "$site"
    exits 1
    says "$err" "*content/explainers/x.md:3:5: error: *"
    [ "$(grep ': error: ' <<<"$first")" = "$(grep ': error: ' <<<"$err")" ]
    rm "$site/content/explainers/x.md"
    cairn check "$site"
    exits 0
    nothing_published
}

@test "a read-only source tree can be built" {
    # A mount, since modes don't bind root; then without one.
    local build="\"$CAIRN\" build \"$site\" -o \"$dir/out\""
    chmod -R a-w "$site"
    unshare -rm sh -c "mount --bind '$site' '$site' && mount -o remount,bind,ro '$site' &&
        ! touch '$site/x' 2>/dev/null && $build" 2>err || sh -c "$build"
    chmod -R u+w "$site"
    [ -f "$dir/out/index.html" ]
    [ ! -e "$site/public" ]
}

@test "a warning does not fail, --strict makes it" {
    warn_site
    cairn build "$site"
    exits 0
    says "$err" "*content/explainers/x.md:3:1: warning: * [[]missing_alt]*"
    rm -r "$site/public"
    cairn build "$site" --strict
    exits 1
    says "$err" "*warning: * [[]missing_alt]*"
    nothing_published
    cairn check "$site" --strict
    exits 1
}

@test "checks: sets a code's severity" {
    warn_site
    printf 'title: T\nchecks: {missing_alt: error, unlinked_steps: off, unlinked_explainers: off}\n' \
        >"$site/content/site.yaml"
    cairn build "$site"
    exits 1
    says "$err" "*content/explainers/x.md:3:1: error: * [[]missing_alt]*"
    nothing_published
    sed -i 's/missing_alt: error/missing_alt: off/' "$site/content/site.yaml"
    cairn build "$site" --strict
    exits 0
    [ -z "$err" ]
    break_site
    sed -i 's/missing_alt: off/link_unknown: warning/' "$site/content/site.yaml"
    cairn build "$site"
    exits 0
    says "$err" "*content/explainers/x.md:3:5: warning: * [[]link_unknown]*"
}

@test "drafts and pages of the future wait, unless asked for" {
    printf -- '---\ntitle: D\ndraft: true\n---\n\nText.\n' >"$site/content/explainers/d.md"
    printf -- '---\ntitle: F\ndate: 2025-06-02\n---\n\nText.\n' >"$site/content/explainers/f.md"
    cairn build "$site"
    exits 0
    [ ! -e "$site/public/explainers/d" ]
    [ ! -e "$site/public/explainers/f" ]
    cairn build "$site" --drafts --future
    exits 0
    [ -f "$site/public/explainers/d/index.html" ]
    [ -f "$site/public/explainers/f/index.html" ]
    cairn build "$site" --now 2025-06-02
    exits 0
    [ ! -e "$site/public/explainers/d" ]
    [ -f "$site/public/explainers/f/index.html" ]
}

@test "--version and --help" {
    cairn --version
    exits 0
    says "$out" 'cairn [0-9]*.[0-9]*.[0-9]*'
    cairn --help
    exits 0
    for command in build check render list vars; do
        says "$out" "*cairn $command*"
        "$CAIRN" "$command" --help | grep -q "usage: cairn $command"
    done
    [ -z "$err" ]
}

@test "no command, an unknown one, a misspelt one: exit 2" {
    cairn
    exits 2
    cairn frobnicate
    exits 2
    says "$err" "cairn: error: *'frobnicate'*"
    cairn biuld "$site"
    exits 2
    says "$err" "*'build'*"
    [ -z "$out" ]
}

@test "an unknown option, one of another command, a missing value: exit 2" {
    cairn build "$site" --outptu x
    exits 2
    says "$err" "*--output*"
    cairn check "$site" -o x
    exits 2
    cairn build "$site" -o
    exits 2
    cairn build "$site" -j
    exits 2
    cairn build "$site" --strict=yes
    exits 2
    cairn build "$site" another
    exits 2
    nothing_published
}

@test "a bad option value: exit 2" {
    for option in '-j 0' '-j many' '-j 1000000' '-j -2' '--now yesterday' '--now 2025-02-30' \
        '--format xml' '--wait forever' '--wait -1'; do
        # shellcheck disable=SC2086 # two words
        cairn build "$site" $option
        exits 2
        says "$err" "cairn: error: *"
    done
    cairn build "$site" --base-url example.org
    [ "$status" -ne 0 ]
    says "$err" "*example.org*"
    SOURCE_DATE_EPOCH=soon cairn build "$site"
    exits 2
    nothing_published
}

@test "a site that is missing, has no content, or is a file: exit 2" {
    cairn build "$dir/nowhere"
    exits 2
    says "$err" "*nowhere*"
    mkdir empty
    cairn build empty
    exits 2
    says "$err" "*empty*"
    cairn build "$site/content/site.yaml"
    exits 2
    cairn check "$dir/nowhere"
    exits 2
    cairn -C "$dir/nowhere" build
    exits 2
    [ -z "$(ls empty)" ]
}

@test "an output that is not ours is refused: exit 2, and it stays" {
    mkdir foreign
    echo precious >foreign/file
    cairn build "$site" -o foreign
    exits 2
    says "$err" "*foreign*"
    [ "$(cat foreign/file)" = precious ]
    [ "$(ls -A foreign)" = file ]
    echo text >file
    cairn build "$site" -o file
    exits 2
    [ "$(cat file)" = text ]
}

@test "the site, what is above it, home and / are refused: exit 2" {
    local before
    before=$(tree_hash "$site")
    for output in "$site" "$dir" / "$HOME" "$site/.." "$site/content"; do
        cairn build "$site" -o "$output"
        exits 2
        says "$err" "cairn: error: *"
    done
    [ "$before" = "$(tree_hash "$site")" ]
}

@test "an output that can't be made: exit 2, the file is named" {
    echo text >file
    cairn build "$site" -o file/out
    exits 2
    says "$err" "*file*"
}

@test "a published file that somebody changed is not deleted" {
    cairn build "$site"
    exits 0
    echo edited >>"$site/public/about/index.html"
    rm "$site/content/pages/about.md"
    cairn build "$site"
    exits 0
    [ "$(tail -n 1 "$site/public/about/index.html")" = edited ]
}

@test "a page that is gone is gone from the site, with its folder" {
    cairn build "$site"
    exits 0
    [ -f "$site/public/explainers/threads/index.html" ]
    rm "$site/content/explainers/threads.md"
    cairn build "$site"
    exits 0
    [ ! -e "$site/public/explainers/threads" ]
}

@test "a build waits for another one, then gives up: exit 2" {
    cairn build "$site"
    exits 0
    exec 9>"$site/.public.cairn-lock"
    flock 9
    cairn build "$site" --wait 0 9>&-
    exits 2
    cairn build "$site" --wait 1 9>&-
    exits 2
    exec 9>&-
    cairn build "$site" --wait 0
    exits 0
}

@test "a named pipe or a folder among the content does not hang or fail" {
    mkfifo "$site/content/explainers/pipe.md"
    mkdir "$site/content/explainers/folder.md"
    local status=0
    timeout 60 "$CAIRN" build "$site" -o "$dir/out" >"$dir/out.txt" 2>&1 || status=$?
    [ "$status" -eq 0 ]
    [ -f "$dir/out/index.html" ]
}

@test "standard output that is full or closed is noticed" {
    local status=0
    "$CAIRN" list explainers "$site" >/dev/full 2>err || status=$?
    [ "$status" -eq 2 ]
    grep -q 'standard output' err
}

@test "list: every kind, as text and as JSON" {
    for what in explainers issues roadmaps steps topics links backlinks outputs; do
        cairn list "$what" "$site"
        exits 0
        [ -n "$out" ]
        cairn list "$what" "$site" --json
        exits 0
        python3 -c 'import json, sys; assert json.load(sys.stdin)' <"$dir/stdout"
    done
    [ "$("$CAIRN" list explainers "$site" | grep -c sql)" -ge 1 ]
    cairn list frobs "$site"
    exits 2
}

@test "list outputs names exactly the files that a build publishes" {
    warn_site
    cairn build "$site"
    exits 0
    cairn list outputs "$site" --json
    exits 0
    python3 - "$site/public" "$dir/stdout" <<'END'
import json, os, sys
listed = json.load(open(sys.argv[2]))
listed = listed if isinstance(listed, list) else next(v for v in listed.values() if isinstance(v, list))
files = {o.get("path") or o["url"].lstrip("/") + ("index.html" if o["url"].endswith("/") else "") for o in listed}
found = {os.path.relpath(os.path.join(d, f), sys.argv[1]) for d, _, fs in os.walk(sys.argv[1]) for f in fs}
found -= {".cairn-manifest"}
assert files == found, sorted(files ^ found)
END
}

@test "vars: all types, one of them, an unknown one" {
    cairn vars
    exits 0
    says "$out" '*title*'
    cairn vars page
    exits 0
    says "$out" '*head_title*'
    cairn vars --json
    exits 0
    python3 -c 'import json, sys; assert json.load(sys.stdin)' <"$dir/stdout"
    cairn vars pagge
    exits 2
}
