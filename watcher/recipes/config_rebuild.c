#include "watcher/recipes/config_rebuild.h"

#include "watcher/base/file.h"
#include "watcher/base/template.h"

static const struct node *section(const struct config *config)
{
    return config->yaml.count ? node_get(config->yaml.documents[0], "rebuild") : NULL;
}

/* The folder that a person would name the image by. */
static struct slice folder_of(struct slice file)
{
    struct slice folder = path_dir(file);
    if (slice_is(path_base(folder), "apko") && !slice_empty(path_base(path_dir(folder))))
        folder = path_dir(folder);
    return folder;
}

static bool fits(struct slice key, const char *name, const char *file)
{
    struct slice folder = folder_of(slice_of(file));
    return slice_is(key, name) || slice_is(key, file) ||
           (folder.len && !slice_is(folder, ".") && slice_equal(key, folder));
}

/* Where settings are looked for, the innermost first. */
struct settings_layers {
    const struct node *own, *common;
    struct arena *a;
    struct template_value values[2];
    struct error *e;
};

static const struct node *find(const struct settings_layers *l, const char *key)
{
    const struct node *node = node_get(l->own, key);
    return node ? node : node_get(l->common, key);
}

static bool put_text(const struct settings_layers *l, const char *key, const char **out)
{
    const struct node *node = find(l, key);
    struct buf text = {0};
    if (!node)
        return true;
    bool good = template_expand(node->value, l->values, 2, &text, l->e);
    if (good)
        *out = arena_text(l->a, buf_slice(&text));
    else
        error_context(l->e, "rebuild.%s", key);
    buf_free(&text);
    return good;
}

static void put_list(struct arena *a, const struct node *list, struct apko_list *out)
{
    for (size_t i = 0; list && i < list->count; i++)
        vec_push(a, &out->list, arena_text(a, list->items[i]->value));
}

static enum rebuild_state read_state(const struct settings_layers *l)
{
    static const char *const names[] = {
        [REBUILD_RECORD] = "record",
        [REBUILD_SBOM] = "sbom",
        [REBUILD_LABELS] = "labels",
        [REBUILD_LOCK] = "lock",
    };
    const struct node *node = find(l, "state");
    for (size_t i = 0; node && i < sizeof names / sizeof *names; i++)
        if (slice_is(node->value, names[i]))
            return (enum rebuild_state)i;
    return REBUILD_RECORD;
}

bool config_rebuild(const struct config *config, struct arena *a, const char *name,
                    const char *file, struct rebuild_settings *out, struct error *e)
{
    const struct node *common = section(config), *images = node_get(common, "images");
    const char *folder = arena_text(a, path_base(folder_of(slice_of(file))));
    struct settings_layers l = {
        .common = common, .a = a, .values = {{"recipe", name}, {"folder", folder}}, .e = e};
    for (size_t i = 0; images && !l.own && i < images->count; i++)
        if (fits(images->pairs[i].key->value, name, file))
            l.own = images->pairs[i].value;
    const struct node *enabled = find(&l, "enabled");
    *out = (struct rebuild_settings){0};
    out->disabled = enabled && !node_bool(enabled, true);
    out->state = read_state(&l);
    put_list(a, find(&l, "archs"), &out->archs);
    put_list(a, find(&l, "after"), &out->after);
    return put_text(&l, "image", &out->image) && put_text(&l, "primary", &out->primary);
}

static const char *said(const struct config *config, struct arena *a, const char *key)
{
    const struct node *node = node_get(section(config), key);
    return node ? arena_text(a, node->value) : NULL;
}

const char *config_rebuild_record(const struct config *config, struct arena *a)
{
    return said(config, a, "record");
}

const char *config_rebuild_secdb(const struct config *config, struct arena *a)
{
    return said(config, a, "secdb");
}

const char *config_rebuild_osv(const struct config *config, struct arena *a)
{
    return said(config, a, "osv");
}

void config_rebuild_recipes(const struct config *config, struct arena *a,
                            struct rebuild_recipes *out)
{
    const struct node *all = section(config);
    *out = (struct rebuild_recipes){0};
    put_list(a, node_get(all, "repositories"), &out->repositories);
    put_list(a, node_get(all, "keyring"), &out->keyring);
    put_list(a, node_get(all, "archs"), &out->archs);
    put_list(a, node_get(all, "bump"), &out->bump);
}

const char *config_rebuild_unused(const struct config *config, struct arena *a,
                                  const char *const *names, const char *const *files, size_t count)
{
    const struct node *images = node_get(section(config), "images");
    for (size_t i = 0; images && i < images->count; i++) {
        size_t k = 0;
        while (k < count && !fits(images->pairs[i].key->value, names[k], files[k]))
            k++;
        if (k == count)
            return arena_text(a, images->pairs[i].key->value);
    }
    return NULL;
}
