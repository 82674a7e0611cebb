#include "watcher/rebuild/load.h"

#include "watcher/base/file.h"
#include "watcher/base/memory.h"
#include "watcher/base/names.h"
#include "watcher/rebuild/signature.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

/* Wolfi's index is some ten megabytes. */
enum { LARGEST_INDEX = 256 << 20, LARGEST_KEY = 64 << 10 };

/* Something that was asked for. */
struct loaded {
    struct buf bytes;
    struct error error; /* why it is not there */
    bool absent;        /* a file that does not exist */
};

struct loader {
    struct arena arena;
    struct http *http;
    const char *root;
    struct names found; /* struct loaded by URL or path */
    VEC(struct loaded *) all;
};

struct loader *loader_new(struct http *http, const char *root)
{
    struct loader *l = memory_zalloc(sizeof *l);
    l->http = http;
    l->root = root;
    return l;
}

void loader_free(struct loader *l)
{
    if (!l)
        return;
    for (size_t i = 0; i < l->all.count; i++)
        buf_free(&l->all.items[i]->bytes);
    names_free(&l->found);
    arena_free(&l->arena);
    free(l);
}

static bool is_address(struct slice place)
{
    return slice_starts(place, SLICE("https://")) || slice_starts(place, SLICE("http://"));
}

/* "@edge https://..." taken apart; without a slash at its end. */
static struct slice split_tag(const char *line, struct slice *tag)
{
    struct slice rest = slice_trim(slice_of(line));
    *tag = slice_first(rest, 0);
    if (slice_starts(rest, SLICE("@"))) {
        size_t blank = 0;
        while (blank < rest.len && !is_blank(rest.ptr[blank]))
            blank++;
        *tag = slice_first(slice_from(rest, 1), blank - 1);
        rest = slice_trim(slice_from(rest, blank));
    }
    while (rest.len > 1 && rest.ptr[rest.len - 1] == '/')
        rest.len--;
    return rest;
}

bool load_is_folder(const char *repository)
{
    struct slice tag;
    return !is_address(split_tag(repository, &tag));
}

static void got(void *arg, const struct response *response, const struct artefact_result *artefact,
                const struct error *e)
{
    struct loaded *to = arg;
    (void)artefact;
    if (error_is_set(e))
        to->error = *e;
    else if (response->status != 200)
        error_set(&to->error, ERROR_UPSTREAM, "answers with status %d", response->status);
    else
        buf_add(&to->bytes, response->body);
}

static void read_local(const struct loader *l, struct loaded *to, struct slice place)
{
    struct buf path = {0};
    if (slice_starts(place, SLICE("file://")))
        place = slice_from(place, 7);
    path_join(&path, slice_of(l->root), place);
    to->absent = access(buf_text(&path), F_OK) != 0 && (errno == ENOENT || errno == ENOTDIR);
    if (to->absent)
        error_set(&to->error, ERROR_RECIPE, "there is no such file");
    else
        file_read(buf_text(&path), &to->bytes, &to->error);
    buf_free(&path);
}

/* Each place once, however many images name it. */
static void want(struct loader *l, struct slice place, size_t largest)
{
    if (names_find(&l->found, place))
        return;
    struct loaded *to = arena_new(&l->arena, struct loaded);
    const char *kept = arena_text(&l->arena, place);
    to->bytes = BUF_MAX(largest);
    vec_push(&l->arena, &l->all, to);
    *names_slot(&l->found, slice_of(kept)) = to;
    if (is_address(place)) {
        struct request request = {.url = kept, .limit = largest, .keep = largest};
        http_submit(l->http, &request, got, to);
    } else {
        read_local(l, to, place);
    }
}

static void index_place(struct buf *out, struct slice repository, const char *arch)
{
    buf_clear(out);
    buf_addf(out, "%.*s/%s/APKINDEX.tar.gz", SLICE_ARG(repository), arch);
}

