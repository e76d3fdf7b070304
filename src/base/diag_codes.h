/* Every diagnostic code: DIAG(ENUM, "code", default severity, "what it means").
 *
 * The name is what messages show in brackets and what `checks:` in site.yaml sets to off,
 * warning or error. The manual's list is generated from these rows. This file has no
 * include guard: it is included wherever the rows are needed, with DIAG defined. */
DIAG(YAML_SYNTAX, "yaml_syntax", ERROR, "The YAML can't be parsed.")
DIAG(YAML_LIMIT, "yaml_limit", ERROR,
     "The YAML is nested too deeply or has too many values.")
DIAG(YAML_ALIAS, "yaml_alias", ERROR,
     "Anchors and aliases are refused; write the value out.")
DIAG(YAML_TAG, "yaml_tag", ERROR, "Tags such as !!str are refused.")
DIAG(YAML_DUPLICATE_KEY, "yaml_duplicate_key", ERROR, "A mapping has the same key twice.")
DIAG(JSON_SYNTAX, "json_syntax", ERROR, "The JSON can't be parsed.")
DIAG(FRONT_MATTER_UNCLOSED, "front_matter_unclosed", ERROR,
     "Front matter starts with --- but no line --- ends it.")
DIAG(WRONG_TYPE, "wrong_type", ERROR,
     "A key's value has another type than the key takes.")
DIAG(BAD_VALUE, "bad_value", ERROR, "A value is not among those that the key takes.")
DIAG(BAD_DATE, "bad_date", ERROR, "A date is not an ISO 8601 date.")
DIAG(MISSING_REQUIRED, "missing_required", ERROR, "A key that must be there is missing.")
DIAG(INVALID_UTF8, "invalid_utf8", ERROR, "A file is not valid UTF-8.")
DIAG(NUL_BYTE, "nul_byte", ERROR, "A file contains a NUL byte.")
DIAG(LIMIT_EXCEEDED, "limit_exceeded", ERROR,
     "A limit on size, nesting or number is exceeded.")
DIAG(PATH_ESCAPE, "path_escape", ERROR, "A path leads out of the site.")
DIAG(SYMLINK_DANGLING, "symlink_dangling", ERROR, "A symbolic link leads nowhere.")
DIAG(PATH_TOO_LONG, "path_too_long", ERROR, "A path component is longer than 255 bytes.")
DIAG(URL_COLLISION, "url_collision", ERROR, "Two sources claim one URL.")
DIAG(LINK_UNKNOWN, "link_unknown", ERROR, "A link to content resolves to nothing.")
DIAG(LINK_AMBIGUOUS, "link_ambiguous", ERROR,
     "A link by name matches more than one page.")
DIAG(ANCHOR_UNKNOWN, "anchor_unknown", ERROR, "The page has no such heading or step.")
DIAG(ASSET_MISSING, "asset_missing", ERROR,
     "A picture or file that is named does not exist.")
DIAG(DIRECTIVE_UNKNOWN, "directive_unknown", ERROR, "There is no directive of that name.")
DIAG(DIRECTIVE_ARGUMENT, "directive_argument", ERROR,
     "A directive has an unknown, missing or malformed attribute.")
DIAG(DIRECTIVE_UNCLOSED, "directive_unclosed", ERROR,
     "A directive is not closed by a line :::.")
DIAG(EXPLAINER_UNKNOWN, "explainer_unknown", ERROR,
     "A step names an explainer that doesn't exist.")
DIAG(STEP_UNKNOWN, "step_unknown", ERROR, "A roadmap has no step of that id.")
DIAG(STEP_DUPLICATE, "step_duplicate", ERROR, "Two steps of a roadmap have one id.")
DIAG(PREREQUISITE_CYCLE, "prerequisite_cycle", ERROR,
     "Steps or explainers require each other in a circle.")
DIAG(WEEKS_OVERLAP, "weeks_overlap", ERROR, "Two steps share a week.")
DIAG(ISSUE_NUMBER_DUPLICATE, "issue_number_duplicate", ERROR,
     "Two issues have one number.")
