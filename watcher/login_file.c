#include "watcher/login_file.h"

#include "watcher/base/buf.h"
#include "watcher/base/hash.h"
#include "watcher/base/json.h"
#include "watcher/base/memory.h"

#include <stdint.h>
#include <string.h>

struct slice login_host(struct slice host)
{
    static const char *const hub[] = {"docker.io", "index.docker.io", "registry-1.docker.io"};
    if (slice_ends(host, SLICE(":443")))
        host.len -= strlen(":443");
    for (size_t i = 0; i < sizeof hub / sizeof *hub; i++)
        if (slice_equal_nocase(host, slice_of(hub[i])))
            return SLICE("docker.io");
    return host;
}

/* "v1", "v2": the API's own part of a path, no image's. */
static bool is_api(struct slice path)
{
    return slice_starts(path, SLICE("v")) && slice_all_digits(slice_from(path, 1));
}

static bool is_url(struct slice key)
{
    return slice_contains(key, SLICE("://"));
}

static void take_key(struct slice key, struct slice *host, struct slice *path)
{
    size_t scheme = slice_find(key, SLICE("://"));
    struct slice rest = scheme == SLICE_NONE ? key : slice_from(key, scheme + strlen("://"));
    slice_split(&rest, '/', host);
    while (slice_ends(rest, SLICE("/")))
        rest.len--;
    *host = login_host(*host);
    *path = is_api(rest) ? SLICE("") : rest;
}

/* "USER:PASSWORD" in base64, as it goes on into the header; docker once padded passwords with zero
 * bytes. */
static const char *encode(struct arena *a, struct slice pair)
{
    struct buf encoded = {0};
    while (pair.len && pair.ptr[pair.len - 1] == '\0')
        pair.len--;
    base64_encode(pair, &encoded);
    const char *basic = arena_printf(a, "Basic %s", buf_text(&encoded));
    memory_wipe(encoded.ptr, encoded.len);
    buf_free(&encoded);
    return basic;
}

static bool take_auth(struct arena *a, struct slice auth, struct login_entry *out)
{
    struct buf pair = {0};
    bool good = base64_decode(slice_trim(auth), &pair);
    size_t colon = slice_find_byte(buf_slice(&pair), ':');
    good = good && colon != SLICE_NONE && colon > 0;
    if (good)
        out->basic = encode(a, buf_slice(&pair));
    memory_wipe(pair.ptr, pair.len);
    buf_free(&pair);
    return good;
}

static void take_pair(struct arena *a, struct slice user, struct slice password,
                      struct login_entry *out)
{
    struct buf pair = {0};
    buf_addf(&pair, "%.*s:%.*s", SLICE_ARG(user), SLICE_ARG(password));
    out->basic = encode(a, buf_slice(&pair));
    memory_wipe(pair.ptr, pair.len);
    buf_free(&pair);
}

static void complain(struct arena *a, struct login_file *file, const char *key, const char *what)
{
    vec_push(a, &file->complaints,
             arena_printf(a, "%s: auths: %s: %s; it is left out", file->name, key, what));
}

/* What is in the hands of a program has an empty entry. */
static void take_entry(struct arena *a, struct login_file *file, const char *key,
                       const json_t *value)
{
    struct login_entry entry = {.key = arena_copy(a, key)};
    struct slice auth = json_text(value, "auth"), user = json_text(value, "username"),
                 password = json_text(value, "password"),
                 identity = json_text(value, "identitytoken");
    take_key(slice_of(entry.key), &entry.host, &entry.path);
    if (!entry.host.len)
        complain(a, file, arena_printf(a, "\"%s\"", key), "no registry is named");
    else if (!json_is_object(value))
        complain(a, file, key, "an object is expected");
    else if (auth.len && !take_auth(a, auth, &entry))
        complain(a, file, key, "auth is not USER:PASSWORD in base64");
    else if (!auth.len && user.len && password.len)
        take_pair(a, user, password, &entry);
    if (identity.len && entry.host.len)
        entry.identity = arena_text(a, identity);
    if (entry.basic || entry.identity)
        vec_push(a, &file->entries, entry);
}

static void take_helper(struct arena *a, struct login_file *file, const char *key,
                        const json_t *value)
{
    struct login_helper helper = {.program = arena_copy(a, json_string_value(value))};
    struct slice path;
    take_key(slice_of(arena_copy(a, key)), &helper.host, &path);
    if (helper.program && *helper.program)
        vec_push(a, &file->helpers, helper);
}

/* jansson's messages quote the text they stumble over, which may be a password. */
static bool fail_json(const struct login_file *file, const struct error *why, struct error *e)
{
    struct slice message = slice_of(why->message);
    struct slice where = slice_first(message, slice_find(message, SLICE(":")));
    return error_set(e, ERROR_USAGE, "%s: %.*s: this is no JSON", file->name, SLICE_ARG(where));
}

bool login_file_read(struct arena *a, const char *name, struct slice text, struct login_file *out,
                     struct error *e)
{
    struct error why = {0};
    const char *key;
    json_t *value;
    *out = (struct login_file){.name = name};
    if (slice_trim(text).len == 0)
        return true;
    json_t *root = json_parse(a, text, &why);
    if (!root)
        return fail_json(out, &why, e);
    json_t *auths = json_object_get(root, "auths");
    if (!json_is_object(root) || (auths && !json_is_object(auths) && !json_is_null(auths)))
        return error_set(e, ERROR_USAGE, "%s: {\"auths\": {\"REGISTRY\": {...}}} is expected",
                         name);
    json_object_foreach(auths, key, value) take_entry(a, out, key, value);
    json_object_foreach(json_object_get(root, "credHelpers"), key, value)
        take_helper(a, out, key, value);
    out->store = arena_copy(a, json_string_at(root, "credsStore"));
    return true;
}

/* The path as a whole, or the front of it up to a slash. */
static bool covers(struct slice entry, struct slice path)
{
    return entry.len == 0 ||
           (slice_starts(path, entry) && (path.len == entry.len || path.ptr[entry.len] == '/'));
}

static bool is_better(const struct login_entry *one, const struct login_entry *other)
{
    if (one->path.len != other->path.len)
        return one->path.len > other->path.len;
    return is_url(slice_of(other->key)) && !is_url(slice_of(one->key));
}

const struct login_entry *login_file_find(const struct login_file *file, struct slice host,
                                          struct slice path)
{
    const struct login_entry *best = NULL;
    host = login_host(host);
    for (size_t i = 0; i < file->entries.count; i++) {
        const struct login_entry *entry = &file->entries.items[i];
        if (slice_equal_nocase(entry->host, host) && covers(entry->path, path) &&
            (!best || is_better(entry, best)))
            best = entry;
    }
    return best;
}

const char *login_file_helper(const struct login_file *file, struct slice host)
{
    host = login_host(host);
    for (size_t i = 0; i < file->helpers.count; i++)
        if (slice_equal_nocase(file->helpers.items[i].host, host))
            return file->helpers.items[i].program;
    return file->store && *file->store ? file->store : NULL;
}

void login_file_wipe(struct login_file *file)
{
    for (size_t i = 0; i < file->entries.count; i++) {
        memory_wipe_text(file->entries.items[i].basic);
        memory_wipe_text(file->entries.items[i].identity);
    }
}
