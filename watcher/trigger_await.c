/* Who awaits the merge of a pull request stands in its marker while it is open. */
#include "watcher/propose_parts.h"
#include "watcher/trigger.h"
#include "watcher/trigger_send.h"

bool trigger_has_key(const char *keys, const char *key)
{
    struct slice rest = slice_of(keys), one;
    while (keys && slice_split(&rest, '+', &one))
        if (slice_is(one, key))
            return true;
    return false;
}

const char *trigger_awaits(struct arena *a, const struct config_proposing *config, const char *have)
{
    for (size_t i = 0; i < config->triggers.count; i++) {
        const struct config_trigger *to = &config->triggers.items[i];
        const char *key = to->on == TRIGGER_MERGED ? trigger_key(a, to) : NULL;
        if (key && !trigger_has_key(have, key))
            have = have ? arena_printf(a, "%s+%s", have, key) : key;
    }
    return have;
}

static void note(struct proposer *p, struct proposal *pull)
{
    struct error e = {0};
    struct marker m;
    if (pull->outsider || !pull->branch || !marker_read(&p->arena, pull->body, &m) || m.ended)
        return;
    const char *awaits = trigger_awaits(&p->arena, p->config, m.awaits);
    if (awaits == m.awaits)
        return;
    m.awaits = awaits;
    struct proposal_text text = {.body = marker_put(&p->arena, pull->body, &m)};
    if (p->forge->update(p->session, pull, &text, &e))
        pull->body = text.body;
    else
        log_warning(p->ctx, "%s: who awaits its merge could not be noted: %s", pull->url,
                    e.message);
}

void trigger_await(struct proposer *p)
{
    for (size_t i = 0; i < p->pulls.list.count; i++)
        note(p, &p->pulls.list.items[i]);
}
