/* content/site.yaml: see settings.h and CONTENT.md. One table for each mapping of the
 * file; a new key is a row and a member. */
#include "site/settings.h"

#include "text/yaml.h"

#define KEY(T, member, key, type_, text)                                                 \
    { .name = key, .type = type_, .offset = offsetof(T, member), .doc = text }
#define COUNT(array) ((ptrdiff_t)(sizeof(array) / sizeof *(array)))

/* Where each kind lives by default, and what `content:` and `permalinks:` call it. */
static const struct {
    const char *name, *folder, *permalink;
} kinds[PAGE_KINDS] = {
    [PAGE_EXPLAINER] = {"explainers", "content/explainers", "/explainers/:slug/"},
    [PAGE_ISSUE] = {"issues", "content/issues", "/issues/:slug/"},
    [PAGE_PLAIN] = {"pages", "content/pages", "/:slug/"},
    [PAGE_DOC] = {"docs", "content/docs", "/docs/:slug/"},
};

typedef struct Raw {
    Settings settings;
    int urls, publish; /* index among their choices */
    const Node *content, *front_matter, *permalinks, *checks, *email, *params;
} Raw;

static void read_nested(SchemaReader *reader, const Node *value, const Schema *schema,
                        void *member) {
    if (value->kind == NODE_MAP)
        schema_read(reader, schema, value, member);
    else
        schema_wrong_type(reader, value, "a mapping");
}

static const Key person_keys[] = {
    KEY(Person, name, "name", KEY_TEXT, "Who writes."),
    KEY(Person, url, "url", KEY_TEXT, "Their page."),
    KEY(Person, email, "email", KEY_TEXT, "Their address."),
};
const Schema person_schema = {"an author", person_keys, COUNT(person_keys)};

static void read_person(SchemaReader *reader, const Node *value, void *member) {
    Person *person = member;
    if (value->kind == NODE_STRING)
        person->name = schema_text(reader, value);
    else
        read_nested(reader, value, &person_schema, person);
}

static const Key nav_keys[] = {
    KEY(NavItem, title, "title", KEY_TEXT, "What the link says."),
    KEY(NavItem, url, "url", KEY_TEXT, "Where it leads: a URL of the site, or another."),
};
const Schema nav_schema = {"an entry of 'nav'", nav_keys, COUNT(nav_keys)};

static void read_nav(SchemaReader *reader, const Node *value, void *member) {
    Settings *settings = (Settings *)((char *)member - offsetof(Settings, nav));
    if (value->kind != NODE_LIST) {
        schema_wrong_type(reader, value, "a list of {title, url}");
        return;
    }
    for (const Node *item = value->child; item; item = item->next) {
        NavItem nav = {0};
        if (schema_read(reader, &nav_schema, item, &nav))
            *vec_push(reader->arena, &settings->nav) = nav;
    }
}

static const char *const url_styles[] = {"", "folder", "flat", "clean", NULL};
static const char *const publish_ways[] = {"", "whole", "in_place", NULL};

static const Key limit_keys[] = {
    KEY(Settings, page_bytes, "page_bytes", KEY_INT,
        "Bytes that a page's source may have."),
};
const Schema limit_schema = {"'limits'", limit_keys, COUNT(limit_keys)};

static void read_limits(SchemaReader *reader, const Node *value, void *member) {
    read_nested(reader, value, &limit_schema,
                (char *)member - offsetof(Settings, page_bytes));
}

static const Key output_keys[] = {
    KEY(Settings, outputs_feed, "feed", KEY_BOOL, "The Atom feed."),
    KEY(Settings, outputs_sitemap, "sitemap", KEY_BOOL, "sitemap.xml."),
    KEY(Settings, outputs_robots, "robots", KEY_BOOL, "robots.txt."),
};
const Schema output_schema = {"'outputs'", output_keys, COUNT(output_keys)};

static void read_outputs(SchemaReader *reader, const Node *value, void *member) {
    read_nested(reader, value, &output_schema,
                (char *)member - offsetof(Settings, outputs_feed));
}

