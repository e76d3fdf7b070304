/* The model of a site: what load, parse and link make of content/, and all that output
 * needs.
 *
 * The stages, in order (site_load runs them all):
 *
 *   load   walk content/, read every file                        load.c      parallel
 *   parse  front matter → Page, Markdown → outline               page.c      parallel
 *          roadmap YAML → Roadmap, Phase, Step                   roadmap.c   parallel
 *          `#` headings of an issue → Item, explainers           issue.c     parallel
 *   link   order, URLs, references, graph, backlinks, topics     link*.c     serial
 *
 * After that the Site is immutable: everybody holds `const Site *` and no lock is needed.
 * It knows no HTML and no template. Everything lives in the arenas of the Site; texts are
 * views of Source.text, which stays in memory until site_release. Bodies are not kept,
 * but a page's parsed text in a packed form (text/pack.c), of which output makes them. */
#pragma once

#include "base/arena.h"
#include "base/date.h"
#include "base/diag.h"
#include "base/fs.h"
#include "base/map.h"
#include "base/node.h"
#include "text/markdown.h"

typedef struct Site Site;
typedef struct Page Page;
typedef struct Issue Issue;
typedef struct Roadmap Roadmap;
typedef struct Phase Phase;
typedef struct Step Step;
typedef struct Topic Topic;

/* The links of a Markdown value, by number as in text/markdown.h. */
typedef struct TextLinks {
    const DocLink *links;
    const struct Target *targets; /* set by the linker */
    ptrdiff_t n;
} TextLinks;

/* A text of a YAML file with its place, for references and Markdown values. */
typedef struct Text {
    Str text;
    ptrdiff_t
        offset; /* bytes in the Source that the owner names; -1 where there is none */
    TextLinks *links; /* of a Markdown value with links, else NULL */
} Text;

typedef Vec(Text) Texts;

/* ---- Settings: content/site.yaml ------------------------------------------------- */

typedef struct NavItem {
    Text title, url;
} NavItem;

typedef struct Person {
    Text name, url, email;
} Person;

/* Of explainers, issues, pages, docs and roadmaps; lists are always folders. */
typedef enum UrlStyle {
    URL_FOLDER, /* /explainers/sql/, published as explainers/sql/index.html */
    URL_FLAT,   /* /explainers/sql.html */
    URL_CLEAN,  /* /explainers/sql, published as explainers/sql.html */
} UrlStyle;

typedef struct Settings {
    Text title, base_url, language, description, logo;
    Person author;
    Vec(NavItem) nav;
    UrlStyle urls;
    bool relative_urls, raw_html, publish_in_place;
    int64_t paginate;   /* items a list page; 0: no pages */
    int64_t page_bytes; /* limits.page_bytes */
    bool outputs_feed, outputs_sitemap, outputs_robots;
    const Node *node; /* the whole file, for what templates read */
} Settings;

/* ---- Pages ------------------------------------------------------------------------ */

typedef enum PageKind { PAGE_EXPLAINER, PAGE_ISSUE, PAGE_PLAIN, PAGE_DOC } PageKind;
enum { PAGE_KINDS = PAGE_DOC + 1 };

/* What a link, a wiki link or a reference leads to. */
typedef enum TargetKind {
    TARGET_NONE,     /* dropped: unknown (a diagnostic was given), unsafe or empty */
    TARGET_EXTERNAL, /* an absolute URL or mailto:, as written */
    TARGET_PAGE,
    TARGET_ROADMAP,
    TARGET_STEP,
    TARGET_TOPIC,
    TARGET_ASSET,
    TARGET_URL, /* another URL of this site ("/explainers/"), as written */
} TargetKind;

typedef struct Asset Asset;

typedef struct Target {
    TargetKind kind;
    union {
        const Page *page;
        const Roadmap *roadmap;
        const Step *step;
        const Topic *topic;
        const Asset *asset;
        Str url;
    };
    Str anchor; /* without '#'; empty: the page itself */
} Target;

/* A file of content/ that a page shows or links to; published under a name with its hash.
 */
struct Asset {
    Str path;          /* relative to the site, where it was read */
    Str url;           /* "/assets/semver.3f2a9c1b.svg" */
    int width, height; /* pixels of a picture, 0 where unknown */
    ptrdiff_t size;    /* bytes */
};

/* Somebody else's link to a page. */
typedef struct Backlink {
    const Page *page; /* where the link stands */
    Str context;      /* the sentence around it, plain text; may be empty */
} Backlink;

typedef enum Level {
    LEVEL_NONE,
    LEVEL_BEGINNER,
    LEVEL_INTERMEDIATE,
    LEVEL_ADVANCED
} Level;

