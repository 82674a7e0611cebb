#include "watcher/rebuild/lockfile.h"

#include "watcher/base/hash.h"
#include "watcher/base/json.h"
#include "watcher/base/utf8.h"
#include "watcher/rebuild/lock_parts.h"
#include "watcher/rebuild/words.h"

#include <stdlib.h>
#include <string.h>

/* -- reading */

static bool read_package(struct arena *a, const json_t *from, struct image_state *out,
                         struct error *e)
{
    const char *arch = words_name(a, json_text(from, "architecture"));
    struct image_package package = {
        .name = words_name(a, json_text(from, "name")),
        .version = words_name(a, json_text(from, "version")),
        .checksum = words_name(a, json_text(from, "checksum")),
        .url = words_name(a, json_text(from, "url")),
    };
    if (!arch || !package.name || !package.version)
        return error_set(e, ERROR_RECIPE,
                         "not a lock file: a package has no name, version or architecture");
    vec_push(a, &state_set(a, out, arch)->packages, package);
    return true;
}

bool lockfile_read(struct arena *a, struct slice text, struct image_state *out, struct error *e)
{
    struct arena own = {0};
    struct error broken = {0};
    const json_t *root = json_parse(&own, text, &broken), *one;
    const json_t *packages = json_object_get(json_object_get(root, "contents"), "packages");
    size_t i;
    bool good = true;
    *out = (struct image_state){0};
    if (!root)
        good = error_set(e, ERROR_RECIPE, "not a lock file: %s", broken.message);
    else if (!slice_is(json_text(root, "version"), "v1"))
        good = error_set(e, ERROR_RECIPE, "not a lock file of version v1");
    else if (!json_is_array(packages))
        good = error_set(e, ERROR_RECIPE, "not a lock file: no list of packages");
    json_array_foreach(packages, i, one) good = good && read_package(a, one, out, e);
    state_sort(out);
    arena_free(&own);
    return good;
}

/* -- writing, to the byte what Go's encoding/json writes with two blanks for an indent */

/* Its escapes are those that keep HTML safe, too. */
static void add_character(struct buf *out, struct slice bytes, uint32_t point)
{
    static const char plain[] = "\"\\\n\r\t\b\f", letters[] = "\"\\nrtbf";
    const char *at = point && point < 0x80 ? strchr(plain, (int)point) : NULL;
    if (at)
        buf_addf(out, "\\%c", letters[at - plain]);
    else if (point < 0x20 || point == '<' || point == '>' || point == '&' || point == 0x2028 ||
             point == 0x2029)
        buf_addf(out, "\\u%04x", (unsigned)point);
    else
        buf_add(out, bytes);
}

static void add_text(struct buf *out, const char *text)
{
    struct slice rest = slice_of(text);
    buf_add_byte(out, '"');
    while (rest.len) {
        uint32_t point;
        size_t length = utf8_decode(rest, &point);
        if (length == 0)
            buf_add_text(out, "\\ufffd");
        else
            add_character(out, slice_first(rest, length), point);
        rest = slice_from(rest, length ? length : 1);
    }
    buf_add_byte(out, '"');
}

/* A member of an object whose members stand at this depth. */
static void add_member(struct buf *out, unsigned depth, const char *key, const char *text,
                       bool last)
{
    buf_pad(out, ' ', (size_t)depth * 2);
    buf_addf(out, "\"%s\": ", key);
    add_text(out, text);
    buf_add_text(out, last ? "\n" : ",\n");
}

static void open_list(struct buf *out, const char *key, bool empty)
{
    buf_addf(out, "    \"%s\": [%s", key, empty ? "" : "\n");
}

static void close_list(struct buf *out, bool empty, bool last)
{
    buf_addf(out, "%s]%s\n", empty ? "" : "    ", last ? "" : ",");
}

static const char *without_scheme(const char *url)
{
    static const char *const schemes[] = {"https://", "http://"};
    for (size_t i = 0; i < 2; i++)
        if (slice_starts(slice_of(url), slice_of(schemes[i])))
            url += strlen(schemes[i]);
    return url;
}

static int by_name(const void *a, const void *b)
{
    return strcmp(without_scheme(*(const char *const *)a), without_scheme(*(const char *const *)b));
}

static void add_keyring(struct buf *out, const struct lock_list *keys)
{
    struct arena a = {0};
    const char **sorted = arena_array(&a, keys->count + 1, sizeof *sorted);
    for (size_t i = 0; i < keys->count; i++)
        sorted[i] = keys->items[i];
    qsort(sorted, keys->count, sizeof *sorted, by_name);
    open_list(out, "keyring", keys->count == 0);
    for (size_t i = 0; i < keys->count; i++) {
        buf_add_text(out, "      {\n");
        add_member(out, 4, "name", without_scheme(sorted[i]), false);
        add_member(out, 4, "url", sorted[i], true);
        buf_addf(out, "      }%s\n", i + 1 < keys->count ? "," : "");
    }
    close_list(out, keys->count == 0, false);
    arena_free(&a);
}