static const Key settings_keys[] = {
    KEY(Raw, settings.title, "title", KEY_TEXT, "The site's name."),
    KEY(Raw, settings.base_url, "base_url", KEY_TEXT,
        "Where the site will stand; a path prefix works everywhere."),
    KEY(Raw, settings.language, "language", KEY_TEXT, "BCP 47 tag of the content; en."),
    KEY(Raw, settings.description, "description", KEY_TEXT, "One sentence on the site."),
    KEY(Raw, settings.logo, "logo", KEY_TEXT, "A picture, relative to content/."),
    {.name = "author",
     .type = KEY_READ,
     .offset = offsetof(Raw, settings.author),
     .doc = "A name, or {name, url, email}.",
     .read = read_person},
    {.name = "nav",
     .type = KEY_READ,
     .offset = offsetof(Raw, settings.nav),
     .doc = "The main navigation: a list of {title, url}.",
     .read = read_nav},
    {.name = "urls",
     .type = KEY_CHOICE,
     .offset = offsetof(Raw, urls),
     .doc = "folder (/explainers/slug/), flat (/explainers/slug.html), or clean "
            "(/explainers/slug, for hosts that find slug.html by themselves).",
     .choices = url_styles},
    {.name = "publish",
     .type = KEY_CHOICE,
     .offset = offsetof(Raw, publish),
     .doc = "whole (all at once) or in_place (changed files only).",
     .choices = publish_ways},
    KEY(Raw, settings.relative_urls, "relative_urls", KEY_BOOL,
        "Links are relative, so that the site opens from file://."),
    KEY(Raw, settings.raw_html, "raw_html", KEY_BOOL,
        "Keep raw HTML in Markdown. Only where all authors are trusted."),
    KEY(Raw, settings.paginate, "paginate", KEY_INT, "Entries on a page of a list; 50."),
    {.name = "limits",
     .type = KEY_READ,
     .offset = offsetof(Raw, settings.page_bytes),
     .doc = "Limits that can be raised: page_bytes.",
     .read = read_limits},
    {.name = "outputs",
     .type = KEY_READ,
     .offset = offsetof(Raw, settings.outputs_feed),
     .doc = "What is published besides pages: feed, sitemap, robots.",
     .read = read_outputs},
    KEY(Raw, content, "content", KEY_NODE,
        "Where each kind lives: explainers, issues, …"),
    KEY(Raw, front_matter, "front_matter", KEY_NODE,
        "Other names for front matter keys: our key, then theirs (one or a list)."),
    KEY(Raw, permalinks, "permalinks", KEY_NODE,
        "URL patterns by kind, of :slug, :name, :year, :month, :day."),
    KEY(Raw, checks, "checks", KEY_NODE,
        "Diagnostic codes set to off, warning or error."),
    KEY(Raw, email, "email", KEY_NODE,
        "What the mailing service needs: {from_name, provider, utm}."),
    KEY(Raw, params, "params", KEY_NODE,
        "Anything of your own: site.params in templates."),
};
const Schema settings_schema = {"site.yaml", settings_keys, COUNT(settings_keys)};

/* A folder relative to the site: no '/' at either end, no "." or "..". */
static bool read_folder(SchemaReader *reader, const Node *value, Str *out) {
    Text text = schema_text(reader, value);
    Str path = text.text;
    while (path.len && path.data[path.len - 1] == '/')
        path.len--;
    if (str_has_prefix(path, S("./")))
        path = str_from_offset(path, 2);
    bool escapes = path.len && path.data[0] == '/';
    for (Str rest = path, part; rest.len && !escapes;) {
        str_cut(rest, '/', &part, &rest);
        escapes = str_equal(part, S("..")) || part.len == 0;
    }
    if (escapes) {
        diag_add(reader->diags, DIAG_PATH_ESCAPE, (Loc){reader->source, text.offset},
                 "'%.*s' must be a folder inside the site", STR_ARG(text.text));
        return false;
    }
    *out = path.len ? path : S(".");
    return text.text.len > 0;
}

static void unknown_kind(SchemaReader *reader, const Node *entry, const char *where) {
    Nearest nearest = nearest_init(entry->key);
    for (int k = 0; k < PAGE_KINDS; k++)
        nearest_add(&nearest, str_from(kinds[k].name));
    nearest_add(&nearest, S("roadmaps"));
    Diag *diag = diag_add(reader->diags, DIAG_UNKNOWN_KEY,
                          (Loc){reader->source, entry->key_offset},
                          "unknown kind '%.*s' in '%s'", STR_ARG(entry->key), where);
    diag_hint_nearest(reader->diags, diag, nearest.best);
}

