#!/usr/bin/env python3
"""Checks the links of a published site, knowing nothing of what made it.

usage: check.py DIRECTORY [PREFIX [HOST...]]

DIRECTORY is served at the path PREFIX ("" or "/weekly"). Pictures may be loaded from each
HOST, which the content names. With CLEAN=1 in the environment the host finds slug.html
where a link says slug. Every href, src, srcset, poster
and CSS url() must lead to a file of DIRECTORY, every fragment to an id; nothing may be
loaded from another host; ids are unique in a page; and every HTML page can be reached from
index.html, except the page for what is not found and redirects. Addresses in the feed and
the sitemap must be pages too. Prints a line for each fault; exit 1 if there was one.
"""

import html.parser
import os
import re
import sys
import urllib.parse
import xml.etree.ElementTree

LOADS = {("img", "src"), ("script", "src"), ("iframe", "src"), ("source", "src"),
         ("video", "src"), ("audio", "src"), ("embed", "src"), ("object", "data"),
         ("input", "src"), ("video", "poster"), ("use", "href"), ("image", "href"),
         ("track", "src"), ("use", "xlink:href"), ("image", "xlink:href")}
LOADING_RELS = {"stylesheet", "icon", "preload", "modulepreload", "manifest", "prefetch",
                "apple-touch-icon", "preconnect", "dns-prefetch"}
CSS_URL = re.compile(r"""url\(\s*['"]?([^'")]*)['"]?\s*\)|@import\s+['"]([^'"]+)""")


class Page(html.parser.HTMLParser):
    """The links, loads and ids of one page, and whether it only leads elsewhere."""

    def __init__(self, text):
        super().__init__(convert_charrefs=True)
        self.links, self.loads, self.ids, self.repeated = [], [], set(), []
        self.redirects, self.canonical, self.in_style = False, None, False
        self.feed(text)
        self.close()

    def handle_starttag(self, tag, attrs):
        values = dict(attrs)
        for name, value in attrs:
            if name == "id" or (tag == "a" and name == "name"):
                if value in self.ids:
                    self.repeated.append(value)
                self.ids.add(value)
            elif name in ("srcset", "imagesrcset"):
                self.loads += [part.split()[0] for part in value.split(",") if part.strip()]
            elif name == "style":
                self.loads += css_loads(value)
            elif (tag, name) in LOADS:
                self.loads.append(value)
            elif name in ("href", "cite", "action", "formaction"):
                self.take_link(tag, value, (values.get("rel") or "").split())
        if tag == "meta" and (values.get("http-equiv") or "").lower() == "refresh":
            self.redirects = True
            self.links.append(values["content"].partition("url=")[2])
        self.in_style = tag == "style"

    def take_link(self, tag, value, rels):
        if tag == "link" and "canonical" in rels:
            self.canonical = value
        elif tag == "link" and LOADING_RELS & set(rels):
            self.loads.append(value)
        else:
            self.links.append(value)

    def handle_data(self, data):
        if self.in_style:
            self.loads += css_loads(data)

    def handle_endtag(self, tag):
        self.in_style = False


def css_loads(text):
    found = [a or b for a, b in CSS_URL.findall(re.sub(r"/\*.*?\*/", "", text, flags=re.S))]
    return [url for url in found if url and not url.startswith("#")]


class Site:
    def __init__(self, directory, prefix, hosts):
        self.directory, self.prefix, self.faults = directory, prefix.rstrip("/"), []
        self.hosts = hosts
        self.files = {os.path.relpath(os.path.join(folder, name), directory)
                      for folder, _, names in os.walk(directory) for name in names}
        self.pages = {path: Page(self.read(path)) for path in sorted(self.files)
                      if path.endswith(".html")}
        self.n_links = 0

    def read(self, path):
        with open(os.path.join(self.directory, path), encoding="utf-8") as file:
            return file.read()

    def fault(self, path, what):
        self.faults.append(f"{path}: {what}")

    def follow(self, path, url, loads=False):
        """The file that `url` leads to from `path`; None where that is another host's."""
        self.n_links += 1
        parts = urllib.parse.urlsplit(url)
        if parts.scheme in ("mailto", "tel") and not loads:
            return None
        if parts.scheme == "data" and loads and url.startswith("data:image/"):
            return None
        if parts.scheme or parts.netloc:
            if (loads and parts.netloc not in self.hosts) or parts.scheme not in ("http", "https"):
                self.fault(path, f"loads or leads to '{url}'")
            return None
        where = urllib.parse.unquote(parts.path)
        if where.startswith("/"):
            if not (where + "/").startswith(self.prefix + "/"):
                self.fault(path, f"'{url}' is outside of '{self.prefix}/'")
                return None
            where = where[len(self.prefix):].lstrip("/")
        elif where:
            where = os.path.join(os.path.dirname(path), where)
        else:
            where = path
        target = os.path.normpath(where)
        if where.endswith("/") or target == "." or target + "/index.html" in self.files:
            target = os.path.normpath(os.path.join(where, "index.html"))
        if target not in self.files and os.environ.get("CLEAN") and not where.endswith("/"):
            target += ".html"
        if target not in self.files:
            self.fault(path, f"'{url}' leads to nothing ({target})")
            return None
        fragment = urllib.parse.unquote(parts.fragment)
        if fragment and target in self.pages and fragment not in self.pages[target].ids:
            self.fault(path, f"'{url}' leads to no id '{fragment}' in {target}")
        return target

    def check_page(self, path, page):
        for url in page.loads:
            self.follow(path, url, loads=True)
        targets = {self.follow(path, url) for url in page.links}
        for repeated in page.repeated:
            self.fault(path, f"the id '{repeated}' is there twice")
        return targets & self.pages.keys()

    def check(self):
        leads_to = {path: self.check_page(path, page) for path, page in self.pages.items()}
        for path in sorted(self.files):
            if path.endswith(".css"):
                for url in css_loads(self.read(path)):
                    self.follow(path, url, loads=True)
        self.check_reachable(leads_to)
        self.check_addresses("sitemap.xml", lambda e: [e.text] if e.tag.endswith("}loc") else [])
        self.check_addresses("feed.xml", lambda e: [e.get("href")] if e.tag.endswith("}link") else [])
        return self.faults

    def check_reachable(self, leads_to):
        if "index.html" not in self.pages:
            self.fault("index.html", "there is no home page")
            return
        seen, todo = {"index.html"}, ["index.html"]
        while todo:
            new = leads_to[todo.pop()] - seen
            seen |= new
            todo += new
        for path, page in self.pages.items():
            if path not in seen and not page.redirects and path != "404.html":
                self.fault(path, "cannot be reached from index.html")

    def check_addresses(self, path, addresses):
        """Absolute addresses in a file for machines: those of this site are pages."""
        if path not in self.files:
            return
        known = {page.canonical for page in self.pages.values()} - {None}
        tree = xml.etree.ElementTree.fromstring(self.read(path))
        for element in tree.iter():
            for url in addresses(element):
                self.n_links += 1
                file = urllib.parse.urlsplit(url).path[len(self.prefix):].lstrip("/")
                if url not in known and file not in self.files:
                    self.fault(path, f"'{url}' is no page's canonical address")


def main():
    site = Site(sys.argv[1], "".join(sys.argv[2:3]), sys.argv[3:])
    faults = site.check()
    for fault in faults:
        print(fault)
    print(f"{len(site.pages)} pages, {site.n_links} links, {len(faults)} faults")
    return 1 if faults or not site.pages else 0


if __name__ == "__main__":
    sys.exit(main())
