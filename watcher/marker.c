#include "watcher/marker.h"

#include "watcher/base/hash.h"
#include "watcher/base/url.h"

#include <string.h>

/* A body has room for less than a name may be long, in bytes; and nobody but mwatch writes markers,
 * so none is longer than those it writes. */
enum { LONGEST_MARKED = 300, LONGEST_MARKER = 8192, DIGEST_HEX = 16 };

static const struct slice marker_opens = SLICE("<!-- mwatch ");
static const struct slice marker_closes = SLICE(" -->");

static bool is_plain(const char *text, size_t i)
{
    if (text[i] == '-')
        return i > 0 && text[i - 1] != '-';
    return is_letter(text[i]) || is_digit(text[i]) || strchr("._+/", text[i]);
}

/* Percent escapes leave only bytes that mean nothing in an HTML comment; "--" would end it. A name
 * that is as long as no name should be is known by its hash. */
static void add_escaped(struct buf *out, const char *text)
{
    struct hash_result hash;
    if (strlen(text) > LONGEST_MARKED) {
        hash_bytes(slice_of(text), &hash);
        buf_addf(out, "sha256.%s", hash.sha256);
        return;
    }
    for (size_t i = 0; text[i]; i++)
        if (is_plain(text, i))
            buf_add_byte(out, text[i]);
        else
            buf_addf(out, "%%%02X", (unsigned)(unsigned char)text[i]);
}

static const char *take(struct arena *a, struct buf *text)
{
    const char *copy = arena_text(a, buf_slice(text));
    buf_free(text);
    return copy;
}

const char *marker_component(struct arena *a, const struct component *c)
{
    struct buf out = {0};
    add_escaped(&out, c->recipe);
    buf_add_byte(&out, ':');
    add_escaped(&out, c->name);
    return take(a, &out);
}

const char *marker_group(struct arena *a, const char *name)
{
    struct buf out = {0};
    buf_add_text(&out, "group::");
    add_escaped(&out, name);
    return take(a, &out);
}

void marker_add_member(struct buf *members, const char *component, const char *version)
{
    buf_addf(members, "%s%s@", members->len ? "," : "", component);
    add_escaped(members, version);
}

bool marker_next_member(struct arena *a, struct slice *rest, struct slice *component,
                        const char **version)
{
    struct slice member;
    struct buf text = {0};
    if (!slice_split(rest, ',', &member))
        return false;
    size_t at = slice_find_byte(member, '@');
    *component = slice_first(member, at == SLICE_NONE ? member.len : at);
    bool good = at != SLICE_NONE && url_unescape(&text, slice_from(member, at + 1));
    *version = good ? arena_text(a, buf_slice(&text)) : "";
    buf_free(&text);
    return true;
}

struct marker marker_of(struct arena *a, const struct component *c, const char *version,
                        enum decision_kind kind)
{
    return (struct marker){
        .component = marker_component(a, c),
        .version = version,
        .decision = decision_name(kind),
    };
}

static void add_field(struct buf *out, const char *name, const char *value)
{
    if (!value)
        return;
    buf_addf(out, " %s=", name);
    add_escaped(out, value);
}

bool marker_is_rebuild(const struct marker *m)
{
    return slice_is(slice_of(m->decision), decision_name(DECISION_REBUILD));
}

const char *marker_text(struct arena *a, const struct marker *m)
{
    struct buf out = {0};
    buf_addf(&out, MARKER_START "%s", m->component);
    if (m->members) {
        buf_addf(&out, " members=%s", m->members);
    } else {
        add_field(&out, "version", m->version);
        add_field(&out, "decision", m->decision);
    }
    add_field(&out, "line", m->line);
    add_field(&out, "digest", m->digest);
    add_field(&out, "ended", m->ended);
    add_field(&out, "from", m->from);
    if (m->was)
        buf_addf(&out, " was=%s", m->was);
    if (m->told) /* hexadecimal digits and "+", and too long to be cut like a name */
        buf_addf(&out, " told=%s", m->told);
    if (m->awaits) /* likewise */
        buf_addf(&out, " awaits=%s", m->awaits);
    buf_add(&out, marker_closes);
    return take(a, &out);
}

/* A component stays escaped, as it is only compared, and so does a list of members. `more` are the
 * bytes that such a value may have. */
