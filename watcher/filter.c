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

/* A pattern that gives up on a text must not pass for one that decided about it. */
static const char gave_up[] = "a pattern gave up: it backtracks too much";

static bool pass_match(const struct filters *f, struct slice *text, struct verdict *v)
{
    struct match m;
    if (!f->match)
        return true;
    enum pattern_result found = pattern_search(f->match, *text, 0, &m);
    if (found == PATTERN_LIMIT)
        return drop(v, FATE_NO_MATCH, gave_up);
    if (found == PATTERN_NO)
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
    for (size_t i = 0; i < f->ignore.count; i++) {
        enum pattern_result found = pattern_search(f->ignore.items[i], text, 0, NULL);
        if (found != PATTERN_NO)
            return drop(v, FATE_IGNORED,
                        found == PATTERN_YES ? pattern_text(f->ignore.items[i]) : gave_up);
    }
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

static bool pass_transforms(struct arena *a, const struct filters *f, struct slice *text,
                            struct verdict *v)
{
    bool good = true;
    for (size_t i = 0; i < f->transforms.count && good; i++) {
        const struct transform *t = &f->transforms.items[i];
        struct buf out = {0};
        good = pattern_replace(t->match, *text, slice_of(t->replace), &out, NULL);
        if (good)
            *text = arena_slice(a, buf_slice(&out));
        buf_free(&out);
    }
    return good || drop(v, FATE_NO_MATCH, gave_up);
}

/* Do both lead to the same release: 1.0.0_beta55 and 1.0.0_beta56, but not 1.1.0_beta1? */
static bool same_release(struct slice a, struct slice b)
{
    struct slice x = {"", 1}, y = {"", 1};
    for (size_t i = 0; (x.len || y.len) && slice_equal(x, y); i++) {
        x = scheme_number(a, i);
        y = scheme_number(b, i);
    }
    return x.len == 0 && y.len == 0;
}

/* Who pins a pre-release waits for that release, and goes on to its next pre-release meanwhile. */
static bool is_awaited(const struct component *c, struct slice version)
{
    struct slice current = slice_of(c->current);
    if (!current.len || !c->scheme->valid(version) || !c->scheme->valid(current))
        return false;
    return c->scheme->compare(version, current) == 0 ||
           (c->scheme->prerelease(current) && same_release(version, current));
}

/* Before the transform as after it: a transform may hide the `rc` that upstream wrote. */
static bool pass_prerelease(const struct component *c, const struct candidate *candidate,
                            struct slice before, struct slice after, struct verdict *v)
{
    if (c->filters.prereleases || is_awaited(c, after))
        return true;
    if (candidate->flags & CANDIDATE_PRERELEASE)
        return drop(v, FATE_PRERELEASE, "upstream marks it so");
    if (scheme_prerelease(c->scheme, before) || scheme_prerelease(c->scheme, after))
        return drop(v, FATE_PRERELEASE, NULL);
    return true;
}

/* Does the version become package.version of a melange recipe, whatever the scheme that orders it?
 */
static bool is_package_version(const struct component *c)
{
    for (size_t i = 0; c->kind == RECIPE_MELANGE && i < c->settings.count; i++)
        if (strcmp(c->settings.items[i].path, "package.version") == 0 &&
            strcmp(c->settings.items[i].value, "{version}") == 0)
            return true;
    return false;
}

static bool pass_scheme(const struct component *c, struct slice version, struct verdict *v)
{
    if (!c->scheme->valid(version))
        return drop(v, FATE_UNPARSABLE, c->scheme->name);
    if (is_package_version(c) && !scheme_apk.valid(version))
        return drop(v, FATE_UNPARSABLE, scheme_apk.name);
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
    if (f->separator && *f->separator)
        text = separate(a, text, f->separator);
    struct slice before = text;
    if (!pass_transforms(a, f, &text, v))
        return false;
    v->version = text;
    return pass_prerelease(c, candidate, before, text, v) && pass_scheme(c, text, v);
}

void filter_candidate(struct arena *a, const struct component *c, const struct candidate *candidate,
                      struct verdict *out)
{
    *out = (struct verdict){.candidate = candidate};
    if (filter(a, c, candidate, out))
        out->fate = FATE_OLDER; /* until choose has compared it */
}
