#include "watcher/renew.h"

#include "watcher/base/file.h"

#include <string.h>

enum { LARGEST_FILE = 64 * 1024 * 1024 };

static bool has_yaml_name(const char *file)
{
    struct slice name = slice_of(file);
    return slice_ends(name, SLICE(".yaml")) || slice_ends(name, SLICE(".yml"));
}

/* A Helm template is called .yaml too, and is none: its places are found by patterns all the same.
 */
static bool parse(struct arena *a, bool recipe, struct recipe_file *out, struct error *e)
{
    struct error ignored = {0};
    if (!recipe && !has_yaml_name(out->name))
        return true;
    out->is_yaml = yaml_parse(a, out->name, out->source, &out->yaml, recipe ? e : &ignored);
    return out->is_yaml || !recipe;
}

bool recipe_load(struct arena *a, const char *root, const char *file, bool recipe,
                 struct recipe_file *out, struct error *e)
{
    struct buf path = {0}, content = BUF_MAX(LARGEST_FILE);
    *out = (struct recipe_file){.name = file};
    path_join(&path, slice_of(root), slice_of(file));
    bool good = file_read(buf_text(&path), &content, e);
    if (good) {
        out->source = arena_slice(a, buf_slice(&content));
        good = parse(a, recipe, out, e);
    }
    buf_free(&path);
    buf_free(&content);
    return good;
}

struct node *recipe_node(const struct recipe_file *file, const char *path)
{
    for (size_t i = 0; file->is_yaml && i < file->yaml.count; i++) {
        struct node *node = node_path(file->yaml.documents[i], path);
        if (node)
            return node;
    }
    return NULL;
}

bool settings_expand(struct arena *a, const struct component *c, const struct release *r,
                     struct variables *out, struct error *e)
{
    for (size_t i = 0; i < c->settings.count; i++) {
        const char *value;
        if (!release_expand(a, c, r, c->settings.items[i].value, &value, e))
            return error_context(e, "%s: set %s", c->file, c->settings.items[i].path);
        struct variable *v = vec_add(a, &out->list);
        *v = (struct variable){.name = c->settings.items[i].path, .value = value};
    }
    return true;
}

/* The version as upstream's tags spell it. */
static const char *spelt(struct arena *a, const struct component *c, const char *version)
{
    const char *separator = c->filters.separator;
    struct buf text = {0};
    for (const char *p = version; *p; p++)
        if (*p == '.' && separator && *separator)
            buf_add_text(&text, separator);
        else
            buf_add_byte(&text, *p);
    const char *out = arena_text(a, buf_slice(&text));
    buf_free(&text);
    return out;
}

/* Upstream names its releases alike: where the new one's tag is its version with something around
 * it, so was the old one's. NULL when it is not. */
static const char *pinned_tag(struct arena *a, const struct component *c, const struct release *r)
{
    if (!r || !r->tag || !r->version)
        return NULL;
    struct slice tag = slice_of(r->tag), version = slice_of(spelt(a, c, r->version));
    size_t at = slice_find(tag, version);
    if (at == SLICE_NONE)
        return NULL;
    return arena_printf(a, "%.*s%s%s", (int)at, r->tag, spelt(a, c, c->current),
                        r->tag + at + version.len);
}

/* The address of the pinned release's artefact, as far as the template can be filled in for it. */
static const char *pinned_url(struct arena *a, const struct component *c,
                              const struct artefact *artefact, const struct release *r)
{
    struct release old = {.version = c->current};
    if (c->current)
        old.tag = pinned_tag(a, c, r);
    struct error ignored = {0};
    const char *url = NULL;
    if (c->current && artefact->urls.count)
        release_expand(a, c, &old, artefact->urls.items[0], &url, &ignored);
    return url;
}

static bool add_artefact(struct arena *a, const struct component *c, const struct recipe_file *file,
                         const struct artefact *artefact, const struct release *r,
                         struct renewals *out, struct error *e)
{
    const char **urls = arena_array(a, artefact->urls.count + 1, sizeof *urls);
    for (size_t i = 0; i < artefact->urls.count; i++)
        if (!release_expand(a, c, r, artefact->urls.items[i], &urls[i], e))
            return error_context(e, "%s: artefact", c->file);
    const char *old_url = pinned_url(a, c, artefact, r);
    const char *paths[] = {artefact->sha256, artefact->sha512};
    for (int i = 0; i < 2; i++) {
        if (!paths[i])
            continue;
        const struct node *pinned = recipe_node(file, paths[i]);
        if (!pinned || pinned->kind != NODE_SCALAR)
            return error_set(e, ERROR_RECIPE, "%s: there is no %s to pin the artefact's hash in",
                             file->name, paths[i]);
        struct renewal *renewal = vec_add(a, &out->list);
        *renewal = (struct renewal){.kind = i ? PIN_SHA512 : PIN_SHA256,
                                    .path = paths[i],
                                    .old = arena_text(a, pinned->value),
                                    .urls = urls,
                                    .checksum = &artefact->checksum,
                                    .signature = &artefact->signature,
                                    .old_url = old_url};
    }
    return true;
}

static const struct renewal *renewal_at(const struct renewals *list, const char *path)
{
    for (size_t i = 0; i < list->list.count; i++)
        if (strcmp(list->list.items[i].path, path) == 0)
            return &list->list.items[i];
    return NULL;
}

