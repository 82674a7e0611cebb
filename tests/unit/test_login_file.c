/* Logins: each tests/unit/logins/NAME.txt is a file as docker or podman writes it, then, after a
 * line
 * "---", images that are asked for ("HOST PATH"), then, after another, what must come of it: a line
 * an image, and what was complained of. */
#include "tests/unit/case_files.h"

#include "watcher/base/file.h"
#include "watcher/base/hash.h"
#include "watcher/login_file.h"

#define CASES "tests/unit/logins"

/* The front of the text up to a line "---", which is taken off with it. */
static struct slice take_part(struct slice *text)
{
    size_t end = slice_find(*text, SLICE("---\n"));
    assert_true(end != SLICE_NONE);
    struct slice part = slice_first(*text, end);
    *text = slice_from(*text, end + strlen("---\n"));
    return part;
}

static void add_entry(struct buf *out, const struct login_entry *entry)
{
    buf_addf(out, "%s = ", entry->key);
    if (entry->basic) {
        assert_true(slice_starts(slice_of(entry->basic), SLICE("Basic ")));
        assert_true(base64_decode(slice_of(entry->basic + strlen("Basic ")), out));
    }
    if (entry->identity)
        buf_addf(out, "%srefresh token %s", entry->basic ? ", " : "", entry->identity);
    buf_add_byte(out, '\n');
}

static void answer(struct buf *out, const struct login_file *file, struct slice line)
{
    struct slice host;
    slice_split(&line, ' ', &host);
    const struct login_entry *entry = login_file_find(file, host, line);
    const char *program = login_file_helper(file, host);
    if (entry)
        add_entry(out, entry);
    else if (program)
        buf_addf(out, "docker-credential-%s\n", program);
    else
        buf_add_text(out, "nobody\n");
}

static void test_case(void **state)
{
    struct arena a = {0};
    struct buf text = {0}, got = {0};
    struct error e = {0};
    struct login_file file;
    struct slice line;
    assert_true(file_read(*state, &text, &e));
    struct slice rest = buf_slice(&text), json = take_part(&rest), asked = take_part(&rest);
    if (!login_file_read(&a, "FILE", json, &file, &e))
        buf_addf(&got, "error %s\n", e.message);
    while (!error_is_set(&e) && slice_line(&asked, &line))
        answer(&got, &file, line);
    for (size_t i = 0; i < file.complaints.count; i++)
        buf_addf(&got, "%s\n", file.complaints.items[i]);
    assert_string_equal(buf_text(&got), arena_text(&a, rest));
    login_file_wipe(&file);
    for (size_t i = 0; i < file.entries.count; i++)
        assert_true(!file.entries.items[i].basic || !*file.entries.items[i].basic);
    buf_free(&got);
    buf_free(&text);
    arena_free(&a);
}

int main(void)
{
    return case_files_run("logins", CASES, test_case);
}
