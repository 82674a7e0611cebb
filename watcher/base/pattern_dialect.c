#include "watcher/base/pattern_dialect.h"

struct scan {
    struct slice text;
    size_t at;
    struct buf *out;
    bool in_class;
    const char *refused;
};

static bool next_is(const struct scan *s, const char *what)
{
    return slice_starts(slice_from(s->text, s->at), slice_of(what));
}

static void copy(struct scan *s, size_t count)
{
    struct slice taken = slice_first(slice_from(s->text, s->at), count);
    buf_add(s->out, taken);
    s->at += taken.len;
}

/* \Q...\E, or to the end. */
static void copy_literal(struct scan *s)
{
    size_t end = slice_find(slice_from(s->text, s->at), SLICE("\\E"));
    copy(s, end == SLICE_NONE ? s->text.len : end + 2);
}

static void copy_escape(struct scan *s)
{
    if (next_is(s, "\\Q")) {
        copy_literal(s);
    } else if (next_is(s, "\\v")) {
        buf_add_text(s->out, "\\x0b");
        s->at += 2;
    } else if (next_is(s, "\\c")) {
        s->refused = "\\c is not known in RE2";
    } else if (!s->in_class && (next_is(s, "\\g<") || next_is(s, "\\g'"))) {
        s->refused = "recursion is not known in RE2";
    } else {
        copy(s, 2);
    }
}

/* [:alpha:] within a class; a lone [ there is an ordinary character. */
static void copy_class_name(struct scan *s)
{
    struct slice rest = slice_from(s->text, s->at + 1);
    size_t end = slice_find(rest, SLICE(":]"));
    bool named = next_is(s, "[:") && end != SLICE_NONE;
    for (size_t i = 1; named && i < end; i++)
        named = is_lower(rest.ptr[i]) || (i == 1 && rest.ptr[i] == '^');
    copy(s, named ? end + 3 : 1);
}

static void open_class(struct scan *s)
{
    s->in_class = true;
    copy(s, next_is(s, "[^") ? 2 : 1);
    if (next_is(s, "]")) /* first in a class it is an ordinary character */
        copy(s, 1);
}

/* (?i), (?s-m:...): flags of RE2 only. */
static bool are_flags(struct slice after_mark)
{
    for (size_t i = 0; i < after_mark.len; i++) {
        char c = after_mark.ptr[i];
        if (c == ')' || c == ':')
            return true;
        if (!slice_contains(SLICE("imsU-"), slice_new(&c, 1)))
            return false;
    }
    return false;
}

static const char *why_refused(struct slice after_mark)
{
    static const struct {
        const char *start, *reason;
    } known[] = {
        {"C", "callouts are not known in RE2"}, {"(", "conditions are not known in RE2"},
        {"#", "comments are not known in RE2"}, {"R", "recursion is not known in RE2"},
        {"&", "recursion is not known in RE2"}, {"P>", "recursion is not known in RE2"},
        {"+", "recursion is not known in RE2"},
    };
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        if (slice_starts(after_mark, slice_of(known[i].start)))
            return known[i].reason;
    if (after_mark.len && is_digit(after_mark.ptr[after_mark.ptr[0] == '-' && after_mark.len > 1]))
        return "recursion is not known in RE2";
    return "RE2 knows no such group or flag";
}

static void open_group(struct scan *s)
{
    static const char *const known[] = {"P<", "P=", "<", "'", "=", "!", ">", "|"};
    if (next_is(s, "(*")) {
        s->refused = "verbs are not known in RE2";
        return;
    }
    if (!next_is(s, "(?")) {
        copy(s, 1);
        return;
    }
    struct slice after_mark = slice_from(s->text, s->at + 2);
    bool good = are_flags(after_mark);
    for (size_t i = 0; i < sizeof known / sizeof *known; i++)
        good |= slice_starts(after_mark, slice_of(known[i]));
    if (good)
        copy(s, 2);
    else
        s->refused = why_refused(after_mark);
}

static void step(struct scan *s)
{
    char c = s->text.ptr[s->at];
    if (c == '\\') {
        copy_escape(s);
    } else if (s->in_class) {
        s->in_class = c != ']';
        if (c == '[')
            copy_class_name(s);
        else
            copy(s, 1);
    } else if (c == '[') {
        open_class(s);
    } else if (c == '(') {
        open_group(s);
    } else {
        if (next_is(s, "{,")) /* PCRE2 takes it for {0,n} from 10.43 on */
            buf_add_byte(s->out, '\\');
        copy(s, 1);
    }
}

bool pattern_translate(struct slice expression, struct buf *out, size_t *offset,
                       const char **reason)
{
    struct scan s = {.text = expression, .out = out};
    while (s.at < s.text.len && !s.refused)
        step(&s);
    *offset = s.at;
    *reason = s.refused;
    return !s.refused;
}
