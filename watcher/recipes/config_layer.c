#include "watcher/recipes/config_layer.h"

#include "watcher/base/timestamp.h"

static const char *text(struct component *c, const struct node *value)
{
    return arena_text(&c->arena, value->value);
}

/* The text under a key, NULL when absent. */
static const char *text_at(struct component *c, const struct node *mapping, const char *key)
{
    const struct node *value = node_get(mapping, key);
    return value ? text(c, value) : NULL;
}

/* It compiled when the file was checked. */
static const struct pattern *pattern(struct component *c, const struct node *value)
{
    struct error e = {0};
    return value ? pattern_compile(&c->arena, value->value, &e) : NULL;
}

const struct pattern *layer_line_pattern(struct arena *a, const struct node *value)
{
    struct error e = {0};
    const char *lines = arena_printf(a, "(?m)%.*s", SLICE_ARG(value->value));
    return pattern_compile(a, slice_of(lines), &e);
}

static void *member(struct component *c, const struct config_key *key)
{
    return (char *)c + key->offset;
}

/* An empty text takes back what an outer layer said. */
void layer_text(struct component *c, const struct config_key *key, const struct node *value)
{
    *(const char **)member(c, key) = slice_empty(value->value) ? NULL : text(c, value);
}

void layer_flag(struct component *c, const struct config_key *key, const struct node *value)
{
    *(bool *)member(c, key) = node_bool(value, false);
}

void layer_pattern(struct component *c, const struct config_key *key, const struct node *value)
{
    *(const struct pattern **)member(c, key) = pattern(c, value);
}

void layer_scheme(struct component *c, const struct config_key *key, const struct node *value)
{
    (void)key;
    c->scheme = scheme_find(text(c, value));
}

void layer_duration(struct component *c, const struct config_key *key, const struct node *value)
{
    duration_parse(value->value, (int64_t *)member(c, key));
}

void layer_ignore(struct component *c, const struct config_key *key, const struct node *value)
{
    (void)key;
    c->filters.ignore.count = 0;
    for (size_t i = 0; i < value->count; i++)
        vec_push(&c->arena, &c->filters.ignore, pattern(c, value->items[i]));
}

void layer_transforms(struct component *c, const struct config_key *key, const struct node *value)
{
    (void)key;
    c->filters.transforms.count = 0;
    for (size_t i = 0; i < value->count; i++) {
        const struct node *row = value->items[i];
        struct transform t = {pattern(c, node_get(row, "match")), text_at(c, row, "replace")};
        vec_push(&c->arena, &c->filters.transforms, t);
    }
}

static void read_action(const struct node *mapping, const char *key, enum action *out)
{
    const struct node *value = node_get(mapping, key);
    if (value)
        action_parse(value->value, out);
}

/* What a layer does not name keeps what the outer one said. */
void layer_policy(struct component *c, const struct config_key *key, const struct node *value)
{
    struct policy *p = &c->policy;
    (void)key;
    read_action(value, "patch", &p->patch);
    read_action(value, "minor", &p->minor);
    read_action(value, "major", &p->major);
    read_action(value, "new-stream", &p->new_stream);
    const struct node *retagged = node_get(value, "retagged");
    if (retagged)
        p->rebuild_retagged = slice_is(retagged->value, "epoch");
}

void layer_advisories(struct component *c, const struct config_key *key, const struct node *value)
{
    (void)key;
    c->advisories = slice_is(value->value, "osv");
}

void layer_set(struct component *c, const struct config_key *key, const struct node *value)
{
    (void)key;
    c->settings.count = 0;
    for (size_t i = 0; i < value->count; i++) {
        struct setting s = {text(c, value->pairs[i].key), text(c, value->pairs[i].value)};
        vec_push(&c->arena, &c->settings, s);
    }
}

void layer_names(struct component *c, const struct config_key *key, const struct node *value)
{
    (void)key;
    c->names.count = 0;
    for (size_t i = 0; i < value->count; i++)
        vec_push(&c->arena, &c->names, text(c, value->items[i]));
}

static struct signature_rule read_signature(struct component *c, const struct node *value)
{
    if (!value)
        return (struct signature_rule){0};
    return (struct signature_rule){.url = text_at(c, value, "url"),
                                   .minisign = text_at(c, value, "minisign"),
                                   .gpg = text_at(c, value, "gpg")};
}

static struct checksum read_checksum(struct component *c, const struct node *value)
{
    if (!value)
        return (struct checksum){0};
    if (value->kind == NODE_SCALAR)
        return (struct checksum){.url = text(c, value)};
    const struct node *find = node_get(value, "pattern");
    return (struct checksum){.url = text_at(c, value, "url"),
                             .pattern = find ? layer_line_pattern(&c->arena, find) : NULL,
                             .signature = read_signature(c, node_get(value, "signature"))};
}

