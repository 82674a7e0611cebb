/* Presets: names for the generic adapters with parameters filled in. Only data. */
#include "sources/source.h"

static const struct preset presets[] = {
    {
        .name = "codeberg",
        .summary = "tags of a repository on codeberg.org",
        .example = "codeberg: forgejo/forgejo",
        .adapter = "git",
        .keys = {{"repository", KEY_TEXT, true, NULL, "owner/name", NULL}},
        .values = {{"repository", "https://codeberg.org/{repository}.git"}},
    },
};

const struct preset *preset_all(size_t *count)
{
    *count = sizeof presets / sizeof presets[0];
    return presets;
}
