#include "watcher/yaml/scalar.h"

#include "watcher/base/text.h"
#include "watcher/base/utf8.h"

#include <string.h>

bool scalar_is_text(struct slice text)
{
    return utf8_valid_length(text) == text.len && slice_find_byte(text, '\0') == SLICE_NONE;
}

/* YAML excludes these two (rule 1, c-printable), though no terminal minds them. */
static bool is_no_character(uint32_t code)
{
    return code == 0xFFFE || code == 0xFFFF;
}

bool scalar_is_visible(struct slice text)
{
    return text_is_visible(text) && !slice_contains(text, SLICE("\xEF\xBF\xBE")) &&
           !slice_contains(text, SLICE("\xEF\xBF\xBF"));
}

static bool has(const char *set, char c)
{
    return c && strchr(set, c);
}

/* May plain text begin so? Rule 123 of YAML 1.2, ns-plain-first; between brackets libyaml takes any
 * `?` or `:` at the start for an indicator. */
static bool starts_plain(struct slice text, bool flow)
{
    char c = text.ptr[0], next = text.len > 1 ? text.ptr[1] : ' ';
    if (c == '-')
        return next != ' ' && !(flow && has(",[]{}", next));
    if (c == '?' || c == ':')
        return next != ' ' && !flow;
    return !has(" ,[]{}#&*!|>'\"%@`", c);
}

bool scalar_plain_holds(struct slice text, bool flow)
{
    if (text.len == 0 || !scalar_is_visible(text) || !starts_plain(text, flow))
        return false;
    if (slice_starts(text, SLICE("---")) || slice_starts(text, SLICE("...")))
        return false;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i], next = i + 1 < text.len ? text.ptr[i + 1] : ' ';
        if (c == ' ' && (next == '#' || i + 1 == text.len))
            return false;
        if (c == ':' && (next == ' ' || (flow && has(",?[]{}", next))))
            return false;
        if (flow && (has(",[]{}", c) || (c == '?' && next == ' ')))
            return false;
    }
    return true;
}

/* Text that YAML 1.1 reads as a bool (its type repository), in any case. */
static bool is_old_bool(struct slice text)
{
    static const char *const words[] = {"y", "n", "yes", "no", "on", "off", "true", "false"};
    for (size_t i = 0; i < sizeof words / sizeof *words; i++)
        if (slice_equal_nocase(text, slice_of(words[i])))
            return true;
    return false;
}

/* Numbers to the base 60: 190:20:30, 190:20:30.15. */
static bool is_sexagesimal(struct slice text)
{
    bool colon = false;
    for (size_t i = 0; i < text.len; i++) {
        if (!is_digit(text.ptr[i]) && !has("+-_:.", text.ptr[i]))
            return false;
        colon |= text.ptr[i] == ':';
    }
    return colon;
}

bool scalar_plain_is_string(struct slice text)
{
    if (plain_type(text) != TYPE_STRING || slice_is(text, "<<") || slice_is(text, "="))
        return false;
    return !is_old_bool(text) && !slice_equal_nocase(text, SLICE("null")) && !is_sexagesimal(text);
}

void scalar_add_single(struct buf *out, struct slice text)
{
    buf_add_byte(out, '\'');
    for (size_t i = 0; i < text.len; i++) {
        if (text.ptr[i] == '\'')
            buf_add_byte(out, '\'');
        buf_add_byte(out, text.ptr[i]);
    }
    buf_add_byte(out, '\'');
}

static void add_escape(struct buf *out, uint32_t code)
{
    if (code == '\n')
        buf_add_text(out, "\\n");
    else if (code == '\t')
        buf_add_text(out, "\\t");
    else if (code == '\r')
        buf_add_text(out, "\\r");
    else if (code < 0x100)
        buf_addf(out, "\\x%02X", (unsigned)code);
    else if (code < 0x10000)
        buf_addf(out, "\\u%04X", (unsigned)code);
    else
        buf_addf(out, "\\U%08X", (unsigned)code);
}

void scalar_add_double(struct buf *out, struct slice text)
{
    uint32_t code = 0;
    buf_add_byte(out, '"');
    for (size_t len; (len = utf8_decode(text, &code)) > 0; text = slice_from(text, len)) {
        struct slice one = slice_first(text, len);
        if (code == '"' || code == '\\')
            buf_add_byte(out, '\\');
        if (text_is_visible(one) && !is_no_character(code))
            buf_add(out, one);
        else
            add_escape(out, code);
    }
    buf_add_byte(out, '"');
}
