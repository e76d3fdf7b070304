/* Reading a roadmap: see roadmap.h and CONTENT.md, "content/roadmaps".
 *
 * Every mapping of the file has its schema table. The short forms are taken here:
 * `steps:` without phases, a step, tool, exercise or resource that is only a text, an id
 * made from the title. */
#include "site/roadmap.h"

#include "text/unicode.h"
#include "text/yaml.h"

enum { DEPTH_MAX = 4, WEEK_MAX = 1000 };

#define ROW(T, member, key, type_, text)                                                 \
    { .name = key, .type = type_, .offset = offsetof(T, member), .doc = text }
#define LIST(T, member, key, reader, text)                                               \
    {                                                                                    \
        .name = key, .type = KEY_READ, .offset = offsetof(T, member), .doc = text,       \
        .read = reader                                                                   \
    }
#define COUNT(array) ((ptrdiff_t)(sizeof(array) / sizeof *(array)))

static const char *const levels[] = {"", "beginner", "intermediate", "advanced", NULL};
static const char *const step_kinds[] = {"", "required", "optional", "alternative", NULL};
static const char *const resource_kinds[] = {"",     "article", "video", "course", "book",
                                             "docs", "code",    "paper", NULL};

typedef struct RoadmapReader {
    SchemaReader schema;
    Roadmap *roadmap;
    Phase *phase;
    Map ids; /* id → Step */
} RoadmapReader;

/* ---- lists ---- */

/* The first item of a list; NULL of an empty one, and after a message where it is none.
 */
static const Node *items_of(SchemaReader *schema, const Node *value, const char *what) {
    if (value->kind == NODE_LIST)
        return value->child;
    schema_wrong_type(schema, value, what);
    return NULL;
}

static bool is_text(const Node *item) {
    return item->kind != NODE_LIST && item->kind != NODE_MAP && item->kind != NODE_NULL;
}

static const Key tool_keys[] = {
    {.name = "title",
     .type = KEY_TEXT,
     .offset = offsetof(Tool, title),
     .doc = "The tool's name.",
     .required = true},
    ROW(Tool, url, "url", KEY_TEXT, "Its home."),
};
const Schema tool_schema = {"a tool", tool_keys, COUNT(tool_keys)};

static void read_tools(SchemaReader *schema, const Node *value, void *member) {
    Step *step = (Step *)((char *)member - offsetof(Step, tools));
    for (const Node *item = items_of(schema, value, "a list of tools"); item;
         item = item->next) {
        Tool tool = {0};
        if (is_text(item))
            tool.title = schema_text(schema, item);
        else if (!schema_read(schema, &tool_schema, item, &tool))
            continue;
        *vec_push(schema->arena, &step->tools) = tool;
    }
}

static const Key exercise_keys[] = {
    {.name = "title",
     .type = KEY_MARKDOWN,
     .offset = offsetof(Exercise, title),
     .doc = "What to do, in a line.",
     .required = true},
    ROW(Exercise, details, "details", KEY_MARKDOWN, "More on it."),
    ROW(Exercise, hours, "hours", KEY_NUMBER, "How long it takes."),
    ROW(Exercise, solution, "solution", KEY_MARKDOWN, "Shown on demand."),
};
const Schema exercise_schema = {"an exercise", exercise_keys, COUNT(exercise_keys)};

static void read_exercises(SchemaReader *schema, const Node *value, void *member) {
    Step *step = (Step *)((char *)member - offsetof(Step, exercises));
    for (const Node *item = items_of(schema, value, "a list of exercises"); item;
         item = item->next) {
        Exercise exercise = {0};
        if (is_text(item))
            exercise.title = schema_markdown(schema, item);
        else if (!schema_read(schema, &exercise_schema, item, &exercise))
            continue;
        *vec_push(schema->arena, &step->exercises) = exercise;
    }
}

typedef struct RawResource {
    Resource resource;
    int kind;
} RawResource;

static const Key resource_keys[] = {
    {.name = "title",
     .type = KEY_TEXT,
     .offset = offsetof(RawResource, resource.title),
     .doc = "Its title.",
     .required = true},
    ROW(RawResource, resource.url, "url", KEY_TEXT, "Where it is."),
    {.name = "kind",
     .type = KEY_CHOICE,
     .offset = offsetof(RawResource, kind),
     .doc = "article, video, course, book, docs, code or paper.",
     .choices = resource_kinds},
    ROW(RawResource, resource.minutes, "minutes", KEY_INT, "How long it takes."),
    ROW(RawResource, resource.free, "free", KEY_BOOL, "Whether it costs nothing."),
};
const Schema resource_schema = {"a resource", resource_keys, COUNT(resource_keys)};