static void read_permalink(SchemaReader *reader, const Node *value, Str *out) {
    Text pattern = schema_text(reader, value);
    Str s = pattern.text;
    if (s.len == 0)
        return;
    if (str_has_prefix(s, S("/")) && str_find(s, S("..")) < 0 &&
        (str_find(s, S(":slug")) >= 0 || str_find(s, S(":name")) >= 0)) {
        *out = s;
        return;
    }
    Diag *diag =
        diag_add(reader->diags, DIAG_BAD_VALUE, (Loc){reader->source, pattern.offset},
                 "'%.*s' is not a permalink", STR_ARG(s));
    diag_hint(reader->diags, diag, "it starts with '/' and contains :slug or :name");
}

/* The entries of `content:` or `permalinks:`, each into the place of its kind. */
static void read_by_kind(SchemaReader *reader, const Node *map, const char *where,
                         Str *by_kind, Str *roadmaps) {
    bool folders = map && str_equal(map->key, S("content"));
    if (map && map->kind != NODE_MAP) {
        schema_wrong_type(reader, map, "a mapping of kinds");
        return;
    }
    for (const Node *entry = map ? map->child : NULL; entry; entry = entry->next) {
        Str *place = str_equal(entry->key, S("roadmaps")) ? roadmaps : NULL;
        for (int k = 0; k < PAGE_KINDS; k++)
            if (str_equal(entry->key, str_from(kinds[k].name)))
                place = &by_kind[k];
        if (!place)
            unknown_kind(reader, entry, where);
        else if (folders)
            read_folder(reader, entry, place);
        else
            read_permalink(reader, entry, place);
    }
}

enum { ALIASES_MAX = 256 };

static void add_alias(KeyAlias *aliases, ptrdiff_t *n, Text from, Str to) {
    if (from.text.len && *n < ALIASES_MAX)
        aliases[(*n)++] = (KeyAlias){from.text, to};
}

/* front_matter: {date: createdAt, topics: [categories, tags]} */
static void read_aliases(SchemaReader *reader, const Node *map, LoadSettings *load) {
    if (map && map->kind != NODE_MAP) {
        schema_wrong_type(reader, map, "a mapping of our keys to theirs");
        return;
    }
    KeyAlias *aliases = arena_array(reader->arena, KeyAlias, ALIASES_MAX);
    SchemaReader plain = *reader;
    for (const Node *entry = map ? map->child : NULL; entry; entry = entry->next) {
        if (!schema_knows(&plain, &front_matter_schema, entry->key) &&
            !schema_knows(&plain, &issue_schema, entry->key)) {
            Nearest nearest = nearest_init(entry->key);
            for (ptrdiff_t i = 0; i < front_matter_schema.n_keys; i++)
                nearest_add(&nearest, str_from(front_matter_schema.keys[i].name));
            Diag *diag = diag_add(reader->diags, DIAG_UNKNOWN_KEY,
                                  (Loc){reader->source, entry->key_offset},
                                  "'%.*s' is no front matter key", STR_ARG(entry->key));
            diag_hint_nearest(reader->diags, diag, nearest.best);
        }
        if (entry->kind != NODE_LIST)
            add_alias(aliases, &load->n_aliases, schema_text(reader, entry), entry->key);
        for (const Node *item = entry->kind == NODE_LIST ? entry->child : NULL; item;
             item = item->next)
            add_alias(aliases, &load->n_aliases, schema_text(reader, item), entry->key);
    }
    load->aliases = aliases;
}

static bool read_severity(const Node *value, Severity *out) {
    if (value->kind == NODE_BOOL && !value->boolean)
        *out = SEVERITY_OFF;
    else if (str_equal(value->text, S("off")))
        *out = SEVERITY_OFF;
    else if (str_equal(value->text, S("warning")))
        *out = SEVERITY_WARNING;
    else if (str_equal(value->text, S("error")))
        *out = SEVERITY_ERROR;
    else
        return false;
    return true;
}

