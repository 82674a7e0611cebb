#include "watcher/recipes/melange_bump.h"

#include "watcher/recipes/gomod.h"
#include "watcher/recipes/melange_parts.h"

#include <string.h>

struct reader {
    struct arena *a;
    const struct variables *vars;
    struct bumps *out;
};

/* The text under a key with its variables replaced; NULL when it is absent, or has a problem, which
 * *problem then names. */
static const char *evaluate(struct reader *r, const struct step *s, const char *key,
                            const char **problem)
{
    struct slice text = node_text(s->with, key);
    struct buf out = BUF_MAX(LONGEST_VALUE);
    struct error e = {0};
    const char *value = NULL;
    if (slice_empty(text))
        return NULL;
    if (!melange_expand(r->vars, text, &out, &e))
        *problem = arena_printf(r->a, "%s.with.%s: %s", s->path, key, e.message);
    else if (!out.overflow)
        value = arena_text(r->a, buf_slice(&out));
    buf_free(&out);
    return value;
}

/* Add the parts of a path to *out, ".." taking the last one away; false above the workspace. */
static bool add_parts(struct buf *out, struct slice path)
{
    struct slice part;
    while (slice_split(&path, '/', &part)) {
        if (part.len == 0 || slice_is(part, "."))
            continue;
        if (!slice_is(part, "..")) {
            buf_addf(out, "%s%.*s", out->len ? "/" : "", SLICE_ARG(part));
            continue;
        }
        if (out->len == 0)
            return false;
        size_t slash = slice_find_last_byte(buf_slice(out), '/');
        buf_cut(out, slash == SLICE_NONE ? 0 : slash);
    }
    return true;
}

/* A folder below the workspace, which melange mounts at /home/build; NULL when it is elsewhere. */
static const char *folder_of(struct arena *a, struct slice directory, struct slice path)
{
    struct buf out = {0};
    struct slice home = SLICE("/home/build");
    if (slice_starts(directory, home))
        directory = slice_from(directory, home.len);
    else if (slice_starts(directory, SLICE("/")))
        return NULL;
    bool inside =
        !slice_starts(path, SLICE("/")) && add_parts(&out, directory) && add_parts(&out, path);
    const char *folder = inside ? arena_text(a, buf_slice(&out)) : NULL;
    buf_free(&out);
    return folder;
}

static void read_checkout(struct reader *r, const struct step *s)
{
    const char *problem = NULL;
    const char *destination = evaluate(r, s, "destination", &problem);
    const char *repository = evaluate(r, s, "repository", &problem);
    struct bump_checkout c = {
        .path = s->path,
        .tag = evaluate(r, s, "tag", &problem),
        .commit = evaluate(r, s, "expected-commit", &problem),
        .folder = folder_of(r->a, s->directory, slice_of(destination)),
    };
    if (problem || !repository || !c.folder)
        return;
    c.repository = melange_repository(r->a, slice_of(repository));
    vec_push(r->a, &r->out->checkouts, c);
}

/* Every line of `modroot` is a folder. */
static void read_roots(struct reader *r, const struct step *s, struct bump_step *step)
{
    const char *text = evaluate(r, s, "modroot", &step->problem);
    struct slice rest = slice_of(text ? text : "."), line;
    while (slice_line(&rest, &line)) {
        line = slice_trim(line);
        const char *folder = line.len ? folder_of(r->a, s->directory, line) : "";
        if (!folder)
            step->problem = arena_printf(r->a, "%s.with.modroot: %s is outside the workspace",
                                         s->path, melange_shown(r->a, line));
        else if (line.len)
            vec_push(r->a, &step->roots, folder);
    }
}

/* The steps' other inputs say how the lists are applied; one that is not among these does more. */
static bool only_says_how(struct slice key)
{
    static const char *const keys[] = {"deps", "packages",    "replaces",  "modroot", "language",
                                       "tidy", "tidy-compat", "show-diff", "work",    "output"};
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++)
        if (slice_is(key, keys[i]))
            return true;
    return false;
}

static void read_lists(struct reader *r, const struct step *s, struct bump_step *step)
{
    static const char *const keys[] = {"deps", "packages", "replaces"};
    step->whole = true;
    for (size_t i = 0; i < s->with->count; i++)
        step->whole = step->whole && only_says_how(s->with->pairs[i].key->value);
    for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
        const struct node *node = node_get(s->with, keys[i]);
        if (!node || node->kind != NODE_SCALAR)
            continue;
        struct bump_list list = {keys[i], arena_printf(r->a, "%s.with.%s", s->path, keys[i]), node};
        vec_push(r->a, &step->lists, list);
    }
}

/* Take the next word off *rest; a `#` ends the line's words. */
static bool next_word(struct slice *rest, struct slice *word)
{
    size_t len = 0;
    *rest = slice_trim(*rest);
    while (len < rest->len && !is_blank(rest->ptr[len]))
        len++;
    *word = slice_first(*rest, len);
    *rest = slice_from(*rest, len);
    return len > 0 && word->ptr[0] != '#';
}

/* Are all words of the step's deps modules with Go's versions, and is there one? `bump` finds out
 * the language by the files; only Go's words look so. */
