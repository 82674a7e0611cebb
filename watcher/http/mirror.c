#include "watcher/http/mirror.h"

/* True when the prefix covers whole parts: it ends in a delimiter, or the rest begins with one. */
static bool ends_cleanly(struct slice url, struct slice prefix)
{
    if (url.len == prefix.len || prefix.len == 0)
        return prefix.len > 0;
    char last = prefix.ptr[prefix.len - 1];
    char next = url.ptr[prefix.len];
    return last == '/' || next == '/' || next == '?' || next == '#';
}

static struct slice side(const struct mirror *m, bool reverse)
{
    return slice_of(reverse ? m->target : m->prefix);
}

static const char *rewrite(const struct mirror *mirrors, size_t count, struct arena *a,
                           const char *url, bool reverse)
{
    const struct mirror *best = NULL;
    struct slice text = slice_of(url);
    for (size_t i = 0; i < count; i++) {
        struct slice prefix = side(&mirrors[i], reverse);
        if (slice_starts(text, prefix) && ends_cleanly(text, prefix) &&
            (!best || prefix.len > side(best, reverse).len))
            best = &mirrors[i];
    }
    if (!best)
        return url;
    struct slice from = side(best, reverse), to = side(best, !reverse);
    struct slice rest = slice_from(text, from.len);
    /* One side may have been written with its last slash and the other without. */
    if (slice_ends(to, SLICE("/")) && slice_starts(rest, SLICE("/")))
        rest = slice_from(rest, 1);
    bool missing = !slice_ends(to, SLICE("/")) && slice_ends(from, SLICE("/"));
    return arena_printf(a, "%.*s%s%.*s", SLICE_ARG(to), missing ? "/" : "", SLICE_ARG(rest));
}

const char *mirror_apply(const struct mirror *mirrors, size_t count, struct arena *a,
                         const char *url)
{
    return rewrite(mirrors, count, a, url, false);
}

const char *mirror_reverse(const struct mirror *mirrors, size_t count, struct arena *a,
                           const char *url)
{
    return rewrite(mirrors, count, a, url, true);
}
