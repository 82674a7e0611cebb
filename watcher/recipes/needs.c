/* The lists that needs are gathered in. */
#include "watcher/recipes/needs_parts.h"
#include "watcher/versions/dependency.h"

const char *need_kind_name(enum need_kind kind)
{
    static const char *const names[NEED_KINDS] = {
        [NEED_BUILD] = "build",
        [NEED_PIPELINE] = "pipeline",
        [NEED_RUNTIME] = "runtime",
        [NEED_CONTENTS] = "contents",
    };
    return names[kind];
}

struct need_place need_place_of(const struct needs_reader *r, const struct node *node)
{
    return (struct need_place){r->y->name, node->line, node->column};
}

bool needs_is_new(struct needs_reader *r, char tag, const char *text)
{
    struct buf key = {0};
    buf_add_byte(&key, tag);
    buf_add_text(&key, text);
    bool fresh = !names_find(&r->seen, buf_slice(&key));
    if (fresh)
        *names_slot(&r->seen, arena_slice(r->a, buf_slice(&key))) = r;
    buf_free(&key);
    return fresh;
}

void needs_add_file(struct needs_reader *r, struct slice path)
{
    const char *text = arena_text(r->a, path);
    if (needs_is_new(r, 'f', text))
        vec_push(r->a, &r->out->files, text);
}

void needs_problem(struct needs_reader *r, const struct need_place *at, const char *message)
{
    const char *problem =
        arena_printf(r->a, "%s:%zu:%zu: %s", at->file, at->line, at->column, message);
    if (needs_is_new(r, '!', problem))
        vec_push(r->a, &r->out->problems, problem);
}

const char *needs_expand(struct needs_reader *r, struct slice text, const struct need_place *at)
{
    struct buf out = BUF_MAX(LONGEST_NEED);
    struct error e = {0};
    const char *result = NULL;
    if (!melange_expand(&r->vars, text, &out, &e))
        needs_problem(r, at, e.message);
    else if (out.overflow)
        needs_problem(r, at, "is too long for the name of a package");
    else
        result = arena_text(r->a, buf_slice(&out));
    buf_free(&out);
    return result;
}

size_t needs_enter(const struct needs_reader *r)
{
    return r->vars.list.count;
}

void needs_bind(struct needs_reader *r, const char *name, const char *value)
{
    vec_push(r->a, &r->vars.list, ((struct variable){.name = name, .value = value}));
}

void needs_leave(struct needs_reader *r, size_t mark)
{
    r->vars.list.count = mark;
}

static void refuse(struct needs_reader *r, const struct need_place *at, const char *text)
{
    needs_problem(r, at,
                  arena_printf(r->a, "\"%s\" is no dependency: name[op version][@pin] is expected",
                               melange_shown(r->a, slice_of(text))));
}

static void add_need(struct needs_reader *r, enum need_kind kind, struct slice entry,
                     const struct need_place *at)
{
    struct dependency d;
    const char *text = needs_expand(r, entry, at);
    if (!text || !*text)
        return;
    if (!dependency_parse(slice_of(text), &d))
        refuse(r, at, text);
    else if (!d.conflict && needs_is_new(r, (char)('0' + (int)kind), text))
        vec_push(r->a, &r->out->list, ((struct need){kind, text, at->file, at->line}));
}

void needs_add_list(struct needs_reader *r, enum need_kind kind, const struct node *list,
                    const struct need_place *at)
{
    for (size_t i = 0; list && list->kind == NODE_SEQUENCE && i < list->count; i++) {
        const struct node *entry = list->items[i];
        struct need_place own = need_place_of(r, entry);
        if (r->entries++ >= MOST_ENTRIES)
            r->exceeded = "dependencies";
        if (r->exceeded)
            return;
        if (entry->kind == NODE_SCALAR)
            add_need(r, kind, entry->value, at ? at : &own);
        else
            needs_problem(r, at ? at : &own, "the name of a package is expected");
    }
}

static void add_provided(struct needs_reader *r, const struct provided *p)
{
    struct buf key = {0};
    buf_addf(&key, "%s %s", p->name, p->version);
    if (needs_is_new(r, p->package ? 'P' : 'p', buf_text(&key)))
        vec_push(r->a, &r->out->provides, *p);
    buf_free(&key);
}

bool needs_add_package(struct needs_reader *r, const char *name, const char *version,
                       long long priority, const struct need_place *at)
{
    struct provided p = {name, version, priority, true};
    if (!melange_is_name(slice_of(name))) {
        needs_problem(
            r, at,
            arena_printf(r->a, "\"%s\" is no package name", melange_shown(r->a, slice_of(name))));
        return false;
    }
    add_provided(r, &p);
    return true;
}

void needs_add_provided(struct needs_reader *r, const struct node *entry, long long priority)
{
    struct dependency d;
    struct need_place at = need_place_of(r, entry);
    const char *text = entry->kind == NODE_SCALAR ? needs_expand(r, entry->value, &at) : NULL;
    if (!text)
        return;
    if (!dependency_parse(slice_of(text), &d) || d.conflict) {
        refuse(r, &at, text);
        return;
    }
    struct provided p = {arena_text(r->a, d.name), arena_text(r->a, d.version), priority, false};
    add_provided(r, &p);
}
