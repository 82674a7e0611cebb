/* Fuzzes lock files, and the fronts of packages that they are made from. */
#include "watcher/rebuild/apk_file.h"
#include "watcher/rebuild/lockfile.h"

#include "watcher/base/hash.h"

#include <stdint.h>
#include <stdlib.h>
#include <string.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

/* What is read can be read again from what is written of it. */
static void check_lock(struct slice text)
{
    struct arena a = {0};
    struct image_state read, again;
    struct error e = {0}, late = {0};
    struct buf out = {0};
    struct lock_parts *parts = lock_parts_new(".");
    lock_parts_learn(parts, text);
    struct lock_contents contents = {.config_name = "a"};
    bool good = lockfile_read(&a, text, &read, &e);
    if (good == error_is_set(&e))
        abort();
    if (good && lockfile_write(parts, &contents, &read, &out, &late) &&
        (!lockfile_read(&a, buf_slice(&out), &again, &late) ||
         strcmp(state_digest(&a, &read), state_digest(&a, &again)) != 0))
        abort();
    lock_parts_free(parts);
    buf_free(&out);
    arena_free(&a);
}

static void check_file(struct slice front)
{
    struct apk_file file;
    struct error e = {0};
    if (apk_file_read(front, "Q1cs+Hlyu5sY+1mmwKPedcRWj8E24=", &file, &e) &&
        (error_is_set(&e) || file.signature + file.control > front.len ||
         strlen(file.data_sha256) != SHA256_HEX))
        abort();
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct slice bytes = slice_new((const char *)data, size);
    check_lock(bytes);
    check_file(bytes);
    return 0;
}
