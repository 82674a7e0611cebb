/* Stanzas of an APKINDEX. */
#include "watcher/rebuild/index_parts.h"
#include "watcher/versions/dependency.h"

#include <stddef.h>

enum kind { TEXT, NUMBER };

struct field {
    char letter;
    enum kind kind;
    size_t offset;
};

#define FIELD(letter, kind, member)                                                                \
    {                                                                                              \
        letter, kind, offsetof(struct package, member)                                             \
    }

static const struct field fields[] = {
    FIELD('A', TEXT, arch),       FIELD('C', TEXT, checksum),
    FIELD('D', TEXT, depends),    FIELD('I', NUMBER, installed_size),
    FIELD('L', TEXT, license),    FIELD('P', TEXT, name),
    FIELD('S', NUMBER, size),     FIELD('T', TEXT, description),
    FIELD('U', TEXT, url),        FIELD('V', TEXT, version),
    FIELD('c', TEXT, commit),     FIELD('i', TEXT, install_if),
    FIELD('k', NUMBER, priority), FIELD('m', TEXT, maintainer),
    FIELD('o', TEXT, origin),     FIELD('p', TEXT, provides),
    FIELD('r', TEXT, replaces),   FIELD('t', NUMBER, build_time),
};

enum {
    FIELDS = sizeof fields / sizeof *fields,
    BYTES_A_NAME = 512, /* of Wolfi's index */
};

/* A text on its way into the index. */
struct reading {
    struct index *ix;
    const char *label;
    size_t line;
    struct package package; /* of the stanza that is open */
    bool open;
    unsigned char row[128]; /* by letter: its row in `fields`, plus 1 */
    struct error *e;
};

static bool refuse(struct reading *r, const char *what, struct slice text)
{
    return error_at(r->e, ERROR_UPSTREAM, r->label, r->line, 0, "%s: %.*s%s", what,
                    SLICE_ARG(slice_first(text, 80)), text.len > 80 ? "..." : "");
}

static bool read_field(struct reading *r, struct slice line)
{
    if (line.len < 2 || line.ptr[1] != ':')
        return refuse(r, "not a field of a package index", line);
    r->open = true;
    unsigned char letter = (unsigned char)line.ptr[0];
    unsigned row = letter < sizeof r->row ? r->row[letter] : 0;
    if (row == 0)
        return true;
    const struct field *field = &fields[row - 1];
    struct slice value = slice_from(line, 2);
    void *to = (char *)&r->package + field->offset;
    if (field->kind == TEXT)
        *(struct slice *)to = value;
    else if (value.len && !slice_number(slice_trim(value), to))
        return refuse(r, "not a number", line);
    return true;
}

/* Names and versions stand in addresses, files and on terminals. */
static bool is_plain(struct slice text)
{
    for (size_t i = 0; i < text.len; i++)
        if (text.ptr[i] <= ' ' || text.ptr[i] > '~')
            return false;
    return text.len > 0;
}

static bool is_name(struct slice text)
{
    struct dependency d;
    return dependency_parse(text, &d) && slice_equal(d.name, text);
}

/* The next word of a blank-separated list. */
static bool next_word(struct slice *rest, struct slice *word)
{
    while (slice_split(rest, ' ', word))
        if (word->len)
            return true;
    return false;
}

static void add_provide(struct index *ix, struct slice name, struct slice version)
{
    struct provide p = {.name = index_name(ix, name), .package = (uint32_t)ix->packages.count};
    p.version = index_soname_version(&ix->arena, name, version);
    index_push(&ix->provides, p);
}

/* What is no provide ("!name", "name>1") is passed over, as apko does. */
static void add_provides(struct index *ix, const struct package *p)
{
    struct slice word, rest = p->provides;
    struct dependency d;
    while (next_word(&rest, &word))
        if (dependency_parse(word, &d) && !d.conflict &&
            (d.relations == 0 || d.relations == RELATION_EQUAL))
            add_provide(ix, d.name, d.version);
}

static void add_triggers(struct index *ix, const struct package *p)
{
    struct slice word, rest = p->install_if;
    struct dependency d;
    while (next_word(&rest, &word)) {
        if (!dependency_parse(word, &d) || d.conflict)
            continue;
        struct trigger t = {index_name(ix, d.name), (uint32_t)ix->packages.count};
        index_push(&ix->triggers, t);
    }
}

static bool keep(struct reading *r)
{
    index_push(&r->ix->packages, r->package);
    r->package = (struct package){.repository = r->package.repository};
    r->open = false;
    return true;
}

static bool end_stanza(struct reading *r)
{
    struct package *p = &r->package;
    struct index *ix = r->ix;
    if (!r->open)
        return true;
    if (!is_plain(p->name) || !is_name(p->name))
        return refuse(r, "not the name of a package", p->name);
    if (!is_plain(p->version))
        return refuse(r, "not a version", p->version);
    if (ix->bare)
        return keep(r);
    p->first_provide = (uint32_t)ix->provides.count;
    p->origin_name = p->origin.len ? index_name(ix, p->origin) : INDEX_NONE;
    add_provide(ix, p->name, p->version);
    add_provides(ix, p);
    add_triggers(ix, p);
    p->provide_count = (uint32_t)ix->provides.count - p->first_provide;
    return keep(r);
}

bool index_read(struct index *ix, uint32_t repository, struct slice text, struct error *e)
{
    struct reading r = {.ix = ix, .label = ix->repositories.items[repository].url, .e = e};
    struct slice line;
    r.package.repository = repository;
    if (!ix->bare)
        names_reserve(&ix->names, ix->names.count + text.len / BYTES_A_NAME);
    for (unsigned i = 0; i < FIELDS; i++)
        r.row[(unsigned char)fields[i].letter] = (unsigned char)(i + 1);
    while (slice_line(&text, &line)) {
        r.line++;
        if (line.len ? !read_field(&r, line) : !end_stanza(&r))
            return false;
    }
    return end_stanza(&r);
}
