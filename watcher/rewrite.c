#include "watcher/rewrite.h"

#include "watcher/base/file.h"
#include "watcher/prune.h"
#include "watcher/recipes/apko.h"

#include <string.h>

struct writer {
    struct arena *a;
    const struct rewriting *w;
    struct change_set *out;
    struct error *e;
};

/* Numbers that programs print in another way than they were written: 1.10, 007, 1e5. */
static bool loses_text(struct slice value)
{
    enum scalar_type type = plain_type(value);
    size_t dot = slice_find_byte(value, '.');
    if (type == TYPE_INT)
        return value.len > 1 && value.ptr[0] == '0';
    if (type != TYPE_FLOAT)
        return type != TYPE_STRING;
    return dot == SLICE_NONE || value.ptr[value.len - 1] == '0' ||
           slice_find_byte(value, 'e') != SLICE_NONE;
}

/* "./Makefile" and "a//b" are the files "Makefile" and "a/b": one file must have one change. */
static const char *plain_path(struct arena *a, const char *file)
{
    struct slice rest = slice_of(file), part;
    struct buf out = {0};
    while (slice_split(&rest, '/', &part)) {
        if (part.len == 0 || slice_is(part, "."))
            continue;
        buf_add_text(&out, out.len ? "/" : "");
        buf_add(&out, part);
    }
    const char *path = arena_text(a, buf_slice(&out));
    buf_free(&out);
    return path;
}

static struct file_change *change_of(struct writer *k, const char *file)
{
    const char *path = plain_path(k->a, file);
    for (size_t i = 0; i < k->out->files.count; i++)
        if (strcmp(k->out->files.items[i].file, path) == 0)
            return &k->out->files.items[i];
    struct file_change *change = vec_add(k->a, &k->out->files);
    *change = (struct file_change){.file = path};
    return change;
}

static bool is_own(const struct writer *k, const struct file_change *change)
{
    return strcmp(change->file, plain_path(k->a, k->w->file->name)) == 0;
}

/* A value that was a number may stay one, as long as its text survives every reader. */
static bool set(struct writer *k, const char *path, const char *value)
{
    struct node *node = recipe_node(k->w->file, path);
    if (!node)
        return error_set(k->e, ERROR_RECIPE, "%s: there is no %s to set", k->w->file->name, path);
    struct slice text = slice_of(value);
    bool string = node->kind != NODE_SCALAR || node_type(node) == TYPE_STRING || loses_text(text);
    return edit_scalar(k->a, &change_of(k, k->w->file->name)->edits, &k->w->file->yaml, node, path,
                       text, string, k->e);
}

static bool set_all(struct writer *k, const struct variables *values)
{
    for (size_t i = 0; values && i < values->list.count; i++)
        if (!set(k, values->list.items[i].name, values->list.items[i].value))
            return false;
    return true;
}

/* Paths count steps: another change to the file may have put something else there meanwhile. */
static bool set_renewal(struct writer *k, const struct renewal *r)
{
    const struct node *node = recipe_node(k->w->file, r->path);
    if (node && r->old && !slice_is(node->value, r->old))
        return error_set(k->e, ERROR_CONFLICT,
                         "%s: %s is not what it was when mwatch looked; run it again",
                         k->w->file->name, r->path);
    return set(k, r->path, r->value);
}

static bool set_renewals(struct writer *k)
{
    const struct renewals *r = k->w->renewals;
    for (size_t i = 0; r && i < r->list.count; i++)
        if (r->list.items[i].value && !set_renewal(k, &r->list.items[i]))
            return false;
    return true;
}

/* What cannot be pruned stays, and does not keep the rest from being done. */
static void prune(struct writer *k)
{
    const struct prunings *p = k->w->prunings;
    for (size_t i = 0; p && i < p->edits.count; i++) {
        struct error e = {0};
        if (!prune_apply(k->a, &k->w->file->yaml, &p->edits.items[i],
                         &change_of(k, k->w->file->name)->edits, &e))
            vec_push(k->a, &k->out->notes, arena_copy(k->a, e.message));
    }
    for (size_t i = 0; p && i < p->notes.count; i++)
        vec_push(k->a, &k->out->notes, p->notes.items[i]);
}