static void read_resources(SchemaReader *schema, const Node *value, void *member) {
    Step *step = (Step *)((char *)member - offsetof(Step, resources));
    for (const Node *item = items_of(schema, value, "a list of resources"); item;
         item = item->next) {
        RawResource raw = {0};
        if (is_text(item)) {
            raw.resource.title = schema_text(schema, item);
            if (str_find(raw.resource.title.text, S("://")) >= 0)
                raw.resource.url = raw.resource.title;
        } else if (!schema_read(schema, &resource_schema, item, &raw)) {
            continue;
        }
        raw.resource.kind = (ResourceKind)raw.kind;
        Loc loc = {schema->source, item->offset};
        if (raw.resource.kind == RESOURCE_NONE)
            diag_add(schema->diags, DIAG_RESOURCE_KIND, loc,
                     "the resource '%.*s' has no kind", STR_ARG(raw.resource.title.text));
        if (raw.resource.url.text.len && !url_is_safe(raw.resource.url.text)) {
            diag_add(schema->diags, DIAG_UNSAFE_LINK,
                     (Loc){schema->source, raw.resource.url.offset},
                     "'%.*s' has a scheme that is not allowed",
                     STR_ARG(raw.resource.url.text));
            raw.resource.url = (Text){0};
        }
        *vec_push(schema->arena, &step->resources) = raw.resource;
    }
}

/* ---- steps ---- */

static bool read_week_range(Str text, int64_t *first, int64_t *last) {
    static const Str dashes[] = {STR_INIT("-"), STR_INIT("\xE2\x80\x93"),
                                 STR_INIT(" to ")};
    for (int i = 0; i < 3; i++) {
        ptrdiff_t at = str_find(text, dashes[i]);
        if (at > 0)
            return str_to_int(str_trim(str_slice(text, 0, at)), first) &&
                   str_to_int(str_trim(str_from_offset(text, at + dashes[i].len)), last);
    }
    *last = 0;
    if (!str_to_int(str_trim(text), first))
        return false;
    *last = *first;
    return true;
}

static void read_weeks(SchemaReader *schema, const Node *value, void *member) {
    Step *step = (Step *)((char *)member - offsetof(Step, weeks_offset));
    int64_t first = 0, last = 0;
    step->weeks_offset = value->offset;
    if (!is_text(value)) {
        schema_wrong_type(schema, value, "a week or a range such as 1-2");
    } else if (!read_week_range(value->text, &first, &last) || first < 1 ||
               last < first || last > WEEK_MAX) {
        Diag *diag =
            diag_add(schema->diags, DIAG_BAD_VALUE, (Loc){schema->source, value->offset},
                     "'%.*s' is not a range of weeks", STR_ARG(value->text));
        diag_hint(schema->diags, diag, "write it as in 1-2, the first week being 1");
    } else {
        step->first_week = (int)first;
        step->last_week = (int)last;
    }
}

typedef struct RawStep {
    Step step;
    Text id, title;
    int kind;
    const Node *steps;
} RawStep;

static void read_markdown_list(SchemaReader *schema, const Node *value, void *member) {
    Texts *texts = member;
    for (const Node *item = items_of(schema, value, "a list of texts"); item;
         item = item->next) {
        Text text = schema_markdown(schema, item);
        if (text.text.len)
            *vec_push(schema->arena, texts) = text;
    }
}