static void read_checks(SchemaReader *reader, const Node *map, Severity *severities) {
    if (map && map->kind != NODE_MAP) {
        schema_wrong_type(reader, map, "a mapping of codes to off, warning or error");
        return;
    }
    for (const Node *entry = map ? map->child : NULL; entry; entry = entry->next) {
        DiagCode code = diag_code(entry->key);
        if (code == DIAG_COUNT) {
            Nearest nearest = nearest_init(entry->key);
            for (int i = 0; i < DIAG_COUNT; i++)
                nearest_add(&nearest, str_from(diag_infos[i].name));
            Diag *diag = diag_add(reader->diags, DIAG_UNKNOWN_KEY,
                                  (Loc){reader->source, entry->key_offset},
                                  "unknown check '%.*s'", STR_ARG(entry->key));
            diag_hint_nearest(reader->diags, diag, nearest.best);
        } else if (!read_severity(entry, &severities[code])) {
            diag_add(reader->diags, DIAG_BAD_VALUE, (Loc){reader->source, entry->offset},
                     "'%.*s' must be off, warning or error", STR_ARG(entry->key));
        }
    }
}

/* The path of base_url without a slash at the end: "/weekly". */
static Str base_path_of(Str url) {
    ptrdiff_t host = str_find(url, S("://"));
    Str path = str_from_offset(url, host < 0 ? 0 : host + 3);
    ptrdiff_t slash = str_find_char(path, '/');
    path = slash < 0 ? (Str){0} : str_from_offset(path, slash);
    while (path.len && path.data[path.len - 1] == '/')
        path.len--;
    return path;
}

static void check_base_url(SchemaReader *reader, Text *url) {
    Str s = url->text;
    if (s.len == 0)
        return;
    if ((!str_has_prefix(s, S("https://")) && !str_has_prefix(s, S("http://"))) ||
        str_find_char(s, '?') >= 0 || str_find_char(s, '#') >= 0) {
        Diag *diag =
            diag_add(reader->diags, DIAG_BAD_VALUE, (Loc){reader->source, url->offset},
                     "base_url '%.*s' is not an http or https address", STR_ARG(s));
        diag_hint(reader->diags, diag, "write it as in https://example.org/weekly/");
        url->text = (Str){0};
    } else if (!str_has_suffix(s, S("/"))) {
        url->text = arena_concat(reader->arena, s, S("/"));
    }
}

static void set_defaults(Site *site, Raw *raw, LoadSettings *load) {
    raw->settings = (Settings){.paginate = 50,
                               .page_bytes = 1 << 20,
                               .outputs_feed = true,
                               .outputs_sitemap = true,
                               .outputs_robots = true};
    raw->settings.title.text = S("Untitled site");
    raw->settings.language.text = S("en");
    for (int k = 0; k < PAGE_KINDS; k++) {
        load->folders[k] = str_from(kinds[k].folder);
        load->permalinks[k] = str_from(kinds[k].permalink);
    }
    load->roadmaps = S("content/roadmaps");
    load->roadmap_permalink = S("/roadmaps/:slug/");
    for (int i = 0; i < DIAG_COUNT; i++)
        site->severities[i] = diag_infos[i].severity;
}

void settings_read(Site *site, const Source *source, const SiteOptions *options,
                   LoadSettings *load, DiagList *diags) {
    Raw raw = {0};
    set_defaults(site, &raw, load);
    SchemaReader reader = {.source = source, .arena = &site->arena, .diags = diags};
    const Node *node = NULL;
    if (source)
        node = yaml_read(source, 0, source->text.len, yaml_front_matter_limits,
                         &site->arena, diags);
    if (node)
        schema_read(&reader, &settings_schema, node, &raw);
    raw.settings.node = node;
    raw.settings.urls = raw.urls ? (UrlStyle)(raw.urls - 1) : URL_FOLDER;
    raw.settings.publish_in_place = raw.publish == 2;
    if (options->base_url) {
        raw.settings.base_url = (Text){.text = str_from(options->base_url), .offset = -1};
        reader.source = NULL;
    }
    check_base_url(&reader, &raw.settings.base_url);
    reader.source = source;
    read_by_kind(&reader, raw.content, "content", load->folders, &load->roadmaps);
    read_by_kind(&reader, raw.permalinks, "permalinks", load->permalinks,
                 &load->roadmap_permalink);
    read_aliases(&reader, raw.front_matter, load);
    read_checks(&reader, raw.checks, site->severities);
    if (options->relative_urls)
        raw.settings.relative_urls = true;
    if (raw.settings.relative_urls && raw.settings.urls == URL_CLEAN)
        raw.settings.urls = URL_FLAT; /* a disk finds no file without its ending */
    site->settings = raw.settings;
    site->settings_source = source;
    site->base_path = base_path_of(site->settings.base_url.text);
}
