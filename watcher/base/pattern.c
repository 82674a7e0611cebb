#include "watcher/base/pattern.h"

#include "watcher/base/memory.h"
#include "watcher/base/pattern_dialect.h"
#include "watcher/base/utf8.h"

#define PCRE2_CODE_UNIT_WIDTH 8
#include <pcre2.h>
#include <stdlib.h>

enum {
    LONGEST = 4096,       /* bytes of an expression */
    STEPS = 200000,       /* what any search may take: some milliseconds ... */
    STEPS_PER_BYTE = 20,  /* ... and more where there is more text */
    BYTES_PER_STEP = 8,   /* passing over as many bytes costs as much as one step */
    HEAP_KIB = 64 * 1024, /* of PCRE2's memory for backtracking */
};

struct pattern {
    const char *text;
    pcre2_code *code;
    pcre2_general_context *memory;
};

static void *allocate(size_t size, void *unused)
{
    (void)unused;
    return memory_alloc(size);
}

static void release(void *p, void *unused)
{
    (void)unused;
    free(p);
}

static void release_code(void *code)
{
    pcre2_code_free(code);
}

static void release_memory(void *memory)
{
    pcre2_general_context_free(memory);
}

/* ---- compiling ---- */

static pcre2_code *compile(pcre2_general_context *memory, struct slice expression, int *number,
                           size_t *offset)
{
    uint32_t options = PCRE2_UTF | PCRE2_DOLLAR_ENDONLY | PCRE2_NEVER_BACKSLASH_C |
                       PCRE2_ALT_CIRCUMFLEX | PCRE2_AUTO_CALLOUT;
    pcre2_compile_context *context = pcre2_compile_context_create(memory);
    pcre2_set_newline(context, PCRE2_NEWLINE_LF);
    pcre2_set_max_pattern_length(context, LONGEST * 2);
    pcre2_code *code =
        pcre2_compile((PCRE2_SPTR)expression.ptr, expression.len, options, number, offset, context);
    pcre2_compile_context_free(context);
    return code;
}

static bool too_many_groups(const pcre2_code *code)
{
    uint32_t count = 0;
    pcre2_pattern_info(code, PCRE2_INFO_CAPTURECOUNT, &count);
    return count >= PATTERN_GROUPS;
}

static bool fail(struct error *e, const struct pattern *p, size_t offset, const char *reason)
{
    return error_set(e, ERROR_USAGE, "pattern \"%s\", offset %zu: %s", p->text, offset, reason);
}

/* PCRE2's reason, at the offset in the expression as its author wrote it: translation moves what
 * stands behind a \v. */
static bool fail_compile(struct error *e, const struct pattern *p, struct slice expression,
                         int number, size_t offset)
{
    int original;
    size_t at;
    PCRE2_UCHAR reason[128];
    pcre2_code *code = compile(p->memory, expression, &original, &at);
    pcre2_get_error_message(number, reason, sizeof reason);
    fail(e, p, code ? offset : at, (const char *)reason);
    pcre2_code_free(code);
    return false;
}

static bool compile_translated(struct pattern *p, struct slice expression, struct error *e)
{
    int number = 0;
    size_t offset = 0;
    const char *reason = NULL;
    struct buf translated = {0};
    buf_add_text(&translated, ""); /* PCRE2 wants an address even for nothing */
    bool good = pattern_translate(expression, &translated, &offset, &reason);
    if (good)
        p->code = compile(p->memory, buf_slice(&translated), &number, &offset);
    buf_free(&translated);
    if (!good)
        return fail(e, p, offset, reason);
    return p->code || fail_compile(e, p, expression, number, offset);
}

const struct pattern *pattern_compile(struct arena *a, struct slice expression, struct error *e)
{
    if (expression.len > LONGEST) {
        error_set(e, ERROR_USAGE, "a pattern may be %d bytes long, this one has %zu", LONGEST,
                  expression.len);
        return NULL;
    }
    struct pattern *p = arena_new(a, struct pattern);
    p->text = arena_text(a, expression);
    p->memory = pcre2_general_context_create(allocate, release, NULL);
    arena_defer(a, release_memory, p->memory);
    if (!compile_translated(p, expression, e))
        return NULL;
    arena_defer(a, release_code, p->code);
    if (too_many_groups(p->code)) {
        fail(e, p, 0, "more than 15 groups (write those that are not needed as (?:...))");
        return NULL;
    }
    return p;
}

const char *pattern_text(const struct pattern *p)
{
    return p->text;
}

size_t pattern_group(const struct pattern *p, const char *name)
{
    int number = pcre2_substring_number_from_name(p->code, (PCRE2_SPTR)name);
    return number > 0 ? (size_t)number : 0;
}

/* ---- searching ---- */

