#include "watcher/cmd_vercmp.h"

#include "watcher/base/buf.h"
#include "watcher/base/text.h"
#include "watcher/cli.h"

#include <stdlib.h>

/* Longer than any two versions with what may stand around them. */
enum { LINE_LONGEST = 4096 };

struct line {
    size_t len;
    bool overflow;
    char text[LINE_LONGEST];
};

struct run {
    const struct scheme *scheme;
    FILE *out, *err;
    struct buf text;    /* what is being written, kept to save allocations */
    unsigned long line; /* of the input, from 1; 0 = the versions are operands */
    int status;
};

static void write_text(struct run *r, FILE *to)
{
    struct slice text = buf_slice(&r->text);
    if (fwrite(text.ptr, 1, text.len, to) != text.len)
        r->status = EXIT_FAILURE;
}

/* Start a message with the place it speaks of. */
static void begin_message(struct run *r)
{
    r->status = EXIT_FAILURE;
    buf_clear(&r->text);
    buf_add_text(&r->text, "mwatch: ");
    if (r->line)
        buf_addf(&r->text, "standard input:%lu: ", r->line);
}

static void report_invalid(struct run *r, struct slice version)
{
    if (r->scheme->valid(version))
        return;
    begin_message(r);
    buf_add_byte(&r->text, '"');
    text_add_visible(&r->text, version);
    buf_addf(&r->text, "\" is no version of the scheme %s\n", r->scheme->name);
    write_text(r, r->err);
}

static char relation(const struct scheme *scheme, struct slice a, struct slice b)
{
    if (!scheme->valid(a) || !scheme->valid(b))
        return '?';
    int order = scheme->compare(a, b);
    return order < 0 ? '<' : order > 0 ? '>' : '=';
}

static void compare_pair(struct run *r, struct slice a, struct slice b)
{
    const char sign[] = {' ', relation(r->scheme, a, b), ' '};
    if (sign[1] == '?') {
        report_invalid(r, a);
        report_invalid(r, b);
    }
    buf_clear(&r->text);
    text_add_visible(&r->text, a);
    buf_add(&r->text, slice_new(sign, sizeof(sign)));
    text_add_visible(&r->text, b);
    buf_add_byte(&r->text, '\n');
    write_text(r, r->out);
}

static struct slice take_field(struct slice *rest)
{
    size_t len = 0;
    *rest = slice_trim(*rest);
    while (len < rest->len && !is_blank(rest->ptr[len]))
        len++;
    struct slice field = slice_first(*rest, len);
    *rest = slice_from(*rest, len);
    return field;
}

static void compare_line(struct run *r, const struct line *line)
{
    struct slice rest = slice_new(line->text, line->len);
    struct slice a = take_field(&rest), b = take_field(&rest), more = take_field(&rest);
    if (b.len && !more.len && !line->overflow) {
        compare_pair(r, a, b);
        return;
    }
    begin_message(r);
    if (line->overflow)
        buf_addf(&r->text, "longer than %d bytes\n", LINE_LONGEST);
    else
        buf_addf(&r->text, "two versions are expected, found %s\n",
                 more.len ? "more"
                 : a.len  ? "one"
                          : "none");
    write_text(r, r->err);
}

/* Read up to the next line break; of a line that is too long, the start. False at the end. */
static bool read_line(FILE *in, struct line *line)
{
    int c;
    line->len = 0;
    line->overflow = false;
    while ((c = getc_unlocked(in)) != EOF && c != '\n') {
        if (line->len < LINE_LONGEST)
            line->text[line->len++] = (char)c;
        else
            line->overflow = true;
    }
    return c != EOF || line->len > 0;
}

static void compare_lines(struct run *r, FILE *in)
{
    struct line line;
    for (r->line = 1; read_line(in, &line); r->line++)
        compare_line(r, &line);
    if (ferror(in)) {
        begin_message(r);
        buf_add_text(&r->text, "cannot be read\n");
        write_text(r, r->err);
    }
}

int cmd_vercmp_run(const struct scheme *scheme, const char *a, const char *b, FILE *in, FILE *out,
                   FILE *err)
{
    struct run r = {.scheme = scheme, .out = out, .err = err};
    if (a && b)
        compare_pair(&r, slice_of(a), slice_of(b));
    else
        compare_lines(&r, in);
    if (fflush(out) != 0)
        r.status = EXIT_FAILURE;
    buf_free(&r.text);
    return r.status;
}

int cmd_vercmp(struct context *ctx, struct options *options)
{
    const char *name = options->scheme ? options->scheme : "apk";
    const struct scheme *scheme = scheme_find(name);
    size_t count = options->operands.count;
    if (!scheme) {
        const char *near = text_nearest(slice_of(name), scheme_names());
        log_error(ctx, "--scheme %s: no such scheme%s%s%s", name, near ? "; did you mean " : "",
                  near ? near : "", near ? "?" : "");
        return EXIT_USAGE;
    }
    if (count != 0 && count != 2) {
        log_error(ctx, "vercmp takes two versions, or none and reads pairs from standard input");
        return EXIT_USAGE;
    }
    return cmd_vercmp_run(scheme, count ? options->operands.items[0] : NULL,
                          count ? options->operands.items[1] : NULL, stdin, stdout, stderr);
}
