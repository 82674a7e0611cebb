#include "watcher/base/archive.h"
#include "watcher/base/tar.h"

static bool starts_nocase(struct slice s, struct slice prefix)
{
    return slice_equal_nocase(slice_first(s, prefix.len), prefix);
}

static bool skip_past(struct slice *s, struct slice start, struct slice end)
{
    if (!slice_starts(*s, start))
        return false;
    size_t at = slice_find(*s, end);
    *s = slice_from(*s, at == SLICE_NONE ? s->len : at + end.len);
    return true;
}

/* Without a byte order mark and blanks. */
static struct slice text_start(struct slice s)
{
    struct slice mark = SLICE("\xEF\xBB\xBF");
    return slice_trim(slice_starts(s, mark) ? slice_from(s, mark.len) : s);
}

static bool is_html(struct slice head)
{
    struct slice s = text_start(head);
    while (skip_past(&s, SLICE("<?xml"), SLICE("?>")) || skip_past(&s, SLICE("<!--"), SLICE("-->")))
        s = slice_trim(s);
    return starts_nocase(s, SLICE("<!doctype html")) || starts_nocase(s, SLICE("<html")) ||
           starts_nocase(s, SLICE("<head"));
}

/* An object or array and how its first member begins, so that "[section]" of an INI file is none.
 */
static bool is_json(struct slice head)
{
    static const char *const members[] = {"\"", "]", "[", "{", "-", "true", "false", "null"};
    struct slice s = text_start(head), inner = slice_trim(slice_from(s, 1));
    if (slice_starts(s, SLICE("{")))
        return slice_starts(inner, SLICE("\"")) || slice_starts(inner, SLICE("}"));
    if (!slice_starts(s, SLICE("[")))
        return false;
    bool found = inner.len && is_digit(inner.ptr[0]);
    for (size_t i = 0; i < sizeof members / sizeof *members; i++)
        found |= slice_starts(inner, slice_of(members[i]));
    return found;
}

enum file_kind file_kind_of(struct slice head)
{
    static const struct {
        struct slice magic;
        enum file_kind kind;
    } magics[] = {
        {SLICE("\x1F\x8B"), FILE_GZIP}, {SLICE("\3757zXZ\0"), FILE_XZ},
        {SLICE("BZh"), FILE_BZIP2},     {SLICE("\x28\xB5\x2F\xFD"), FILE_ZSTD},
        {SLICE("PK\3\4"), FILE_ZIP},    {SLICE("PK\5\6"), FILE_ZIP}, /* without entries */
        {SLICE("\177ELF"), FILE_ELF},
    };
    for (size_t i = 0; i < sizeof magics / sizeof *magics; i++)
        if (slice_starts(head, magics[i].magic))
            return magics[i].kind;
    if (tar_is_header(head))
        return FILE_TAR;
    if (is_html(head))
        return FILE_HTML;
    return is_json(head) ? FILE_JSON : FILE_OTHER;
}

const char *file_kind_name(enum file_kind kind)
{
    static const char *const names[] = {
        [FILE_OTHER] = "unknown", [FILE_HTML] = "HTML", [FILE_GZIP] = "gzip", [FILE_XZ] = "xz",
        [FILE_BZIP2] = "bzip2",   [FILE_ZSTD] = "zstd", [FILE_ZIP] = "zip",   [FILE_TAR] = "tar",
        [FILE_ELF] = "ELF",       [FILE_JSON] = "JSON",
    };
    return names[kind];
}

/* "envoy-1.33.0-linux-x86_64": a program as it is, not packed. */
static bool is_program(struct slice name)
{
    static const char *const machines[] = {"x86_64", "x86-64", "amd64", "aarch64", "arm64"};
    if (slice_find(name, SLICE("linux")) == SLICE_NONE)
        return false;
    for (size_t i = 0; i < sizeof machines / sizeof *machines; i++)
        if (slice_ends(name, slice_of(machines[i])))
            return true;
    return false;
}

enum file_kind file_kind_promised(struct slice name)
{
    static const struct {
        struct slice ending;
        enum file_kind kind;
    } endings[] = {
        {SLICE(".gz"), FILE_GZIP},   {SLICE(".tgz"), FILE_GZIP},   {SLICE(".crate"), FILE_GZIP},
        {SLICE(".xz"), FILE_XZ},     {SLICE(".txz"), FILE_XZ},     {SLICE(".bz2"), FILE_BZIP2},
        {SLICE(".tbz"), FILE_BZIP2}, {SLICE(".tbz2"), FILE_BZIP2}, {SLICE(".zst"), FILE_ZSTD},
        {SLICE(".tzst"), FILE_ZSTD}, {SLICE(".zip"), FILE_ZIP},    {SLICE(".jar"), FILE_ZIP},
        {SLICE(".war"), FILE_ZIP},   {SLICE(".ear"), FILE_ZIP},    {SLICE(".hpi"), FILE_ZIP},
        {SLICE(".jpi"), FILE_ZIP},   {SLICE(".whl"), FILE_ZIP},    {SLICE(".nupkg"), FILE_ZIP},
        {SLICE(".tar"), FILE_TAR},   {SLICE(".gem"), FILE_TAR},    {SLICE(".json"), FILE_JSON},
        {SLICE(".html"), FILE_HTML},
    };
    for (size_t i = 0; i < sizeof endings / sizeof *endings; i++) {
        size_t len = endings[i].ending.len;
        if (name.len > len &&
            slice_equal_nocase(slice_from(name, name.len - len), endings[i].ending))
            return endings[i].kind;
    }
    return is_program(name) ? FILE_ELF : FILE_OTHER;
}
