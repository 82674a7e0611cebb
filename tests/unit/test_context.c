#include "tests/unit/unit.h"

#include "watcher/base/context.h"

/* A context whose messages land in memory. */
struct capture {
    struct context ctx;
    char *text;
    size_t len;
};

static void capture_begin(struct capture *c)
{
    *c = (struct capture){0};
    context_init(&c->ctx);
    c->ctx.messages = open_memstream(&c->text, &c->len);
    assert_non_null(c->ctx.messages);
}

static const char *captured(struct capture *c)
{
    fflush(c->ctx.messages);
    return c->text;
}

static void capture_end(struct capture *c)
{
    fclose(c->ctx.messages);
    free(c->text);
}

static void say_everything(const struct context *ctx)
{
    log_error(ctx, "e%d", 1);
    log_warning(ctx, "w%d", 2);
    log_info(ctx, "i%d", 3);
    log_debug(ctx, "d%d", 4);
}

static void levels(void **state)
{
    static const char *const wanted[] = {
        [LOG_ERROR] = "mwatch: e1\n",
        [LOG_WARNING] = "mwatch: e1\nmwatch: w2\n",
        [LOG_INFO] = "mwatch: e1\nmwatch: w2\nmwatch: i3\n",
        [LOG_DEBUG] = "mwatch: e1\nmwatch: w2\nmwatch: i3\nmwatch: d4\n",
    };
    (void)state;
    for (int level = LOG_ERROR; level <= LOG_DEBUG; level++) {
        struct capture c;
        capture_begin(&c);
        c.ctx.level = (enum log_level)level;
        say_everything(&c.ctx);
        assert_string_equal(captured(&c), wanted[level]);
        capture_end(&c);
    }
}

static void warnings_by_default(void **state)
{
    struct context ctx;
    (void)state;
    context_init(&ctx);
    assert_int_equal(ctx.level, LOG_WARNING);
    assert_ptr_equal(ctx.messages, stderr);
    assert_false(ctx.progress);
}

static void nowhere_to_write(void **state)
{
    struct context ctx;
    (void)state;
    context_init(&ctx);
    ctx.messages = NULL;
    ctx.level = LOG_DEBUG;
    ctx.progress = true;
    say_everything(&ctx);
    log_progress(&ctx, "x");
}

static void hostile_text(void **state)
{
    struct capture c;
    (void)state;
    capture_begin(&c);
    log_warning(&c.ctx, "tag %s", "v1\r\x1B]0;owned\x07\nmwatch: all well");
    assert_string_equal(captured(&c),
                        "mwatch: tag v1\\x0d\\x1b]0;owned\\x07\\x0amwatch: all well\n");
    capture_end(&c);
}

static void progress_line(void **state)
{
    struct capture c;
    (void)state;
    capture_begin(&c);
    log_progress(&c.ctx, "1/10");
    assert_string_equal(captured(&c), ""); /* no terminal, no progress */
    c.ctx.progress = true;
    log_progress(&c.ctx, "1/%d", 10);
    log_progress(&c.ctx, "%s", "");
    assert_string_equal(captured(&c), "\r\033[K1/10\r\033[K");
    log_warning(&c.ctx, "x");
    assert_string_equal(captured(&c), "\r\033[K1/10\r\033[K\r\033[Kmwatch: x\n");
    capture_end(&c);
}

static void progress_is_cut_to_the_line(void **state)
{
    struct capture c;
    struct buf text = {0};
    (void)state;
    capture_begin(&c);
    c.ctx.progress = true;
    for (int i = 0; i < 50; i++)
        buf_add_text(&text, "\xE6\x97\xA5"); /* two columns each */
    log_progress(&c.ctx, "%s", buf_text(&text));
    struct slice line = slice_from(slice_of(captured(&c)), 4);
    assert_int_equal(line.len, 39 * 3 + 3); /* 78 columns and the mark */
    assert_true(slice_ends(line, SLICE("\xE2\x80\xA6")));
    buf_free(&text);
    capture_end(&c);
}

static int64_t fixed_time(void *arg)
{
    return *(int64_t *)arg;
}

static uint32_t fixed_random(void *arg)
{
    (void)arg;
    return 4;
}

static void clock_and_chance_are_injected(void **state)
{
    int64_t now = 1778056464;
    struct context ctx;
    (void)state;
    context_init(&ctx);
    ctx.now = ctx.milliseconds = fixed_time;
    ctx.random = fixed_random;
    ctx.arg = &now;
    assert_int_equal(context_now(&ctx), 1778056464);
    assert_int_equal(context_milliseconds(&ctx), 1778056464);
    assert_int_equal(context_random(&ctx), 4);
}

static void real_clock(void **state)
{
    struct context ctx;
    (void)state;
    context_init(&ctx);
    assert_true(context_now(&ctx) > 1700000000);
    int64_t before = context_milliseconds(&ctx);
    assert_true(context_milliseconds(&ctx) >= before);
    uint32_t seen = context_random(&ctx);
    bool differs = false;
    for (int i = 0; i < 1000; i++)
        differs |= context_random(&ctx) != seen;
    assert_true(differs);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(levels),
        cmocka_unit_test(warnings_by_default),
        cmocka_unit_test(nowhere_to_write),
        cmocka_unit_test(hostile_text),
        cmocka_unit_test(progress_line),
        cmocka_unit_test(progress_is_cut_to_the_line),
        cmocka_unit_test(clock_and_chance_are_injected),
        cmocka_unit_test(real_clock),
    };
    return cmocka_run_group_tests_name("context", tests, NULL, NULL);
}