struct mention {
    struct writer *k;
    struct slice old, value;
    bool good;
};

static bool move_mention(void *arg, struct node *scalar, const char *path)
{
    struct mention *m = arg;
    struct writer *k = m->k;
    m->good = edit_inside(k->a, &change_of(k, k->w->file->name)->edits, &k->w->file->yaml, scalar,
                          path, m->old, m->value, k->e);
    return m->good;
}

/* Every mention of the name moves, in package lists, paths and scripts alike. */
static bool move_names(struct writer *k)
{
    const struct component *c = k->w->component;
    for (size_t i = 0; i < c->names.count; i++) {
        const char *name = c->names.items[i];
        struct slice old = slice_of(c->current);
        if (!strchr(name, '*'))
            continue;
        struct mention m = {
            .k = k,
            .old = slice_of(apko_name_fill(k->a, name, old)),
            .value = slice_of(apko_name_fill(k->a, name, slice_of(k->w->release->version))),
            .good = true,
        };
        yaml_each_scalar(&k->w->file->yaml, move_mention, &m);
        if (!m.good)
            return false;
    }
    return true;
}

/* The text of the file that a place is in, as it is. */
static bool read_place(struct writer *k, const char *file, struct slice *source)
{
    struct recipe_file loaded;
    struct file_change *change = change_of(k, file);
    if (is_own(k, change))
        change->before = k->w->file->source;
    if (!change->before.ptr) {
        if (!path_is_inside(slice_of(file)))
            return error_set(k->e, ERROR_RECIPE, "%s: a place must be inside the repository", file);
        if (!recipe_load(k->a, k->w->root, change->file, false, &loaded, k->e))
            return false;
        change->before = loaded.source;
    }
    *source = change->before;
    return true;
}

static bool edit_places(struct writer *k)
{
    const struct component *c = k->w->component;
    for (size_t i = 0; i < c->places.count; i++) {
        const struct place *place = &c->places.items[i];
        const char *value;
        struct slice source;
        if (!release_expand(k->a, c, k->w->release, place->value, &value, k->e) ||
            !read_place(k, place->file, &source))
            return false;
        if (!edit_pattern(k->a, &change_of(k, place->file)->edits, place->file, source,
                          place->pattern, slice_of(value), k->e))
            return false;
    }
    return true;
}

/* Only files that something is to be changed in. */
static void drop_unchanged(struct change_set *set)
{
    size_t kept = 0;
    for (size_t i = 0; i < set->files.count; i++)
        if (set->files.items[i].edits.list.count)
            set->files.items[kept++] = set->files.items[i];
    set->files.count = kept;
}

static bool changes(const struct change_set *set, const char *path)
{
    for (size_t i = 0; i < set->files.count; i++)
        for (size_t k = 0; k < set->files.items[i].edits.list.count; k++)
            if (strcmp(set->files.items[i].edits.list.items[k].path, path) == 0)
                return true;
    return false;
}

/* A new version starts at 0; the same version with other content needs a build of its own. The
 * epoch is the file's as it is now: another component of the recipe may have moved before. */
static bool set_epoch(struct writer *k)
{
    const struct component *c = k->w->component;
    struct node *epoch = recipe_node(k->w->file, "package.epoch");
    unsigned long long now;
    if (c->kind != RECIPE_MELANGE || c->keep_epoch || !epoch || changes(k->out, "package.epoch"))
        return true;
    if (changes(k->out, "package.version"))
        return set(k, "package.epoch", "0");
    if (epoch->kind != NODE_SCALAR || !slice_number(epoch->value, &now))
        return error_at(k->e, ERROR_RECIPE, k->w->file->name, epoch->line, epoch->column,
                        "package.epoch is not a number");
    return set(k, "package.epoch", arena_printf(k->a, "%llu", now + 1));
}

