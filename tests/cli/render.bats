#!/usr/bin/env bats
# cairn render: one template with data and partials, as the Mustache specification says:
# a missing name is empty. A faulty template is exit 1.

load common

@test "data from JSON, from YAML, and none" {
    printf 'Hello {{name}}{{#list}} <{{.}}>{{/list}}{{missing}}!\n' >t.mustache
    printf '{"name": "<b>", "list": [1, 2]}' >d.json
    cairn render t.mustache --data d.json
    exits 0
    [ "$out" = 'Hello &lt;b&gt; <1> <2>!' ]
    printf 'name: Ann\nlist: [one]\n' >d.yaml
    cairn render t.mustache --data d.yaml
    exits 0
    [ "$out" = 'Hello Ann <one>!' ]
    cairn render t.mustache
    exits 0
    [ "$out" = 'Hello !' ]
    [ -z "$err" ]
}

@test "partials from a directory" {
    mkdir -p p/deep
    printf '[{{>inner}}|{{>deep/er}}]' >t.mustache
    printf '{{x}}' >p/inner.mustache
    printf '{{y}}' >p/deep/er.mustache
    printf '{"x": 1, "y": 2}' >d.json
    cairn render t.mustache --data d.json --partials p
    exits 0
    [ "$out" = '[1|2]' ]
}

@test "a partial can't be read from outside its directory" {
    mkdir p
    echo secret | tee secret.mustache >p/within.mustache
    printf '{{>within}}' >t.mustache
    cairn render t.mustache --partials p
    [[ $out == *secret* ]]
    printf '{{>../secret}}' >t.mustache
    cairn render t.mustache --partials p
    [ "$status" -ne 2 ]
    [[ $out != *secret* ]]
}

@test "a faulty template is exit 1, with its place" {
    printf 'a\nb {{#open}}\n' >t.mustache
    cairn render t.mustache
    exits 1
    says "$err" "t.mustache:2:3: error: * [[]template_syntax]*"
    [ -z "$out" ]
}

@test "recursion without end is exit 1" {
    mkdir p
    printf 'x{{>round}}' >p/round.mustache
    printf '{{>round}}' >t.mustache
    cairn render t.mustache --partials p
    exits 1
    says "$err" "*[[]template_recursion]*"
}

@test "faulty data is exit 1, with its place" {
    printf 'x' >t.mustache
    printf '{"a": 1,\n "b": }' >d.json
    cairn render t.mustache --data d.json
    exits 1
    says "$err" "d.json:2:7: error: * [[]json_syntax]*"
    printf 'a: 1\nb: *c\n' >d.yaml
    cairn render t.mustache --data d.yaml
    exits 1
    says "$err" "d.yaml:2:4: error: * [[]yaml_alias]*"
}

@test "missing files and wrong usage are exit 2" {
    printf 'x' >t.mustache
    cairn render
    exits 2
    cairn render nothing.mustache
    exits 2
    says "$err" "*nothing.mustache*"
    cairn render t.mustache --data nothing.json
    exits 2
    cairn render t.mustache --partials nowhere
    exits 2
}

@test "the format of its messages can be chosen; standard output is for the result" {
    printf '{{#open}}' >t.mustache
    cairn render t.mustache --format json
    exits 1
    [ -z "$out" ]
    python3 - "$dir/stderr" <<'END'
import json, sys
diagnostic, = json.load(open(sys.argv[1]))["diagnostics"]
assert diagnostic["code"] == "template_syntax" and diagnostic["line"] == 1
END
}
