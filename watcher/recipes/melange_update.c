/* The `update:` block. Its keys are those of melange's pkg/config (Update and the monitors). */
#include "watcher/recipes/melange_update.h"

#include "watcher/base/text.h"

enum { MOST_KEYS = 16 };

static void warn_unknown(struct update_reader *r, const struct node *key,
                         const struct update_key *keys)
{
    const char *names[MOST_KEYS + 1] = {0};
    for (size_t i = 0; keys[i].name && i < MOST_KEYS; i++)
        names[i] = keys[i].name;
    const char *near = text_nearest(key->value, names);
    const char *shown = melange_shown(&r->c->arena, key->value);
    if (near)
        UPDATE_WARN(r, key, "unknown key %s (%s?)", shown, near);
    else
        UPDATE_WARN(r, key, "unknown key %s", shown);
}

void update_read_keys(struct update_reader *r, const struct node *mapping,
                      const struct update_key *keys)
{
    for (size_t i = 0; i < mapping->count; i++) {
        const struct pair *p = &mapping->pairs[i];
        const struct update_key *k = keys;
        while (k->name && !slice_is(p->key->value, k->name))
            k++;
        if (!k->name)
            warn_unknown(r, p->key, keys);
        else if (k->read)
            k->read(r, p, k->offset);
    }
}

static bool is_null(const struct node *n)
{
    return n->kind == NODE_SCALAR && node_type(n) == TYPE_NULL;
}

/* The text of a value with its variables replaced; NULL when there is none or it is wrong. */
const char *update_text(struct update_reader *r, const struct node *value, const char *name)
{
    const char *result = NULL;
    struct buf out = BUF_MAX(LONGEST_VALUE);
    struct error e = {0};
    if (value->kind != NODE_SCALAR)
        UPDATE_FAIL(r, value, "%s must be a text", name);
    else if (!melange_expand(r->vars, value->value, &out, &e))
        UPDATE_FAIL(r, value, "%s: %s", name, e.message);
    else if (out.overflow)
        UPDATE_FAIL(r, value, "%s is too long", name);
    else if (!is_null(value) && out.len)
        result = arena_text(&r->c->arena, buf_slice(&out));
    buf_free(&out);
    return result;
}

void update_read_text(struct update_reader *r, const struct pair *p, size_t offset)
{
    const char **target = (const char **)((char *)r->c + offset);
    *target = update_text(r, p->value, arena_text(&r->c->arena, p->key->value));
}

/* As yaml.v3 decodes into a bool, YAML 1.1's words included. */
bool update_flag(struct update_reader *r, const struct pair *p)
{
    static const char *const yes[] = {"yes", "y", "Y", "on"}, *const no[] = {"no", "n", "N", "off"};
    struct slice text = p->value->value;
    if (p->value->kind == NODE_SCALAR && (node_type(p->value) == TYPE_BOOL || is_null(p->value)))
        return node_bool(p->value, false);
    for (size_t i = 0; p->value->kind == NODE_SCALAR && i < sizeof yes / sizeof *yes; i++)
        if (slice_is(text, yes[i]) || slice_is(text, no[i]))
            return slice_is(text, yes[i]);
    UPDATE_FAIL(r, p->value, "%.*s must be true or false", SLICE_ARG(p->key->value));
    return false;
}

void update_read_flag(struct update_reader *r, const struct pair *p, size_t offset)
{
    *(bool *)((char *)r->c + offset) = update_flag(r, p);
}

static const struct pattern *pattern_of(struct update_reader *r, const struct node *value,
                                        const char *name)
{
    struct error e = {0};
    const char *text = update_text(r, value, name);
    const struct pattern *p = text ? pattern_compile(&r->c->arena, slice_of(text), &e) : NULL;
    if (text && !p)
        UPDATE_FAIL(r, value, "%s: %s", name, e.message);
    return p;
}

static bool is_list(struct update_reader *r, const struct pair *p)
{
    if (p->value->kind == NODE_SEQUENCE)
        return true;
    if (!is_null(p->value))
        UPDATE_FAIL(r, p->value, "%.*s must be a list", SLICE_ARG(p->key->value));
    return false;
}

static void read_ignore(struct update_reader *r, const struct pair *p, size_t offset)
{
    (void)offset;
    for (size_t i = 0; is_list(r, p) && i < p->value->count; i++) {
        const struct pattern *pattern = pattern_of(r, p->value->items[i], "ignore-regex-patterns");
        if (pattern)
            vec_push(&r->c->arena, &r->c->filters.ignore, pattern);
    }
}

static const struct update_key transform_keys[] = {
    {.name = "match"}, {.name = "replace"}, {.name = NULL}};

