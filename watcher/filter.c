/* From the raw string upstream published to a version, one rule after the other. */
#include "watcher/base/buf.h"
#include "watcher/base/text.h"
#include "watcher/choose.h"

#include <string.h>

/* Characters no version or tag needs, and that a shell, YAML or a branch name could act upon. */
static bool is_unsafe(struct slice raw)
{
    if (raw.len == 0 || raw.len > SCHEME_LONGEST || !text_is_visible(raw))
        return true;
    for (size_t i = 0; i < raw.len; i++)
        if (strchr("$`;|&<>\\\"'", raw.ptr[i]))
            return true;
    return false;
}

static struct slice strip(struct slice text, const char *prefix, const char *suffix)
{
    if (prefix && slice_starts(text, slice_of(prefix)))
        text = slice_from(text, strlen(prefix));
    if (suffix && slice_ends(text, slice_of(suffix)))
        text = slice_first(text, text.len - strlen(suffix));
    return text;
}

static bool drop(struct verdict *v, enum fate fate, const char *detail)
{
    v->fate = fate;
    v->detail = detail;
    return false;
}

static bool pass_flags(const struct candidate *candidate, struct verdict *v)
{
    if (candidate->flags & CANDIDATE_DRAFT)
        return drop(v, FATE_DRAFT, NULL);
    if (candidate->flags & CANDIDATE_YANKED)
        return drop(v, FATE_YANKED, NULL);
    return true;
}

static bool pass_tag(const struct filters *f, struct slice raw, struct verdict *v)
{
    if (f->tag_prefix && !slice_starts(raw, slice_of(f->tag_prefix)))
        return drop(v, FATE_TAG_PREFIX, f->tag_prefix);
    if (f->tag_contains && !slice_contains(raw, slice_of(f->tag_contains)))
        return drop(v, FATE_TAG_CONTAINS, f->tag_contains);
    return true;
}

/* A pattern that gives up on a text has not matched it; saying so is left to explain's detail. */
static bool pass_match(const struct filters *f, struct slice *text, struct verdict *v)
{
    struct match m;
    if (!f->match)
        return true;
    if (pattern_search(f->match, *text, 0, &m) != PATTERN_YES)
        return drop(v, FATE_NO_MATCH, pattern_text(f->match));
    size_t group = pattern_group(f->match, "version");
    if (!group && m.count > 1)
        group = 1;
    if (!m.group[group].ptr)
        return drop(v, FATE_NO_MATCH, pattern_text(f->match));
    *text = m.group[group];
    return true;
}

/* Melange searches the stripped string, before separator and transforms change it. */
static bool pass_ignore(const struct filters *f, struct slice text, struct verdict *v)
{
    for (size_t i = 0; i < f->ignore.count; i++)
        if (pattern_search(f->ignore.items[i], text, 0, NULL) != PATTERN_NO)
            return drop(v, FATE_IGNORED, pattern_text(f->ignore.items[i]));
    return true;
}

static struct slice separate(struct arena *a, struct slice text, const char *separator)
{
    struct buf out = {0};
    size_t at;
    while ((at = slice_find(text, slice_of(separator))) != SLICE_NONE) {
        buf_add(&out, slice_first(text, at));
        buf_add_byte(&out, '.');
        text = slice_from(text, at + strlen(separator));
    }
    buf_add(&out, text);
    struct slice result = arena_slice(a, buf_slice(&out));
    buf_free(&out);
    return result;
}

static struct slice transform(struct arena *a, const struct filters *f, struct slice text)
{
    for (size_t i = 0; i < f->transforms.count; i++) {
        const struct transform *t = &f->transforms.items[i];
        struct buf out = {0};
        if (pattern_replace(t->match, text, slice_of(t->replace), &out, NULL))
            text = arena_slice(a, buf_slice(&out));
        buf_free(&out);
    }
    return text;
}

/* Before the transform as after it: a transform may hide the `rc` that upstream wrote. */
static bool pass_prerelease(const struct component *c, const struct candidate *candidate,
                            struct slice before, struct slice after, struct verdict *v)
{
    if (c->filters.prereleases)
        return true;
    if (candidate->flags & CANDIDATE_PRERELEASE)
        return drop(v, FATE_PRERELEASE, "upstream marks it so");
    if (scheme_prerelease(c->scheme, before) || scheme_prerelease(c->scheme, after))
        return drop(v, FATE_PRERELEASE, NULL);
    return true;
}

static bool filter(struct arena *a, const struct component *c, const struct candidate *candidate,
                   struct verdict *v)
{
    const struct filters *f = &c->filters;
    struct slice raw = slice_of(candidate->raw);
    if (!pass_flags(candidate, v) || !pass_tag(f, raw, v))
        return false;
    struct slice text = strip(raw, f->strip_prefix, f->strip_suffix);
    if (!pass_match(f, &text, v) || !pass_ignore(f, text, v))
        return false;
    v->version = text;
    if (is_unsafe(raw))
        return drop(v, FATE_UNSAFE, NULL);
    struct slice before = text;
    if (f->separator && *f->separator)
        before = text = separate(a, text, f->separator);
    v->version = text = transform(a, f, text);
    if (!pass_prerelease(c, candidate, before, text, v))
        return false;
    if (!c->scheme->valid(text))
        return drop(v, FATE_UNPARSABLE, c->scheme->name);
    return true;
}

void filter_candidate(struct arena *a, const struct component *c, const struct candidate *candidate,
                      struct verdict *out)
{
    *out = (struct verdict){.candidate = candidate};
    if (filter(a, c, candidate, out))
        out->fate = FATE_OLDER; /* until choose has compared it */
}
