#include "watcher/recipes/component.h"

#include "watcher/base/memory.h"

#include <stdlib.h>

static const char *const kind_names[] = {
    [RECIPE_MELANGE] = "melange",
    [RECIPE_APKO] = "apko",
    [RECIPE_FILE] = "file",
};

static const char *const action_names[] = {
    [ACTION_MERGE] = "merge",
    [ACTION_PR] = "pr",
    [ACTION_ISSUE] = "issue",
    [ACTION_IGNORE] = "ignore",
};

struct component *component_new(const char *recipe, const char *file, enum recipe_kind kind)
{
    struct component *c = memory_zalloc(sizeof *c);
    c->recipe = arena_copy(&c->arena, recipe);
    c->name = c->recipe;
    c->file = arena_copy(&c->arena, file);
    c->kind = kind;
    c->policy = policy_default();
    c->prune_go_bump = true;
    return c;
}

void component_free(struct component *c)
{
    if (!c)
        return;
    arena_free(&c->arena);
    free(c);
}

void components_add(struct components *list, struct component *c)
{
    if (list->count == list->capacity) {
        list->capacity = list->capacity ? memory_product(list->capacity, 2) : 16;
        list->items =
            memory_resize(list->items, memory_product(list->capacity, sizeof(struct component *)));
    }
    list->items[list->count++] = c;
}

void components_free(struct components *list)
{
    for (size_t i = 0; i < list->count; i++)
        component_free(list->items[i]);
    free(list->items);
    *list = (struct components){0};
}

const char *recipe_kind_name(enum recipe_kind kind)
{
    return kind_names[kind];
}

const char *action_name(enum action action)
{
    return action_names[action];
}

bool action_parse(struct slice text, enum action *out)
{
    for (size_t i = 0; i < sizeof action_names / sizeof *action_names; i++) {
        if (slice_is(text, action_names[i])) {
            *out = (enum action)i;
            return true;
        }
    }
    return false;
}

struct policy policy_default(void)
{
    return (struct policy){
        .patch = ACTION_PR,
        .minor = ACTION_PR,
        .major = ACTION_ISSUE,
        .new_stream = ACTION_ISSUE,
    };
}

static const char *const dependents_names[] = {
    [DEPENDENTS_UNSAID] = "",
    [DEPENDENTS_TOGETHER] = "together",
    [DEPENDENTS_EACH] = "each",
    [DEPENDENTS_NO] = "no",
};

const char *dependents_name(enum dependents dependents)
{
    return dependents_names[dependents];
}

bool dependents_parse(struct slice text, enum dependents *out)
{
    for (enum dependents d = DEPENDENTS_TOGETHER; d <= DEPENDENTS_NO; d++)
        if (slice_is(text, dependents_names[d])) {
            *out = d;
            return true;
        }
    return false;
}

enum dependents component_dependents(const struct component *c)
{
    if (c->dependents != DEPENDENTS_UNSAID)
        return c->dependents;
    return c->shared ? DEPENDENTS_TOGETHER : DEPENDENTS_NO;
}
