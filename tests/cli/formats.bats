#!/usr/bin/env bats
# The formats of diagnostics: for people, for programs, for GitHub's annotations.

load common

two_mistakes() {
    break_site
    printf 'title: Plan\nsteps: five\n' >"$site/content/roadmaps/plan.yaml"
}

@test "human: sorted by path and place, the line, a caret, a hint, a sum" {
    printf '# X\n\nSee [[sqll]] and [that](threadss.md).\n' >"$site/content/explainers/x.md"
    cairn build "$site"
    exits 1
    expected="content/explainers/x.md:3:5: error: *'sqll'* [[]link_unknown]
*See [[][[]sqll]] and *
*^
*did you mean 'sql'?
content/explainers/x.md:3:18: error: *threadss.md* [[]link_unknown]
*See [[][[]sqll]] and *
*^
*did you mean *threads.md'?
2 errors, 0 warnings
cairn: nothing was published"
    says "$err" "$expected"
    caret=$(sed -n 3p "$dir/stderr")
    line=$(sed -n 2p "$dir/stderr")
    before=${line%%\[\[*}
    says "${caret%%^*}" "${before//?/?}"
}

@test "human: columns count characters, not bytes" {
    printf '# X\n\nDéjà vu: [that](nothing.md)\n' >"$site/content/explainers/x.md"
    cairn build "$site"
    exits 1
    says "$err" "content/explainers/x.md:3:10: error: *"
}

@test "human: CRLF and CR end lines as LF does" {
    printf '# X\r\n\r\nSee [that](nothing.md).\r\n' >"$site/content/explainers/x.md"
    cairn build "$site"
    says "$err" "content/explainers/x.md:3:5: error: *"
    says "$err" "*[(]nothing.md)."$'\n'"*"
}

@test "human: no terminal escapes from content, no colours in a pipe" {
    printf -- '---\ntitle: X\ndate: "\\e[31mred"\n---\n\nText.\n' >"$site/content/explainers/x.md"
    cairn build "$site"
    exits 1
    [ -z "$(grep $'\033' "$dir/stderr")" ]
}

@test "json: one document on standard output, nothing on standard error" {
    two_mistakes
    cairn build "$site" --format json
    exits 1
    [ -z "$err" ]
    python3 - "$dir/stdout" <<'END'
import json, sys
report = json.load(open(sys.argv[1]))
assert report["errors"] == 2 and report["warnings"] == 0, report
first, second = report["diagnostics"]
assert first["path"] == "content/explainers/x.md"
assert (first["line"], first["column"]) == (3, 5)
assert first["severity"] == "error" and first["code"] == "link_unknown"
assert "nothing.md" in first["message"]
assert second["path"] == "content/roadmaps/plan.yaml"
assert (second["line"], second["column"]) == (2, 8)
assert second["code"] == "wrong_type"
END
}

@test "json: an empty list where nothing is wrong" {
    cairn check "$site" --format json
    exits 0
    python3 - "$dir/stdout" <<'END'
import json, sys
assert json.load(open(sys.argv[1])) == {"diagnostics": [], "errors": 0, "warnings": 0}
END
    cairn build "$site" --format json
    exits 0
    python3 -c 'import json, sys; json.load(open(sys.argv[1]))' "$dir/stdout"
}

@test "json: paths and messages with quotes, controls and Unicode stay valid" {
    printf -- '---\ntitle: X\ndate: "a\\tb\\"c\\u2028é"\n---\n\nText.\n' \
        >"$site/content/explainers/a\"b é.md"
    cairn check "$site" --format json
    exits 1
    python3 - "$dir/stdout" <<'END'
import json, sys
diagnostic, = json.load(open(sys.argv[1], encoding="utf-8"))["diagnostics"]
assert diagnostic["path"] == 'content/explainers/a"b é.md', diagnostic
assert diagnostic["code"] == "bad_date" and "\t" in diagnostic["message"], diagnostic
END
}

@test "github: workflow commands, with what they escape" {
    two_mistakes
    cairn build "$site" --format github
    exits 1
    says "$err" "::error file=content/explainers/x.md,line=3,col=5,title=link_unknown::*"
    says "$err" "*"$'\n'"::error file=content/roadmaps/plan.yaml,line=2,col=8,title=wrong_type::*"
    mv "$site/content/explainers/x.md" "$site/content/explainers/50% a,b.md"
    cairn build "$site" --format github
    says "$err" "::error file=content/explainers/50%25 a%2Cb.md,line=3,*"
}

@test "github: warnings are warnings" {
    warn_site
    cairn build "$site" --format github
    exits 0
    says "$err" "::warning file=content/explainers/x.md,line=3,col=1,title=missing_alt::*"
}

@test "ten thousand mistakes are reported, and more are counted" {
    { printf '# X\n\n' && yes '[a](nothing.md)' | head -n 12000; } >"$site/content/explainers/x.md"
    cairn check "$site" --format json
    exits 1
    python3 - "$dir/stdout" <<'END'
import json, sys
report = json.load(open(sys.argv[1]))
assert report["errors"] == 12000, report["errors"]
assert len(report["diagnostics"]) == 10000
END
}
