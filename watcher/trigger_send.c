#include "watcher/trigger_send.h"

#include "watcher/base/buf.h"
#include "watcher/base/hash.h"
#include "watcher/base/json.h"

#include <stdlib.h>
#include <string.h>

enum { INPUTS_MOST = 65535, KEY_HEX = 8 };

/* The inputs as a JSON object; NULL when the workflow is given none. In the arena. */
static const char *inputs_of(struct arena *a, const struct config_trigger *t, const char *payload)
{
    json_t *inputs = json_object();
    for (size_t i = 0; i < t->inputs.count; i++)
        json_object_set_new(inputs, t->inputs.items[i].name, json_string(t->inputs.items[i].value));
    if (t->input)
        json_object_set_new(inputs, t->input, json_string(payload));
    char *text = json_object_size(inputs) ? json_dumps(inputs, JSON_COMPACT) : NULL;
    const char *copy = arena_copy(a, text);
    free(text);
    json_decref(inputs);
    return copy;
}

bool trigger_fits(const struct config_trigger *t, const char *payload)
{
    struct arena a = {0};
    bool fits = strlen(payload) <= TRIGGER_PAYLOAD_MOST;
    const char *inputs = fits && t->workflow ? inputs_of(&a, t, payload) : NULL;
    fits = fits && (!inputs || strlen(inputs) <= INPUTS_MOST);
    arena_free(&a);
    return fits;
}

bool trigger_send(const struct forge *forge, struct forge_session *session,
                  const struct config_trigger *t, const char *payload, struct error *e)
{
    struct arena a = {0};
    struct forge_target target = {.default_branch = t->ref};
    bool good;
    if (t->event)
        good = forge->dispatch(session, t->repository, t->event, payload, e);
    else
        good = (t->ref || forge->target(session, &a, t->repository, NULL, &target, e)) &&
               forge->dispatch_workflow(session, t->repository, t->workflow, target.default_branch,
                                        inputs_of(&a, t, payload), e);
    arena_free(&a);
    return good;
}

void trigger_add_name(struct buf *out, const struct config_trigger *t)
{
    const char *where = t->repository ? t->repository : "this repository";
    if (t->event)
        buf_addf(out, "repository_dispatch %s to %s", t->event, where);
    else
        buf_addf(out, "workflow %s of %s", t->workflow, where);
}

const char *trigger_key(struct arena *a, const struct config_trigger *t)
{
    struct hash_result hash;
    struct buf text = {0};
    buf_addf(&text, "%d\n", (int)t->on);
    trigger_add_name(&text, t);
    hash_bytes(buf_slice(&text), &hash);
    buf_free(&text);
    return arena_text(a, slice_first(slice_of(hash.sha256), KEY_HEX));
}