struct Page {
    PageKind kind;
    const Source *source;
    ptrdiff_t body; /* offset where the Markdown starts */
    BodyOptions
        options; /* which blocks, how headings move: the same for outline and HTML */
    Str name;    /* path below its kind's folder, without the ending: "db/sql" */
    Str slug;    /* "db/sql": part of the URL */
    Str url;     /* "/explainers/db/sql/", from the site's root, without base path */
    Str title, summary;
    Date date, updated, review_by;
    Level level;
    int64_t minutes; /* reading time: as written, else from the words */
    int64_t weight;  /* order of docs and pages */
    int64_t words;
    bool draft;
    Text author, image_alt, series, template, given_slug;
    Text image; /* as written; see image_target */
    Target image_target;
    Texts topic_names, aliases, requires;
    ptrdiff_t front_from,
        front_to; /* the front matter's YAML; equal where there is none */
    Loc loc;      /* of the front matter's start, or of the item's heading */

    Str packed; /* its parsed text for doc_unpack, or empty */
    DocOutline outline;
    const Target *links; /* outline.n_links targets, in order */

    /* Set by the linker. */
    const Page *previous, *next; /* by kind's order */
    Vec(Backlink) backlinks;     /* one for each page, in order of URL */
    Vec(const Topic *) topics;
    Vec(const Page *) required; /* of `requires`, which keeps only what was found */
    Vec(const Step *) steps;    /* roadmap steps that name this explainer */
    const Issue *issue;         /* ISSUE: itself; EXPLAINER: where it first appeared */
    int item;                   /* EXPLAINER: index of that item */
};

/* ---- Issues ----------------------------------------------------------------------- */

typedef enum ItemKind {
    ITEM_TEXT,   /* published as an explainer of its own: page is it */
    ITEM_INLINE, /* stands in the issue only */
    ITEM_CARD,   /* only a [[link]]: page is the explainer shown as a card */
} ItemKind;

typedef struct Item {
    ItemKind kind;
    Str title;
    Str id;              /* anchor on the issue's page */
    BodyOptions options; /* its body on the issue's page */
    Page *page;          /* see ItemKind; NULL for INLINE and for an unresolved card */
    Str wiki_target;     /* CARD */
    Target target;       /* CARD: what the link leads to, page or roadmap */
    DocOutline outline;  /* of its body as options say */
    const Target *links; /* outline.n_links targets, in order */
    Texts topic_names;
    Loc loc;
} Item;

struct Issue {
    Page *page;              /* title, date, URL, the opening words as its own body */
    int64_t number;          /* -1 where none is given */
    ptrdiff_t number_offset; /* of the value of `number`, 0 where it is not written */
    Text preview;
    Vec(Item) items;
    const Issue *previous, *next; /* by number, then date */
};

/* ---- Roadmaps --------------------------------------------------------------------- */

typedef enum StepKind { STEP_REQUIRED, STEP_OPTIONAL, STEP_ALTERNATIVE } StepKind;

typedef enum ResourceKind {
    RESOURCE_NONE,
    RESOURCE_ARTICLE,
    RESOURCE_VIDEO,
    RESOURCE_COURSE,
    RESOURCE_BOOK,
    RESOURCE_DOCS,
    RESOURCE_CODE,
    RESOURCE_PAPER,
} ResourceKind;

typedef struct Tool {
    Text title, url;
} Tool;

typedef struct Exercise {
    Text title, details, solution; /* Markdown but the title */
    double hours;                  /* 0 where not given */
} Exercise;

typedef struct Resource {
    Text title, url;
    ResourceKind kind;
    int64_t minutes; /* 0 where not given */
    bool free;
} Resource;

/* A scaling challenge of the roadmap, or a section (then only title and body). */
typedef struct Challenge {
    Text title, challenge, solution;
} Challenge;

typedef struct Section {
    Text title, body;
} Section;

struct Step {
    const Roadmap *roadmap;
    const Phase *phase;
    const Step *parent; /* NULL at the top */
    int depth;          /* 0 at the top, at most 3 */
    int index;          /* in Roadmap.steps */
    ptrdiff_t global;   /* number among the steps of all roadmaps */
    Str number;         /* "3", "3.1": as shown */
    Str id;             /* the anchor; given or made from the title */
    Str title;
    ptrdiff_t offset, id_offset;
    int first_week, last_week; /* 0 where not given */
    ptrdiff_t weeks_offset;
    double hours;       /* as written, 0 where not given */
    double total_hours; /* its own hours, else weeks × pace, else its sub-steps', of
                           alternatives to choose from only the first */
    StepKind kind;
    Text choose_one, summary, challenge;
    Texts learn, explainer_names, requires_names, aliases;
    Vec(Tool) tools;
    Vec(Exercise) exercises;
    Vec(Resource) resources;
    Vec(Step *) steps;

    /* Set by the linker. */
    Vec(const Page *) explainers;
    Vec(const Step *) requires;  /* also of other roadmaps */
    Vec(const Step *) unlocks;   /* the inverse, in order */
    const Step *previous, *next; /* in reading order within the roadmap */
};

