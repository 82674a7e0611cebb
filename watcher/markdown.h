/* Upstream's text in Markdown, where it may neither ping, link back, nor become HTML. */
#ifndef MWATCH_MARKDOWN_H
#define MWATCH_MARKDOWN_H

#include "watcher/base/buf.h"

/* Add text on one line that shows as it is written: Markdown's and HTML's special characters are
 * escaped, line breaks become blanks, control bytes visible; addresses become code, and @names,
 * #numbers and GH-numbers cannot ping anybody. It fits into a table's cell. */
void markdown_add(struct buf *out, struct slice text);

/* Add a code span that cannot be left: its fence is longer than any run of backticks inside.
 * Nothing for the empty text. The second is for a table's cell, where `|` must be escaped even in
 * code. */
void markdown_add_code(struct buf *out, struct slice text);
void markdown_add_code_cell(struct buf *out, struct slice text);

/* Add a fenced block; the fence is longer than any in the text, which stands in it as it is.
 * `language` may be "". */
void markdown_add_block(struct buf *out, const char *language, struct slice text);

/* Add text of several lines as it can stand in a block: control bytes visible, tabs as blanks, and
 * a zero-width space behind the @ and # of mentions, because mail programs that quote a block send
 * back plain text, in which they would count. At most `most` bytes; "[...]" says that there is
 * more. */
void markdown_add_quoted(struct buf *out, struct slice text, size_t most);

#endif
