/* What an image follows, from the names of its packages. */
#include "watcher/recipes/apko.h"
#include "watcher/recipes/init_parts.h"

/* What moves with a stream beside the packages that are called like it. */
static const struct companion {
    const char *stem;        /* how the stream's names begin */
    const char *packages[4]; /* other names with the same number; NULL-ended */
    const char *before;      /* a place in the image's file: before<number>after */
    const char *after;
} companions[] = {
    {"openjdk-", {NULL}, "java-", "-openjdk"},
    {"postgresql-", {"ecpg-*", "libpq-*", "pgaudit-*", NULL}, NULL, NULL},
};

enum { FEW = 4 }; /* names that fit on one line */

struct image {
    struct arena a;
    const struct node *packages;
    const char *name;     /* "openjdk-*-jre" */
    struct slice version; /* "26" */
    VEC(const char *) names;
};

static struct slice stem_of(const struct image *image)
{
    struct slice name = slice_of(image->name);
    return slice_first(name, slice_find_byte(name, '*'));
}

/* The first package that is a stream says what the image is for. */
static bool find_stream(struct image *image)
{
    for (size_t i = 0; i < image->packages->count; i++)
        for (const char *const *name = apko_stream_names(); *name; name++)
            if (apko_name_fits(image->packages->items[i]->value, *name, &image->version)) {
                image->name = *name;
                return true;
            }
    return false;
}

static void add_name(struct image *image, const char *name)
{
    for (size_t i = 0; i < image->names.count; i++)
        if (slice_is(slice_of(name), image->names.items[i]))
            return;
    vec_push(&image->a, &image->names, name);
}

static bool is_name(struct slice package)
{
    for (size_t i = 0; i < package.len; i++)
        if (!is_letter(package.ptr[i]) && !is_digit(package.ptr[i]) &&
            slice_find_byte(SLICE("+._-"), package.ptr[i]) == SLICE_NONE)
            return false;
    return true;
}

/* "openjdk-*-default-jvm" of openjdk-26-default-jvm. */
static void add_sibling(struct image *image, struct slice package)
{
    struct slice stem = stem_of(image), found;
    struct slice rest = slice_from(package, stem.len + image->version.len);
    const char *name = arena_printf(&image->a, "%.*s*%.*s", SLICE_ARG(stem), SLICE_ARG(rest));
    if (is_name(package) && apko_name_fits(package, name, &found) &&
        slice_equal(found, image->version))
        add_name(image, name);
}

static const struct companion *companion_of(const struct image *image)
{
    for (size_t i = 0; i < sizeof companions / sizeof *companions; i++)
        if (slice_is(stem_of(image), companions[i].stem))
            return &companions[i];
    return NULL;
}

static void add_companions(struct image *image, struct slice package)
{
    struct slice found;
    const struct companion *c = companion_of(image);
    for (size_t i = 0; c && c->packages[i]; i++)
        if (apko_name_fits(package, c->packages[i], &found) && slice_equal(found, image->version))
            add_name(image, c->packages[i]);
}

static void find_names(struct image *image)
{
    add_name(image, image->name);
    for (size_t i = 0; i < image->packages->count; i++) {
        struct slice package = image->packages->items[i]->value;
        if (slice_starts(package, stem_of(image)))
            add_sibling(image, package);
        else
            add_companions(image, package);
    }
}

/* An image that names a repository which is not Wolfi's is asked about there. */
static struct slice repository_of(const struct yaml *y)
{
    const struct node *list = node_get(node_get(y->documents[0], "contents"), "repositories");
    struct slice other = {0};
    for (size_t i = 0; list && list->kind == NODE_SEQUENCE && i < list->count; i++) {
        struct slice url = list->items[i]->value;
        if (slice_contains(url, SLICE("packages.wolfi.dev/os")))
            return (struct slice){0};
        if (!other.len && slice_starts(url, SLICE("https://")))
            other = url;
    }
    return other;
}

static const char *source_of(struct image *image, const struct yaml *y)
{
    const char *repository = init_quoted(&image->a, repository_of(y));
    const char *source = arena_printf(&image->a, "{apkindex: {package: %s, repository: %s}}",
                                      image->name, repository);
    if (init_is_source(&image->a, source))
        return source;
    return arena_printf(&image->a, "{wolfi: %s}", image->name);
}

static void write_names(const struct image *image, struct buf *out)
{
    if (image->names.count < 2)
        return;
    if (image->names.count > FEW) {
        buf_add_text(out, "    names:\n");
        for (size_t i = 0; i < image->names.count; i++)
            buf_addf(out, "      - %s\n", image->names.items[i]);
        return;
    }
    buf_add_text(out, "    names: [");
    for (size_t i = 0; i < image->names.count; i++)
        buf_addf(out, "%s%s", i ? ", " : "", image->names.items[i]);
    buf_add_text(out, "]\n");
}

static void write_places(struct image *image, const struct yaml *y, struct buf *out)
{
    const struct companion *c = companion_of(image);
    if (!c || !c->before)
        return;
    const char *place =
        arena_printf(&image->a, "%s%.*s%s", c->before, SLICE_ARG(image->version), c->after);
    if (slice_contains(y->source, slice_of(place)))
        buf_addf(out, "    places: [{pattern: '%s([0-9.]+)%s'}]\n", c->before, c->after);
}

bool init_image(const struct yaml *y, struct buf *out)
{
    struct image image = {0};
    const struct node *contents = y->count ? node_get(y->documents[0], "contents") : NULL;
    image.packages = contents ? node_get(contents, "packages") : NULL;
    bool found = image.packages && image.packages->kind == NODE_SEQUENCE && find_stream(&image);
    if (found) {
        find_names(&image);
        buf_addf(out, "    source: %s\n", source_of(&image, y));
        write_names(&image, out);
        write_places(&image, y, out);
    }
    arena_free(&image.a);
    return found;
}
