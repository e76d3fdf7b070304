#!/usr/bin/env python3
"""Makes a site of NUMBER explainers to measure with, for Cairn and for Hugo.

usage: corpus.py DIRECTORY NUMBER

Each page has about 1.6 KB: front matter (title, date, summary, two tags of a hundred), three
sections, a list, code, a table in every fourth, a link to another page and one elsewhere.
The same number makes the same bytes. DIRECTORY also gets the least that Hugo needs to make
what Cairn makes: pages, a list in pages of 50, tag pages, a feed and a sitemap.
"""

import os
import random
import sys

WORDS = """a an the of and to in is that it on as with for are this be by or not from at which
index query table column row key page block cache log write read commit lock thread process
memory disk network packet socket queue message topic partition replica leader follower cluster
node request response client server proxy gateway token session cookie hash tree graph edge
vertex path cycle heap stack array list string number integer float date time zone order group
join filter sort merge split scan seek copy move store load stream batch window state event
trigger schedule retry error failure recovery backup restore snapshot version release build
test deploy monitor alert metric trace span sample rate limit budget cost price value""".split()

SITE = """title: Bench
base_url: https://example.org/
front_matter: {topics: tags}
checks: {unlinked_steps: off, unlinked_explainers: off}
"""

HUGO = """baseURL = "https://example.org/"
title = "Bench"
contentDir = "content"
paginate = 50
disableKinds = []
[taxonomies]
tag = "tags"
[markup.highlight]
codeFences = false
[outputs]
home = ["HTML", "RSS"]
section = ["HTML"]
taxonomy = ["HTML"]
term = ["HTML"]
"""

LAYOUTS = {
    "_default/baseof.html": """<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<title>{{ .Title }} · {{ .Site.Title }}</title>
<meta name="description" content="{{ .Description }}">
<link rel="canonical" href="{{ .Permalink }}">
</head>
<body>
<header><nav><a href="/">{{ .Site.Title }}</a> <a href="/explainers/">Explainers</a> <a href="/tags/">Tags</a></nav></header>
<main>{{ block "main" . }}{{ end }}</main>
<footer><p>{{ .Site.Title }}</p></footer>
</body>
</html>
""",
    "_default/single.html": """{{ define "main" }}<article>
<h1>{{ .Title }}</h1>
<p>{{ .Params.summary }}</p>
<p><time datetime="{{ .Date.Format "2006-01-02" }}">{{ .Date.Format "2 January 2006" }}</time></p>
{{ .TableOfContents }}
{{ .Content }}
<ul>{{ range .Params.tags }}<li><a href="/tags/{{ . | urlize }}/">{{ . }}</a></li>{{ end }}</ul>
<nav>{{ with .PrevInSection }}<a href="{{ .RelPermalink }}">{{ .Title }}</a>{{ end }}
{{ with .NextInSection }}<a href="{{ .RelPermalink }}">{{ .Title }}</a>{{ end }}</nav>
</article>{{ end }}
""",
    "_default/list.html": """{{ define "main" }}<h1>{{ .Title }}</h1>
<ul>{{ range .Paginator.Pages }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a> <time>{{ .Date.Format "2006-01-02" }}</time>
<p>{{ .Params.summary }}</p></li>{{ end }}</ul>
{{ template "_internal/pagination.html" . }}{{ end }}
""",
    "_default/terms.html": """{{ define "main" }}<h1>{{ .Title }}</h1>
<ul>{{ range .Data.Terms.Alphabetical }}<li><a href="{{ .Page.RelPermalink }}">{{ .Page.Title }}</a> {{ .Count }}</li>{{ end }}</ul>{{ end }}
""",
    "index.html": """{{ define "main" }}<h1>{{ .Title }}</h1>
<ul>{{ range first 6 .Site.RegularPages }}<li><a href="{{ .RelPermalink }}">{{ .Title }}</a></li>{{ end }}</ul>{{ end }}
""",
}


def write(path, text):
    os.makedirs(os.path.dirname(path), exist_ok=True)
    with open(path, "w", encoding="utf-8") as file:
        file.write(text)


def words(random_, n):
    chosen = random_.choices(WORDS, k=n)
    chosen = [w for i, w in enumerate(chosen) if i == 0 or w != chosen[i - 1]]
    return " ".join(chosen).capitalize()


def make_page(random_, number, total):
    tags = random_.sample(range(100), 2)
    date = f"20{15 + number % 10}-{number % 12 + 1:02}-{number % 28 + 1:02}"
    other = random_.randrange(total)
    text = (f'---\ntitle: "{words(random_, 5)} {number}"\ndate: {date}\n'
            f"summary: {words(random_, 12)}.\ntags: [tag-{tags[0]}, tag-{tags[1]}]\n---\n\n"
            f"{words(random_, 40)}, see [{words(random_, 2)}](/explainers/page-{other:06}/)"
            f" and *[{words(random_, 1)}](https://example.com/?a=1&b=2)*.\n\n")
    for _ in range(3):
        text += f"## {words(random_, 4)}\n\n{words(random_, 40)} `{words(random_, 1)}` **{words(random_, 3)}**.\n\n"
    text += "".join(f"- {words(random_, 7)}\n" for _ in range(3)) + "\n"
    if number % 4 == 0:
        text += "| Part | Cost |\n|---|---|\n" + "".join(
            f"| {words(random_, 2)} | `{random_.randrange(1000)}` |\n" for _ in range(3))
    else:
        text += f"```c\nint main(void) {{ return {number} < 1 && {number} > 0; }}\n```\n"
    return text


def main():
    directory, total = sys.argv[1], int(sys.argv[2])
    random_ = random.Random(total)
    write(os.path.join(directory, "content/site.yaml"), SITE)
    write(os.path.join(directory, "config.toml"), HUGO)
    for name, text in LAYOUTS.items():
        write(os.path.join(directory, "layouts", name), text)
    for number in range(total):
        write(os.path.join(directory, f"content/explainers/page-{number:06}.md"),
              make_page(random_, number, total))


if __name__ == "__main__":
    main()
