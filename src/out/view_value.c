/* Small things that all views share: addresses, dates, pictures, amounts. */
#include "out/view.h"

#include <string.h>

bool env_is_kind(RenderEnv *env, const char *name) {
    return strcmp(env_output(env)->kind->name, name) == 0;
}

const void *env_subject(RenderEnv *env, Subject subject) {
    const Output *output = env_output(env);
    return output->kind->subject == subject ? output->subject : NULL;
}

bool env_is_current(RenderEnv *env, Str url) {
    return str_equal(env_output(env)->url, url);
}

Str site_language(const Site *site) {
    Str given = site->settings.language.text;
    return given.len ? given : S("en");
}

/* ---- addresses ---- */

Value view_href(RenderEnv *env, Str url) {
    return value_text(href_make(&env_writer(env)->base, env->scratch, url));
}

Value view_place(RenderEnv *env, Str url, Str id) {
    env->varies = true; /* on the page itself it is "#id" */
    return value_text(href_place(&env_writer(env)->base, env->scratch, url, id));
}

Value view_canonical(RenderEnv *env, Str url) {
    return value_text(href_absolute(env_site(env), env->scratch, url));
}

Value view_given_url(RenderEnv *env, Str url) {
    url = str_trim(url);
    return url_is_safe(url) ? view_href(env, url) : value_absent();
}

/* ---- dates ---- */

Value view_date(const Date *date) {
    return date->set ? value_object(date, &date_type) : value_absent();
}

GETTER(Date, date_field_iso, value_text(date_iso(env->scratch, *self)))
GETTER(Date, date_field_long, value_text(date_long(env->scratch, *self)))
GETTER(Date, date_field_short, value_text(date_short(env->scratch, *self)))
GETTER(Date, date_field_rfc822, value_text(date_rfc822(env->scratch, *self)))
GETTER(Date, date_field_rfc3339, value_text(date_rfc3339(env->scratch, *self)))
GETTER(Date, date_field_year, value_int(self->year))

static const Field date_fields[] = {
    {"iso", date_field_iso, "text: 2025-04-19"},
    {"long", date_field_long, "text: 19 April 2025; {{date}} alone shows this"},
    {"short", date_field_short, "text: 19 Apr 2025"},
    {"rfc822", date_field_rfc822, "text: Sat, 19 Apr 2025 00:00:00 +0000"},
    {"rfc3339", date_field_rfc3339, "text: 2025-04-19T00:00:00Z"},
    {"year", date_field_year, "int: 2025"},
};
TYPE(date_type, "date", date_fields, date_field_long);

/* ---- pictures ---- */

typedef struct Image {
    Target target;
    Str alt;
} Image;

static bool is_image(Target target) {
    return target.kind == TARGET_ASSET || target.kind == TARGET_EXTERNAL ||
           target.kind == TARGET_URL;
}

Value view_image(RenderEnv *env, Target target, Str alt) {
    if (!is_image(target))
        return value_absent();
    Image *image = arena_new(env->scratch, Image);
    *image = (Image){target, alt};
    return value_object(image, &image_type);
}

Value view_image_url(RenderEnv *env, Target target) {
    return is_image(target) ? view_canonical(env, target_url(env->scratch, target))
                            : value_absent();
}

static Value image_side(const Image *image, bool width) {
    if (image->target.kind != TARGET_ASSET)
        return value_absent();
    const Asset *asset = image->target.asset;
    int pixels = width ? asset->width : asset->height;
    return pixels > 0 ? value_int(pixels) : value_absent();
}

GETTER(Image, image_url, view_href(env, target_url(env->scratch, self->target)))
GETTER(Image, image_width, image_side(self, true))
GETTER(Image, image_height, image_side(self, false))
GETTER(Image, image_alt, value_text(self->alt))
GETTER(Image, image_is_remote, value_bool(self->target.kind == TARGET_EXTERNAL))

static const Field image_fields[] = {
    {"url", image_url, "url: the picture"},
    {"width", image_width, "int: pixels; absent where they are not known"},
    {"height", image_height, "int: pixels; absent where they are not known"},
    {"alt", image_alt, "text: the picture in words"},
    {"is_remote", image_is_remote, "bool: it lies on another host"},
};
TYPE(image_type, "image", image_fields, image_url);

/* ---- amounts ---- */

/* By hand, since printf's %g would write 1e+06. */
Value view_amount(RenderEnv *env, double amount) {
    if (!(amount > 0 && amount < 1e12))
        return value_absent();
    int64_t hundredths = (int64_t)(amount * 100 + 0.5);
    Str text = arena_printf(env->scratch, "%lld.%02d", (long long)(hundredths / 100),
                            (int)(hundredths % 100));
    while (text.data[text.len - 1] == '0')
        text.len--;
    if (text.data[text.len - 1] == '.')
        text.len--;
    return value_text(text);
}

Value view_weeks(RenderEnv *env, int first, int last) {
    if (first <= 0)
        return value_absent();
    return value_text(last > first
                          ? arena_printf(env->scratch, "Weeks %d\u2013%d", first, last)
                          : arena_printf(env->scratch, "Week %d", first));
}
