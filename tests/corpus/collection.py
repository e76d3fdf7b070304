#!/usr/bin/env python3
"""A made-up collection of explainers in the form in which another publication keeps its own.

usage: collection.py DIRECTORY [NUMBER]

Writes NUMBER (400) Markdown files: front matter with title, description, image, createdAt,
draft, categories and tags, quoted in each of the ways that occur (double, single, not at
all), names with apostrophes and digits; below it a picture on another host, some without
alternative text, some inside a link, then paragraphs, headings, `*` lists with blank lines
between, bold terms, links, tables and code. The words are ours; the same every time.
"""

import os
import random
import sys

SUBJECTS = ["Load Balancer", "Message Queue", "Cache", "Replica", "Index", "Session", "Token",
            "Container", "Scheduler", "Gateway", "Proxy", "Certificate", "Checksum", "Log",
            "Snapshot", "Transaction", "Shard", "Thread", "Socket", "Router"]
FORMS = ["What is a {}?", "How does a {} work?", "{} vs {}", "Top 10 {} Patterns",
         "A Beginner's Guide to the {}", "{}: the short version", "The {} & the {}",
         "5 things \"everybody\" knows about a {}", "C++, C# and the {}"]
CATEGORIES = ["caching-performance", "security", "devops-cicd", "database-and-storage",
              "real-world-case-studies"]
TAGS = ["Networking", "networking", "CI/CD", "C++", "Distributed Systems", "API", "SQL",
        "Big Data", "Köln", "中文"]
SENTENCES = [
    "A {} keeps its promises only as long as somebody watches it.",
    "Most of the time nothing happens; then everything happens at once.",
    "The first request pays for all that follow.",
    "It is cheaper to read twice than to write once, here at least.",
    "“Who are you?” is a question that a {} asks before any other.",
    "You can read the whole story [here](https://blog.example.com/{}-story?utm=x&y=z).",
    "Compare it with [another explanation](https://www.example.org/a_(b)/{}).",
    "Its parameters look like a=b&c=d, and 3 < 4 holds.",
]


def quote(random_, text):
    way = random_.choice(["double", "single", "plain"])
    plain = not any(c in text for c in ":#&\"'{}[],*?|>@`%!") and text[0].isalpha()
    if way == "plain" and plain:
        return text
    if way == "single" and "'" not in text:
        return f"'{text}'"
    return '"' + text.replace('"', '\\"') + '"'


def make_page(random_, number):
    subject = random_.choice(SUBJECTS)
    title = random_.choice(FORMS).format(subject, random_.choice(SUBJECTS)) + f" ({number})"
    picture = f"https://assets.example.com/diagrams/{number:04}-{subject.lower().replace(' ', '-')}.png"
    slug = "".join(c for c in title.lower() if c.isalnum() or c in " '").strip().replace(" ", "-")
    tags = "".join(f"  - {quote(random_, t)}\n" for t in random_.sample(TAGS, 2))
    front = (f"---\ntitle: {quote(random_, title)}\n"
             f"description: {quote(random_, f'Learn about the {subject}: what, why & how.')}\n"
             f"image: {quote(random_, picture)}\n"
             f"createdAt: {quote(random_, f'2024-{number % 12 + 1:02}-{number % 28 + 1:02}')}\n"
             f"draft: {'true' if number % 40 == 39 else 'false'}\n"
             f"categories:\n  - {quote(random_, random_.choice(CATEGORIES))}\n"
             f"tags:\n{tags}---\n\n")
    alt = random_.choice(["", "", title.replace('"', ""), "Diagram"])
    image = f"![{alt}]({picture})"
    if number % 9 == 0:
        image = f"[{image}](https://cdn.example.com/fetch/f_auto,q_auto:good/https%3A%2F%2Fx)"
    return slug, front + image + "\n\n" + make_body(random_, subject)


def make_body(random_, subject):
    def sentence():
        return random_.choice(SENTENCES).replace("{}", subject.split()[0])

    parts = [sentence() + " " + sentence()]
    for heading in random_.sample(["How it works", "Why?", "1. The parts", "In practice:"], 3):
        parts.append("## " + heading)
        parts.append(sentence())
        parts += [f"*   **{random_.choice(SUBJECTS)}**\n\n    {sentence()}"
                  for _ in range(random_.randint(2, 4))]
    parts.append(random_.choice([
        "| Part | Cost |\n|---|---|\n| `read` | low |\n| write | **high** |",
        "```sql\nSELECT 1 < 2;\n```", "> " + sentence(), "1. first\n2. second\n3. third"]))
    parts.append("Over to you: what have I left out? \\[1\\]")
    return "\n\n".join(parts) + "\n"


def main():
    directory, number = sys.argv[1], int((sys.argv[2:3] or ["400"])[0])
    random_ = random.Random(20250419)
    os.makedirs(directory, exist_ok=True)
    for i in range(number):
        slug, text = make_page(random_, i)
        with open(os.path.join(directory, slug + ".md"), "w", encoding="utf-8") as file:
            file.write(text)


if __name__ == "__main__":
    main()