/* What was YAML must be YAML afterwards, with the intended values and no other changed. */
static bool verify(struct writer *k, const struct file_change *change)
{
    struct recipe_file before;
    if (is_own(k, change))
        return !k->w->file->is_yaml ||
               edits_verify(&k->w->file->yaml, change->after, &change->edits, k->e);
    return recipe_load(k->a, k->w->root, change->file, false, &before, k->e) &&
           (!before.is_yaml || edits_verify(&before.yaml, change->after, &change->edits, k->e));
}

static bool finish_file(struct writer *k, struct file_change *change)
{
    struct buf after = {0};
    if (is_own(k, change))
        change->before = k->w->file->source;
    bool good = edits_apply(k->a, &change->edits, change->file, change->before, &after, k->e);
    if (good) {
        change->after = arena_slice(k->a, buf_slice(&after));
        good = verify(k, change);
    }
    buf_free(&after);
    return good;
}

static bool refuse_nothing(struct writer *k)
{
    const struct component *c = k->w->component;
    const char *version = k->w->release->version;
    if (c->current && strcmp(c->current, version) != 0)
        return error_set(k->e, ERROR_RECIPE,
                         "%s: nothing in it would change for %s: say with `set`, `names` or "
                         "`places` where the version stands",
                         c->file, version);
    if (c->kind != RECIPE_MELANGE)
        return error_set(k->e, ERROR_RECIPE, "%s: nothing would change: it says %s already",
                         c->file, version);
    return error_set(k->e, ERROR_RECIPE,
                     "%s: nothing would change but the epoch: %s has the commits and hashes that "
                     "are pinned",
                     c->file, version);
}

bool rewrite(struct arena *a, const struct rewriting *w, struct change_set *out, struct error *e)
{
    struct writer k = {.a = a, .w = w, .out = out, .e = e};
    struct variables settings = {0};
    if (!settings_expand(a, w->component, w->release, &settings, e) || !set_all(&k, &settings) ||
        !set_all(&k, w->extra) || !set_renewals(&k) || !move_names(&k) || !edit_places(&k))
        return false;
    drop_unchanged(out);
    if (out->files.count == 0)
        return refuse_nothing(&k);
    prune(&k);
    if (!set_epoch(&k))
        return false;
    for (size_t i = 0; i < out->files.count; i++)
        if (!finish_file(&k, &out->files.items[i]))
            return false;
    for (size_t i = 0; w->renewals && i < w->renewals->left.count; i++)
        vec_push(a, &out->notes, w->renewals->left.items[i]);
    return true;
}

static bool is_unchanged(const char *path, struct slice before, struct error *e)
{
    struct buf now = {0};
    bool good = file_read(path, &now, e);
    if (good && !slice_equal(buf_slice(&now), before))
        good =
            error_set(e, ERROR_CONFLICT, "%s: changed while mwatch was at it; run it again", path);
    buf_free(&now);
    return good;
}

static bool replace(const char *root, const struct file_change *f, bool back, struct error *e)
{
    struct buf path = {0};
    path_join(&path, slice_of(root), slice_of(f->file));
    bool good = file_replace(buf_text(&path), back ? f->before : f->after, e);
    buf_free(&path);
    return good;
}

static bool check_unchanged(const char *root, const struct file_change *f, struct error *e)
{
    struct buf path = {0};
    path_join(&path, slice_of(root), slice_of(f->file));
    bool good = is_unchanged(buf_text(&path), f->before, e);
    buf_free(&path);
    return good;
}

bool rewrite_write(const char *root, const struct change_set *set, struct error *e)
{
    size_t written = 0;
    for (size_t i = 0; i < set->files.count; i++)
        if (!check_unchanged(root, &set->files.items[i], e))
            return false;
    while (written < set->files.count && replace(root, &set->files.items[written], false, e))
        written++;
    if (written == set->files.count)
        return true;
    struct error ignored = {0};
    while (written--)
        replace(root, &set->files.items[written], true, &ignored);
    return false;
}