/* "@local ./packages/" is "./packages". */
static struct slice bare_repository(const char *repository)
{
    struct slice text = slice_trim(slice_of(repository));
    if (slice_starts(text, SLICE("@"))) {
        size_t blank = slice_find_byte(text, ' ');
        text = blank == SLICE_NONE ? SLICE("") : slice_trim(slice_from(text, blank + 1));
    }
    while (slice_ends(text, SLICE("/")))
        text = slice_first(text, text.len - 1);
    return text;
}

static void add_repository(struct buf *out, const char *repository, const char *arch, bool last)
{
    struct buf url = {0};
    struct slice bare = bare_repository(repository);
    buf_addf(&url, "%.*s/%s", SLICE_ARG(bare), arch);
    buf_add_text(out, "      {\n");
    add_member(out, 4, "name", without_scheme(buf_text(&url)), false);
    buf_add_text(&url, "/APKINDEX.tar.gz");
    add_member(out, 4, "url", buf_text(&url), false);
    add_member(out, 4, "architecture", arch, true);
    buf_addf(out, "      }%s\n", last ? "" : ",");
    buf_free(&url);
}

/* Each once an architecture. */
static void add_repositories(struct buf *out, const char *key, const struct lock_list *list,
                             const struct image_state *state)
{
    size_t count = list->count * state->sets.count, done = 0;
    open_list(out, key, count == 0);
    for (size_t i = 0; i < state->sets.count; i++)
        for (size_t k = 0; k < list->count; k++)
            add_repository(out, list->items[k], state->sets.items[i].arch, ++done == count);
    close_list(out, count == 0, false);
}

static void add_part(struct buf *out, const char *key, const struct lock_part *part)
{
    buf_addf(out, "        \"%s\": {\n", key);
    add_member(out, 5, "range", part->range, false);
    add_member(out, 5, "checksum", part->checksum, true);
    buf_add_text(out, "        },\n");
}

static bool add_package(struct buf *out, const struct lock_parts *parts,
                        const struct image_package *p, const char *arch, bool last, struct error *e)
{
    const struct lock_package *known =
        p->url && p->checksum ? lock_parts_find(parts, p->url, p->checksum) : NULL;
    if (known && error_is_set(&known->error)) {
        *e = known->error;
        return false;
    }
    if (!known || !known->known)
        return error_set(e, ERROR_UPSTREAM, "%s=%s: nothing tells where its file is, or its hash",
                         p->name, p->version);
    buf_add_text(out, "      {\n");
    add_member(out, 4, "name", p->name, false);
    add_member(out, 4, "url", p->url, false);
    add_member(out, 4, "version", p->version, false);
    add_member(out, 4, "architecture", arch, false);
    add_part(out, "signature", &known->signature);
    add_part(out, "control", &known->control);
    add_part(out, "data", &known->data);
    add_member(out, 4, "checksum", p->checksum, true);
    buf_addf(out, "      }%s\n", last ? "" : ",");
    return true;
}

static size_t count_packages(const struct image_state *state)
{
    size_t count = 0;
    for (size_t i = 0; i < state->sets.count; i++)
        count += state->sets.items[i].packages.count;
    return count;
}

static bool add_packages(struct buf *out, const struct lock_parts *parts,
                         const struct image_state *state, struct error *e)
{
    size_t count = count_packages(state), done = 0;
    open_list(out, "packages", count == 0);
    for (size_t i = 0; i < state->sets.count; i++) {
        const struct image_set *set = &state->sets.items[i];
        for (size_t k = 0; k < set->packages.count; k++)
            if (!add_package(out, parts, &set->packages.items[k], set->arch, ++done == count, e))
                return false;
    }
    close_list(out, count == 0, true);
    return true;
}

static void add_config(struct buf *out, const struct lock_contents *contents)
{
    struct arena a = {0};
    struct hash_result hash;
    hash_bytes(contents->config, &hash);
    const char *checksum = lock_hash_text(&a, "sha256-", hash.sha256);
    buf_add_text(out, "  \"config\": {\n");
    add_member(out, 2, "name", contents->config_name, false);
    add_member(out, 2, "checksum", checksum, true);
    buf_add_text(out, "  },\n");
    arena_free(&a);
}

bool lockfile_write(const struct lock_parts *p, const struct lock_contents *contents,
                    const struct image_state *state, struct buf *out, struct error *e)
{
    buf_add_text(out, "{\n  \"version\": \"v1\",\n");
    add_config(out, contents);
    buf_add_text(out, "  \"contents\": {\n");
    add_keyring(out, &contents->keyring);
    add_repositories(out, "build_repositories", &contents->build_repositories, state);
    add_repositories(out, "runtime_repositories", &contents->runtime_repositories, state);
    add_repositories(out, "repositories", &contents->repositories, state);
    bool good = add_packages(out, p, state, e);
    buf_add_text(out, "  }\n}\n");
    return good;
}
