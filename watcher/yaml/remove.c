#include "watcher/yaml/change.h"
#include "watcher/yaml/extent.h"

/* What is to go: the lines first..last of the file. */
struct removal {
    struct slice source;
    size_t floor;   /* nothing above belongs to the item: the end of what stands before it */
    size_t content; /* the item's `-`, the pair's key */
    size_t first, last;
};

/* Where the line after a node's last line starts. A block scalar may end behind its line break. */
static size_t below(struct slice source, const struct node *node)
{
    bool ends_line = node->end > node->start &&
                     (source.ptr[node->end - 1] == '\n' || source.ptr[node->end - 1] == '\r');
    return ends_line ? node->end : line_next(source, node->end);
}

static const struct node *last_part(const struct node *collection, size_t index)
{
    if (collection->kind == NODE_SEQUENCE)
        return collection->items[index];
    return collection->pairs[index].value;
}

static bool is_blank_line(struct slice source, size_t first)
{
    size_t at = skip_blanks(source, first);
    return first < source.len && at == line_end(source, first);
}

/* The first byte at or after the line `at` that is no blank and in no comment line. */
static size_t next_content(struct slice source, size_t at)
{
    while (at < source.len) {
        size_t text = skip_blanks(source, at);
        if (text < line_end(source, at) && source.ptr[text] != '#')
            return text;
        at = line_next(source, at);
    }
    return at;
}

/* The line above the one that starts at `first`. */
static size_t line_above(struct slice source, size_t first)
{
    size_t at = first > 0 ? first - 1 : 0;
    if (at > 0 && source.ptr[at] == '\n' && source.ptr[at - 1] == '\r')
        at--;
    return line_start(source, at);
}

/* Comments directly above that are indented as the item is are about the item. */
static void take_comments(struct removal *r)
{
    size_t indent = r->content - r->first;
    while (r->first > r->floor) {
        size_t above = line_above(r->source, r->first);
        size_t text = above + count_spaces(r->source, above);
        if (above < r->floor || text - above != indent || r->source.ptr[text] != '#')
            break;
        r->first = above;
    }
}

/* Does the node end in a `|+` or `>+`, whose value the blank lines behind it would join? */
static bool ends_kept(struct slice source, const struct node *node)
{
    while (node->kind != NODE_SCALAR && !node->alias && node->count)
        node = last_part(node, node->count - 1);
    if (node->alias || (node->style != STYLE_LITERAL && node->style != STYLE_FOLDED))
        return false;
    return extent_block(source, node->start, node->value).chomp == '+';
}

/* Where the lines end that other removals take from `at` on. */
static size_t past_removed(const struct edits *edits, size_t at)
{
    for (size_t i = 0; i < edits->list.count; i++) {
        const struct edit *edit = &edits->list.items[i];
        if (edit->kind == EDIT_REMOVE && edit->start <= at && at < edit->end) {
            at = edit->end;
            i = SLICE_NONE; /* look at all of them again */
        }
    }
    return at;
}

/* Where the lines begin that other removals take up to `at`. */
static size_t before_removed(const struct edits *edits, size_t at)
{
    for (size_t i = 0; i < edits->list.count; i++) {
        const struct edit *edit = &edits->list.items[i];
        if (edit->kind == EDIT_REMOVE && edit->start < at && at <= edit->end) {
            at = edit->start;
            i = SLICE_NONE;
        }
    }
    return at;
}

/* One of two blank lines that would now follow each other goes too; at the end of the file the one
 * before it. A file without a last line break stays one. */
static void take_blank(const struct edits *edits, struct removal *r)
{
    struct slice source = r->source;
    size_t rest = before_removed(edits, r->first), above = line_above(source, rest);
    bool own_floor = rest == r->first;
    bool blank_above = (!own_floor || rest > r->floor) && is_blank_line(source, above);
    bool at_end = past_removed(edits, r->last) == source.len;
    if (blank_above && at_end)
        r->first = above;
    else if (blank_above && is_blank_line(source, r->last))
        r->last = line_next(source, r->last);
    bool unended = source.len && source.ptr[source.len - 1] != '\n';
    if (at_end && unended && r->first > 0)
        r->first = line_end(source, line_above(source, r->first));
}

static void take_blanks_behind_kept(struct removal *r)
{
    while (is_blank_line(r->source, r->last))
        r->last = line_next(r->source, r->last);
}

/* Is anything of the collection left that is not removed already? */
static bool leaves_some(const struct change *c, size_t index)
{
    for (size_t i = 0; i < c->scalar->count; i++) {
        bool gone = i == index;
        for (size_t k = 0; k < c->edits->list.count && !gone; k++) {
            const struct edit *edit = &c->edits->list.items[k];
            gone = edit->kind == EDIT_REMOVE && edit->node == c->scalar->start && edit->index == i;
        }
        if (!gone)
            return true;
    }
    return false;
}

static bool check_removal(const struct change *c, size_t index)
{
    const struct node *node = c->scalar;
    if (node->kind == NODE_SCALAR || node->alias || index >= node->count)
        return change_fail(c, "there is no such item");
    if (node->style == STYLE_FLOW)
        return change_fail(c, "an item between brackets cannot be removed");
    return leaves_some(c, index) || change_fail(c, "would be empty; remove all of it instead");
}

static bool find_lines(const struct change *c, size_t index, struct removal *r)
{
    const struct node *node = c->scalar;
    r->source = c->yaml->source;
    r->floor = index ? below(r->source, last_part(node, index - 1)) : 0;
    r->content = index ? next_content(r->source, r->floor) : node->start;
    r->first = line_start(r->source, r->content);
    r->last = below(r->source, last_part(node, index));
    if (r->first + count_spaces(r->source, r->first) != r->content)
        return change_fail(c, "shares its line with something else");
    return true;
}

bool edit_remove_item(struct arena *a, struct edits *edits, const struct yaml *y,
                      const struct node *sequence, size_t index, const char *path, struct error *e)
{
    struct change c = {a, edits, y, sequence, path, {0}, false, e};
    struct removal r = {0};
    if (!check_removal(&c, index) || !find_lines(&c, index, &r))
        return false;
    const struct node *part = last_part(sequence, index);
    struct slice text = slice_first(slice_from(r.source, r.content), part->end - r.content);
    if (part->kind == NODE_SCALAR && sequence->kind == NODE_SEQUENCE)
        text = part->value;
    take_comments(&r);
    if (r.first == r.floor && index && ends_kept(r.source, last_part(sequence, index - 1)))
        take_blanks_behind_kept(&r);
    else
        take_blank(edits, &r);
    struct edit *edit = change_add(&c, EDIT_REMOVE, r.first, r.last, SLICE(""));
    edit->old_text = arena_text(a, slice_trim(text));
    edit->new_text = "";
    edit->index = index;
    return true;
}
