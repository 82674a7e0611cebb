/* A tar archive with one entry, uncompressed: what an APKINDEX is read from in tests. */
#ifndef MWATCH_TESTS_SOURCES_PLAIN_TAR_H
#define MWATCH_TESTS_SOURCES_PLAIN_TAR_H

#include "watcher/base/buf.h"

#include <stdio.h>
#include <string.h>

enum { TAR_BLOCK = 512 };

/* Add an archive whose only entry is `content`, called `name` (POSIX.1-1988, ustar). */
static void plain_tar_add(struct buf *out, const char *name, struct slice content)
{
    char header[TAR_BLOCK] = {0};
    unsigned sum = 0;
    memcpy(header, name, strlen(name));
    memcpy(header + 100, "0000644", 8);
    snprintf(header + 124, 12, "%011zo", content.len);
    memcpy(header + 136, "00000000000", 12);
    memset(header + 148, ' ', 8);
    header[156] = '0';
    memcpy(header + 257, "ustar\00000", 8);
    for (size_t i = 0; i < TAR_BLOCK; i++)
        sum += (unsigned char)header[i];
    snprintf(header + 148, 8, "%06o", sum);
    buf_add(out, slice_new(header, TAR_BLOCK));
    buf_add(out, content);
    buf_pad(out, '\0', (TAR_BLOCK - content.len % TAR_BLOCK) % TAR_BLOCK + 2 * (size_t)TAR_BLOCK);
}

#endif
