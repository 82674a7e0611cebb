#include "watcher/base/pktline.h"

#include "watcher/base/text.h"

enum { PKT_HEADER = 4, PKT_MAX = 65520, ERR_SHOWN = 300 };

bool pkt_starts(struct slice bytes)
{
    return bytes.len >= PKT_HEADER && slice_all_hex(slice_first(bytes, PKT_HEADER));
}

static size_t read_length(struct slice header)
{
    size_t length = 0;
    for (size_t i = 0; i < PKT_HEADER; i++) {
        char c = to_lower(header.ptr[i]);
        length = length * 16 + (size_t)(is_digit(c) ? c - '0' : c - 'a' + 10);
    }
    return length;
}

bool pkt_ready(struct slice bytes)
{
    if (bytes.len < PKT_HEADER)
        return false;
    size_t length = pkt_starts(bytes) ? read_length(bytes) : 0;
    return length > PKT_MAX || length <= bytes.len;
}

/* The text of "ERR ..." is the server's, so it is shown with care. */
static bool server_error(struct slice text, struct error *e)
{
    struct buf shown = {0};
    text_add_visible(&shown, slice_first(slice_trim(text), ERR_SHOWN));
    error_set(e, ERROR_UPSTREAM, "the git server says: %s", buf_text(&shown));
    buf_free(&shown);
    return false;
}

static bool read_line(struct slice *rest, size_t length, struct pkt *out, struct error *e)
{
    struct slice line = slice_new(rest->ptr + PKT_HEADER, length - PKT_HEADER);
    *rest = slice_from(*rest, length);
    if (slice_starts(line, SLICE("ERR ")))
        return server_error(slice_from(line, 4), e);
    *out = (struct pkt){PKT_LINE, line, line};
    if (slice_ends(line, SLICE("\n")))
        out->line.len--;
    return true;
}

bool pkt_read(struct slice *rest, struct pkt *out, struct error *e)
{
    *out = (struct pkt){.kind = PKT_NONE};
    if (slice_empty(*rest))
        return true;
    if (rest->len < PKT_HEADER)
        return error_set(e, ERROR_UPSTREAM, "the git server's answer is cut off");
    if (!pkt_starts(*rest))
        return error_set(e, ERROR_UPSTREAM, "the git server's answer has a frame without a length");
    size_t length = read_length(*rest);
    if (length == 3 || length > PKT_MAX)
        return error_set(e, ERROR_UPSTREAM, "the git server's answer has a frame of length %zu",
                         length);
    if (length > rest->len)
        return error_set(e, ERROR_UPSTREAM, "the git server's answer is cut off");
    if (length >= PKT_HEADER)
        return read_line(rest, length, out, e);
    out->kind = length == 0 ? PKT_FLUSH : length == 1 ? PKT_DELIMITER : PKT_RESPONSE_END;
    *rest = slice_from(*rest, PKT_HEADER);
    return true;
}

bool pkt_add(struct buf *out, struct slice line)
{
    size_t length = PKT_HEADER + line.len + 1;
    return length <= PKT_MAX && buf_addf(out, "%04zx", length) && buf_add(out, line) &&
           buf_add_byte(out, '\n');
}

bool pkt_add_flush(struct buf *out)
{
    return buf_add_text(out, "0000");
}

bool pkt_add_delimiter(struct buf *out)
{
    return buf_add_text(out, "0001");
}
