/* What templates see of a roadmap: itself, its phases, scaling challenges and sections.
 * Steps are in view_step.c. */
#include "out/view.h"

/* ---- phases ---- */

static Value phase_weeks_of(const Phase *phase, RenderEnv *env) {
    int first = 0, last = 0;
    for (ptrdiff_t i = 0; i < phase->steps.n; i++) {
        const Step *step = phase->steps.items[i];
        if (step->first_week > 0 && (first == 0 || step->first_week < first))
            first = step->first_week;
        if (step->last_week > last)
            last = step->last_week;
    }
    return view_weeks(env, first, last);
}

GETTER(Phase, phase_title, value_text(self->title.text))
GETTER(Phase, phase_id, value_text(self->id))
GETTER(Phase, phase_number, value_int(self->number))
GETTER(Phase, phase_description, view_markdown(env, self->description, false))
GETTER(Phase, phase_hours, view_amount(env, self->total_hours))
GETTER(Phase, phase_weeks, phase_weeks_of(self, env))
GETTER(Phase, phase_steps, VALUE_OF_VEC(self->steps, step_list))
GETTER(Phase, phase_is_implicit, value_bool(self->implicit))
GETTER(Phase, phase_roadmap, value_object(self->roadmap, &roadmap_type))

static const Field phase_fields[] = {
    {"title", phase_title, "text: its title"},
    {"id", phase_id, "text: its anchor on the roadmap's page"},
    {"number", phase_number, "int: from 1"},
    {"description", phase_description, "html: what it is about"},
    {"hours", phase_hours, "text: hours of all its steps"},
    {"weeks", phase_weeks, "text: Weeks 1\u20134"},
    {"steps", phase_steps, "[step]: those at the top"},
    {"is_implicit", phase_is_implicit, "bool: the roadmap has no phases; this holds all"},
    {"roadmap", phase_roadmap, "roadmap: whose phase it is"},
};
TYPE(phase_type, "phase", phase_fields, phase_title);
LIST_OF_POINTERS(Phase, phase_list, phase_type);

/* ---- scaling challenges and sections ---- */

/* A row of a list in the YAML with the roadmap that it belongs to. */
typedef struct ChallengeView {
    const Roadmap *roadmap;
    const Challenge *challenge;
} ChallengeView;

static Value challenge_item(const void *self, ptrdiff_t index, RenderEnv *env) {
    const Roadmap *roadmap = self;
    ChallengeView *view = arena_new(env->scratch, ChallengeView);
    *view = (ChallengeView){roadmap, &roadmap->challenges.items[index]};
    return value_object(view, &challenge_type);
}

static const ListType challenge_list = {.item = challenge_item};

GETTER(ChallengeView, challenge_title, value_text(self->challenge->title.text))
GETTER(ChallengeView, challenge_challenge,
       view_markdown(env, self->challenge->challenge, false))
GETTER(ChallengeView, challenge_solution,
       view_markdown(env, self->challenge->solution, false))

static const Field challenge_fields[] = {
    {"title", challenge_title, "text: its title"},
    {"challenge", challenge_challenge, "html: what gets difficult"},
    {"solution", challenge_solution, "html: what helps"},
};
TYPE(challenge_type, "challenge", challenge_fields, NULL);

typedef struct SectionView {
    const Roadmap *roadmap;
    const Section *section;
    ptrdiff_t index;
} SectionView;

static Value section_item(const void *self, ptrdiff_t index, RenderEnv *env) {
    const Roadmap *roadmap = self;
    SectionView *view = arena_new(env->scratch, SectionView);
    *view = (SectionView){roadmap, &roadmap->sections.items[index], index};
    return value_object(view, &section_type);
}

static const ListType section_list = {.item = section_item};

GETTER(SectionView, section_title, value_text(self->section->title.text))
GETTER(SectionView, section_body, view_markdown(env, self->section->body, false))
GETTER(SectionView, section_id,
       value_text(arena_printf(env->scratch, "section-%td", self->index + 1)))

static const Field section_fields[] = {
    {"title", section_title, "text: its title"},
    {"id", section_id, "text: its anchor on the roadmap's page"},
    {"body", section_body, "html: its text"},
};
TYPE(section_type, "section", section_fields, NULL);

/* ---- the roadmap ---- */

static bool has_phases(const Roadmap *roadmap) {
    return roadmap->phases.n > 1 ||
           (roadmap->phases.n == 1 && !roadmap->phases.items[0]->implicit);
}

