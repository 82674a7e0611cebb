/* `each:`: a component for every entry of a list, such as the plugins of an image. */
#include "watcher/recipes/config_parts.h"

#include <string.h>

#define MARK "{component}"

/* What may be the name of an entry: a plugin's, a gem's, a project's. */
#define NAME "[A-Za-z0-9][A-Za-z0-9._+-]*"

bool each_is_named(const struct node *each)
{
    const struct node *pattern = node_get(each, "pattern");
    return pattern && slice_find(pattern->value, SLICE(MARK)) != SLICE_NONE;
}

/* The list's pattern with an expression where the name stands; the name again is no group. */
static const struct pattern *compile(struct arena *a, const struct node *each, const char *first,
                                     const char *again)
{
    struct slice text = node_get(each, "pattern")->value;
    const char *name = first;
    struct buf out = {0};
    struct error e = {0};
    buf_add_text(&out, "(?m)");
    for (size_t at; (at = slice_find(text, SLICE(MARK))) != SLICE_NONE; name = again) {
        buf_add(&out, slice_first(text, at));
        buf_add_text(&out, name);
        text = slice_from(text, at + SLICE(MARK).len);
    }
    buf_add(&out, text);
    const struct pattern *p = pattern_compile(a, buf_slice(&out), &e);
    buf_free(&out);
    return p;
}

const struct pattern *each_pattern(struct arena *a, const struct node *each, const char *name)
{
    struct buf quoted = {0};
    for (; *name; name++) {
        if (strchr(".+-", *name))
            buf_add_byte(&quoted, '\\');
        buf_add_byte(&quoted, *name);
    }
    const char *text = arena_text(a, buf_slice(&quoted));
    buf_free(&quoted);
    return compile(a, each, text, text);
}

struct finding {
    struct arena *a;
    const struct pattern *pattern;
    struct entries *out;
};

static bool add_entry(void *arg, const struct match *match)
{
    struct finding *f = arg;
    struct slice name = match->group[pattern_group(f->pattern, "component")];
    for (size_t i = 0; i < f->out->names.count; i++)
        if (slice_is(name, f->out->names.items[i]))
            return true;
    vec_push(f->a, &f->out->names, arena_text(f->a, name));
    return true;
}

bool each_find(struct making *m, const struct node *each, struct arena *a, struct entries *out)
{
    const struct node *file = node_get(each, "file");
    const struct pattern *pattern = compile(a, each, "(?P<component>" NAME ")", NAME);
    struct finding f = {a, pattern, out};
    struct slice content;
    if (!pattern)
        return making_fail(m, each, "the pattern does not compile with a name in it");
    return spot_content(m, file, arena_text(a, file->value), &content) &&
           (pattern_each(pattern, content, add_entry, &f) != PATTERN_LIMIT ||
            making_fail(m, each, "the pattern gives up on %.*s: too much to try",
                        SLICE_ARG(file->value)));
}
