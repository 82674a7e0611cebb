/* The sources that an `update:` block can name, made into specs. */
#include "watcher/recipes/melange_update.h"

enum { DAY_DIGITS = 8 };

/* tag-filter is what tag-filter-prefix was called once. */
static void read_old_filter(struct update_reader *r, const struct pair *p, size_t offset)
{
    if (node_get(r->monitor->value, "tag-filter-prefix"))
        UPDATE_WARN(r, p->key, "tag-filter is passed over: %s is there", "tag-filter-prefix");
    else
        update_read_text(r, p, offset);
}

#define FILTER(key, member)                                                                        \
    {                                                                                              \
        key, update_read_text, offsetof(struct component, filters.member)                          \
    }

static const struct update_key github_keys[] = {
    {"identifier", NULL, 0},
    {"use-tag", NULL, 0},
    {"tag-filter", read_old_filter, offsetof(struct component, filters.tag_prefix)},
    FILTER("tag-filter-prefix", tag_prefix),
    FILTER("tag-filter-contains", tag_contains),
    FILTER("strip-prefix", strip_prefix),
    FILTER("strip-suffix", strip_suffix),
    {NULL, NULL, 0},
};

static const struct update_key tag_keys[] = {
    {"identifier", NULL, 0},
    FILTER("tag-filter-prefix", tag_prefix),
    FILTER("tag-filter-contains", tag_contains),
    FILTER("strip-prefix", strip_prefix),
    FILTER("strip-suffix", strip_suffix),
    {NULL, NULL, 0},
};

static const struct update_key release_monitor_keys[] = {
    {"identifier", NULL, 0},
    FILTER("version-filter-prefix", tag_prefix),
    FILTER("version-filter-contains", tag_contains),
    FILTER("strip-prefix", strip_prefix),
    FILTER("strip-suffix", strip_suffix),
    {NULL, NULL, 0},
};

static struct parameter parameter_at(const char *key, const char *value, const struct node *at)
{
    return (struct parameter){slice_of(key), slice_of(value), at->line, at->column};
}

/* Make the spec; a fault in it is the recipe's, not the command line's. */
static void make_spec(struct update_reader *r, const char *source,
                      const struct parameter *parameters, size_t count)
{
    struct component *c = r->c;
    struct parameter name = parameter_at(NULL, source, r->monitor->key);
    struct error e = {0};
    if (error_is_set(&c->error))
        return;
    if (!spec_make(&c->arena, r->y->name, &name, parameters, count, &c->spec, &e)) {
        c->spec = (struct spec){0};
        error_set(&c->error, ERROR_RECIPE, "%s", e.message);
        return;
    }
    c->spec.prefix = c->filters.tag_prefix;
}

/* The identifier with its variables replaced, NULL (and an error) when there is none. */
static const char *identifier(struct update_reader *r, const struct node **at)
{
    *at = node_get(r->monitor->value, "identifier");
    const char *text = *at ? update_text(r, *at, "identifier") : NULL;
    if (!text)
        UPDATE_FAIL(r, r->monitor->key, "%.*s: needs an identifier",
                    SLICE_ARG(r->monitor->key->value));
    return text;
}

static bool use_tags(struct update_reader *r)
{
    const struct node *block = r->monitor->value;
    for (size_t i = 0; i < block->count; i++)
        if (slice_is(block->pairs[i].key->value, "use-tag"))
            return update_flag(r, &block->pairs[i]);
    return false;
}

/* As GitHub has them; what else could stand here would end up in a URL. */
static bool is_repository(const char *text)
{
    struct slice rest = slice_of(text), owner, name;
    return slice_split(&rest, '/', &owner) && slice_split(&rest, '/', &name) && !rest.ptr &&
           melange_is_variable(owner) && melange_is_variable(name);
}

static void make_github(struct update_reader *r)
{
    const struct node *at;
    const char *repository = identifier(r, &at);
    if (!repository)
        return;
    if (!is_repository(repository))
        UPDATE_FAIL(r, at, "identifier: \"%s\" is not owner/name",
                    melange_shown(&r->c->arena, slice_of(repository)));
    struct parameter parameters[] = {
        parameter_at("repository", repository, at),
        parameter_at("use", use_tags(r) ? "tags" : "releases", at),
    };
    make_spec(r, "github", parameters, 2);
}