static void read_artefact(struct component *c, const struct node *row, struct artefact *out)
{
    const struct node *urls = node_get(row, "urls"), *url = node_get(row, "url");
    if (url)
        vec_push(&c->arena, &out->urls, text(c, url));
    for (size_t i = 0; urls && i < urls->count; i++)
        vec_push(&c->arena, &out->urls, text(c, urls->items[i]));
    out->sha256 = text_at(c, row, "sha256");
    out->sha512 = text_at(c, row, "sha512");
    out->checksum = read_checksum(c, node_get(row, "checksum"));
    out->signature = read_signature(c, node_get(row, "signature"));
}

void layer_artefacts(struct component *c, const struct config_key *key, const struct node *value)
{
    (void)key;
    c->artefacts.count = 0;
    for (size_t i = 0; i < value->count; i++) {
        struct artefact artefact = {0};
        read_artefact(c, value->items[i], &artefact);
        vec_push(&c->arena, &c->artefacts, artefact);
    }
}

void layer_places(struct component *c, const struct config_key *key, const struct node *value)
{
    (void)key;
    c->places.count = 0;
    for (size_t i = 0; i < value->count; i++) {
        const struct node *row = value->items[i];
        const char *file = text_at(c, row, "file"), *what = text_at(c, row, "value");
        struct place place = {file ? file : c->file,
                              layer_line_pattern(&c->arena, node_get(row, "pattern")),
                              what ? what : "{version}"};
        vec_push(&c->arena, &c->places, place);
    }
}

void layer_epoch(struct component *c, const struct config_key *key, const struct node *value)
{
    (void)key;
    c->keep_epoch = slice_is(value->value, "keep");
}

void layer_proof(struct component *c, const struct config_key *key, const struct node *value)
{
    (void)key;
    c->proof_required = slice_is(value->value, "required");
}

void layer_dependents(struct component *c, const struct config_key *key, const struct node *value)
{
    (void)key;
    dependents_parse(value->value, &c->dependents);
}

static struct link *link_titled(struct component *c, const char *title)
{
    for (size_t i = 0; i < c->links.count; i++)
        if (slice_is(slice_of(title), c->links.items[i].title))
            return &c->links.items[i];
    return vec_add(&c->arena, &c->links);
}

/* Links add up; the same title again replaces. */
void layer_links(struct component *c, const struct config_key *key, const struct node *value)
{
    (void)key;
    for (size_t i = 0; i < value->count; i++) {
        const char *title = text(c, value->pairs[i].key);
        *link_titled(c, title) = (struct link){title, text(c, value->pairs[i].value)};
    }
}

static bool has_label(const struct component *c, struct slice label)
{
    for (size_t i = 0; i < c->labels.count; i++)
        if (slice_is(label, c->labels.items[i]))
            return true;
    return false;
}

/* Labels add up. */
void layer_labels(struct component *c, const struct config_key *key, const struct node *value)
{
    (void)key;
    for (size_t i = 0; i < value->count; i++)
        if (!has_label(c, value->items[i]->value))
            vec_push(&c->arena, &c->labels, text(c, value->items[i]));
}

void layer_checklist(struct component *c, const struct config_key *key, const struct node *value)
{
    (void)key;
    c->checklist.count = 0;
    for (size_t i = 0; i < value->count; i++)
        vec_push(&c->arena, &c->checklist, text(c, value->items[i]));
}

/* The innermost layer's list counts alone. */
#define PUT_LIST(c, member, value)                                                                 \
    do {                                                                                           \
        (c)->member.count = 0;                                                                     \
        for (size_t i = 0; i < (value)->count; i++)                                                \
            vec_push(&(c)->arena, &(c)->member, text((c), (value)->items[i]));                     \
    } while (0)

void layer_assignees(struct component *c, const struct config_key *key, const struct node *value)
{
    (void)key;
    PUT_LIST(c, assignees, value);
}

void layer_reviewers(struct component *c, const struct config_key *key, const struct node *value)
{
    (void)key;
    PUT_LIST(c, reviewers, value);
}

void layer_team_reviewers(struct component *c, const struct config_key *key,
                          const struct node *value)
{
    (void)key;
    PUT_LIST(c, team_reviewers, value);
}

static void put(struct component *c, const struct node *mapping)
{
    if (!mapping || mapping->kind != NODE_MAPPING)
        return;
    for (size_t i = 0; i < mapping->count; i++) {
        const struct config_key *key =
            config_key_find(&config_type_component, mapping->pairs[i].key->value);
        if (key && key->read)
            key->read(c, key, mapping->pairs[i].value);
    }
}

void layers_put(const struct layers *layers, struct component *c)
{
    for (size_t i = 0; i < LAYERS; i++)
        put(c, layers->nodes[i]);
}

const struct node *layers_find(const struct layers *layers, const char *key)
{
    const struct node *found = NULL;
    for (size_t i = 0; i < LAYERS; i++) {
        const struct node *value = layers->nodes[i] ? node_get(layers->nodes[i], key) : NULL;
        found = value ? value : found;
    }
    return found;
}