static const char *read_value(struct arena *a, struct slice value, const char *more)
{
    struct buf out = {0};
    bool escaped = *more;
    for (size_t i = 0; i < value.len; i++)
        if (!is_plain(value.ptr, i) && value.ptr[i] != '%' && !strchr(more, value.ptr[i]))
            return NULL;
    bool good = value.len > 0 && url_unescape(&out, value) && !memchr(out.ptr, '\0', out.len);
    const char *text = good ? arena_text(a, escaped ? value : buf_slice(&out)) : NULL;
    buf_free(&out);
    return text;
}

/* Each field once; one that is not known was written by a later mwatch, and is passed over. */
static bool read_field(struct arena *a, struct slice field, struct marker *m)
{
    const struct {
        const char *name;
        const char **value;
        const char *more;
    } fields[] = {
        {"component", &m->component, ":"},
        {"members", &m->members, ":@,"},
        {"version", &m->version, ""},
        {"decision", &m->decision, ""},
        {"line", &m->line, ""},
        {"digest", &m->digest, ""},
        {"ended", &m->ended, ""},
        {"from", &m->from, ""},
        {"was", &m->was, ":@,"},
        {"told", &m->told, ""},
        {"awaits", &m->awaits, ""},
    };
    size_t equals = slice_find_byte(field, '=');
    if (equals == SLICE_NONE)
        return false;
    for (size_t i = 0; i < sizeof fields / sizeof *fields; i++) {
        if (!slice_is(slice_first(field, equals), fields[i].name))
            continue;
        if (*fields[i].value)
            return false;
        *fields[i].value = read_value(a, slice_from(field, equals + 1), fields[i].more);
        return *fields[i].value != NULL;
    }
    return true;
}

static bool read_fields(struct arena *a, struct slice fields, struct marker *out)
{
    struct slice field;
    struct marker m = {0};
    while (slice_split(&fields, ' ', &field))
        if (!read_field(a, field, &m))
            return false;
    if (!m.component || (!m.members && (!m.version || !m.decision)))
        return false;
    m.version = m.members ? "" : m.version;
    m.decision = m.members ? "" : m.decision;
    *out = m;
    return true;
}

/* The fields of the first marker in *rest, which goes on behind its start; false at the end. */
static bool next_marker(struct slice *rest, struct slice *fields)
{
    size_t at = slice_find(*rest, marker_opens);
    if (at == SLICE_NONE)
        return false;
    *rest = slice_from(*rest, at + marker_opens.len);
    struct slice inside = slice_first(*rest, LONGEST_MARKER);
    size_t end = slice_find(inside, marker_closes), line = slice_find_byte(inside, '\n');
    *fields = slice_first(inside, end == SLICE_NONE || line < end ? 0 : end);
    return true;
}

bool marker_read(struct arena *a, const char *body, struct marker *out)
{
    struct slice rest = slice_of(body), fields;
    bool found = false;
    while (next_marker(&rest, &fields))
        found = (fields.len && read_fields(a, fields, out)) || found;
    return found;
}

/* Without whole markers; what only looks like one is somebody's text. */
static void add_unmarked(struct arena *a, struct buf *out, struct slice body)
{
    struct slice rest = body, fields;
    struct marker ignored;
    const char *copied = body.ptr;
    while (next_marker(&rest, &fields)) {
        const char *start = rest.ptr - marker_opens.len;
        if (!fields.len || !read_fields(a, fields, &ignored))
            continue;
        buf_add(out, slice_new(copied, (size_t)(start - copied)));
        copied = fields.ptr + fields.len + marker_closes.len;
    }
    buf_add(out, slice_new(copied, (size_t)(body.ptr + body.len - copied)));
}

const char *marker_put(struct arena *a, const char *body, const struct marker *m)
{
    struct buf out = {0};
    add_unmarked(a, &out, slice_of(body));
    struct slice text = slice_trim(buf_slice(&out));
    const char *start = text.len ? text.ptr : "";
    const char *copy = arena_printf(a, "%.*s%s%s\n", slice_width(text), start,
                                    text.len ? "\n\n" : "", marker_text(a, m));
    buf_free(&out);
    return copy;
}

const char *marker_digest(struct arena *a, const char *title, const char *body)
{
    struct hash_result hash;
    struct buf both = {0};
    buf_addf(&both, "%s\n", title);
    buf_add_text(&both, body);
    hash_bytes(buf_slice(&both), &hash);
    buf_free(&both);
    return arena_text(a, slice_first(slice_of(hash.sha256), DIGEST_HEX));
}
