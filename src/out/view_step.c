/* What templates see of a roadmap's step, and of what hangs on it: things to learn,
 * tools, exercises, resources. */
#include "out/view.h"

/* ---- learn ---- */

static Value learn_item(const void *self, ptrdiff_t index, RenderEnv *env) {
    const Step *step = self;
    return view_markdown(env, step->learn.items[index], true);
}

static const ListType learn_list = {.item = learn_item};

/* ---- tools ---- */

GETTER(Tool, tool_title, value_text(self->title.text))
GETTER(Tool, tool_url, view_given_url(env, self->url.text))

static const Field tool_fields[] = {
    {"title", tool_title, "text: its name"},
    {"url", tool_url, "url: its home, where one is given"},
};
TYPE(tool_type, "tool", tool_fields, tool_title);
LIST_OF_STRUCTS(Tool, tool_list, tool_type);

/* ---- exercises ---- */

typedef struct ExerciseView {
    const Step *step;
    const Exercise *exercise;
    ptrdiff_t index;
} ExerciseView;

static Value exercise_item(const void *self, ptrdiff_t index, RenderEnv *env) {
    const Step *step = self;
    ExerciseView *view = arena_new(env->scratch, ExerciseView);
    *view = (ExerciseView){step, &step->exercises.items[index], index};
    return value_object(view, &exercise_type);
}

static const ListType exercise_list = {.item = exercise_item};

GETTER(ExerciseView, exercise_title, value_text(self->exercise->title.text))
GETTER(ExerciseView, exercise_details, view_markdown(env, self->exercise->details, false))
GETTER(ExerciseView, exercise_solution,
       view_markdown(env, self->exercise->solution, false))
GETTER(ExerciseView, exercise_hours, view_amount(env, self->exercise->hours))
GETTER(ExerciseView, exercise_number, value_int(self->index + 1))

static const Field exercise_fields[] = {
    {"title", exercise_title, "text: its title"},
    {"details", exercise_details, "html: what to do"},
    {"solution", exercise_solution, "html: one way to do it"},
    {"hours", exercise_hours, "text: how long it takes"},
    {"number", exercise_number, "int: from 1"},
};
TYPE(exercise_type, "exercise", exercise_fields, exercise_title);

/* ---- resources ---- */

GETTER(Resource, resource_title, value_text(self->title.text))
GETTER(Resource, resource_url, view_given_url(env, self->url.text))
GETTER(Resource, resource_kind, value_text(str_from(resource_kind_name(self->kind))))
GETTER(Resource, resource_is_article, value_bool(self->kind == RESOURCE_ARTICLE))
GETTER(Resource, resource_is_video, value_bool(self->kind == RESOURCE_VIDEO))
GETTER(Resource, resource_is_course, value_bool(self->kind == RESOURCE_COURSE))
GETTER(Resource, resource_is_book, value_bool(self->kind == RESOURCE_BOOK))
GETTER(Resource, resource_is_docs, value_bool(self->kind == RESOURCE_DOCS))
GETTER(Resource, resource_is_code, value_bool(self->kind == RESOURCE_CODE))
GETTER(Resource, resource_is_paper, value_bool(self->kind == RESOURCE_PAPER))
GETTER(Resource, resource_minutes,
       self->minutes > 0 ? value_int(self->minutes) : value_absent())
GETTER(Resource, resource_is_free, value_bool(self->free))

static const Field resource_fields[] = {
    {"title", resource_title, "text: its title"},
    {"url", resource_url, "url: where it is"},
    {"kind", resource_kind, "text: article, video, course, book, docs, code or paper"},
    {"is_article", resource_is_article, "bool: kind is article"},
    {"is_video", resource_is_video, "bool: kind is video"},
    {"is_course", resource_is_course, "bool: kind is course"},
    {"is_book", resource_is_book, "bool: kind is book"},
    {"is_docs", resource_is_docs, "bool: kind is docs"},
    {"is_code", resource_is_code, "bool: kind is code"},
    {"is_paper", resource_is_paper, "bool: kind is paper"},
    {"minutes", resource_minutes, "int: how long it takes"},
    {"is_free", resource_is_free, "bool: it costs nothing"},
};
TYPE(resource_type, "resource", resource_fields, resource_title);
LIST_OF_STRUCTS(Resource, resource_list, resource_type);

/* ---- the step ---- */

static Value resource_minutes_of(const Step *step) {
    int64_t sum = 0;
    for (ptrdiff_t i = 0; i < step->resources.n; i++)
        sum += step->resources.items[i].minutes % (1 << 30);
    return sum > 0 ? value_int(sum) : value_absent();
}

static bool is_elsewhere(const Step *step, RenderEnv *env) {
    return env_subject(env, SUBJECT_ROADMAP) != step->roadmap;
}

