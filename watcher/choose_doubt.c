/* What makes upstream's answer doubtful: hostile text, a new spelling, dates that are missing. */
#include "watcher/choose_parts.h"

#include "watcher/base/buf.h"
#include "watcher/base/text.h"

#include <string.h>

static bool is_version_byte(char c)
{
    return is_letter(c) || is_digit(c) || (c && strchr("._+~-", c));
}

/* The part of a text that people would read as its version: what goes before the first letter or
 * digit is passed over, and what no version has ends it. "v1.0.0-$(reboot)" reads as 1.0.0. */
static struct slice reading(struct slice text)
{
    size_t len = 0;
    while (text.len && !is_letter(text.ptr[0]) && !is_digit(text.ptr[0]))
        text = slice_from(text, 1);
    if (text.len > 1 && to_lower(text.ptr[0]) == 'v')
        text = slice_from(text, 1);
    while (len < text.len && len < SCHEME_LONGEST && is_version_byte(text.ptr[len]))
        len++;
    while (len && !is_letter(text.ptr[len - 1]) && !is_digit(text.ptr[len - 1]))
        len--;
    return slice_first(text, len);
}

/* Does it read like a version on the pinned line? */
static bool is_on_line(const struct chooser *k, struct slice text)
{
    return text.len && is_digit(text.ptr[0]) && scheme_natural.valid(text) &&
           scheme_in_stream(text, slice_of(k->c->stream));
}

/* The order does not depend on where upstream lists them. */
static bool is_worse(struct slice text, const struct verdict *v, struct slice worst_text,
                     const struct verdict *worst)
{
    if (!worst)
        return true;
    int order = scheme_natural.compare(text, worst_text);
    return order ? order > 0 : strcmp(v->candidate->raw, worst->candidate->raw) < 0;
}

bool choose_unsafe(struct chooser *k)
{
    const struct verdict *worst = NULL;
    for (size_t i = 0; i < k->out->verdicts.count; i++) {
        const struct verdict *v = &k->out->verdicts.items[i];
        struct slice text = reading(v->version);
        if (v->fate != FATE_UNSAFE || !is_on_line(k, text))
            continue;
        if (scheme_natural.valid(k->current) && scheme_natural.compare(text, k->current) < 0)
            continue;
        if (is_worse(text, v, worst ? reading(worst->version) : text, worst))
            worst = v;
    }
    if (!worst)
        return false;
    choose_add(k, DECISION_ERROR, NULL,
               arena_printf(k->a,
                            "upstream publishes \"%s\", which is not safe to use: look at "
                            "upstream, or name it in ignore-regex-patterns",
                            choose_shown(k->a, slice_of(worst->candidate->raw))));
    return true;
}

/* A text that was dropped, although it reads like something newer than what won. */
static bool would_win(const struct chooser *k, struct slice text)
{
    struct slice best = k->winner ? k->winner->version : k->current;
    return scheme_natural.valid(best) && scheme_natural.compare(text, best) > 0;
}

static struct slice without_v(struct slice text)
{
    return text.len > 1 && to_lower(text.ptr[0]) == 'v' ? slice_from(text, 1) : text;
}

/* The newest of what was dropped because it does not parse. */
static const struct verdict *newest_unparsable(const struct chooser *k, bool winning)
{
    const struct verdict *worst = NULL;
    for (size_t i = 0; i < k->out->verdicts.count; i++) {
        const struct verdict *v = &k->out->verdicts.items[i];
        struct slice text = without_v(v->version);
        if (v->fate != FATE_UNPARSABLE || !is_on_line(k, text) || (winning && !would_win(k, text)))
            continue;
        if (is_worse(text, v, worst ? without_v(worst->version) : text, worst))
            worst = v;
    }
    return worst;
}

static const char *unparsable(const struct chooser *k, const struct verdict *v)
{
    return arena_printf(k->a, "%s (from %s) is no %s version", choose_shown(k->a, v->version),
                        choose_shown(k->a, slice_of(v->candidate->raw)), v->detail);
}

const char *choose_unparsable(const struct chooser *k)
{
    const struct verdict *v = newest_unparsable(k, false);
    if (!v)
        return NULL;
    struct slice bare = without_v(v->version);
    bool strip = bare.len < v->version.len && k->c->scheme->valid(bare);
    return strip ? arena_printf(k->a, "%s: is strip-prefix: %.1s missing?", unparsable(k, v),
                                v->version.ptr)
                 : unparsable(k, v);
}

static void warn_unparsable(struct chooser *k)
{
    const struct verdict *worst = newest_unparsable(k, true);
    bool error = !k->winner && !k->young && !k->next; /* whose reason says it then */
    if (worst && !error)
        vec_push(k->a, &k->out->warnings,
                 arena_printf(k->a,
                              "%s, but reads like something newer: has upstream changed its "
                              "spelling?",
                              unparsable(k, worst)));
}

static void warn_undated(struct chooser *k)
{
    if (k->c->minimum_age == 0 || !k->winner || k->winner->fate != FATE_NEWER || k->by->hurry ||
        choose_since(k, k->winner->candidate))
        return;
    vec_push(k->a, &k->out->warnings,
             arena_printf(k->a, "upstream gives %s for %.*s%s: minimum-age was not applied",
                          k->winner->candidate->published ? "a date in the future" : "no date",
                          SLICE_ARG(k->winner->version),
                          k->by->first_seen ? ""
                                            : ", and without a cache nobody knows when it was "
                                              "first seen"));
}

void choose_warn(struct chooser *k)
{
    warn_unparsable(k);
    warn_undated(k);
}