static const Key step_keys[] = {
    ROW(RawStep, id, "id", KEY_TEXT,
        "Stable name: links, progress and calendars hang on it. Else from the title."),
    ROW(RawStep, title, "title", KEY_TEXT, "What the step is called."),
    LIST(RawStep, step.weeks_offset, "weeks", read_weeks, "When: 3 or 1-2."),
    ROW(RawStep, step.hours, "hours", KEY_NUMBER, "How long it takes."),
    {.name = "kind",
     .type = KEY_CHOICE,
     .offset = offsetof(RawStep, kind),
     .doc = "required, optional or alternative.",
     .choices = step_kinds},
    ROW(RawStep, step.choose_one, "choose_one", KEY_TEXT,
        "The group of alternatives of which one is enough."),
    ROW(RawStep, step.summary, "summary", KEY_MARKDOWN, "What it is about."),
    LIST(RawStep, step.learn, "learn", read_markdown_list, "What one learns."),
    LIST(RawStep, step.tools, "tools", read_tools, "Names, or {title, url}."),
    LIST(RawStep, step.exercises, "exercises", read_exercises,
         "Texts, or {title, details, hours, solution}."),
    ROW(RawStep, step.challenge, "challenge", KEY_MARKDOWN, "What is hard."),
    ROW(RawStep, step.explainer_names, "explainers", KEY_TEXTS, "Explainers, by name."),
    LIST(RawStep, step.resources, "resources", read_resources,
         "{title, url, kind, minutes, free}."),
    ROW(RawStep, step.requires_names, "requires", KEY_TEXTS,
        "Steps before this one: ids, or roadmap:SLUG#ID."),
    ROW(RawStep, step.aliases, "aliases", KEY_TEXTS, "Ids that it had before."),
    ROW(RawStep, steps, "steps", KEY_NODE, "Sub-steps, at most four levels."),
};
const Schema step_schema = {"a step", step_keys, COUNT(step_keys)};

static bool is_reserved_id(Str id) {
    int64_t number;
    return str_has_prefix(id, S("phase-")) &&
           str_to_int(str_from_offset(id, S("phase-").len), &number);
}

static void check_id(RoadmapReader *reader, const Text *id) {
    bool bad = is_reserved_id(id->text);
    for (ptrdiff_t i = 0; i < id->text.len; i++) {
        unsigned char c = (unsigned char)id->text.data[i];
        bad = bad || c <= ' ' || c == '"' || c == '#' || c == '<' || c == '>' ||
              c == '&' || c == '\'' || c == '/' || c == '%' || c == 0x7f;
    }
    if (bad) {
        Loc loc = {reader->schema.source, id->offset};
        Diag *diag = diag_add(reader->schema.diags, DIAG_BAD_VALUE, loc,
                              "'%.*s' can't be an id", STR_ARG(id->text));
        diag_hint(reader->schema.diags, diag,
                  "use letters, digits and hyphens; phase-1 and so on are taken");
    }
}

static void register_id(RoadmapReader *reader, Step *step) {
    void **place = map_at(&reader->ids, step->id);
    const Step *before = *place;
    if (!before) {
        *place = step;
        return;
    }
    Position first = loc_position((Loc){reader->schema.source, before->id_offset});
    Diag *diag = diag_add(reader->schema.diags, DIAG_STEP_DUPLICATE,
                          (Loc){reader->schema.source, step->id_offset},
                          "the id '%.*s' is also that of the step at line %td",
                          STR_ARG(step->id), first.line);
    diag_hint(reader->schema.diags, diag, "give one of them another 'id'");
}

static void take_step(RoadmapReader *reader, const RawStep *raw, Step *step) {
    Arena *arena = reader->schema.arena;
    step->title = str_trim(raw->title.text);
    step->id = raw->id.text;
    step->id_offset = raw->id.text.len ? raw->id.offset : step->offset;
    if (step->title.len == 0 && step->id.len == 0)
        diag_add(reader->schema.diags, DIAG_MISSING_REQUIRED,
                 (Loc){reader->schema.source, step->offset}, "a step has no 'title'");
    if (step->title.len == 0)
        step->title = step->id.len ? step->id : S("untitled");
    if (step->id.len)
        check_id(reader, &raw->id);
    else
        step->id = slug_make(arena, step->title);
    step->kind = raw->kind ? (StepKind)(raw->kind - 1) : STEP_REQUIRED;
    if (step->choose_one.text.len && !raw->kind)
        step->kind = STEP_ALTERNATIVE;
    register_id(reader, step);
}

static void read_steps(RoadmapReader *reader, const Node *list, Step *parent, int depth);

