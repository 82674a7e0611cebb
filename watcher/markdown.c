#include "watcher/markdown.h"

#include "watcher/base/text.h"

#include <string.h>

/* GitHub makes a mention of @name and a reference of #1 and GH-1; a zero-width joiner would do, but
 * it spoils copying. The entity breaks the word for GitHub's scanner and shows as the character
 * itself. */
static const char *entity(char c)
{
    switch (c) {
    case '@':
        return "&#64;";
    case '#':
        return "&#35;";
    case '&':
        return "&amp;";
    case '<':
        return "&lt;";
    case '>':
        return "&gt;";
    case '|':
        return "\\|";
    default:
        return NULL;
    }
}

static void add_plain(struct buf *out, struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        const char *instead = entity(text.ptr[i]);
        if (instead)
            buf_add_text(out, instead);
        else if (strchr("\\`*_[]!~", text.ptr[i]))
            buf_addf(out, "\\%c", text.ptr[i]);
        else
            buf_add_byte(out, text.ptr[i]);
    }
}

/* "https://github.com/o/n/issues/1" would leave a back-link in that issue. */
static void add_word(struct buf *out, struct slice word)
{
    bool link = slice_contains(word, SLICE("://")) || slice_starts(word, SLICE("www."));
    if (link)
        markdown_add_code(out, word);
    else
        add_plain(out, word);
}

void markdown_add(struct buf *out, struct slice text)
{
    struct buf safe = {0};
    struct slice line, word;
    bool first = true;
    while (slice_line(&text, &line)) {
        if (!first)
            buf_add_byte(&safe, ' ');
        text_add_visible(&safe, line);
        first = false;
    }
    struct slice rest = buf_slice(&safe);
    first = true;
    while (slice_split(&rest, ' ', &word)) {
        if (!first)
            buf_add_byte(out, ' ');
        add_word(out, word);
        first = false;
    }
    buf_free(&safe);
}

static size_t longest_run(struct slice text, char c)
{
    size_t longest = 0, run = 0;
    for (size_t i = 0; i < text.len; i++) {
        run = text.ptr[i] == c ? run + 1 : 0;
        longest = run > longest ? run : longest;
    }
    return longest;
}

void markdown_add_code(struct buf *out, struct slice text)
{
    struct buf safe = {0};
    text_add_visible(&safe, text);
    size_t ticks = longest_run(buf_slice(&safe), '`') + 1;
    const char *blank = ticks > 1 ? " " : "";
    buf_pad(out, '`', ticks);
    buf_addf(out, "%s%s%s", blank, buf_text(&safe), blank);
    buf_pad(out, '`', ticks);
    buf_free(&safe);
}

void markdown_add_block(struct buf *out, const char *language, struct slice text)
{
    size_t ticks = longest_run(text, '`') + 1;
    ticks = ticks < 3 ? 3 : ticks;
    buf_pad(out, '`', ticks);
    buf_addf(out, "%s\n", language);
    buf_add(out, text);
    if (text.len && text.ptr[text.len - 1] != '\n')
        buf_add_byte(out, '\n');
    buf_pad(out, '`', ticks);
    buf_add_byte(out, '\n');
}
