#include "watcher/yaml/marks.h"

#include "watcher/yaml/extent.h"

#include <stdint.h>
#include <string.h>

static bool all_ascii(struct slice s)
{
    size_t i = 0;
    for (; i + sizeof(uint64_t) <= s.len; i += sizeof(uint64_t)) {
        uint64_t word;
        memcpy(&word, s.ptr + i, sizeof word);
        if (word & UINT64_C(0x8080808080808080))
            return false;
    }
    for (; i < s.len; i++)
        if ((unsigned char)s.ptr[i] >= 0x80)
            return false;
    return true;
}

struct spot marks_first(const struct marks *m)
{
    return (struct spot){.offset = m->bom, .line = 1, .column = 1};
}

void marks_init(struct marks *m, struct slice source)
{
    *m = (struct marks){.source = source};
    m->bom = slice_starts(source, SLICE(BYTE_ORDER_MARK)) ? sizeof BYTE_ORDER_MARK - 1 : 0;
    m->ascii = all_ascii(slice_from(source, m->bom));
    m->at = marks_first(m);
}

static bool continues(unsigned char byte)
{
    return (byte & 0xC0) == 0x80;
}

/* Pass one character. CRLF is two characters to libyaml, and the line ends after the second; the
 * Unicode line breaks that YAML 1.1 also knew end no line in any editor. */
static void step(struct spot *at, struct slice source)
{
    char c = source.ptr[at->offset++];
    bool half = c == '\r' && at->offset < source.len && source.ptr[at->offset] == '\n';
    while (at->offset < source.len && continues((unsigned char)source.ptr[at->offset]))
        at->offset++;
    at->column++;
    if (c == '\n' || (c == '\r' && !half)) {
        at->line++;
        at->column = 1;
    }
}

struct spot marks_find(struct marks *m, size_t index, size_t line, size_t column)
{
    if (m->ascii)
        return (struct spot){.offset = m->bom + index, .line = line + 1, .column = column + 1};
    if (index < m->index) {
        m->index = 0;
        m->at = marks_first(m);
    }
    while (m->index < index && m->at.offset < m->source.len) {
        step(&m->at, m->source);
        m->index++;
    }
    return m->at;
}

struct spot marks_walk(const struct marks *m, struct spot from, size_t offset)
{
    while (from.offset < offset && from.offset < m->source.len)
        step(&from, m->source);
    return from;
}