static void add_transform(struct update_reader *r, const struct node *item)
{
    const struct node *match = node_get(item, "match"), *replace = node_get(item, "replace");
    if (item->kind == NODE_MAPPING)
        update_read_keys(r, item, transform_keys);
    if (!match || !replace) {
        UPDATE_FAIL(r, item, "a version-transform needs `match` and `replace`");
        return;
    }
    const char *text = update_text(r, replace, "replace");
    struct transform t = {pattern_of(r, match, "match"), text ? text : ""};
    const char *note = melange_replacement_note(&r->c->arena, r->y, replace);
    if (note)
        vec_push(&r->c->arena, &r->c->warnings, note);
    if (t.match)
        vec_push(&r->c->arena, &r->c->filters.transforms, t);
}

static void read_transforms(struct update_reader *r, const struct pair *p, size_t offset)
{
    (void)offset;
    for (size_t i = 0; is_list(r, p) && i < p->value->count; i++)
        add_transform(r, p->value->items[i]);
}

static const struct update_key schedule_keys[] = {
    {.name = "period"}, {.name = "reason"}, {.name = NULL}};

static void read_schedule(struct update_reader *r, const struct pair *p, size_t offset)
{
    static const char *const periods[] = {"daily", "weekly", "monthly", NULL};
    (void)offset;
    const struct node *period = node_get(p->value, "period");
    if (p->value->kind == NODE_MAPPING)
        update_read_keys(r, p->value, schedule_keys);
    for (size_t i = 0; period && periods[i]; i++)
        if (slice_is(node_text(p->value, "period"), periods[i]))
            r->c->schedule = periods[i];
    if (!r->c->schedule)
        UPDATE_WARN(r, p->value, "schedule needs a period: %s", "daily, weekly or monthly");
}

static void read_monitor(struct update_reader *r, const struct pair *p, size_t offset)
{
    (void)offset;
    if (r->monitor)
        UPDATE_FAIL(r, p->key, "update: names two sources, %.*s and %.*s",
                    SLICE_ARG(r->monitor->key->value), SLICE_ARG(p->key->value));
    r->monitor = p;
}

static const struct update_key update_keys[] = {
    {"enabled", NULL, 0},
    {"exclude-reason", NULL, 0},
    {"manual", update_read_flag, offsetof(struct component, manual)},
    {"require-sequential", update_read_flag, offsetof(struct component, require_sequential)},
    {"shared", update_read_flag, offsetof(struct component, shared)},
    {"version-separator", update_read_text, offsetof(struct component, filters.separator)},
    {"ignore-regex-patterns", read_ignore, 0},
    {"version-transform", read_transforms, 0},
    {"schedule", read_schedule, 0},
    {"enable-prerelease-tags", update_read_flag, offsetof(struct component, filters.prereleases)},
    {"github", read_monitor, 0},
    {"git", read_monitor, 0},
    {"release-monitor", read_monitor, 0},
    {"oci", read_monitor, 0},
    {"version_data", read_monitor, 0},
    {NULL, NULL, 0},
};

/* What follows `exclude-reason:`, on one line. */
static const char *one_line(struct arena *a, struct slice text)
{
    const char *result = "";
    struct buf out = {0};
    struct slice line;
    while (slice_line(&text, &line)) {
        line = slice_trim(line);
        if (!slice_empty(line))
            buf_addf(&out, "%s%.*s", out.len ? " " : "", SLICE_ARG(line));
    }
    result = arena_text(a, buf_slice(&out));
    buf_free(&out);
    return result;
}

static const char *why_disabled(struct update_reader *r, const struct node *block, bool said)
{
    const char *reason = one_line(&r->c->arena, node_text(block, "exclude-reason"));
    if (*reason)
        return reason;
    return said ? "update: says enabled: false" : "update: does not say enabled: true";
}

static const struct pair *find_pair(const struct node *mapping, const char *key)
{
    for (size_t i = 0; i < mapping->count; i++)
        if (slice_is(mapping->pairs[i].key->value, key))
            return &mapping->pairs[i];
    return NULL;
}

static void read_block(struct update_reader *r, const struct node *block)
{
    const struct pair *enabled = find_pair(block, "enabled");
    bool on = enabled && update_flag(r, enabled);
    if (error_is_set(&r->c->error))
        return;
    update_read_keys(r, block, update_keys);
    if (!on) {
        r->c->disabled = why_disabled(r, block, enabled != NULL);
        error_clear(&r->c->error);
    } else if (r->monitor) {
        update_monitor(r);
    } else {
        UPDATE_FAIL(r, block, "update: names no source: github, git, release-monitor or oci");
    }
}

void melange_update(const struct yaml *y, const struct variables *vars, const struct pins *pins,
                    struct component *c)
{
    struct update_reader r = {.y = y, .vars = vars, .pins = pins, .c = c};
    const struct node *block = node_get(melange_root(y), "update");
    if (!block || is_null(block))
        c->disabled = "no update: block";
    else if (block->kind == NODE_MAPPING)
        read_block(&r, block);
    else
        UPDATE_FAIL(&r, block, "update: must be a mapping");
}
