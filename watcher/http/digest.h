/* What is kept of an artefact as it streams by: hashes, kind, and whether it reads to its end. */
#ifndef MWATCH_HTTP_DIGEST_H
#define MWATCH_HTTP_DIGEST_H

#include "watcher/http/http.h"

enum { DIGEST_HEAD = 512 }; /* bytes that file_kind_of wants to see */

struct digest {
    struct hash *hash; /* NULL = not begun */
    struct archive_check *check;
    char head[DIGEST_HEAD];
    size_t head_len;
};

/* With `list` (NULL = not wanted) what the archive holds is put there at the end. */
void digest_begin(struct digest *d, struct archive_list *list);
void digest_add(struct digest *d, struct slice bytes);

/* Fill *out, and be as before digest_begin. */
void digest_end(struct digest *d, struct artefact_result *out);

/* Give up; nothing when it was not begun. */
void digest_drop(struct digest *d);

#endif
