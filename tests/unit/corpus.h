/* Real recipes that stay outside the repository: $MWATCH_CORPUS (or ../shared) holds corpus/. Tests
 * that want them are skipped where they are not. */
#ifndef TESTS_UNIT_CORPUS_H
#define TESTS_UNIT_CORPUS_H

#include "watcher/base/arena.h"
#include "watcher/base/file.h"
#include "watcher/base/json.h"

#include <archive.h>
#include <archive_entry.h>
#include <dirent.h>
#include <stdlib.h>

enum { CORPUS_FILE_LIMIT = 1 << 22 };

/* The path of a file or folder of the corpus. */
static inline const char *corpus_path(struct arena *a, const char *name)
{
    const char *root = getenv("MWATCH_CORPUS");
    return arena_printf(a, "%s/corpus/%s", root ? root : "../shared", name);
}

/* Call `each` for all .yaml files below a folder; false when it is not there. */
static inline bool corpus_each_recipe(const char *folder, void (*each)(void *arg, const char *path),
                                      void *arg)
{
    DIR *dir = opendir(folder);
    if (!dir)
        return false;
    for (struct dirent *d = readdir(dir); d; d = readdir(dir)) {
        struct buf below = {0};
        buf_addf(&below, "%s/%s", folder, d->d_name);
        if (slice_ends(slice_of(d->d_name), SLICE(".yaml")))
            each(arg, buf_text(&below));
        else if (d->d_name[0] != '.')
            corpus_each_recipe(buf_text(&below), each, arg);
        buf_free(&below);
    }
    closedir(dir);
    return true;
}

/* Decompress a whole file; false when it is not there. */
static inline bool corpus_read_gzip(const char *path, struct buf *out)
{
    const void *bytes;
    size_t size;
    la_int64_t offset;
    struct archive_entry *entry;
    struct archive *ar = archive_read_new();
    archive_read_support_filter_gzip(ar);
    archive_read_support_format_raw(ar);
    bool there = archive_read_open_filename(ar, path, 65536) == ARCHIVE_OK &&
                 archive_read_next_header(ar, &entry) == ARCHIVE_OK;
    while (there && archive_read_data_block(ar, &bytes, &size, &offset) == ARCHIVE_OK)
        buf_add(out, slice_new(bytes, size));
    archive_read_free(ar);
    return there;
}

/* Call `each` for every bump of Wolfi's history: {"file", "changed": [[key, old, new], ...],
 * "before", "after"}; false when there are none. */
static inline bool corpus_each_bump(void (*each)(void *arg, struct arena *a, const json_t *bump),
                                    void *arg)
{
    struct arena names = {0};
    struct buf text = {0};
    bool there = corpus_read_gzip(corpus_path(&names, "wolfi-bumps.jsonl.gz"), &text);
    struct slice rest = buf_slice(&text), line;
    while (there && slice_line(&rest, &line)) {
        struct arena a = {0};
        struct error e = {0};
        const json_t *bump = json_parse(&a, line, &e);
        if (bump)
            each(arg, &a, bump);
        arena_free(&a);
    }
    buf_free(&text);
    arena_free(&names);
    return there;
}

#endif
