/* UTF-8, strictly as RFC 3629 has it: no overlong forms, no surrogates, nothing over U+10FFFF. */
#ifndef MWATCH_BASE_UTF8_H
#define MWATCH_BASE_UTF8_H

#include "watcher/base/slice.h"

#include <stdint.h>

/* Is this byte of valid UTF-8 a later one of its character? */
bool utf8_continues(char byte);

/* The bytes of the character at the start of `s` (1 to 4), and the character in *point; 0 when
 * there is none or it is not valid. */
size_t utf8_decode(struct slice s, uint32_t *point);

/* The length of the valid text at the start of `s`: s.len when all of it is. */
size_t utf8_valid_length(struct slice s);

#endif
