/* The entry of a melange recipe: what its `update:` block and its addresses leave to say. */
#include "watcher/recipes/init_parts.h"

#include <string.h>

/* Guess from the first address that moves with the version, else from the first that is known. */
static void guess(struct init_draft *d)
{
    struct slice version = slice_of(d->c->current);
    for (size_t i = 0; i < d->scan.addresses.count; i++) {
        struct init_guess g;
        const struct init_address *address = &d->scan.addresses.items[i];
        if (!init_guess(&d->w->a, address, version, &g))
            continue;
        bool moves = g.tag ? g.fits : slice_contains(slice_of(address->url), version);
        if (!moves && d->guess.source)
            continue;
        d->guess = g;
        d->guess.fits = moves;
        if (moves)
            return;
    }
}

/* A tag filter such as "php-8.5." or "v4_0_" says how tags are spelt, too. */
static void guess_from_filter(struct init_draft *d)
{
    struct slice version = slice_of(d->c->current), filter = slice_of(d->c->filters.tag_prefix);
    size_t prefix = 0, len = 0;
    char separator = '.';
    while (prefix < filter.len && !is_digit(filter.ptr[prefix]))
        prefix++;
    struct slice rest = slice_from(filter, prefix);
    for (; len < rest.len && len < version.len; len++) {
        if (rest.ptr[len] == version.ptr[len])
            continue;
        if (version.ptr[len] != '.' || (rest.ptr[len] != '_' && rest.ptr[len] != '-'))
            return;
        separator = rest.ptr[len];
    }
    if (!len || len < rest.len)
        return;
    d->guess.fits = true;
    d->guess.strip_prefix = prefix ? arena_text(&d->w->a, slice_first(filter, prefix)) : NULL;
    d->guess.separator = separator == '.' ? NULL : separator == '_' ? "_" : "-";
}

static void add_line(struct init_draft *d, const char *key, const char *value)
{
    if (!value)
        return;
    buf_addf(&d->lines, "    %s: ", key);
    init_scalar(&d->lines, slice_of(value), false);
    buf_add_byte(&d->lines, '\n');
}

/* From the tag to the version. Other tags of the same repository may be of other things, unless
 * theirs begin like everybody's. */
static void add_filters(struct init_draft *d)
{
    const char *prefix = d->guess.strip_prefix;
    if (prefix && strcmp(prefix, "v") != 0)
        add_line(d, "tag-filter-prefix", prefix);
    add_line(d, "strip-prefix", prefix);
    add_line(d, "strip-suffix", d->guess.strip_suffix);
    add_line(d, "version-separator", d->guess.separator);
}

/* An `update:` block that names the tags but not how they become versions finds none at all. */
static void mend_filters(struct init_draft *d)
{
    const struct filters *f = &d->c->filters;
    const char *source = d->c->spec.source->name;
    bool tags = strcmp(source, "github") == 0 || strcmp(source, "git") == 0;
    if (!tags || f->match || f->transforms.count || f->strip_prefix || f->separator)
        return;
    if (!d->guess.fits || !d->guess.tag)
        guess_from_filter(d);
    if (d->guess.fits) {
        add_line(d, "strip-prefix", d->guess.strip_prefix);
        add_line(d, "version-separator", d->guess.separator);
    } else if (d->guess.tag && !d->c->snapshot) {
        buf_addf(&d->lines,
                 "    # its version does not stand in its tag %s:\n"
                 "    # match: '...' # or version-transform: how the version is made of the tag\n",
                 init_visible(d->w, d->guess.tag));
    }
}

/* The files that move with the version and whose hashes no step has. */
struct loose_files {
    const char *only; /* the template, when it is one and can be told */
    size_t count;
};

static struct loose_files loose_files(const struct init_draft *d)
{
    struct loose_files files = {0};
    struct slice version = slice_of(d->c->current);
    for (size_t i = 0; i < d->scan.addresses.count; i++) {
        const struct init_address *address = &d->scan.addresses.items[i];
        const char *template = init_template(&d->w->a, address->url, version, &d->guess);
        bool moves = template || slice_contains(slice_of(address->url), version);
        if (!address->checkout && !address->pinned && moves)
            files.only = files.count++ ? NULL : template;
    }
    return files;
}