static Value full_title(const Step *step, RenderEnv *env) {
    if (!is_elsewhere(step, env))
        return value_text(step->title);
    return value_text(arena_printf(env->scratch, "%.*s: %.*s",
                                   STR_ARG(step->roadmap->title.text),
                                   STR_ARG(step->title)));
}

GETTER(Step, step_id, value_text(self->id))
GETTER(Step, step_url, view_place(env, self->roadmap->url, self->id))
GETTER(Step, step_title, value_text(self->title))
GETTER(Step, step_full_title, full_title(self, env))
GETTER(Step, step_number, value_text(self->number))
GETTER(Step, step_summary, view_markdown(env, self->summary, false))
GETTER(Step, step_weeks, view_weeks(env, self->first_week, self->last_week))
GETTER(Step, step_hours, view_amount(env, self->total_hours))
GETTER(Step, step_kind, value_text(str_from(step_kind_name(self->kind))))
GETTER(Step, step_is_required, value_bool(self->kind == STEP_REQUIRED))
GETTER(Step, step_is_optional, value_bool(self->kind == STEP_OPTIONAL))
GETTER(Step, step_is_alternative, value_bool(self->kind == STEP_ALTERNATIVE))
GETTER(Step, step_choose_one, value_text(self->choose_one.text))
GETTER(Step, step_learn, value_list(self, self->learn.n, &learn_list))
GETTER(Step, step_tools, VALUE_OF_VEC(self->tools, tool_list))
GETTER(Step, step_exercises, value_list(self, self->exercises.n, &exercise_list))
GETTER(Step, step_challenge, view_markdown(env, self->challenge, false))
GETTER(Step, step_explainers, VALUE_OF_VEC(self->explainers, explainer_list))
GETTER(Step, step_resources, VALUE_OF_VEC(self->resources, resource_list))
GETTER(Step, step_resource_minutes, resource_minutes_of(self))
GETTER(Step, step_requires, VALUE_OF_VEC(self->requires, step_list))
GETTER(Step, step_unlocks, VALUE_OF_VEC(self->unlocks, step_list))
GETTER(Step, step_steps, VALUE_OF_VEC(self->steps, step_list))
GETTER(Step, step_depth, value_int(self->depth))
GETTER(Step, step_roadmap, value_object(self->roadmap, &roadmap_type))
GETTER(Step, step_phase, value_object(self->phase, &phase_type))
GETTER(Step, step_parent, value_object(self->parent, &step_type))
GETTER(Step, step_previous, value_object(self->previous, &step_type))
GETTER(Step, step_next, value_object(self->next, &step_type))
GETTER(Step, step_is_elsewhere, value_bool(is_elsewhere(self, env)))

static const Field step_fields[] = {
    {"id", step_id, "text: its anchor on the roadmap's page"},
    {"url", step_url, "url: its place on the roadmap's page"},
    {"title", step_title, "text: its title"},
    {"full_title", step_full_title, "text: with the roadmap's before it where elsewhere"},
    {"number", step_number, "text: 3, or 3.1 for a sub-step"},
    {"summary", step_summary, "html: what it is about"},
    {"weeks", step_weeks, "text: Week 3, Weeks 1\u20132"},
    {"hours", step_hours, "text: hours with its sub-steps"},
    {"kind", step_kind, "text: required, optional or alternative"},
    {"is_required", step_is_required, "bool: kind is required"},
    {"is_optional", step_is_optional, "bool: kind is optional"},
    {"is_alternative", step_is_alternative, "bool: kind is alternative"},
    {"choose_one", step_choose_one, "text: the group that an alternative belongs to"},
    {"learn", step_learn, "[html]: what to learn, each in a line: {{{.}}}"},
    {"tools", step_tools, "[tool]: what to use"},
    {"exercises", step_exercises, "[exercise]: what to do"},
    {"challenge", step_challenge, "html: the difficulty that most people meet"},
    {"explainers", step_explainers, "[explainer]: what to read on this site"},
    {"resources", step_resources, "[resource]: what to read elsewhere"},
    {"resource_minutes", step_resource_minutes, "int: minutes of all resources"},
    {"requires", step_requires, "[step]: what comes before, also in other roadmaps"},
    {"unlocks", step_unlocks, "[step]: what requires it"},
    {"steps", step_steps, "[step]: sub-steps"},
    {"depth", step_depth, "int: 0 at the top, at most 3"},
    {"roadmap", step_roadmap, "roadmap: whose step it is"},
    {"phase", step_phase, "phase: whose step it is"},
    {"parent", step_parent, "step: the one that it is a sub-step of"},
    {"previous", step_previous, "step: the one before it in reading order"},
    {"next", step_next, "step: the one after it in reading order"},
    {"is_elsewhere", step_is_elsewhere, "bool: it is not on the page being written"},
};
TYPE(step_type, "step", step_fields, step_title);
LIST_OF_POINTERS(Step, step_list, step_type);
