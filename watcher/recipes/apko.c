#include "watcher/recipes/apko.h"

#include "watcher/base/file.h"

/* Names of Wolfi's packages, the longer ones first, so that the first that fits says most. Only
 * such whose number is upstream's own line: sonames look the same and are none. */
static const char *const stream_names[] = {
    "dotnet-*-runtime",
    "dotnet-*-sdk",
    "aspnet-*-runtime",
    "openjdk-*-default-jdk",
    "openjdk-*-default-jvm",
    "openjdk-*-jdk",
    "openjdk-*-jre",
    "openjdk-*",
    "postgresql-*-client",
    "postgresql-*",
    "python-*",
    "nodejs-*",
    "go-*",
    "php-*",
    "ruby-*",
    "erlang-*",
    "elixir-*",
    "gcc-*",
    "clang-*",
    "llvm-*",
    "rust-*",
    "couchdb-*",
    "debezium-*",
    "envoy-*",
    "infinispan-*",
    "k3s-*",
    "kubernetes-*",
    "mariadb-*",
    "maven-*",
    "opensearch-*",
    NULL,
};

static const struct node *root_of(const struct yaml *y)
{
    return y->count ? y->documents[0] : NULL;
}

bool apko_is(const struct yaml *y)
{
    const struct node *root = root_of(y);
    const struct node *contents = node_get(root, "contents");
    if (node_get(root, "package"))
        return false;
    return node_get(contents, "packages") || node_get(contents, "repositories") ||
           !slice_empty(node_text(root, "include"));
}

static struct slice without_extension(struct slice base)
{
    static const char *const extensions[] = {".yaml", ".yml"};
    for (size_t i = 0; i < sizeof extensions / sizeof *extensions; i++) {
        struct slice extension = slice_of(extensions[i]);
        if (slice_ends(base, extension) && base.len > extension.len)
            return slice_first(base, base.len - extension.len);
    }
    return base;
}

static bool says_nothing(struct slice name)
{
    return slice_is(name, "apko") || slice_is(name, "image");
}

struct slice apko_name(struct slice file)
{
    struct slice name = without_extension(path_base(file));
    struct slice dir = path_dir(file);
    while (says_nothing(name) && !slice_empty(path_base(dir))) {
        name = path_base(dir);
        dir = path_dir(dir);
    }
    return name;
}

static const char pins_nothing[] =
    "names packages, no versions; mwatch.yaml can say what to follow";

bool apko_pins_nothing(const struct component *c)
{
    return c->disabled == pins_nothing;
}

bool apko_read(const struct yaml *y, struct component *c, struct error *e)
{
    c->kind = RECIPE_APKO;
    c->scheme = &scheme_apk;
    if (!apko_is(y))
        return error_at(e, ERROR_RECIPE, y->name, 0, 0,
                        "no apko image: it has neither contents: nor include:");
    c->recipe = c->name = arena_text(&c->arena, apko_name(slice_of(c->file)));
    c->disabled = pins_nothing;
    return true;
}

static bool is_number_line(struct slice text)
{
    for (size_t i = 0; i < text.len; i++)
        if (!is_digit(text.ptr[i]) && text.ptr[i] != '.')
            return false;
    return text.len && is_digit(text.ptr[0]) && is_digit(text.ptr[text.len - 1]);
}

/* "name~1.2", "name=1.2-r0@pin". */
struct slice apko_package_name(struct slice entry)
{
    size_t len = 0;
    entry = slice_trim(entry);
    while (len < entry.len && slice_find_byte(SLICE("<>=~@!"), entry.ptr[len]) == SLICE_NONE)
        len++;
    return slice_trim(slice_first(entry, len));
}

const char *apko_name_fill(struct arena *a, const char *name, struct slice version)
{
    struct slice pattern = slice_of(name);
    size_t star = slice_find_byte(pattern, '*');
    if (star == SLICE_NONE)
        return arena_copy(a, name);
    return arena_printf(a, "%.*s%.*s%s", SLICE_ARG(slice_first(pattern, star)), SLICE_ARG(version),
                        name + star + 1);
}

bool apko_name_fits(struct slice package, const char *name, struct slice *out)
{
    struct slice pattern = slice_of(name), bare = apko_package_name(package);
    size_t star = slice_find_byte(pattern, '*');
    struct slice head = slice_first(pattern, star);
    struct slice tail = slice_from(pattern, star == SLICE_NONE ? pattern.len : star + 1);
    *out = slice_first(bare, 0);
    if (star == SLICE_NONE)
        return slice_equal(bare, pattern) && !slice_empty(bare);
    if (bare.len < head.len + tail.len || !slice_starts(bare, head) || !slice_ends(bare, tail))
        return false;
    struct slice middle = slice_first(slice_from(bare, head.len), bare.len - head.len - tail.len);
    if (!is_number_line(middle))
        return false;
    *out = middle;
    return true;
}

struct slice apko_name_version(const struct yaml *y, const char *name, const struct node **where)
{
    const struct node *packages = node_get(node_get(root_of(y), "contents"), "packages");
    struct slice version;
    for (size_t i = 0; packages && packages->kind == NODE_SEQUENCE && i < packages->count; i++) {
        const struct node *item = packages->items[i];
        if (item->kind == NODE_SCALAR && apko_name_fits(item->value, name, &version)) {
            *where = item;
            return version;
        }
    }
    *where = NULL;
    return slice_new(NULL, 0);
}

const char *const *apko_stream_names(void)
{
    return stream_names;
}
