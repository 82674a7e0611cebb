#include "watcher/plan.h"

#include "watcher/rewrite.h"
#include "watcher/template_table.h"

#include <string.h>

/* git check-ref-format(1): what a part of a ref may hold, and a bit less. */
static bool fits_ref(struct slice text, size_t i)
{
    char c = text.ptr[i];
    if (is_letter(c) || is_digit(c) || c == '_' || c == '+')
        return true;
    if (c == '-')
        return i > 0;
    return c == '.' && i > 0 && i + 1 < text.len && text.ptr[i - 1] != '.';
}

static void add_ref(struct buf *out, const char *text)
{
    struct slice s = slice_of(text);
    if (slice_ends(s, SLICE(".lock")))
        s.len -= strlen(".lock");
    for (size_t i = 0; i < s.len; i++)
        buf_add_byte(out, fits_ref(s, i) ? s.ptr[i] : '-');
}

const char *plan_branch(struct arena *a, const struct component *c)
{
    struct buf out = {0};
    buf_add_text(&out, "mwatch/");
    add_ref(&out, c->recipe);
    if (strcmp(c->recipe, c->name) != 0) {
        buf_add_byte(&out, '.');
        add_ref(&out, c->name);
    }
    const char *branch = arena_text(a, buf_slice(&out));
    buf_free(&out);
    return branch;
}

/* Percent escapes leave only bytes that mean nothing in an HTML comment; "--" would end it. */
static void add_marker_text(struct buf *out, const char *text)
{
    for (size_t i = 0; text[i]; i++) {
        bool plain = is_letter(text[i]) || is_digit(text[i]) || strchr("._+/", text[i]) ||
                     (text[i] == '-' && i > 0 && text[i - 1] != '-');
        if (plain)
            buf_add_byte(out, text[i]);
        else
            buf_addf(out, "%%%02X", (unsigned)(unsigned char)text[i]);
    }
}

const char *plan_marker(struct arena *a, const struct component *c, const char *version,
                        enum decision_kind kind)
{
    struct buf out = {0};
    buf_add_text(&out, "<!-- mwatch component=");
    add_marker_text(&out, c->recipe);
    buf_add_byte(&out, ':');
    add_marker_text(&out, c->name);
    buf_add_text(&out, " version=");
    add_marker_text(&out, version);
    buf_addf(&out, " decision=%s -->", decision_name(kind));
    const char *marker = arena_text(a, buf_slice(&out));
    buf_free(&out);
    return marker;
}

const char *template_builtin(const char *name)
{
    for (const struct template_row *row = template_table; row->name; row++)
        if (strcmp(row->name, name) == 0)
            return row->text;
    return NULL;
}

static bool plan_changes(const char *root, struct outcome *o, struct error *e)
{
    struct rewriting w = {
        .root = root,
        .component = o->component,
        .release = &o->release,
        .file = o->file,
        .renewals = &o->renewals,
    };
    return rewrite(&o->arena, &w, o->changes, e);
}

static void plan_row(const char *root, struct outcome *o)
{
    struct error e = {0};
    bool rewrites = outcome_rewrites(o);
    o->changes = arena_new(&o->arena, struct change_set);
    if (!rewrites)
        o->release = release_of(o->component, &o->decision);
    if ((rewrites && !plan_changes(root, o, &e)) || !plan_texts(o, &e))
        outcome_fail(o, &e);
}

void plan_run(const char *root, struct results *results)
{
    for (size_t i = 0; i < results->count; i++)
        if (decision_proposes(&results->items[i]->decision))
            plan_row(root, results->items[i]);
}
