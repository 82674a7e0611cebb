#include "sources/key.h"

#include "watcher/base/json.h"
#include "watcher/base/pattern.h"
#include "watcher/base/url.h"

static bool has_control(struct slice s)
{
    for (size_t i = 0; i < s.len; i++)
        if ((unsigned char)s.ptr[i] < ' ' || s.ptr[i] == 0x7f)
            return true;
    return false;
}

static bool check_url(struct slice value, struct error *e)
{
    struct url url;
    if (!url_parse(value, &url))
        return error_set(e, ERROR_USAGE, "not a URL");
    if (slice_equal_nocase(url.scheme, SLICE("https")) ||
        slice_equal_nocase(url.scheme, SLICE("http")) ||
        slice_equal_nocase(url.scheme, SLICE("file")))
        return true;
    return error_set(e, ERROR_USAGE, "only https, http and file URLs can be asked");
}

/* Put the choices, split at "|", into a NULL-ended list. */
static const char *const *choice_list(struct arena *a, const char *choices)
{
    VEC(const char *) list = {0};
    struct slice rest = slice_of(choices), choice;
    while (slice_split(&rest, '|', &choice))
        vec_push(a, &list, arena_text(a, choice));
    vec_push(a, &list, NULL);
    return list.items;
}

static bool check_choice(struct arena *a, const char *choices, struct slice value, struct error *e)
{
    const char *const *list = choice_list(a, choices);
    const char *text = "";
    for (size_t i = 0; list[i]; i++) {
        if (slice_is(value, list[i]))
            return true;
        text = arena_printf(a, "%s%s%s", text, !i ? "" : list[i + 1] ? ", " : " or ", list[i]);
    }
    return error_set(e, ERROR_USAGE, "not %s", text);
}

bool key_check(const struct source_key *key, struct slice value, struct arena *a, struct error *e)
{
    unsigned long long number;
    if (has_control(value))
        return error_set(e, ERROR_USAGE, "a control character");
    switch (key->type) {
    case KEY_TEXT:
        return !slice_empty(value) || !key->required || error_set(e, ERROR_USAGE, "empty");
    case KEY_URL:
        return check_url(value, e);
    case KEY_BOOL:
        return slice_is(value, "true") || slice_is(value, "false") ||
               error_set(e, ERROR_USAGE, "not true or false");
    case KEY_INT:
        return slice_number(value, &number) || error_set(e, ERROR_USAGE, "not a whole number");
    case KEY_PATTERN:
        return pattern_compile(a, value, e) != NULL;
    case KEY_PATH:
        return json_path_compile(a, value, e) != NULL;
    case KEY_CHOICE:
        return check_choice(a, key->choices, value, e);
    }
    return true;
}

size_t key_count(const struct source_key *keys, size_t max)
{
    size_t n = 0;
    while (n < max && keys[n].name)
        n++;
    return n;
}

size_t key_find(const struct source_key *keys, size_t count, struct slice name)
{
    for (size_t i = 0; i < count; i++)
        if (slice_is(name, keys[i].name))
            return i;
    return SLICE_NONE;
}