void loader_want(struct loader *l, const struct load_query *q)
{
    struct buf place = {0};
    struct slice tag;
    for (size_t i = 0; i < q->key_count; i++)
        want(l, slice_of(q->keyring[i]), LARGEST_KEY);
    for (size_t i = 0; i < q->repository_count; i++) {
        index_place(&place, split_tag(q->repositories[i], &tag), q->arch);
        want(l, buf_slice(&place), LARGEST_INDEX);
    }
    buf_free(&place);
}

/* What was got; NULL, with its name before the error, when it was not. */
static const struct loaded *have(const struct loader *l, struct slice place, struct error *e)
{
    const struct loaded *found = names_find(&l->found, place);
    if (found && !error_is_set(&found->error))
        return found;
    if (found)
        error_set(e, found->error.code, "%.*s: %s", SLICE_ARG(place), found->error.message);
    else
        error_set(e, ERROR_SYSTEM, "%.*s was not asked for", SLICE_ARG(place));
    return NULL;
}

/* The name by which signatures call a key is the last part of where it is. */
static bool add_keys(const struct loader *l, const struct load_query *q, struct keyring *keys,
                     struct error *e)
{
    if (q->key_count == 0)
        return error_set(e, ERROR_RECIPE,
                         "it names no key in contents.keyring, so that no index can be trusted");
    for (size_t i = 0; i < q->key_count; i++) {
        struct slice place = slice_of(q->keyring[i]);
        const struct loaded *key = have(l, place, e);
        if (!key)
            return error_context(e, "the key");
        if (!keyring_add(keys, path_base(place), buf_slice(&key->bytes), e)) {
            e->code = ERROR_REFUSED;
            return error_context(e, "%s", q->keyring[i]);
        }
    }
    return true;
}

static bool add_index(const struct loader *l, struct index *ix, const struct keyring *keys,
                      const struct repository *from, struct slice place, struct error *e)
{
    const struct loaded *found = names_find(&l->found, place);
    struct slice bytes;
    if (found && found->absent)
        return true;
    found = have(l, place, e);
    if (!found)
        return false;
    if (!signature_verify(keys, buf_slice(&found->bytes), &bytes, e))
        return error_context(e, "%.*s", SLICE_ARG(place));
    return index_add(ix, from, bytes, e);
}

static bool add_repository(const struct loader *l, struct index *ix, const struct keyring *keys,
                           const struct load_query *q, const char *line, struct error *e)
{
    struct arena a = {0};
    struct buf place = {0};
    struct slice tag, base = split_tag(line, &tag);
    struct repository from = {arena_text(&a, base), arena_text(&a, tag)};
    index_place(&place, base, q->arch);
    bool good = add_index(l, ix, keys, &from, buf_slice(&place), e);
    if (good && tag.len && load_is_folder(line) && q->local.len)
        good = index_add(ix, &from, q->local, e);
    buf_free(&place);
    arena_free(&a);
    return good;
}

static bool add_all(const struct loader *l, struct index *ix, const struct keyring *keys,
                    const struct load_query *q, struct error *e)
{
    static const struct repository here = {"", ""};
    for (size_t i = 0; i < q->repository_count; i++)
        if (!add_repository(l, ix, keys, q, q->repositories[i], e))
            return false;
    return q->local.len == 0 || index_add(ix, &here, q->local, e);
}

/* Takes what it cannot fill. */
static struct index *fill(const struct loader *l, const struct load_query *q, struct index *ix,
                          struct error *e)
{
    struct keyring *keys = keyring_new();
    bool good = q->repository_count > 0;
    if (!good)
        error_set(e, ERROR_RECIPE, "it names no repository in contents.repositories");
    good = good && add_keys(l, q, keys, e) && add_all(l, ix, keys, q, e);
    keyring_free(keys);
    if (good)
        return ix;
    index_free(ix);
    return NULL;
}

struct index *loader_index(const struct loader *l, const struct load_query *q, struct error *e)
{
    struct index *ix = fill(l, q, index_new(), e);
    if (ix)
        index_link(ix);
    return ix;
}

struct index *loader_packages(const struct loader *l, const struct load_query *q, struct error *e)
{
    struct index *ix = index_new();
    index_make_bare(ix);
    return fill(l, q, ix, e);
}
