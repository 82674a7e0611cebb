/* Upstream's text in Markdown, where it may neither ping, link back, nor become HTML. */
#ifndef MWATCH_MARKDOWN_H
#define MWATCH_MARKDOWN_H

#include "watcher/base/buf.h"

/* Add text that shows as it is written: Markdown's and HTML's special characters are escaped, line
 * breaks become blanks, control bytes visible, and @names, #numbers and links to issues cannot ping
 * anybody. */
void markdown_add(struct buf *out, struct slice text);

/* Add a code span that cannot be left: its fence is longer than any run of backticks inside. */
void markdown_add_code(struct buf *out, struct slice text);

/* Add a fenced block; the fence is longer than any in the text. `language` may be "". */
void markdown_add_block(struct buf *out, const char *language, struct slice text);

#endif
