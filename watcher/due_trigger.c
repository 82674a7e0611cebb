#include "watcher/due_trigger.h"

#include "watcher/base/glob.h"
#include "watcher/base/hash.h"
#include "watcher/base/json.h"
#include "watcher/due_report.h"
#include "watcher/trigger_payload.h"
#include "watcher/trigger_send.h"

#include <stdlib.h>

enum { PAYLOAD_VERSION = 1, ID_HEX = 16 };

size_t due_targets(const struct due *d)
{
    size_t count = 0;
    for (size_t i = 0; i < d->config->proposing.triggers.count; i++)
        count += d->config->proposing.triggers.items[i].on == TRIGGER_DUE;
    return count;
}

static bool is_wanted(const struct config_trigger *to, const json_t *row)
{
    for (size_t i = 0; i < to->recipes.count; i++)
        if (glob_matches(slice_of(to->recipes.items[i]), json_text(row, "image")))
            return true;
    return to->recipes.count == 0;
}

struct sending {
    const struct due *d;
    const struct forge *forge;
    struct forge_session *session;
    const char *repository;
    unsigned level;
};

/* Who is told twice can tell by the id. */
static json_t *id_of(const struct sending *s, json_t *rows)
{
    struct hash_result hash;
    struct buf text = {0};
    const json_t *row;
    size_t i;
    buf_addf(&text, "%s\n", s->repository);
    json_array_foreach(rows, i, row)
    {
        buf_addf(&text, "%s %s\n", json_string_at(row, "image"), json_string_at(row, "tag"));
    }
    hash_bytes(buf_slice(&text), &hash);
    buf_free(&text);
    return json_stringn(hash.sha256, ID_HEX);
}

/* The caller's, to be released by free. */
static char *payload_of(const struct sending *s, json_t *rows)
{
    json_t *root = json_object();
    json_object_set_new(root, "version", json_integer(PAYLOAD_VERSION));
    json_object_set_new(root, "on", json_string(trigger_on_name(TRIGGER_DUE)));
    json_object_set_new(root, "id", id_of(s, rows));
    json_object_set_new(root, "repository", json_string(s->repository));
    json_object_set_new(root, "level", json_integer(s->level));
    json_object_set_new(root, "levels", json_integer(s->d->levels));
    json_object_set(root, "images", rows);
    char *text = json_dumps(root, JSON_COMPACT);
    json_decref(root);
    return text;
}

static bool send_rows(const struct sending *s, const struct config_trigger *to, json_t *rows,
                      struct error *e);

static json_t *part_of(json_t *rows, size_t from, size_t to)
{
    json_t *part = json_array();
    for (size_t i = from; i < to; i++)
        json_array_append(part, json_array_get(rows, i));
    return part;
}

static bool send_halves(const struct sending *s, const struct config_trigger *to, json_t *rows,
                        struct error *e)
{
    size_t count = json_array_size(rows), middle = count / 2;
    json_t *first = part_of(rows, 0, middle), *second = part_of(rows, middle, count);
    bool good = send_rows(s, to, first, e) && send_rows(s, to, second, e);
    json_decref(first);
    json_decref(second);
    return good;
}

static bool send_rows(const struct sending *s, const struct config_trigger *to, json_t *rows,
                      struct error *e)
{
    char *payload = payload_of(s, rows);
    bool good;
    if (!trigger_fits(to, payload) && json_array_size(rows) > 1)
        good = send_halves(s, to, rows, e);
    else
        good = trigger_send(s->forge, s->session, to, payload, e);
    free(payload);
    return good;
}

static bool tell(const struct sending *s, const struct config_trigger *to, const json_t *all,
                 struct error *e)
{
    json_t *rows = json_array(), *row;
    struct buf name = {0};
    size_t i;
    json_array_foreach(all, i, row)
    {
        if (is_wanted(to, row))
            json_array_append(rows, row);
    }
    bool good = json_array_size(rows) == 0 || send_rows(s, to, rows, e);
    trigger_add_name(&name, to);
    if (!good)
        error_context(e, "%s", buf_text(&name));
    buf_free(&name);
    json_decref(rows);
    return good;
}

bool due_send(const struct due *d, const struct forge *forge, struct forge_session *session,
              const char *repository, unsigned level, struct error *e)
{
    struct sending s = {d, forge, session, repository, level};
    json_t *matrix = due_matrix(d, level);
    const json_t *rows = json_object_get(matrix, "include");
    bool good = true;
    for (size_t i = 0; good && i < d->config->proposing.triggers.count; i++) {
        const struct config_trigger *to = &d->config->proposing.triggers.items[i];
        if (to->on == TRIGGER_DUE)
            good = tell(&s, to, rows, e);
    }
    json_decref(matrix);
    return good;
}
