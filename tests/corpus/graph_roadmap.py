#!/usr/bin/env python3
"""A roadmap from a folder of Markdown files whose front matter is a graph.

usage: graph_roadmap.py CONTENT >roadmap.yaml

Each file says `id`, `title` and `zone`, and under `edges: to:` the ids that one may go on to;
CONTENT/_zones.yaml lists the zones. A zone becomes a phase, a file a step of it with the
same id, and an edge from A to B becomes "B requires A". An edge to an id that no file has is
written at A, where its author wrote it, so that it is reported and not lost. Only what these
files contain of YAML is understood: this is no YAML reader.
"""

import glob
import os
import re
import sys


def unquote(text):
    text = text.strip()
    if len(text) > 1 and text[0] == text[-1] and text[0] in "'\"":
        quote = text[0]
        text = text[1:-1].replace("''", "'") if quote == "'" else text[1:-1]
    return text


def read_front_matter(path):
    with open(path, encoding="utf-8") as file:
        yaml = file.read().split("\n---\n", 1)[0] + "\n"
    page = {"edges": []}
    for key in ("id", "title", "zone"):
        page[key] = unquote(re.search(rf"^{key}:(.*)$", yaml, re.M).group(1))
    edges = re.search(r"^edges:\n((?:[ ].*\n|\n)*)", yaml, re.M)
    if edges:
        page["edges"] = [unquote(m) for m in re.findall(r"^\s*- id:(.*)$", edges.group(1), re.M)]
    return page


def read_zones(path):
    """(id, title, description) of each zone, in order."""
    with open(path, encoding="utf-8") as file:
        text = file.read().split("\nzoneEdges:")[0]
    for zone in re.split(r"^  - ", text, flags=re.M)[1:]:
        values = dict(re.findall(r"^\s*(\w+):\s*(.+)$", zone, re.M))
        yield tuple(unquote(values.get(key, "")) for key in ("id", "title", "description"))


def quoted(text):
    return '"' + text.replace("\\", "\\\\").replace('"', '\\"') + '"'


def main():
    content = sys.argv[1]
    paths = sorted(glob.glob(os.path.join(content, "*", "*.md")))
    pages = [(os.path.relpath(path, content)[:-3], read_front_matter(path)) for path in paths]
    ids = {page["id"] for _, page in pages}
    requires = {i: [] for i in ids}
    for _, page in pages:
        for target in page["edges"]:
            at, other = (target, page["id"]) if target in ids else (page["id"], target)
            if other not in requires[at]:
                requires[at].append(other)
    print("# Generated from the graph in the front matter of the explainers.")
    print("title: Infrastructure\nsummary: Every zone of the collection, and what leads to what.")
    print("phases:")
    for zone, title, description in read_zones(os.path.join(content, "_zones.yaml")):
        print(f"  - title: {quoted(title)}\n    description: {quoted(description)}\n    steps:")
        for name, page in pages:
            if page["zone"] != zone:
                continue
            print(f"      - id: {page['id']}\n        title: {quoted(page['title'])}")
            print(f"        explainers: [{name}]")
            if requires[page["id"]]:
                print("        requires:")
                for required in requires[page["id"]]:
                    print(f"          - {required}")


if __name__ == "__main__":
    main()