static bool are_of_one_file(const struct init_scan *scan)
{
    size_t count = scan->hashes.count;
    return count == 1 ||
           (count == 2 && scan->hashes.items[0].is_512 != scan->hashes.items[1].is_512);
}

static void add_hash(struct init_draft *d, const char *before, const struct init_hash *hash)
{
    buf_addf(&d->lines, "%s%s: ", before, hash->is_512 ? "sha512" : "sha256");
    init_scalar(&d->lines, slice_of(hash->path), false);
    buf_add_byte(&d->lines, '\n');
}

static void add_artefacts(struct init_draft *d)
{
    const struct init_scan *scan = &d->scan;
    struct loose_files files = loose_files(d);
    if (!scan->hashes.count || !files.count)
        return;
    if (files.only && are_of_one_file(scan)) {
        buf_add_text(&d->lines, "    artefacts:\n      - url: ");
        init_scalar(&d->lines, slice_of(files.only), false);
        buf_add_byte(&d->lines, '\n');
        for (size_t i = 0; i < scan->hashes.count; i++)
            add_hash(d, "        ", &scan->hashes.items[i]);
        return;
    }
    buf_add_text(&d->lines, "    # Which file has which hash could not be told; fill in:\n"
                            "    # artefacts:\n");
    for (size_t i = 0; i < scan->hashes.count; i++) {
        buf_add_text(&d->lines, "    #   - url: https://...\n");
        add_hash(d, "    #     ", &scan->hashes.items[i]);
    }
}

/* A comment for a recipe that needs a person: why, and an entry to fill in. */
static void add_open(struct init_draft *d, const char *why, const char *source)
{
    struct buf *out = &d->w->open;
    buf_addf(out, "  # %s: %s\n", d->c->file, why);
    buf_addf(out, "  # %s:\n  #   source: %s\n", d->key, source);
}

/* A folder that may list its files, of the first file that moves with the version. */
static const char *listing(struct init_draft *d)
{
    struct slice version = slice_of(d->c->current);
    for (size_t i = 0; i < d->scan.addresses.count; i++) {
        const struct init_address *address = &d->scan.addresses.items[i];
        bool moves = !address->checkout && slice_contains(slice_of(address->url), version);
        const char *source = moves ? init_listing(&d->w->a, address->url, version) : NULL;
        if (source)
            return source;
    }
    return NULL;
}

static void add_unsolved(struct init_draft *d)
{
    const struct init_guess *g = &d->guess;
    struct init_writer *w = d->w;
    const char *folder = listing(d);
    if (error_is_set(&d->c->error))
        buf_addf(&w->open, "  # %s\n", init_visible(w, d->c->error.message));
    if (g->source && g->tag) {
        const char *tag = init_visible(w, g->tag);
        add_open(d, arena_printf(&w->a, "its version does not stand in its tag %s", tag),
                 g->source);
        buf_add_text(&w->open,
                     "  #   match: '...' # or version-transform: how the version is made of "
                     "the tag\n");
    } else if (folder) {
        add_open(d, "if the folder lists its files, this is its source", folder);
    } else {
        add_open(d, "no address in it says where its releases are published",
                 "{github: OWNER/NAME} # or another; `mwatch sources` lists them");
    }
}

static void add_told(struct init_draft *d)
{
    mend_filters(d);
    add_artefacts(d);
    d->w->told += d->lines.len == 0;
    init_entry(d);
}

static void add_guessed(struct init_draft *d)
{
    if (!d->guess.source || !d->guess.fits) {
        add_unsolved(d);
        return;
    }
    buf_addf(&d->lines, "    source: %s\n", d->guess.source);
    add_filters(d);
    add_artefacts(d);
    init_entry(d);
}

void init_melange(struct init_draft *d, const struct yaml *y)
{
    const struct component *c = d->c;
    if (c->disabled && node_get(y->documents[0], "update")) {
        d->w->told++;
        return;
    }
    init_scan(&d->w->a, y, &d->scan);
    guess(d);
    if (c->spec.source && !error_is_set(&c->error))
        add_told(d);
    else
        add_guessed(d);
}