static Step *add_step(RoadmapReader *reader, const Node *node, Step *parent, int depth,
                      ptrdiff_t number) {
    Arena *arena = reader->schema.arena;
    RawStep raw = {.step = {.roadmap = reader->roadmap,
                            .phase = reader->phase,
                            .parent = parent,
                            .depth = depth,
                            .offset = node->offset,
                            .index = (int)reader->roadmap->steps.n}};
    if (is_text(node))
        raw.title = schema_text(&reader->schema, node);
    else
        schema_read(&reader->schema, &step_schema, node, &raw);
    Step *step = arena_new(arena, Step);
    *step = raw.step;
    take_step(reader, &raw, step);
    step->number = parent
                       ? arena_printf(arena, "%.*s.%td", STR_ARG(parent->number), number)
                       : arena_printf(arena, "%td", number);
    *vec_push(arena, &reader->roadmap->steps) = step;
    if (raw.steps)
        read_steps(reader, raw.steps, step, depth + 1);
    return step;
}

/* Sub-steps of `parent`, or the steps of the current phase. At most four levels, so that
 * the recursion is bounded. */
static void read_steps(RoadmapReader *reader, const Node *list, Step *parent, int depth) {
    Arena *arena = reader->schema.arena;
    if (depth >= DEPTH_MAX) {
        diag_add(reader->schema.diags, DIAG_LIMIT_EXCEEDED,
                 (Loc){reader->schema.source, list->offset},
                 "steps are nested more than %d levels", DEPTH_MAX);
        return;
    }
    ptrdiff_t number = parent ? 0 : reader->roadmap->n_top_steps;
    for (const Node *item = items_of(&reader->schema, list, "a list of steps"); item;
         item = item->next) {
        if (item->kind == NODE_NULL || item->kind == NODE_LIST) {
            diag_add(reader->schema.diags, DIAG_WRONG_TYPE,
                     (Loc){reader->schema.source, item->offset},
                     "a step must be a text or a mapping, not %s",
                     node_kind_name(item->kind));
            continue;
        }
        Step *step = add_step(reader, item, parent, depth, ++number);
        if (parent)
            *vec_push(arena, &parent->steps) = step;
        else
            *vec_push(arena, &reader->phase->steps) = step;
    }
    if (!parent)
        reader->roadmap->n_top_steps = number;
}

/* ---- phases, challenges, sections ---- */

typedef struct RawPhase {
    Phase phase;
    const Node *steps;
} RawPhase;

static const Key phase_keys[] = {
    {.name = "title",
     .type = KEY_TEXT,
     .offset = offsetof(RawPhase, phase.title),
     .doc = "What the phase is called.",
     .required = true},
    ROW(RawPhase, phase.description, "description", KEY_MARKDOWN, "What it is about."),
    ROW(RawPhase, steps, "steps", KEY_NODE, "Its steps."),
};
const Schema phase_schema = {"a phase", phase_keys, COUNT(phase_keys)};

static void add_phase(RoadmapReader *reader, const Node *node, const Node *steps) {
    Arena *arena = reader->schema.arena;
    RawPhase raw = {.phase = {.roadmap = reader->roadmap,
                              .implicit = steps != NULL,
                              .number = (int)reader->roadmap->phases.n + 1,
                              .offset = node->offset}};
    if (!steps)
        schema_read(&reader->schema, &phase_schema, node, &raw);
    Phase *phase = arena_new(arena, Phase);
    *phase = raw.phase;
    phase->id = arena_printf(arena, "phase-%d", phase->number);
    *vec_push(arena, &reader->roadmap->phases) = phase;
    reader->phase = phase;
    steps = steps ? steps : raw.steps;
    if (steps)
        read_steps(reader, steps, NULL, 0);
}

static const Key challenge_keys[] = {
    {.name = "title",
     .type = KEY_TEXT,
     .offset = offsetof(Challenge, title),
     .doc = "What grows or breaks.",
     .required = true},
    ROW(Challenge, challenge, "challenge", KEY_MARKDOWN, "What is hard."),
    ROW(Challenge, solution, "solution", KEY_MARKDOWN, "What helps."),
};
const Schema challenge_schema = {"a challenge", challenge_keys, COUNT(challenge_keys)};

static void read_challenges(RoadmapReader *reader, const Node *list) {
    for (const Node *item = items_of(&reader->schema, list, "a list of challenges"); item;
         item = item->next) {
        Challenge challenge = {0};
        if (!schema_read(&reader->schema, &challenge_schema, item, &challenge))
            continue;
        *vec_push(reader->schema.arena, &reader->roadmap->challenges) = challenge;
    }
}

