/* What is due, for programs and for workflows. */
#include "watcher/base/json.h"
#include "watcher/deliver.h"
#include "watcher/due_report.h"

static json_t *texts_json(const char *const *items, size_t count)
{
    json_t *array = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(array, json_string(items[i]));
    return array;
}

static json_t *changes_json(const struct due_image *m)
{
    static const char *const kinds[] = {
        [STATE_ADDED] = "added",
        [STATE_REMOVED] = "removed",
        [STATE_MOVED] = "moved",
        [STATE_REBUILT] = "rebuilt",
    };
    json_t *array = json_array();
    for (size_t i = 0; i < m->changes.list.count; i++) {
        const struct state_change *c = &m->changes.list.items[i];
        json_t *object = json_object();
        json_put_text(object, "change", kinds[c->kind]);
        json_put_text(object, "package", c->name);
        json_put_text(object, "from", c->from);
        json_put_text(object, "to", c->to);
        json_put_text(object, "archs", c->archs);
        if (m->fixed && m->fixed[i].ids.count)
            json_object_set_new(object, "fixed",
                                texts_json(m->fixed[i].ids.items, m->fixed[i].ids.count));
        json_array_append_new(array, object);
    }
    return array;
}

/* What it is published as: a tag that never moves, and the one that always does. */
static void put_references(json_t *object, const struct due_image *m)
{
    struct buf text = {0};
    if (m->tag && m->settings.image) {
        buf_addf(&text, "%s:%s %s:latest", m->settings.image, m->tag, m->settings.image);
        json_put_text(object, "references", buf_text(&text));
    }
    buf_free(&text);
}

static json_t *recipes_json(const struct due_image *m)
{
    json_t *array = json_array();
    for (size_t i = 0; i < m->recipes.count; i++)
        json_array_append_new(array, json_string(m->recipes.items[i]->file));
    return array;
}

/* {"x86_64": {"glibc": "2.42-r4"}} */
static json_t *state_json(const struct image_state *s)
{
    json_t *object = json_object();
    for (size_t i = 0; i < s->sets.count; i++) {
        json_t *set = json_object();
        for (size_t k = 0; k < s->sets.items[i].packages.count; k++)
            json_put_text(set, s->sets.items[i].packages.items[k].name,
                          s->sets.items[i].packages.items[k].version);
        json_object_set_new(object, s->sets.items[i].arch, set);
    }
    return object;
}

static json_t *image_json(const struct due_image *m)
{
    json_t *object = json_object();
    bool due = m->fate == DUE_REBUILD;
    json_put_text(object, "image", m->name);
    json_put_text(object, "file", m->file);
    json_put_text(object, "published", m->settings.image);
    json_put_text(object, "decision", due_fate_name(m->fate));
    json_put_text(object, "primary", m->primary);
    json_put_text(object, "version", m->version);
    json_put_text(object, "tag", m->tag);
    if (due) {
        put_references(object, m);
        json_put_count(object, "level", m->level);
    }
    json_object_set_new(object, "archs", texts_json(m->archs.items, m->archs.count));
    json_object_set_new(object, "melange", recipes_json(m));
    if (due && m->then.sets.count == 0 && !m->then.digest)
        json_object_set_new(object, "new", json_true());
    else
        json_object_set_new(object, "changes", changes_json(m));
    if (m->now.sets.count)
        json_object_set_new(object, "packages", state_json(&m->now));
    if (m->fate == DUE_FAILED)
        json_put_text(object, "reason", m->error.message);
    return object;
}

static json_t *build_json(const struct due_build *b)
{
    json_t *object = json_object(), *because = json_array();
    const struct due_image *m = &b->made;
    json_put_text(object, "recipe", b->recipe->name);
    json_put_text(object, "file", b->recipe->file);
    json_put_text(object, "version", b->recipe->version);
    json_put_text(object, "decision", due_fate_name(m->fate));
    if (!b->known && m->fate != DUE_FAILED)
        json_object_set_new(object, "new", json_true());
    json_object_set_new(object, "archs", texts_json(m->archs.items, m->archs.count));
    json_object_set_new(object, "changes", changes_json(m));
    for (size_t i = 0; i < b->causes.count; i++)
        json_array_append_new(because, json_string(m->changes.list.items[b->causes.items[i]].name));
    json_object_set_new(object, "because", because);
    if (m->fate == DUE_FAILED)
        json_put_text(object, "reason", m->error.message);
    return object;
}