GETTER(Roadmap, roadmap_title, value_text(self->title.text))
GETTER(Roadmap, roadmap_url, view_href(env, self->url))
GETTER(Roadmap, roadmap_canonical, view_canonical(env, self->url))
GETTER(Roadmap, roadmap_slug, value_text(self->slug))
GETTER(Roadmap, roadmap_summary, view_markdown(env, self->summary, false))
GETTER(Roadmap, roadmap_summary_text, value_text(view_plain(env->scratch, self->summary)))
GETTER(Roadmap, roadmap_level, value_text(str_from(level_name(self->level))))
GETTER(Roadmap, roadmap_is_beginner, value_bool(self->level == LEVEL_BEGINNER))
GETTER(Roadmap, roadmap_is_intermediate, value_bool(self->level == LEVEL_INTERMEDIATE))
GETTER(Roadmap, roadmap_is_advanced, value_bool(self->level == LEVEL_ADVANCED))
GETTER(Roadmap, roadmap_pace, view_amount(env, self->pace))
GETTER(Roadmap, roadmap_hours, view_amount(env, self->total_hours))
GETTER(Roadmap, roadmap_weeks, self->weeks > 0 ? value_int(self->weeks) : value_absent())
GETTER(Roadmap, roadmap_date, view_date(&self->date))
GETTER(Roadmap, roadmap_updated, view_date(&self->updated))
GETTER(Roadmap, roadmap_step_count, value_int(self->steps.n))
GETTER(Roadmap, roadmap_image, view_image(env, self->image_target, self->image_alt.text))
GETTER(Roadmap, roadmap_phases, VALUE_OF_VEC(self->phases, phase_list))
GETTER(Roadmap, roadmap_has_phases, value_bool(has_phases(self)))
GETTER(Roadmap, roadmap_steps, VALUE_OF_VEC(self->steps, step_list))
GETTER(Roadmap, roadmap_challenges, value_list(self, self->challenges.n, &challenge_list))
GETTER(Roadmap, roadmap_sections, value_list(self, self->sections.n, &section_list))
GETTER(Roadmap, roadmap_topics, VALUE_OF_VEC(self->topics, topic_list))
GETTER(Roadmap, roadmap_explainers, VALUE_OF_VEC(self->explainers, explainer_list))
GETTER(Roadmap, roadmap_previous, value_object(self->previous, &roadmap_type))
GETTER(Roadmap, roadmap_next, value_object(self->next, &roadmap_type))
GETTER(Roadmap, roadmap_is_current, value_bool(env_subject(env, SUBJECT_ROADMAP) == self))
GETTER(Roadmap, roadmap_source_path, value_text(self->source->path))

static const Field roadmap_fields[] = {
    {"title", roadmap_title, "text: its title"},
    {"url", roadmap_url, "url: its page"},
    {"canonical", roadmap_canonical, "url: its page with host"},
    {"slug", roadmap_slug, "text: its name in URLs"},
    {"summary", roadmap_summary, "html: what it is about"},
    {"summary_text", roadmap_summary_text, "text: the summary without markup"},
    {"level", roadmap_level, "text: beginner, intermediate or advanced"},
    {"is_beginner", roadmap_is_beginner, "bool: level is beginner"},
    {"is_intermediate", roadmap_is_intermediate, "bool: level is intermediate"},
    {"is_advanced", roadmap_is_advanced, "bool: level is advanced"},
    {"pace", roadmap_pace, "text: hours a week"},
    {"hours", roadmap_hours, "text: hours of all steps"},
    {"weeks", roadmap_weeks, "int: the last week"},
    {"date", roadmap_date, "date: when it was published"},
    {"updated", roadmap_updated, "date: when it was last revised"},
    {"step_count", roadmap_step_count, "int: steps at any depth"},
    {"image", roadmap_image, "image: `image` and `image_alt`"},
    {"phases", roadmap_phases, "[phase]: at least one, see has_phases"},
    {"has_phases", roadmap_has_phases, "bool: false when steps stand at the top"},
    {"steps", roadmap_steps, "[step]: all, at any depth, in reading order"},
    {"challenges", roadmap_challenges, "[challenge]: what gets difficult with scale"},
    {"sections", roadmap_sections, "[section]: further texts"},
    {"topics", roadmap_topics, "[topic]: those that it is tagged with"},
    {"explainers", roadmap_explainers, "[explainer]: all that its steps name"},
    {"previous", roadmap_previous, "roadmap: the one before it"},
    {"next", roadmap_next, "roadmap: the one after it"},
    {"is_current", roadmap_is_current, "bool: its page is being written"},
    {"source_path", roadmap_source_path, "text: its file, relative to the site"},
};
TYPE(roadmap_type, "roadmap", roadmap_fields, roadmap_title);
LIST_OF_POINTERS(Roadmap, roadmap_list, roadmap_type);
