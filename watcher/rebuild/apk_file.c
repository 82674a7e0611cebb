#include "watcher/rebuild/apk_file.h"

#include "watcher/base/archive.h"
#include "watcher/base/buf.h"

#include <stdio.h>
#include <string.h>

enum {
    MOST_SIGNATURES = 4, /* places that may be a signature's end */
    MOST_CUTS = 16,      /* places that may be the control part's */
    LONGEST_SIGNATURE = 64 << 10,
    LARGEST_INFO = 16 << 20,
};

static bool read_checksum(const char *checksum, char hex[SHA1_HEX + 1], struct error *e)
{
    struct buf bytes = {0};
    struct slice text = slice_of(checksum);
    bool good = slice_starts(text, SLICE("Q1")) && base64_decode(slice_from(text, 2), &bytes) &&
                bytes.len == SHA1_HEX / 2;
    for (size_t i = 0; good && i < bytes.len; i++)
        snprintf(hex + i * 2, 3, "%02x", (unsigned char)bytes.ptr[i]);
    buf_free(&bytes);
    return good || error_set(e, ERROR_UPSTREAM, "the checksum is none that is known: %s", checksum);
}

/* Where the next gzip stream may begin, after `from`; 0 = nowhere. What only looks like it has
 * another hash before it. */
static size_t next_stream(struct slice front, size_t from)
{
    size_t found = slice_find(slice_from(front, from + 1), slice_new("\x1f\x8b\x08", 3));
    return found == SLICE_NONE ? 0 : from + 1 + found;
}

static bool find_control(struct slice front, size_t start, const char *wanted, struct apk_file *out)
{
    size_t end = start;
    for (unsigned i = 0; i < MOST_CUTS && (end = next_stream(front, end)) != 0; i++) {
        hash_sha1(slice_first(slice_from(front, start), end - start), out->control_sha1);
        if (strcmp(out->control_sha1, wanted) == 0) {
            out->signature = start;
            out->control = end - start;
            return true;
        }
    }
    return false;
}

static void find_data_hash(void *arg, const char *name, struct slice content)
{
    struct apk_file *out = arg;
    struct slice line;
    if (strcmp(name, ".PKGINFO") != 0)
        return;
    while (slice_line(&content, &line)) {
        size_t equals = slice_find_byte(line, '=');
        struct slice hash =
            equals == SLICE_NONE ? SLICE("") : slice_trim(slice_from(line, equals + 1));
        if (slice_is(slice_trim(slice_first(line, equals)), "datahash") && hash.len == SHA256_HEX &&
            slice_all_hex(hash))
            for (size_t i = 0; i <= SHA256_HEX; i++)
                out->data_sha256[i] = i < SHA256_HEX ? to_lower(hash.ptr[i]) : '\0';
    }
}

static bool read_control(struct slice front, struct apk_file *out, struct error *e)
{
    struct error broken = {0};
    struct slice control = slice_first(slice_from(front, out->signature), out->control);
    if (!archive_each(control, LARGEST_INFO, find_data_hash, out, &broken))
        return error_set(e, ERROR_UPSTREAM, "the package's control part: %s", broken.message);
    return out->data_sha256[0] ||
           error_set(e, ERROR_UPSTREAM, "the package does not tell the hash of its data");
}

bool apk_file_read(struct slice front, const char *checksum, struct apk_file *out, struct error *e)
{
    char wanted[SHA1_HEX + 1];
    size_t start = 0;
    *out = (struct apk_file){0};
    if (!read_checksum(checksum, wanted, e))
        return false;
    for (unsigned i = 0; i < MOST_SIGNATURES && start <= LONGEST_SIGNATURE; i++) {
        if (find_control(front, start, wanted, out)) {
            hash_sha1(slice_first(front, out->signature), out->signature_sha1);
            return read_control(front, out, e);
        }
        start = next_stream(front, start);
        if (start == 0)
            break;
    }
    return false;
}