static json_t *builds_json(const struct due *d)
{
    json_t *array = json_array();
    for (size_t i = 0; i < d->builds.count; i++)
        json_array_append_new(array, build_json(d->builds.items[i]));
    return array;
}

static json_t *summary_json(const struct due *d)
{
    json_t *object = json_object();
    for (enum due_fate fate = DUE_SAME; fate <= DUE_FAILED; fate++)
        json_put_count(object, due_fate_name(fate), due_count(d, fate));
    json_put_count(object, "levels", d->levels);
    json_put_count(object, "packages", d->packages);
    return object;
}

static json_t *proposals_json(const struct results *proposed)
{
    json_t *array = json_array();
    for (size_t i = 0; i < proposed->count; i++)
        json_array_append_new(array, report_component_json(proposed->items[i], DEPTH_RUN));
    return array;
}

struct json_t *due_json(const struct due *d, const struct results *proposed)
{
    json_t *root = json_object(), *images = json_array();
    for (size_t i = 0; i < d->images.count; i++)
        json_array_append_new(images, image_json(d->images.items[i]));
    json_object_set_new(root, "images", images);
    if (d->builds.count)
        json_object_set_new(root, "recipes", builds_json(d));
    if (proposed)
        json_object_set_new(root, "proposals", proposals_json(proposed));
    json_object_set_new(root, "summary", summary_json(d));
    return root;
}

/* What a shell splits at blanks, or apko at commas. */
static void put_joined(json_t *object, const char *key, char separator, const char *const *items,
                       size_t count)
{
    struct buf text = {0};
    for (size_t i = 0; i < count; i++) {
        if (i)
            buf_add_byte(&text, separator);
        buf_add_text(&text, items[i]);
    }
    json_put_text(object, key, buf_text(&text));
    buf_free(&text);
}

static json_t *row_json(const struct due_image *m)
{
    struct arena a = {0};
    json_t *object = json_object();
    const char **files = arena_array(&a, m->recipes.count + 1, sizeof *files);
    for (size_t i = 0; i < m->recipes.count; i++)
        files[i] = m->recipes.items[i]->file;
    json_put_text(object, "image", m->name);
    json_put_text(object, "config", m->file);
    put_joined(object, "melange", ' ', files, m->recipes.count);
    put_joined(object, "archs", ',', m->archs.items, m->archs.count);
    json_put_text(object, "published", m->settings.image);
    json_put_text(object, "tag", m->tag);
    put_references(object, m);
    json_put_text(object, "version", m->version);
    json_put_count(object, "level", m->level);
    json_put_text(object, "state", state_digest(&a, &m->now));
    arena_free(&a);
    return object;
}

struct json_t *due_matrix(const struct due *d, unsigned level)
{
    json_t *root = json_object(), *include = json_array();
    for (size_t i = 0; i < d->images.count; i++) {
        const struct due_image *m = d->images.items[i];
        if (m->fate == DUE_REBUILD && (level == 0 || m->level == level))
            json_array_append_new(include, row_json(m));
    }
    json_object_set_new(root, "include", include);
    return root;
}

bool due_tell_workflow(const struct due *d, const char *output, const char *summary,
                       struct error *e)
{
    struct deliver_plan plan = {due_matrix(d, 0), due_count(d, DUE_REBUILD), d->levels};
    struct buf table = {0};
    due_add_markdown(&table, d);
    bool good = deliver_plan(&plan, buf_slice(&table), output, summary, e);
    buf_free(&table);
    json_decref(plan.matrix);
    return good;
}
