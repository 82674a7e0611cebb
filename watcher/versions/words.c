#include "watcher/versions/words.h"

static const struct {
    const char *word;
    enum word_rank rank;
} words[] = {
    {"alpha", WORD_ALPHA},
    {"beta", WORD_BETA},
    {"canary", WORD_DEV},
    {"candidate", WORD_CANDIDATE},
    {"cr", WORD_CANDIDATE},
    {"devel", WORD_DEV},
    {"dev", WORD_DEV},
    {"ea", WORD_PREVIEW},
    {"eap", WORD_PREVIEW},
    {"experimental", WORD_DEV},
    {"final", WORD_RELEASE},
    {"ga", WORD_RELEASE},
    {"milestone", WORD_MILESTONE},
    {"next", WORD_DEV},
    {"nightly", WORD_DEV},
    {"pre", WORD_PREVIEW},
    {"prerelease", WORD_PREVIEW},
    {"preview", WORD_PREVIEW},
    {"rc", WORD_CANDIDATE},
    {"release", WORD_RELEASE},
    {"snapshot", WORD_DEV},
    {"stable", WORD_RELEASE},
    {"test", WORD_DEV},
    {"unstable", WORD_DEV},
};

enum word_rank word_rank(struct slice word)
{
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (slice_equal_nocase(word, slice_of(words[i].word)))
            return words[i].rank;
    return WORD_OTHER;
}
