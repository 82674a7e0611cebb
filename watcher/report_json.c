/* One JSON object: `components` and `summary`. A member that is absent is not known. */
#include "watcher/base/buf.h"
#include "watcher/base/json.h"
#include "watcher/base/text.h"
#include "watcher/base/timestamp.h"
#include "watcher/report.h"

#include <stdlib.h>
#include <string.h>

/* A JSON string is UTF-8; bytes of upstream's or of a file that are not become \xNN. */
static json_t *text_json(const char *text)
{
    json_t *value = json_string(text);
    struct buf safe = {0};
    if (value)
        return value;
    if (strchr(text, '\n'))
        report_add_lines(&safe, slice_of(text));
    else
        text_add_visible(&safe, slice_of(text));
    value = json_string(buf_text(&safe));
    buf_free(&safe);
    return value;
}

static void put(json_t *object, const char *key, const char *text)
{
    if (text)
        json_object_set_new(object, key, text_json(text));
}

static void put_time(json_t *object, const char *key, int64_t seconds)
{
    struct buf text = {0};
    if (seconds) {
        timestamp_add(&text, seconds);
        put(object, key, buf_text(&text));
    }
    buf_free(&text);
}

static json_t *proof_json(const struct proof *p)
{
    json_t *object = json_object();
    put(object, "url", p->url);
    put(object, "final_url", p->final_url);
    if (p->hash.size)
        json_object_set_new(object, "size", json_integer((json_int_t)p->hash.size));
    put(object, "sha256", p->hash.sha256);
    put(object, "sha512", *p->hash.sha512 ? p->hash.sha512 : NULL);
    put(object, "state", proof_state_name(p->state));
    put(object, "confirmed_by", p->confirmed_by);
    put(object, "contradiction", p->contradiction);
    return object;
}

static json_t *edits_json(const struct change_set *set)
{
    json_t *array = json_array();
    for (size_t i = 0; i < set->files.count; i++) {
        const struct file_change *file = &set->files.items[i];
        for (size_t k = 0; k < file->edits.list.count; k++) {
            const struct edit *edit = &file->edits.list.items[k];
            json_t *object = json_object();
            put(object, "file", file->file);
            put(object, "path", edit->path);
            put(object, "old", edit->old_text);
            put(object, "new", edit->new_text);
            json_array_append_new(array, object);
        }
    }
    return array;
}

static json_t *texts_json(const char *const *items, size_t count)
{
    json_t *array = json_array();
    for (size_t i = 0; i < count; i++)
        json_array_append_new(array, text_json(items[i]));
    return array;
}

static void put_changes(json_t *object, const struct change_set *set)
{
    struct buf diff = {0};
    for (size_t i = 0; i < set->files.count; i++)
        diff_unified(&diff, set->files.items[i].file, set->files.items[i].before,
                     set->files.items[i].after);
    json_object_set_new(object, "edits", edits_json(set));
    put(object, "diff", buf_text(&diff));
    put(object, "branch", set->branch);
    put(object, "title", set->title);
    put(object, "body", set->body);
    put(object, "image", set->image);
    if (set->title)
        json_object_set_new(object, "labels", texts_json(set->labels.items, set->labels.count));
    buf_free(&diff);
}

static void put_found(json_t *object, const struct outcome *o)
{
    const struct candidate *candidate = &o->decision.candidate;
    put(object, "latest", o->decision.version);
    put(object, "tag", candidate->raw);
    put(object, "decision", decision_name(o->decision.kind));
    put(object, "reason", o->decision.reason);
    put(object, "url", candidate->url);
    put_time(object, "published", candidate->published);
    put(object, "commit", candidate->commit);
    if (o->proofs.count == 0)
        return;
    json_t *proofs = json_array();
    for (size_t i = 0; i < o->proofs.count; i++)
        json_array_append_new(proofs, proof_json(&o->proofs.items[i]));
    json_object_set_new(object, "proof", proofs);
}

static json_t *advisory_json(const struct advisory *x)
{
    json_t *object = json_object();
    put(object, "id", x->id);
    if (x->aliases.count)
        json_object_set_new(object, "aliases", texts_json(x->aliases.items, x->aliases.count));
    put(object, "severity", x->severity);
    put(object, "summary", x->summary);
    put(object, "url", x->url);
    return object;
}

static bool is_fixed(const struct advised *advised, const char *id)
{
    struct advisory bare = {.id = id};
    for (size_t i = 0; i < advised->fixed.count; i++)
        if (osv_same(&advised->fixed.items[i], &bare))
            return true;
    return false;
}

static void add_advisory(json_t *array, const struct advisory *x, const struct advised *advised)
{
    json_t *object = advisory_json(x);
    if (advised->compared)
        json_object_set_new(object, "fixed", json_boolean(is_fixed(advised, x->id)));
    json_array_append_new(array, object);
}

/* What is known against the pinned version; that which the new one fixes first, with details. */
static void put_advisories(json_t *object, const struct advised *advised)
{
    json_t *array = json_array();
    for (size_t i = 0; i < advised->fixed.count; i++)
        add_advisory(array, &advised->fixed.items[i], advised);
    for (size_t i = 0; i < advised->current.count; i++) {
        struct advisory bare = {.id = advised->current.items[i]};
        if (!is_fixed(advised, bare.id))
            add_advisory(array, &bare, advised);
    }
    json_object_set_new(object, "advisories", array);
}

