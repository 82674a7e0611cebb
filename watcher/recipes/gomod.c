#include "watcher/recipes/gomod.h"

#include "watcher/versions/scheme.h"

enum { WORDS_MOST = 6 };

/* One line in words; strings between quotes lose them. */
struct words {
    struct slice items[WORDS_MOST];
    size_t count;
};

static struct slice take_quoted(struct slice *rest)
{
    char quote = rest->ptr[0];
    *rest = slice_from(*rest, 1);
    size_t end = slice_find_byte(*rest, quote);
    struct slice word = slice_first(*rest, end);
    *rest = slice_from(*rest, end == SLICE_NONE ? rest->len : end + 1);
    return word;
}

/* A bracket is a word of its own only where a block begins or ends; no path has one. */
static struct slice take_word(struct slice *rest)
{
    size_t len = 0;
    if (rest->ptr[0] == '"' || rest->ptr[0] == '`')
        return take_quoted(rest);
    if (rest->ptr[0] == '(' || rest->ptr[0] == ')')
        len = 1;
    while (len < rest->len && !is_blank(rest->ptr[len]) && rest->ptr[len] != '(' &&
           rest->ptr[len] != ')')
        len++;
    struct slice word = slice_first(*rest, len);
    *rest = slice_from(*rest, len);
    return word;
}

static struct words split(struct slice line)
{
    struct words w = {.count = 0};
    line = slice_trim(slice_first(line, slice_find(line, SLICE("//"))));
    while (line.len && w.count < WORDS_MOST) {
        w.items[w.count++] = take_word(&line);
        line = slice_trim(line);
    }
    return w;
}

/* old [version] => path [version] */
static void add_replace(struct arena *a, const struct slice *words, size_t count, struct gomod *out)
{
    struct gomod_replace r = {.old = words[0]};
    size_t arrow = 1;
    while (arrow < count && !slice_is(words[arrow], "=>"))
        arrow++;
    if (arrow + 1 >= count || arrow > 2)
        return;
    if (arrow == 2)
        r.old_version = words[1];
    r.path = words[arrow + 1];
    if (arrow + 2 < count)
        r.version = words[arrow + 2];
    vec_push(a, &out->replaces, r);
}

static void add_line(struct arena *a, struct slice verb, const struct slice *words, size_t count,
                     struct gomod *out)
{
    if (slice_is(verb, "require") && count >= 2)
        vec_push(a, &out->requires, ((struct gomod_require){words[0], words[1]}));
    else if (slice_is(verb, "replace") && count >= 3)
        add_replace(a, words, count, out);
}

bool gomod_read(struct arena *a, struct slice text, struct gomod *out, struct error *e)
{
    struct slice line, block = {NULL, 0};
    bool named = false;
    while (slice_line(&text, &line)) {
        struct words w = split(line);
        if (w.count == 0)
            continue;
        if (block.ptr && slice_is(w.items[0], ")"))
            block = (struct slice){NULL, 0};
        else if (block.ptr)
            add_line(a, block, w.items, w.count, out);
        else if (w.count == 2 && slice_is(w.items[1], "("))
            block = w.items[0];
        else
            add_line(a, w.items[0], w.items + 1, w.count - 1, out);
        named = named || slice_is(w.items[0], "module");
    }
    return named || error_set(e, ERROR_UPSTREAM, "the answer is no go.mod");
}

/* All three numbers: v1 and v1.2 mean the newest of their line to Go. */
static bool is_whole(struct slice version)
{
    struct slice core = slice_first(version, slice_find_byte(version, '-')), number;
    size_t numbers = 0;
    while (slice_split(&core, '.', &number))
        numbers++;
    return numbers == 3;
}

/* "v1.2.3-rc.1+incompatible" as the scheme semver takes it: 1.2.3-rc.1. */
static struct slice bare(struct slice version)
{
    struct slice none = {NULL, 0};
    if (!slice_starts(version, SLICE("v")))
        return none;
    version = slice_from(slice_first(version, slice_find_byte(version, '+')), 1);
    return is_whole(version) && scheme_semver.valid(version) ? version : none;
}

bool gomod_compare(struct slice a, struct slice b, int *order)
{
    struct slice x = bare(a), y = bare(b);
    if (!x.ptr || !y.ptr)
        return false;
    *order = scheme_semver.compare(x, y);
    return true;
}

bool gomod_target(struct slice text, struct slice *module, struct slice *version)
{
    size_t at = slice_find_byte(text, '@');
    *module = slice_first(text, at);
    *version = slice_from(text, at == SLICE_NONE ? text.len : at + 1);
    struct slice host = slice_first(*module, slice_find_byte(*module, '/'));
    bool named = host.len && host.ptr[0] != '.' && slice_find_byte(host, '.') != SLICE_NONE;
    return named && slice_find_byte(*module, '=') == SLICE_NONE && bare(*version).ptr;
}

static bool is_at_least(struct slice version, struct slice wanted)
{
    int order;
    return gomod_compare(version, wanted, &order) && order >= 0;
}

/* The highest that is asked for; go.mod files name a module once. */
static struct slice required(const struct gomod *m, struct slice module)
{
    struct slice best = {NULL, 0};
    for (size_t i = 0; i < m->requires.count; i++)
        if (slice_equal(m->requires.items[i].module, module) &&
            (!best.ptr || is_at_least(m->requires.items[i].version, best)))
    best = m->requires.items[i].version;
    return best;
}

/* The replacement that counts for this version of a module: one that names the version comes
 * first. */
static const struct gomod_replace *replacement(const struct gomod *m, struct slice module,
                                               struct slice version)
{
    const struct gomod_replace *any = NULL;
    for (size_t i = 0; i < m->replaces.count; i++) {
        const struct gomod_replace *r = &m->replaces.items[i];
        if (!slice_equal(r->old, module))
            continue;
        if (r->old_version.len && slice_equal(r->old_version, version))
            return r;
        if (!r->old_version.len)
            any = r;
    }
    return any;
}

struct slice gomod_has(const struct gomod *m, struct slice module, struct slice version)
{
    struct slice none = {NULL, 0}, built = required(m, module);
    if (!built.ptr)
        return none;
    const struct gomod_replace *r = replacement(m, module, built);
    if (r)
        built = slice_equal(r->path, module) ? r->version : none;
    return is_at_least(built, version) ? built : none;
}

struct slice gomod_has_replace(const struct gomod *m, struct slice old, struct slice path,
                               struct slice version)
{
    struct slice none = {NULL, 0};
    const struct gomod_replace *r = replacement(m, old, required(m, old));
    if (r)
        return slice_equal(r->path, path) && is_at_least(r->version, version) ? r->version : none;
    return slice_equal(old, path) ? gomod_has(m, old, version) : none;
}