static void make_release_monitor(struct update_reader *r)
{
    const struct node *at;
    const char *project = identifier(r, &at);
    if (!project)
        return;
    struct parameter parameter = parameter_at("project", project, at);
    make_spec(r, "release-monitor", &parameter, 1);
}

static void make_oci(struct update_reader *r)
{
    const struct node *at;
    const char *image = identifier(r, &at);
    if (!image)
        return;
    struct parameter parameter = parameter_at(NULL, image, at);
    make_spec(r, "oci", &parameter, 1);
}

static bool is_day(struct slice digits)
{
    unsigned long long n;
    if (digits.len != DAY_DIGITS || !slice_number(digits, &n))
        return false;
    unsigned long long month = n / 100 % 100, day = n % 100;
    return n >= 19700101 && month >= 1 && month <= 12 && day >= 1 && day <= 31;
}

/* What stands before the day that ends the version; NULL when none does. */
static const char *snapshot_stem(struct arena *a, struct slice version)
{
    if (version.len < DAY_DIGITS)
        return NULL;
    struct slice stem = slice_first(version, version.len - DAY_DIGITS);
    bool longer = stem.len && is_digit(stem.ptr[stem.len - 1]);
    return longer || !is_day(slice_from(version, stem.len)) ? NULL : arena_text(a, stem);
}

/* A recipe that builds the head of a branch, and whose version is a day, has no tags to look at. */
static const struct pin *snapshot_pin(struct update_reader *r)
{
    const struct filters *f = &r->c->filters;
    if (f->tag_prefix || f->tag_contains || f->strip_prefix || f->strip_suffix)
        return NULL;
    for (size_t i = 0; i < r->pins->list.count; i++)
        if (r->pins->list.items[i].main && r->pins->list.items[i].follows == FOLLOWS_BRANCH)
            return &r->pins->list.items[i];
    return NULL;
}

static const struct node *first_repository(struct update_reader *r)
{
    struct steps steps = {0};
    melange_steps(&r->c->arena, melange_root(r->y), "", &steps);
    for (size_t i = 0; i < steps.list.count; i++)
        if (step_uses(&steps.list.items[i], "git-checkout"))
            return node_get(steps.list.items[i].with, "repository");
    return NULL;
}

static void make_git(struct update_reader *r)
{
    const struct node *at = node_get(r->monitor->value, "identifier");
    const struct pin *head = snapshot_pin(r);
    if (!at)
        at = first_repository(r);
    const char *repository = at ? update_text(r, at, "repository") : NULL;
    if (!repository) {
        UPDATE_FAIL(r, r->monitor->key, "git: has no identifier, and the pipeline no git-checkout");
        return;
    }
    repository = melange_repository(&r->c->arena, slice_of(repository));
    if (head)
        r->c->snapshot = snapshot_stem(&r->c->arena, slice_of(r->c->current));
    struct parameter parameters[] = {
        parameter_at("repository", repository, at),
        parameter_at("branch", head && head->branch ? head->branch : "HEAD", at),
    };
    make_spec(r, "git", parameters, r->c->snapshot ? 2 : 1);
}

static void refuse_version_data(struct update_reader *r)
{
    UPDATE_FAIL(r, r->monitor->key,
                "version_data is a service that cannot be asked from outside: name github, git, "
                "release-monitor or oci");
}

static const struct monitor {
    const char *name;
    const struct update_key *keys; /* NULL = not looked at */
    void (*make)(struct update_reader *r);
} monitors[] = {
    {"github", github_keys, make_github},
    {"git", tag_keys, make_git},
    {"release-monitor", release_monitor_keys, make_release_monitor},
    {"oci", tag_keys, make_oci},
    {"version_data", NULL, refuse_version_data},
};

void update_monitor(struct update_reader *r)
{
    const struct monitor *m = monitors;
    while (!slice_is(r->monitor->key->value, m->name))
        m++;
    const struct node *block = r->monitor->value;
    bool empty = block->kind == NODE_SCALAR && node_type(block) == TYPE_NULL;
    if (block->kind != NODE_MAPPING && !empty) {
        UPDATE_FAIL(r, block, "%s: must be a mapping", m->name);
        return;
    }
    if (m->keys && !empty)
        update_read_keys(r, block, m->keys);
    m->make(r);
}