static void add_pin(struct arena *a, const struct pin *pin, const struct pin *before,
                    struct renewals *out)
{
    struct renewal *renewal = vec_add(a, &out->list);
    *renewal = (struct renewal){.kind = pin->kind, .path = pin->path, .old = pin->old};
    if (pin->kind == PIN_COMMIT) {
        renewal->repository = pin->url;
        renewal->ref = pin->tag;
        renewal->main = pin->main;
        if (!pin->tag)
            renewal->branch = pin->branch ? pin->branch : "HEAD";
        renewal->loose = pin->follows == FOLLOWS_BRANCH;
        return;
    }
    const char **urls = arena_array(a, 2, sizeof *urls);
    urls[0] = pin->url;
    renewal->urls = urls;
    renewal->old_url = before ? before->url : NULL;
}

static bool same_text(const char *a, const char *b)
{
    return a == b || (a && b && strcmp(a, b) == 0);
}

/* What a component other than the package itself moves does not reach a pin whose address it
 * leaves as it is; nor the branch that the recipe builds. */
static bool is_reached(const struct pin *before, const struct pin *after)
{
    if (after->follows == FOLLOWS_BRANCH)
        return false;
    return !before || !same_text(before->url, after->url) || !same_text(before->tag, after->tag) ||
           !same_text(before->branch, after->branch);
}

static bool wanted(const struct pin *before, const struct pin *pin, const char *version,
                   const struct renewals *out)
{
    if (pin->follows == FOLLOWS_NOTHING || (!version && !is_reached(before, pin)))
        return false;
    return !renewal_at(out, pin->path);
}

static const struct pin *pin_at(const struct pins *pins, const char *path)
{
    for (size_t i = 0; i < pins->list.count; i++)
        if (strcmp(pins->list.items[i].path, path) == 0)
            return &pins->list.items[i];
    return NULL;
}

static bool add_pins(struct arena *a, const struct recipe_file *file,
                     const struct variables *settings, const char *version, struct renewals *out,
                     struct error *e)
{
    struct variables now = {0}, then = {0};
    struct pins before = {0}, after = {0};
    if (!melange_variables(a, &file->yaml, NULL, NULL, &now, e) ||
        !melange_variables(a, &file->yaml, version, settings, &then, e))
        return false;
    melange_pins(a, &file->yaml, &now, &before);
    melange_pins(a, &file->yaml, &then, &after);
    for (size_t i = 0; i < after.list.count; i++) {
        const struct pin *pin = &after.list.items[i], *old = pin_at(&before, pin->path);
        if (!wanted(old, pin, version, out))
            continue;
        if (pin->problem)
            return error_at(e, ERROR_RECIPE, file->name, pin->line, 0, "%s: %s", pin->path,
                            pin->problem);
        add_pin(a, pin, old, out);
    }
    for (size_t i = 0; i < after.left.count; i++)
        vec_push(a, &out->left, after.left.items[i]);
    for (size_t i = 0; i < then.notes.count; i++)
        vec_push(a, &out->left, then.notes.items[i]);
    return true;
}

/* The package's version after the move: other components of the recipe leave it as it is. */
static const char *version_set(const struct variables *settings)
{
    for (size_t i = 0; i < settings->list.count; i++)
        if (strcmp(settings->list.items[i].name, "package.version") == 0)
            return settings->list.items[i].value;
    return NULL;
}

bool renewals_find(struct arena *a, const struct component *c, const struct recipe_file *file,
                   const struct release *r, struct renewals *out, struct error *e)
{
    struct variables settings = {0};
    if (!settings_expand(a, c, r, &settings, e))
        return false;
    for (size_t i = 0; i < c->artefacts.count; i++)
        if (!add_artefact(a, c, file, &c->artefacts.items[i], r, out, e))
            return false;
    if (c->kind != RECIPE_MELANGE)
        return true;
    return add_pins(a, file, &settings, version_set(&settings), out, e);
}

static void add_pinned(struct arena *a, enum pin_kind kind, const char *path, const char *old,
                       const char *url, struct renewals *out)
{
    if (!url || !old || kind == PIN_COMMIT)
        return;
    const char **urls = arena_array(a, 2, sizeof *urls);
    urls[0] = url;
    vec_push(a, &out->list,
             ((struct renewal){.kind = kind, .path = path, .old = old, .urls = urls}));
}

static void add_pinned_artefact(struct arena *a, const struct component *c,
                                const struct recipe_file *file, const struct artefact *artefact,
                                const struct release *r, struct renewals *out)
{
    const char *url = pinned_url(a, c, artefact, r);
    const char *paths[] = {artefact->sha256, artefact->sha512};
    for (int i = 0; i < 2; i++) {
        const struct node *pinned = paths[i] ? recipe_node(file, paths[i]) : NULL;
        if (pinned && pinned->kind == NODE_SCALAR)
            add_pinned(a, i ? PIN_SHA512 : PIN_SHA256, paths[i], arena_text(a, pinned->value), url,
                       out);
    }
}

void renewals_pinned(struct arena *a, const struct component *c, const struct recipe_file *file,
                     const struct release *r, struct renewals *out)
{
    struct variables now = {0};
    struct pins pins = {0};
    struct error ignored = {0};
    for (size_t i = 0; i < c->artefacts.count; i++)
        add_pinned_artefact(a, c, file, &c->artefacts.items[i], r, out);
    if (c->kind != RECIPE_MELANGE || !melange_variables(a, &file->yaml, NULL, NULL, &now, &ignored))
        return;
    melange_pins(a, &file->yaml, &now, &pins);
    for (size_t i = 0; i < pins.list.count; i++) {
        const struct pin *pin = &pins.list.items[i];
        if (!pin->problem && !renewal_at(out, pin->path))
            add_pinned(a, pin->kind, pin->path, pin->old, pin->url, out);
    }
}
