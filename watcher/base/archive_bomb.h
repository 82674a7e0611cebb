/* What an archive may expand to. Only the files archive*.c include this. */
#ifndef MWATCH_BASE_ARCHIVE_BOMB_H
#define MWATCH_BASE_ARCHIVE_BOMB_H

#include <stdbool.h>
#include <stdint.h>

/* A disk image may begin with a long gap, so this much is free; where fuzzers make bombs all day,
 * they are to learn something else. (The macro's name is that of LLVM's documentation.) */
#ifdef FUZZING_BUILD_MODE_UNSAFE_FOR_PRODUCTION
#define ARCHIVE_FREE (UINT64_C(1) << 20)
#else
#define ARCHIVE_FREE (UINT64_C(256) << 20)
#endif
#define ARCHIVE_RATIO 1000
#define ARCHIVE_BOMB "it expands to more than 1000 times its size"

/* Sources become 5 to 30 times as large, and text that repeats itself 200 times; a bomb of bzip2
 * becomes a million times. */
static inline bool archive_is_bomb(uint64_t plain, uint64_t packed)
{
    return plain > ARCHIVE_FREE && plain / ARCHIVE_RATIO > packed;
}

#endif