struct Phase {
    const Roadmap *roadmap;
    Text title, description;
    int number;    /* from 1 */
    Str id;        /* anchor: "phase-1" */
    bool implicit; /* the file has `steps:` without phases */
    ptrdiff_t offset;
    double total_hours;
    Vec(Step *) steps; /* those at the top */
};

struct Roadmap {
    const Source *source;
    Str name, slug, url;
    Text title, summary, image, image_alt, given_slug;
    Target image_target;
    Level level;
    double pace; /* hours a week, 0 where not given */
    Date date, updated;
    bool draft;
    Texts topic_names, aliases;
    Vec(Phase *) phases;
    Vec(Step *) steps; /* all, at any depth, in the order of the file */
    ptrdiff_t n_top_steps;
    Vec(Challenge) challenges;
    Vec(Section) sections;
    const Node *node;   /* the whole file */
    Texts linked_texts; /* every Markdown value that has links */

    /* Set by the linker. */
    Map step_by_id; /* also aliases → Step */
    double total_hours;
    int weeks; /* the last week, 0 where none is given */
    Vec(const Topic *) topics;
    Vec(const Page *) explainers; /* that its steps name, each once, in order */
    const Roadmap *previous, *next;
};

struct Topic {
    Str name; /* as first written, in order of URL */
    Str slug, url;
    Vec(const Page *) pages; /* newest first */
    Vec(const Roadmap *) roadmaps;
};

/* Glossary terms: content/glossary.yaml. */
typedef struct Term {
    const Source *source;
    Text name, definition, url; /* the definition is Markdown */
    Texts aliases;
    Str id; /* its anchor on /glossary/ */
} Term;

/* An old URL that leads to a page. */
typedef struct Redirect {
    Str from; /* "/old/path/" */
    Str to;   /* a site URL */
} Redirect;

typedef struct SiteOptions {
    const char *root;     /* the site's directory */
    const char *base_url; /* instead of site.yaml's; NULL: as there */
    int workers;
    bool drafts, future;
    Date now;           /* pages dated later wait unless future */
    bool relative_urls; /* whatever site.yaml says */
} SiteOptions;

struct Site {
    Arena arena;
    Arena *worker_arenas; /* n_workers, for what is read in parallel */
    int n_workers;
    int root; /* directory descriptor */
    Settings settings;
    Str base_path; /* of base_url: "" or "/weekly", no slash at the end */
    Severity severities[DIAG_COUNT];
    const Source *settings_source; /* NULL where there is no site.yaml */

    Vec(Page *)
        pages[PAGE_KINDS];   /* in order: explainers newest first, then by URL; issues
                                newest first; plain pages and docs by weight, URL */
    Vec(Issue *) issues;     /* newest first */
    Vec(Roadmap *) roadmaps; /* by title */
    Vec(Topic *) topics;     /* by name */
    Vec(Term) terms;         /* by term */
    Texts linked_terms;      /* their definitions that have links */
    Vec(Asset *) assets;     /* that are used, by path */
    Vec(Redirect) redirects; /* by URL */
    const Page *home_page;   /* content/pages/index.md, shown on the home page, or NULL */

    Map by_url;  /* folded URL → UrlOwner (link.h): all that is published */
    Map by_path; /* path of a file relative to the site → Target: content and assets */
    Map held_back;           /* paths of drafts and of what is dated in the future */
    struct NameIndex *names; /* of the linker (names.c) */
    int n_hints;             /* nearest paths looked for so far: each look is O(files) */

    DiagList *diags; /* n_workers + 1: one for each worker, the last for the linker */
};

/* Loads, parses and links. False only where the environment fails (the directory can't be
 * opened or read): *err says why. Authors' mistakes are in the diagnostics. In both cases
 * the Site must be released. */
bool site_load(Site *site, const SiteOptions *options, Err *err);
void site_release(Site *site);

/* All diagnostics so far, sorted, with the site's severities. */
DiagReport site_report(const Site *site, Arena *arena);

/* Whether the site will have a feed (asked for, with a base_url and something dated) and
 * a sitemap (asked for, with a base_url): both need absolute URLs. */
bool site_has_feed(const Site *site);
bool site_has_sitemap(const Site *site);

/* The step's anchor URL ("/roadmaps/x/#id") and so on: a Target as a site URL with
 * anchor; external URLs as they are; empty for TARGET_NONE. */
Str target_url(Arena *arena, Target target);
Str target_title(Target target);

/* "explainer", "issue", "page", "doc". */
const char *page_kind_name(PageKind kind);
/* "beginner" …, "" for LEVEL_NONE. */
const char *level_name(Level level);
const char *step_kind_name(StepKind kind);
const char *resource_kind_name(ResourceKind kind);
