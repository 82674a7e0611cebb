/* libyaml's events made into nodes. No other file knows libyaml. */
#include "watcher/yaml/extent.h"
#include "watcher/yaml/tree.h"

#include <string.h>
#include <yaml.h>

struct reader {
    yaml_parser_t parser;
    struct slice source;
    struct marks marks;
    struct tree tree;
};

static struct spot find(struct reader *r, const yaml_mark_t *mark)
{
    return marks_find(&r->marks, mark->index, mark->line, mark->column);
}

/* What people most often did when libyaml says something else. */
static const struct hint {
    const char *problem;
    const char *hint;
} hints[] = {
    {"mapping values are not allowed in this context", " (text with ': ' in it needs quotes)"},
    {"found character that cannot start any token", " (text that begins so needs quotes)"},
    {"found undefined tag handle", " (text that begins with '!' needs quotes)"},
    {"did not find expected key", " (is the indentation right?)"},
    {NULL, ""},
};

static const char *hint_for(const struct reader *r, const char *problem, struct spot at)
{
    if (at.offset < r->source.len && r->source.ptr[at.offset] == '\t')
        return " (a tab cannot indent)";
    const struct hint *h = hints;
    while (h->problem && strcmp(h->problem, problem) != 0)
        h++;
    return h->hint;
}

/* Bytes that are not UTF-8, or control characters. */
static bool fail_reading(struct reader *r)
{
    const yaml_parser_t *p = &r->parser;
    struct spot first = marks_first(&r->marks);
    struct spot at = marks_walk(&r->marks, first, first.offset + p->problem_offset);
    return error_at(r->tree.error, ERROR_RECIPE, r->tree.name, at.line, at.column, "%s (0x%02X)",
                    p->problem, (unsigned)p->problem_value);
}

/* libyaml stopped: say where and why, in one line. */
static bool fail_parsing(struct reader *r)
{
    const yaml_parser_t *p = &r->parser;
    if (p->error == YAML_MEMORY_ERROR || !p->problem)
        return error_set(r->tree.error, ERROR_SYSTEM, "%s: out of memory", r->tree.name);
    if (p->error == YAML_READER_ERROR)
        return fail_reading(r);
    struct spot at = find(r, &p->problem_mark);
    const char *context = "";
    if (p->context && p->context_mark.line != p->problem_mark.line)
        context = arena_printf(r->tree.arena, " %s that begins in line %zu", p->context,
                               find(r, &p->context_mark).line);
    return error_at(r->tree.error, ERROR_RECIPE, r->tree.name, at.line, at.column, "%s%s%s",
                    p->problem, context, hint_for(r, p->problem, at));
}

/* A node whose content starts where the event does, or behind the anchor and tag that stand there.
 */
static struct node *new_node(struct reader *r, const yaml_event_t *event, const yaml_char_t *anchor,
                             const yaml_char_t *tag)
{
    struct node *node = arena_new(r->tree.arena, struct node);
    struct spot at = find(r, &event->start_mark);
    if (anchor || tag) {
        bool scalar = event->type == YAML_SCALAR_EVENT;
        size_t end = scalar ? find(r, &event->end_mark).offset : r->source.len;
        at = marks_walk(&r->marks, at, extent_content(r->source, at.offset, end));
        node->anchor = arena_copy(r->tree.arena, (const char *)anchor);
        node->tag = arena_copy(r->tree.arena, (const char *)tag);
    }
    node->start = at.offset;
    node->line = at.line;
    node->column = at.column;
    node->flow = tree_in_flow(&r->tree);
    return node;
}

/* The value borrowed from the source where it stands there as it is, else copied. */
static struct slice keep_value(struct reader *r, const struct node *node, struct slice value)
{
    size_t quotes = node->style == STYLE_PLAIN ? 0 : 1;
    if (node->end - node->start == value.len + 2 * quotes) {
        struct slice there = slice_first(slice_from(r->source, node->start + quotes), value.len);
        if (slice_equal(there, value))
            return there;
    }
    return arena_slice(r->tree.arena, value);
}

static enum node_style scalar_style(yaml_scalar_style_t style)
{
    switch (style) {
    case YAML_SINGLE_QUOTED_SCALAR_STYLE:
        return STYLE_SINGLE;
    case YAML_DOUBLE_QUOTED_SCALAR_STYLE:
        return STYLE_DOUBLE;
    case YAML_LITERAL_SCALAR_STYLE:
        return STYLE_LITERAL;
    case YAML_FOLDED_SCALAR_STYLE:
        return STYLE_FOLDED;
    default:
        return STYLE_PLAIN;
    }
}