struct search {
    const struct pattern *pattern;
    struct slice subject;
    struct slice text; /* the subject, or a copy of it that is valid UTF-8; offsets are the same */
    struct buf copy;
    pcre2_match_data *data;
    pcre2_match_context *context;
    size_t steps_left;
    size_t position; /* at the last step */
};

/* PCRE2 calls this before every item of the expression, backtracking included. Its own match limit
 * counts anew at every start position and so does not bound a search over a long text. */
static int count_step(pcre2_callout_block *block, void *arg)
{
    struct search *s = arg;
    size_t from = s->position, to = block->current_position;
    size_t cost = 1 + (from < to ? to - from : from - to) / BYTES_PER_STEP;
    s->position = to;
    if (cost > s->steps_left)
        return PCRE2_ERROR_MATCHLIMIT;
    s->steps_left -= cost;
    return 0;
}

/* Bytes that are not UTF-8 count as one character each, as in Go; which one does not matter much,
 * but it must be one byte long. */
static void replace_invalid(struct search *s, size_t valid)
{
    const char substitute = 0x1A;
    buf_add(&s->copy, s->subject);
    while (valid < s->copy.len) {
        s->copy.ptr[valid++] = substitute;
        valid += utf8_valid_length(slice_from(buf_slice(&s->copy), valid));
    }
    s->text = buf_slice(&s->copy);
}

static void search_init(struct search *s, const struct pattern *p, struct slice subject)
{
    *s = (struct search){.pattern = p, .subject = subject, .text = subject};
    size_t valid = utf8_valid_length(subject);
    if (valid < subject.len)
        replace_invalid(s, valid);
    s->steps_left = STEPS + subject.len * STEPS_PER_BYTE;
    s->data = pcre2_match_data_create_from_pattern(p->code, p->memory);
    s->context = pcre2_match_context_create(p->memory);
    pcre2_set_heap_limit(s->context, HEAP_KIB);
    pcre2_set_match_limit(s->context,
                          s->steps_left > UINT32_MAX ? UINT32_MAX : (uint32_t)s->steps_left);
    pcre2_set_callout(s->context, count_step, s);
}

static void search_release(struct search *s)
{
    pcre2_match_context_free(s->context);
    pcre2_match_data_free(s->data);
    buf_free(&s->copy);
}

static void fill(const struct search *s, struct match *m)
{
    const size_t *offsets = pcre2_get_ovector_pointer(s->data);
    *m = (struct match){.count = pcre2_get_ovector_count(s->data)};
    for (size_t i = 0; i < m->count; i++) {
        size_t start = offsets[2 * i], end = offsets[2 * i + 1];
        if (start != PCRE2_UNSET)
            m->group[i] = slice_new(s->subject.ptr ? s->subject.ptr + start : "", end - start);
    }
}

/* The next place at or after `at` where a character begins. */
static size_t character_start(struct slice text, size_t at)
{
    while (at < text.len && utf8_continues(text.ptr[at]))
        at++;
    return at;
}

static enum pattern_result search_from(struct search *s, size_t start, struct match *m)
{
    if (start > s->text.len)
        return PATTERN_NO;
    start = character_start(s->text, start);
    s->position = start;
    int found = pcre2_match(s->pattern->code, (PCRE2_SPTR)(s->text.ptr ? s->text.ptr : ""),
                            s->text.len, start, PCRE2_NO_UTF_CHECK, s->data, s->context);
    if (found == PCRE2_ERROR_NOMATCH)
        return PATTERN_NO;
    if (found < 0)
        return PATTERN_LIMIT;
    if (m)
        fill(s, m);
    return PATTERN_YES;
}

enum pattern_result pattern_search(const struct pattern *p, struct slice subject, size_t start,
                                   struct match *m)
{
    struct search s;
    search_init(&s, p, subject);
    enum pattern_result result = search_from(&s, start, m);
    search_release(&s);
    return result;
}

/* Where the search goes on after a match that was looked for from `at`: one character on at
 * least, as in Go's FindAll and ReplaceAll. */
static size_t advance(const struct search *s, size_t at, size_t end)
{
    return end > at ? end : character_start(s->text, at + 1);
}

enum pattern_result pattern_each(const struct pattern *p, struct slice subject,
                                 bool (*each)(void *arg, const struct match *m), void *arg)
{
    struct search s;
    struct match m;
    enum pattern_result result = PATTERN_NO, found;
    size_t at = 0, last_end = SLICE_NONE;
    search_init(&s, p, subject);
    while ((found = search_from(&s, at, &m)) == PATTERN_YES) {
        size_t start = subject.ptr ? (size_t)(m.group[0].ptr - subject.ptr) : 0;
        size_t end = start + m.group[0].len;
        bool abuts = end == start && start == last_end;
        if (!abuts) {
            result = PATTERN_YES;
            if (!each(arg, &m))
                break;
        }
        last_end = end;
        at = advance(&s, at, end);
    }
    search_release(&s);
    return found == PATTERN_LIMIT ? found : result;
}