DIAG(TEMPLATE_SYNTAX, "template_syntax", ERROR, "A template can't be parsed.")
DIAG(TEMPLATE_UNKNOWN_NAME, "template_unknown_name", ERROR,
     "A template uses a name that doesn't exist.")
DIAG(TEMPLATE_PARTIAL_MISSING, "template_partial_missing", ERROR,
     "A template includes a partial that doesn't exist.")
DIAG(TEMPLATE_RECURSION, "template_recursion", ERROR,
     "Partials include each other more than 64 deep.")
DIAG(CODE_FILE_MISSING, "code_file_missing", ERROR,
     "A code fence names a file that doesn't exist.")
DIAG(CODE_REGION_MISSING, "code_region_missing", ERROR,
     "A code fence names a region that the file doesn't have.")
DIAG(DIAGRAM_SYNTAX, "diagram_syntax", ERROR, "A diagram can't be drawn.")
DIAG(MATH_SYNTAX, "math_syntax", ERROR, "A formula can't be read.")
DIAG(UNKNOWN_KEY, "unknown_key", WARNING,
     "A key is not in the schema; templates reach it as params.")
DIAG(MISSING_ALT, "missing_alt", WARNING, "A picture has no alternative text.")
DIAG(PLACEHOLDER_ALT, "placeholder_alt", WARNING,
     "A picture's alternative text is a placeholder or a file name.")
DIAG(WRONG_DECODING, "wrong_decoding", WARNING,
     "Characters that were decoded with the wrong character set.")
DIAG(EMPTY_LINK, "empty_link", WARNING, "A link without a destination; its text stays.")
DIAG(UNSAFE_LINK, "unsafe_link", WARNING,
     "A link with a scheme that is not allowed; its text stays.")
DIAG(RAW_HTML_DROPPED, "raw_html_dropped", WARNING, "Raw HTML is off; it was left out.")
DIAG(REMOTE_IMAGE, "remote_image", WARNING, "A picture is loaded from another host.")
DIAG(HEADING_JUMP, "heading_jump", WARNING, "A heading skips a level.")
DIAG(LIST_NUMBER_GAP, "list_number_gap", WARNING, "The numbers of a list skip or repeat.")
DIAG(DOUBLED_WORD, "doubled_word", WARNING, "A word stands twice in a row.")
DIAG(UNLINKED_STEPS, "unlinked_steps", WARNING, "A step has no explainer.")
DIAG(UNLINKED_EXPLAINERS, "unlinked_explainers", WARNING,
     "An explainer is in no roadmap.")
DIAG(TAUGHT_LATER, "taught_later", WARNING, "A step comes before one that it requires.")
DIAG(WEEKS_GAP, "weeks_gap", WARNING, "The steps leave weeks out.")
DIAG(HOURS_OVER_PACE, "hours_over_pace", WARNING,
     "A step's hours don't fit its weeks at the roadmap's pace.")
DIAG(RESOURCE_KIND, "resource_kind", WARNING, "A resource has no kind.")
DIAG(ISSUE_NUMBER_GAP, "issue_number_gap", WARNING,
     "The numbers of the issues leave one out.")
DIAG(UNKNOWN_LANGUAGE, "unknown_language", WARNING,
     "A code fence names a language that can't be highlighted.")
DIAG(CODE_DRIFT, "code_drift", WARNING, "Code that is shown from a file has changed.")
DIAG(REVIEW_DUE, "review_due", WARNING, "A page's review_by date has passed.")
DIAG(EMAIL_SIZE, "email_size", WARNING, "The email is larger than mail programs show.")
DIAG(EMAIL_LINK, "email_link", WARNING, "The email has a link that won't work.")
DIAG(EMAIL_CSS, "email_css", WARNING, "The email uses CSS that mail programs don't know.")
DIAG(EMAIL_PREVIEW, "email_preview", WARNING,
     "The preview line is shorter than 40 or longer than 130 characters.")
DIAG(EMAIL_UNSUBSCRIBE, "email_unsubscribe", WARNING,
     "The email has no unsubscribe link.")