static bool on_scalar(struct reader *r, const yaml_event_t *event)
{
    struct slice value =
        slice_new((const char *)event->data.scalar.value, event->data.scalar.length);
    struct node *node = new_node(r, event, event->data.scalar.anchor, event->data.scalar.tag);
    node->kind = NODE_SCALAR;
    node->style = scalar_style(event->data.scalar.style);
    node->end = find(r, &event->end_mark).offset;
    if (node->style == STYLE_LITERAL || node->style == STYLE_FOLDED)
        node->end = extent_block_end(r->source, node->start, node->end, value);
    node->value = keep_value(r, node, value);
    return tree_scalar(&r->tree, node);
}

static bool on_sequence(struct reader *r, const yaml_event_t *event)
{
    struct node *node =
        new_node(r, event, event->data.sequence_start.anchor, event->data.sequence_start.tag);
    bool flow = event->data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE;
    node->kind = NODE_SEQUENCE;
    node->style = flow ? STYLE_FLOW : STYLE_BLOCK;
    return tree_open(&r->tree, node);
}

static bool on_mapping(struct reader *r, const yaml_event_t *event)
{
    struct node *node =
        new_node(r, event, event->data.mapping_start.anchor, event->data.mapping_start.tag);
    bool flow = event->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE;
    node->kind = NODE_MAPPING;
    node->style = flow ? STYLE_FLOW : STYLE_BLOCK;
    return tree_open(&r->tree, node);
}

static bool on_alias(struct reader *r, const yaml_event_t *event)
{
    struct slice name = slice_of((const char *)event->data.alias.anchor);
    struct spot at = find(r, &event->start_mark);
    return tree_alias(&r->tree, name, at, find(r, &event->end_mark).offset);
}

static bool on_event(struct reader *r, const yaml_event_t *event)
{
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
        tree_document(&r->tree);
        return true;
    case YAML_ALIAS_EVENT:
        return on_alias(r, event);
    case YAML_SCALAR_EVENT:
        return on_scalar(r, event);
    case YAML_SEQUENCE_START_EVENT:
        return on_sequence(r, event);
    case YAML_MAPPING_START_EVENT:
        return on_mapping(r, event);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        return tree_close(&r->tree, find(r, &event->end_mark).offset);
    default:
        return true;
    }
}

static bool read_events(struct reader *r)
{
    for (bool more = true; more;) {
        yaml_event_t event;
        if (!yaml_parser_parse(&r->parser, &event))
            return fail_parsing(r);
        more = event.type != YAML_STREAM_END_EVENT;
        bool ok = on_event(r, &event);
        yaml_event_delete(&event);
        if (!ok)
            return false;
    }
    return true;
}

/* libyaml would read UTF-16, but no byte of it could be edited in place. */
static bool check_encoding(const char *name, struct slice source, struct error *e)
{
    struct slice head = slice_first(source, 4);
    bool marked = slice_starts(head, SLICE("\xFE\xFF")) || slice_starts(head, SLICE("\xFF\xFE"));
    if (!marked && slice_find_byte(head, '\0') == SLICE_NONE)
        return true;
    return error_at(e, ERROR_RECIPE, name, 1, 1,
                    "not UTF-8 but UTF-16 or UTF-32; convert the file to UTF-8");
}

bool yaml_parse(struct arena *a, const char *name, struct slice source, struct yaml *out,
                struct error *e)
{
    *out = (struct yaml){.name = arena_copy(a, name), .source = source};
    if (!check_encoding(name, source, e))
        return false;
    struct reader r = {.source = source, .tree = {.arena = a, .name = out->name, .error = e}};
    if (!yaml_parser_initialize(&r.parser))
        return error_set(e, ERROR_SYSTEM, "%s: out of memory", name);
    marks_init(&r.marks, source);
    struct slice text = slice_from(source, r.marks.bom);
    yaml_parser_set_encoding(&r.parser, YAML_UTF8_ENCODING);
    yaml_parser_set_input_string(&r.parser, (const unsigned char *)(text.ptr ? text.ptr : ""),
                                 text.len);
    bool ok = read_events(&r);
    out->documents = r.tree.documents.items;
    out->count = r.tree.documents.count;
    yaml_parser_delete(&r.parser);
    tree_release(&r.tree);
    return ok;
}