static bool names_modules(const struct step *s)
{
    struct slice rest = node_text(s->with, "deps"), line, word, module, version;
    size_t count = 0;
    if (slice_empty(rest))
        rest = node_text(s->with, "packages");
    while (slice_line(&rest, &line))
        for (; next_word(&line, &word); count++)
            if (!gomod_target(word, &module, &version))
                return false;
    return count > 0;
}

static bool is_for_go(const struct step *s)
{
    struct slice language = node_text(s->with, "language");
    if (!s->with || s->with->kind != NODE_MAPPING)
        return false;
    if (step_uses(s, "go/bump"))
        return true;
    if (!step_uses(s, "bump"))
        return false;
    bool unsaid = slice_empty(language) || slice_is(language, "auto");
    return unsaid ? names_modules(s) : slice_is(language, "go");
}

void melange_bumps(struct arena *a, const struct yaml *y, const struct variables *vars,
                   struct bumps *out)
{
    struct reader r = {.a = a, .vars = vars, .out = out};
    struct steps steps = {0};
    melange_steps(a, melange_root(y), "", &steps);
    for (size_t i = 0; i < steps.list.count; i++) {
        const struct step *s = &steps.list.items[i];
        if (step_uses(s, "git-checkout"))
            read_checkout(&r, s);
        if (!is_for_go(s))
            continue;
        struct bump_step *step = vec_add(a, &out->steps);
        step->path = s->path;
        step->needs_deps = step_uses(s, "go/bump");
        read_roots(&r, s, step);
        read_lists(&r, s, step);
    }
}

static void add_bumped(struct component *c, const struct variables *vars, struct slice word)
{
    struct buf plain = {0};
    struct error ignored = {0};
    struct slice module, version;
    if (melange_expand(vars, word, &plain, &ignored)) {
        struct slice text = buf_slice(&plain);
        text = slice_from(text, slice_find_byte(text, '=') + 1);
        bool known = !gomod_target(text, &module, &version);
        for (size_t i = 0; i < c->bumped.count && !known; i++)
            known = slice_is(text, c->bumped.items[i]);
        if (!known)
            vec_push(&c->arena, &c->bumped, arena_text(&c->arena, text));
    }
    buf_free(&plain);
}

/* Most recipes have no such step, and need not be walked. */
void melange_bumped(const struct yaml *y, const struct variables *vars, struct component *c)
{
    struct arena a = {0};
    struct bumps bumps = {0};
    struct slice line, word;
    if (slice_find(y->source, SLICE("bump")) == SLICE_NONE)
        return;
    melange_bumps(&a, y, vars, &bumps);
    for (size_t i = 0; i < bumps.steps.count; i++) {
        const struct bump_step *step = &bumps.steps.items[i];
        for (size_t k = 0; k < step->lists.count; k++) {
            struct slice rest = step->lists.items[k].node->value;
            while (slice_line(&rest, &line))
                while (next_word(&line, &word))
                    add_bumped(c, vars, word);
        }
    }
    arena_free(&a);
}

const struct bump_checkout *bump_checkout_of(const struct bumps *b, const char *folder,
                                             const char **rest)
{
    const struct bump_checkout *best = NULL;
    for (size_t i = 0; i < b->checkouts.count; i++) {
        const struct bump_checkout *c = &b->checkouts.items[i];
        size_t len = strlen(c->folder);
        bool inside = len == 0 || (strncmp(folder, c->folder, len) == 0 &&
                                   (folder[len] == '/' || folder[len] == '\0'));
        if (inside && (!best || len >= strlen(best->folder)))
            best = c;
    }
    if (!best)
        return NULL;
    *rest = folder + strlen(best->folder);
    *rest += **rest == '/';
    return best;
}

struct remover {
    bool (*stale)(void *arg, struct slice word);
    void *arg;
    size_t left;
};

/* Add the words of a line that stay, with the blanks before them and the comment behind. False when
 * the line had words, and none stays. */
static bool keep_words(struct remover *r, struct slice line, struct buf *out)
{
    struct slice rest = line, lead = {NULL, 0}, word;
    const char *end = line.ptr; /* of what was added or passed over */
    size_t words = 0, kept = 0;
    while (next_word(&rest, &word)) {
        struct slice gap = slice_new(end, (size_t)(word.ptr - end));
        end = word.ptr + word.len;
        if (words++ == 0)
            lead = gap;
        if (r->stale(r->arg, word))
            continue;
        buf_add(out, kept++ == 0 ? lead : gap);
        buf_add(out, word);
    }
    r->left += kept;
    if (kept || !words)
        buf_add(out, slice_new(end, (size_t)(line.ptr + line.len - end)));
    return kept || !words;
}

const char *bump_without(struct arena *a, struct slice text,
                         bool (*stale)(void *arg, struct slice word), void *arg, size_t *left)
{
    struct remover r = {stale, arg, 0};
    struct buf out = {0};
    struct slice line;
    bool any = false, ended = slice_ends(text, SLICE("\n"));
    for (struct slice rest = text; slice_split(&rest, '\n', &line);) {
        if (ended && !rest.ptr)
            break; /* behind the last line break */
        size_t before = out.len;
        if (any)
            buf_add_byte(&out, '\n');
        if (keep_words(&r, line, &out))
            any = true;
        else
            buf_cut(&out, before);
    }
    if (ended && any)
        buf_add_byte(&out, '\n');
    const char *kept = arena_text(a, buf_slice(&out));
    buf_free(&out);
    *left = r.left;
    return kept;
}
