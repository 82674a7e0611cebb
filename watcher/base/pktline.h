/* pkt-lines, the frames of git's protocol (gitprotocol-common): four hex digits count the frame
 * with themselves, then the payload. */
#ifndef MWATCH_BASE_PKTLINE_H
#define MWATCH_BASE_PKTLINE_H

#include "watcher/base/buf.h"
#include "watcher/base/error.h"

enum pkt_kind {
    PKT_LINE,
    PKT_FLUSH,        /* 0000 */
    PKT_DELIMITER,    /* 0001 */
    PKT_RESPONSE_END, /* 0002 */
    PKT_NONE,         /* there is no further frame */
};

struct pkt {
    enum pkt_kind kind;
    struct slice line;  /* PKT_LINE: the payload without the one LF at its end */
    struct slice bytes; /* PKT_LINE: the payload as it came */
};

/* True when `bytes` begin as a frame does: four hex digits. */
bool pkt_starts(struct slice bytes);

/* True when `bytes` begin with a frame that pkt_read can judge: a whole one, or one that is none.
 * False: more bytes are needed. */
bool pkt_ready(struct slice bytes);

/* Take one frame off the front of *rest. ERROR_UPSTREAM when it is cut, its length is none, or it
 * is an "ERR ..." line, whose text is put into the message. */
bool pkt_read(struct slice *rest, struct pkt *out, struct error *e);

/* Add a line, with a LF after it. False when it is longer than a frame holds (65,516 bytes), or
 * does not fit. */
bool pkt_add(struct buf *out, struct slice line);
bool pkt_add_flush(struct buf *out);
bool pkt_add_delimiter(struct buf *out);

#endif
