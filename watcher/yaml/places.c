/* Places in any text file that a pattern finds. */
#include "watcher/yaml/edit.h"
#include "watcher/yaml/scalar.h"

struct places {
    const struct pattern *pattern;
    struct arena *arena;
    struct edits *edits;
    struct slice source, value;
    size_t line, counted; /* the number of the line that byte `counted` is on */
    size_t found;
};

/* The line of a byte; bytes are asked for in order. */
static size_t line_of(struct places *s, size_t at)
{
    for (; s->counted < at; s->counted++)
        s->line += s->source.ptr[s->counted] == '\n';
    return s->line;
}

static void put_place(struct places *s, struct slice old)
{
    size_t at = (size_t)(old.ptr - s->source.ptr);
    /* "(.*)$" takes the first half of CRLF along, which is not meant. */
    if (old.len && old.ptr[old.len - 1] == '\r' &&
        slice_starts(slice_from(s->source, at + old.len), SLICE("\n")))
        old.len--;
    s->found++;
    if (slice_equal(old, s->value))
        return;
    vec_push(s->arena, &s->edits->list,
             ((struct edit){
                 .path = arena_printf(s->arena, "line %zu", line_of(s, at)),
                 .start = at,
                 .end = at + old.len,
                 .old_text = arena_text(s->arena, old),
                 .new_text = arena_text(s->arena, s->value),
                 .bytes = arena_slice(s->arena, s->value),
                 .kind = EDIT_PATTERN,
             }));
}

/* The part of a match that is to be replaced; ptr NULL when its group matched nothing. */
static struct slice wanted(const struct pattern *p, const struct match *m)
{
    size_t group = pattern_group(p, "version");
    if (group == 0 && m->count > 1)
        group = 1;
    return group < m->count ? m->group[group] : slice_of(NULL);
}

static bool on_match(void *arg, const struct match *m)
{
    struct places *s = arg;
    struct slice old = wanted(s->pattern, m);
    if (old.ptr)
        put_place(s, old);
    return true;
}

bool edit_pattern(struct arena *a, struct edits *edits, const char *file, struct slice source,
                  const struct pattern *pattern, struct slice value, struct error *e)
{
    struct places s = {pattern, a, edits, source, value, .line = 1};
    if (!scalar_is_visible(value))
        return error_set(e, ERROR_RECIPE,
                         "%s: the new text has line breaks, control or invisible characters", file);
    if (!s.source.ptr)
        s.source = slice_of("");
    if (pattern_each(pattern, s.source, on_match, &s) == PATTERN_LIMIT)
        return error_set(e, ERROR_RECIPE, "%s: the pattern %s takes too long", file,
                         pattern_text(pattern));
    if (s.found == 0)
        return error_set(e, ERROR_RECIPE, "%s: nothing matches the pattern %s", file,
                         pattern_text(pattern));
    return true;
}
