#include "watcher/markdown.h"

#include "watcher/base/text.h"

#include <string.h>

/* GitHub looks for mentions after Markdown has become HTML: neither a backslash nor an entity for
 * the @ itself hides one (github/markup#1168); a zero-width space behind it does. */
#define ZERO_WIDTH_SPACE "\xE2\x80\x8B"
static const char breaker[] = "&#8203;";

static char at(struct slice s, size_t i)
{
    return i < s.len ? s.ptr[i] : '\0';
}

/* @name, owner/name#1 and GH-1: does a number or name follow that would make it one? */
static bool is_mention(struct slice text, size_t i)
{
    char next = at(text, i + 1);
    if (text.ptr[i] == '@')
        return is_letter(next) || is_digit(next);
    if (text.ptr[i] == '#')
        return is_digit(next);
    return text.ptr[i] == '-' && is_digit(next) && i >= 2 && to_lower(text.ptr[i - 2]) == 'g' &&
           to_lower(text.ptr[i - 1]) == 'h';
}

static void add_character(struct buf *out, char c)
{
    if (c == '&')
        buf_add_text(out, "&amp;");
    else if (c == '<')
        buf_add_text(out, "&lt;");
    else if (c == '>')
        buf_add_text(out, "&gt;");
    else if (c && strchr("\\`*_[]!~#|", c))
        buf_addf(out, "\\%c", c);
    else
        buf_add_byte(out, c);
}

static void add_plain(struct buf *out, struct slice text)
{
    for (size_t i = 0; i < text.len; i++) {
        add_character(out, text.ptr[i]);
        if (is_mention(text, i))
            buf_add_text(out, breaker);
    }
}

/* "https://github.com/o/n/issues/1" would leave a back-link in that issue. A cell would end at a
 * bar even within code. */
static void add_address(struct buf *out, struct slice word)
{
    struct buf escaped = {0};
    for (size_t i = 0; i < word.len; i++)
        if (word.ptr[i] == '|')
            buf_add_text(&escaped, "%7C");
        else
            buf_add_byte(&escaped, word.ptr[i]);
    markdown_add_code(out, buf_slice(&escaped));
    buf_free(&escaped);
}

static void add_word(struct buf *out, struct slice word)
{
    if (slice_contains(word, SLICE("://")) || slice_contains(word, SLICE("www.")))
        add_address(out, word);
    else
        add_plain(out, word);
}

/* At the start of a line "-", "+", "=" and "1." would begin a list or make a heading. */
static void add_first_word(struct buf *out, struct slice word)
{
    size_t digits = 0;
    while (is_digit(at(word, digits)))
        digits++;
    bool number = digits && digits + 1 == word.len && strchr(".)", word.ptr[digits]);
    bool mark = word.len && strchr("-+=", word.ptr[0]);
    if (number)
        buf_addf(out, "%.*s\\%c", (int)digits, word.ptr, word.ptr[digits]);
    else if (mark)
        buf_add_byte(out, '\\');
    if (!number)
        add_word(out, word);
}

static void add_visible_line(struct buf *out, struct slice text)
{
    struct slice line;
    while (slice_line(&text, &line)) {
        if (out->len)
            buf_add_byte(out, ' ');
        text_add_visible(out, slice_trim(line));
    }
}

void markdown_add(struct buf *out, struct slice text)
{
    struct buf safe = {0};
    struct slice word;
    bool first = true;
    add_visible_line(&safe, text);
    for (struct slice rest = buf_slice(&safe); slice_split(&rest, ' ', &word); first = false) {
        if (first) {
            add_first_word(out, word);
            continue;
        }
        buf_add_byte(out, ' ');
        add_word(out, word);
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

static void add_span(struct buf *out, struct slice text, bool cell)
{
    struct buf safe = {0};
    text_add_visible(&safe, text);
    struct slice s = buf_slice(&safe);
    size_t ticks = longest_run(s, '`') + 1;
    /* Blanks at both ends are taken off again; without them a backtick there would join the fence,
     * and blanks of the text itself would be lost. */
    bool pad = ticks > 1 || at(s, 0) == ' ';
    buf_pad(out, '`', s.len ? ticks : 0);
    buf_pad(out, ' ', pad);
    for (size_t i = 0; i < s.len; i++) {
        if (cell && s.ptr[i] == '|')
            buf_add_byte(out, '\\');
        buf_add_byte(out, s.ptr[i]);
    }
    buf_pad(out, ' ', pad);
    buf_pad(out, '`', s.len ? ticks : 0);
    buf_free(&safe);
}

void markdown_add_code(struct buf *out, struct slice text)
{
    add_span(out, text, false);
}

void markdown_add_code_cell(struct buf *out, struct slice text)
{
    add_span(out, text, true);
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

static void add_quoted_line(struct buf *out, struct slice line)
{
    struct buf safe = {0};
    struct slice part;
    for (struct slice rest = line; slice_split(&rest, '\t', &part);) {
        text_add_visible(&safe, part);
        buf_add_text(&safe, rest.ptr ? "    " : "");
    }
    struct slice s = buf_slice(&safe);
    for (size_t i = 0; i < s.len; i++) {
        buf_add_byte(out, s.ptr[i]);
        if (is_mention(s, i))
            buf_add_text(out, ZERO_WIDTH_SPACE);
    }
    buf_free(&safe);
}

/* The first `most` bytes, less the rest of a character that does not fit. */
static struct slice whole_characters(struct slice s, size_t most)
{
    size_t len = most < s.len ? most : s.len;
    while (len && len < s.len && ((unsigned char)s.ptr[len] & 0xC0) == 0x80)
        len--;
    return slice_first(s, len);
}

void markdown_add_quoted(struct buf *out, struct slice text, size_t most)
{
    static const char more[] = "[...]\n";
    size_t left = most < sizeof more ? 0 : most - sizeof more;
    struct slice line;
    for (bool first = true; slice_line(&text, &line); first = false) {
        struct buf safe = {0};
        add_quoted_line(&safe, line);
        bool fits = safe.len + 1 <= left;
        if (fits || first) {
            buf_add(out, whole_characters(buf_slice(&safe), left ? left - 1 : 0));
            buf_add_byte(out, '\n');
        }
        left -= fits ? safe.len + 1 : left;
        buf_free(&safe);
        if (!fits) {
            buf_add_text(out, more);
            return;
        }
    }
}
