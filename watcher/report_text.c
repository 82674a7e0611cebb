/* Text as all reports show it: within a terminal's width, and without power over the terminal. */
#include "watcher/base/text.h"
#include "watcher/base/utf8.h"
#include "watcher/report.h"

struct wrapping {
    struct buf *out;
    size_t indent, columns;
    size_t used; /* columns of the line, the indent left out */
};

/* The bytes of the longest start of `text` that fits; at least one character, so that it ends. */
static size_t fitting(struct slice text, size_t columns)
{
    size_t bytes = 0, used = 0;
    while (bytes < text.len) {
        uint32_t point;
        size_t len = utf8_decode(slice_from(text, bytes), &point);
        size_t width = text_width(slice_first(slice_from(text, bytes), len ? len : 1));
        if (bytes && used + width > columns)
            break;
        used += width;
        bytes += len ? len : 1;
    }
    return bytes;
}

static void add_piece(struct wrapping *w, struct slice piece)
{
    buf_pad(w->out, ' ', w->used ? 1 : w->indent);
    w->used += (w->used ? 1 : 0) + text_width(piece);
    buf_add(w->out, piece);
}

static void break_line(struct wrapping *w)
{
    if (w->used)
        buf_add_byte(w->out, '\n');
    w->used = 0;
}

/* A word that no line has room for is broken where the line ends. */
static void add_word(struct wrapping *w, struct slice word)
{
    size_t room = w->columns > w->indent ? w->columns - w->indent : 1;
    if (w->used && w->used + 1 + text_width(word) > room)
        break_line(w);
    while (text_width(word) > room) {
        size_t len = fitting(word, room);
        add_piece(w, slice_first(word, len));
        word = slice_from(word, len);
        if (word.len)
            break_line(w);
    }
    if (word.len)
        add_piece(w, word);
}

void report_add_wrapped(struct buf *out, struct slice text, size_t indent, size_t columns)
{
    struct wrapping w = {.out = out, .indent = indent, .columns = columns};
    struct slice word;
    while (slice_split(&text, ' ', &word)) {
        struct buf safe = {0};
        text_add_visible(&safe, word);
        add_word(&w, buf_slice(&safe));
        buf_free(&safe);
    }
    buf_add_byte(out, '\n');
}

void report_add_lines(struct buf *out, struct slice text)
{
    struct slice line, part;
    while (slice_line(&text, &line)) {
        while (slice_split(&line, '\t', &part)) {
            text_add_visible(out, part);
            buf_add_text(out, line.ptr ? "\t" : "");
        }
        buf_add_byte(out, '\n');
    }
}

void report_add_diff(struct buf *out, const struct change_set *set)
{
    struct buf diff = {0};
    for (size_t i = 0; i < set->files.count; i++)
        diff_unified(&diff, set->files.items[i].file, set->files.items[i].before,
                     set->files.items[i].after);
    report_add_lines(out, buf_slice(&diff));
    buf_free(&diff);
}

void report_add_title(struct buf *out, const struct component *c)
{
    struct buf title = {0};
    component_add_title(&title, c);
    text_add_visible(out, buf_slice(&title));
    buf_free(&title);
}

const char *report_source(const struct component *c)
{
    if (!c->spec.source)
        return NULL;
    return c->spec.preset ? c->spec.preset : c->spec.source->name;
}
