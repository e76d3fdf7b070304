/* The list of all schemas, for the manual: the one place that knows every mapping that an
 * author can write. */
#include "site/schema.h"

const SchemaInfo schema_infos[] = {
    {"content/site.yaml", &settings_schema},
    {"`author` in site.yaml", &person_schema},
    {"an entry of `nav` in site.yaml", &nav_schema},
    {"`outputs` in site.yaml", &output_schema},
    {"`limits` in site.yaml", &limit_schema},
    {"front matter of explainers, pages and docs", &front_matter_schema},
    {"front matter of issues, in addition", &issue_schema},
    {"content/roadmaps/*.yaml", &roadmap_schema},
    {"an entry of `phases`", &phase_schema},
    {"an entry of `steps`", &step_schema},
    {"an entry of `tools`", &tool_schema},
    {"an entry of `exercises`", &exercise_schema},
    {"an entry of `resources`", &resource_schema},
    {"an entry of `challenges`", &challenge_schema},
    {"an entry of `sections`", &section_schema},
    {"an entry of `terms` in content/glossary.yaml", &term_schema},
};
const ptrdiff_t schema_n_infos = sizeof schema_infos / sizeof *schema_infos;

const char *key_type_name(KeyType type) {
    switch (type) {
    case KEY_TEXT:
        return "text";
    case KEY_MARKDOWN:
        return "Markdown";
    case KEY_BOOL:
        return "true or false";
    case KEY_INT:
        return "integer";
    case KEY_NUMBER:
        return "number";
    case KEY_DATE:
        return "date";
    case KEY_TEXTS:
        return "list of texts";
    case KEY_CHOICE:
        return "one of these";
    case KEY_NODE:
    case KEY_READ:
        break;
    }
    return "as described";
}