static const Key section_keys[] = {
    {.name = "title",
     .type = KEY_TEXT,
     .offset = offsetof(Section, title),
     .doc = "Its heading.",
     .required = true},
    ROW(Section, body, "body", KEY_MARKDOWN, "Its text."),
};
const Schema section_schema = {"a section", section_keys, COUNT(section_keys)};

static void read_sections(RoadmapReader *reader, const Node *list) {
    for (const Node *item = items_of(&reader->schema, list, "a list of sections"); item;
         item = item->next) {
        Section section = {0};
        if (!schema_read(&reader->schema, &section_schema, item, &section))
            continue;
        *vec_push(reader->schema.arena, &reader->roadmap->sections) = section;
    }
}

/* ---- the file ---- */

typedef struct RawRoadmap {
    Roadmap roadmap;
    int level;
    const Node *phases, *steps, *challenges, *sections, *params;
} RawRoadmap;

static const Key roadmap_keys[] = {
    {.name = "title",
     .type = KEY_TEXT,
     .offset = offsetof(RawRoadmap, roadmap.title),
     .doc = "What the roadmap is called.",
     .required = true},
    ROW(RawRoadmap, roadmap.summary, "summary", KEY_MARKDOWN, "What it leads to."),
    {.name = "level",
     .type = KEY_CHOICE,
     .offset = offsetof(RawRoadmap, level),
     .doc = "beginner, intermediate or advanced.",
     .choices = levels},
    ROW(RawRoadmap, roadmap.pace, "pace", KEY_NUMBER, "Hours a week."),
    ROW(RawRoadmap, roadmap.image, "image", KEY_TEXT, "A picture, relative to the file."),
    ROW(RawRoadmap, roadmap.image_alt, "image_alt", KEY_TEXT, "That picture in words."),
    ROW(RawRoadmap, roadmap.given_slug, "slug", KEY_TEXT, "The last part of the URL."),
    ROW(RawRoadmap, roadmap.date, "date", KEY_DATE, "When it was published."),
    ROW(RawRoadmap, roadmap.updated, "updated", KEY_DATE, "When it was last revised."),
    ROW(RawRoadmap, roadmap.draft, "draft", KEY_BOOL,
        "Left out unless --drafts is given."),
    ROW(RawRoadmap, roadmap.topic_names, "topics", KEY_TEXTS, "Topics it belongs to."),
    ROW(RawRoadmap, roadmap.aliases, "aliases", KEY_TEXTS, "Old URLs, redirected."),
    ROW(RawRoadmap, phases, "phases", KEY_NODE, "{title, description, steps}."),
    ROW(RawRoadmap, steps, "steps", KEY_NODE, "Steps, where there are no phases."),
    ROW(RawRoadmap, challenges, "challenges", KEY_NODE, "{title, challenge, solution}."),
    ROW(RawRoadmap, sections, "sections", KEY_NODE, "{title, body}."),
    ROW(RawRoadmap, params, "params", KEY_NODE, "Anything of your own, for templates."),
};
const Schema roadmap_schema = {"a roadmap", roadmap_keys, COUNT(roadmap_keys)};

static void read_body(RoadmapReader *reader, const RawRoadmap *raw) {
    if (raw->phases)
        for (const Node *item =
                 items_of(&reader->schema, raw->phases, "a list of phases");
             item; item = item->next)
            add_phase(reader, item, NULL);
    if (raw->steps)
        add_phase(reader, raw->steps, raw->steps);
    if (raw->challenges)
        read_challenges(reader, raw->challenges);
    if (raw->sections)
        read_sections(reader, raw->sections);
}

Roadmap *roadmap_parse(const Source *source, Arena *arena, DiagList *diags) {
    Roadmap *roadmap = arena_new(arena, Roadmap);
    RoadmapReader reader = {.schema = {.source = source, .arena = arena, .diags = diags},
                            .roadmap = roadmap,
                            .ids = map_init(arena)};
    Texts linked = {0};
    reader.schema.linked = &linked;
    RawRoadmap raw = {0};
    const Node *root =
        yaml_read(source, 0, source->text.len, yaml_file_limits, arena, diags);
    if (root)
        schema_read(&reader.schema, &roadmap_schema, root, &raw);
    *roadmap = raw.roadmap;
    roadmap->source = source;
    roadmap->node = root;
    roadmap->level = (Level)raw.level;
    roadmap->step_by_id = map_init(arena);
    if (root)
        read_body(&reader, &raw);
    roadmap->linked_texts = linked;
    return roadmap;
}