/* What there is to say of a component nobody was asked about. */
static void put_listed(json_t *object, const struct outcome *o)
{
    if (o->decision.kind != DECISION_DISABLED && o->decision.kind != DECISION_ERROR)
        return;
    put(object, "decision", decision_name(o->decision.kind));
    put(object, "reason", o->decision.reason);
}

struct json_t *report_component_json(const struct outcome *o, enum report_depth depth)
{
    const struct component *c = o->component;
    json_t *object = json_object();
    put(object, "recipe", c->recipe);
    put(object, "file", c->file);
    put(object, "component", c->name);
    put(object, "kind", recipe_kind_name(c->kind));
    put(object, "source", report_source(c));
    put(object, "scheme", c->scheme ? c->scheme->name : NULL);
    put(object, "stream", c->stream);
    put(object, "group", c->group);
    put(object, "current", c->current);
    if (depth == DEPTH_LIST)
        put_listed(object, o);
    else
        put_found(object, o);
    if (o->advised.asked)
        put_advisories(object, &o->advised);
    if (depth == DEPTH_RUN && o->changes)
        put_changes(object, o->changes);
    if (depth == DEPTH_RUN && decision_proposes(&o->decision))
        put(object, "action", action_name(o->decision.action));
    if (o->proposed.what) {
        put(object, "proposal", o->proposed.url);
        put(object, "proposed", proposed_state_name(o->proposed.state));
        put(object, "outcome", o->proposed.what);
    }
    if (o->warnings.count)
        json_object_set_new(object, "warnings", texts_json(o->warnings.items, o->warnings.count));
    if (o->notes.count)
        json_object_set_new(object, "notes", texts_json(o->notes.items, o->notes.count));
    return object;
}

/* NULL where no artefact was proven at all. */
static json_t *proofs_json(const struct results *r)
{
    json_t *object = json_object();
    size_t all = 0;
    for (int state = PROOF_CONFIRMED; state <= PROOF_CONTRADICTED; state++) {
        size_t count = results_proofs(r, (enum proof_state)state);
        json_object_set_new(object, proof_state_name((enum proof_state)state),
                            json_integer((json_int_t)count));
        all += count;
    }
    if (all)
        return object;
    json_decref(object);
    return NULL;
}

static json_t *summary_json(const struct results *r, enum report_depth depth)
{
    json_t *object = json_object(), *decisions = json_object();
    for (int kind = 0; kind < DECISION_KINDS; kind++) {
        size_t count = results_with(r, (enum decision_kind)kind);
        if (depth != DEPTH_LIST || kind == DECISION_DISABLED || kind == DECISION_ERROR)
            json_object_set_new(decisions, decision_name((enum decision_kind)kind),
                                json_integer((json_int_t)count));
    }
    json_object_set_new(object, "components", json_integer((json_int_t)r->count));
    json_object_set_new(object, "decisions", decisions);
    json_t *proofs = proofs_json(r);
    if (proofs)
        json_object_set_new(object, "proofs", proofs);
    json_object_set_new(object, "requests", json_integer((json_int_t)r->counts.sent));
    json_object_set_new(object, "cached", json_integer((json_int_t)r->counts.from_cache));
    json_object_set_new(object, "replayed", json_integer((json_int_t)r->counts.replayed));
    json_object_set_new(object, "bytes", json_integer((json_int_t)r->counts.bytes));
    json_object_set_new(object, "seconds", json_real(r->seconds));
    return object;
}

void report_add_payload(struct buf *out, const struct told_target *t)
{
    json_t *payload = json_loads(t->payload, 0, NULL);
    char *text = json_dumps(payload, JSON_INDENT(2) | JSON_ENSURE_ASCII);
    buf_addf(out, "%s\n", text ? text : "");
    free(text);
    json_decref(payload);
}

static json_t *triggers_json(const struct results *r)
{
    json_t *array = json_array();
    for (size_t i = 0; i < r->told.count; i++) {
        const struct told_target *t = &r->told.items[i];
        json_t *object = json_object();
        put(object, "to", t->name);
        put(object, "on", t->on);
        json_object_set_new(object, "sent", json_boolean(t->sent));
        json_object_set_new(object, "payload", json_loads(t->payload, 0, NULL));
        json_array_append_new(array, object);
    }
    return array;
}

static void print(const struct context *ctx, FILE *out, const struct results *results,
                  enum report_depth depth)
{
    (void)ctx;
    json_t *root = json_object(), *components = json_array();
    for (size_t i = 0; i < results->count; i++)
        json_array_append_new(components, report_component_json(results->items[i], depth));
    json_object_set_new(root, "components", components);
    if (results->told.count)
        json_object_set_new(root, "triggers", triggers_json(results));
    json_object_set_new(root, "summary", summary_json(results, depth));
    /* In ASCII no character of upstream's reaches a terminal as itself. */
    json_dumpf(root, out, JSON_INDENT(2) | JSON_ENSURE_ASCII | JSON_REAL_PRECISION(6));
    fputc('\n', out);
    json_decref(root);
}

const struct report report_json = {
    .name = "json",
    .help = "one object for programs",
    .print = print,
};
