/* html: the links of a web page, or what an XPath selects in it. libxml2 stays in here: its HTML
 * parser takes any junk, and reads neither DTDs nor entities from elsewhere. */
#include "sources/answer.h"
#include "sources/candidate.h"
#include "watcher/base/archive.h"
#include "watcher/base/timestamp.h"

#include <libxml/HTMLparser.h>
#include <libxml/xpath.h>

#include <limits.h>

enum { URL, LINK, VERSION, DATE, XPATH, SPARE };

/* What a select by XPath may cost on the largest page: a few seconds at most. */
enum { XPATH_OPERATIONS = 50 * 1000 * 1000 };

/* How far behind a link its date is looked for. */
enum { DATE_BYTES = 200 };

/* One page being read. */
struct reading {
    const struct pattern *link, *version, *date; /* NULL = not given */
    struct slice base;                           /* the page's own URL */
    struct seen seen;
    struct arena *a;
    struct candidates *out;
    struct error *e;
};

#if LIBXML_VERSION < 21200
static void keep_quiet(void *arg, xmlErrorPtr error)
#else
static void keep_quiet(void *arg, const xmlError *error)
#endif
{
    (void)arg;
    (void)error;
}

static xmlXPathContextPtr xpath_context(xmlDocPtr doc)
{
    xmlXPathContextPtr context = xmlXPathNewContext(doc);
    if (!context)
        return NULL;
    context->error = keep_quiet;
    context->opLimit = XPATH_OPERATIONS;
    return context;
}

static bool check_xpath(const char *text, struct error *e)
{
    xmlXPathContextPtr context = xpath_context(NULL);
    xmlXPathCompExprPtr compiled =
        context ? xmlXPathCtxtCompile(context, (const xmlChar *)text) : NULL;
    bool ok = compiled != NULL;
    xmlXPathFreeCompExpr(compiled);
    xmlXPathFreeContext(context);
    return ok || error_set(e, ERROR_USAGE, "not an XPath expression: %s", text);
}

static bool request(const struct spec *spec, const struct page *page, struct arena *a,
                    struct request *out, struct error *e)
{
    const char *xpath = spec->values[XPATH];
    const char *url = page->cursor ? page->cursor : spec->values[URL];
    (void)a;
    if (xpath && spec->values[LINK])
        return error_set(e, ERROR_USAGE, "source html takes link or xpath, not both");
    if (!xpath && !spec->values[LINK] && !spec->values[VERSION])
        return error_set(e, ERROR_USAGE, "source html needs link, version or xpath");
    *out = (struct request){.url = url, .headers = {{"Accept", "text/html,*/*"}}};
    return !xpath || check_xpath(xpath, e);
}

/* The node after `node` in the document's order; NULL after the last one. */
static xmlNodePtr next_node(xmlNodePtr node, bool into)
{
    if (into && node->type == XML_ELEMENT_NODE && node->children)
        return node->children;
    while (node && !node->next)
        node = node->parent;
    return node ? node->next : NULL;
}

static bool is_element(const xmlNode *node, const char *name)
{
    return node->type == XML_ELEMENT_NODE &&
           slice_equal_nocase(slice_of((const char *)node->name), slice_of(name));
}

/* The value of an attribute, NULL when absent; to be freed with xmlFree. */
static xmlChar *attribute(xmlNodePtr node, const char *name)
{
    return node->type == XML_ELEMENT_NODE ? xmlGetNoNsProp(node, (const xmlChar *)name) : NULL;
}

static struct slice slice_of_xml(const xmlChar *text)
{
    return slice_trim(slice_of((const char *)text));
}

/* The date in what is written behind a link, as directory listings have it. */
static int64_t date_behind(const struct reading *r, xmlNodePtr link)
{
    struct buf text = BUF_MAX(DATE_BYTES);
    struct slice date;
    int64_t seconds = 0;
    for (xmlNodePtr n = next_node(link, false); n && !text.overflow && !is_element(n, "a");
         n = next_node(n, true)) {
        struct slice piece = slice_of(n->type == XML_TEXT_NODE ? (const char *)n->content : NULL);
        buf_add(&text, slice_first(piece, DATE_BYTES - text.len));
        buf_add_byte(&text, ' ');
    }
    if (version_find(r->date, buf_slice(&text), &date, r->e) && !timestamp_parse(date, &seconds))
        seconds = 0;
    buf_free(&text);
    return seconds;
}

/* Add what was found, unless the page named it before. `link` is where it points, `node` the
 * element behind which its date stands. */
static bool add(struct reading *r, struct slice raw, struct slice link, xmlNodePtr node)
{
    if (slice_empty(raw) || !seen_add(&r->seen, raw))
        return true;
    struct candidate *c = candidate_add(r->a, r->out, raw, r->e);
    if (!c)
        return false;
    c->url = slice_empty(link) ? NULL : candidate_link(r->a, r->base, link);
    c->published = r->date && node ? date_behind(r, node) : 0;
    return !error_is_set(r->e);
}

static bool is_found(const struct reading *r, const struct pattern *p, struct slice subject)
{
    enum pattern_result result = pattern_search(p, subject, 0, NULL);
    if (result == PATTERN_LIMIT)
        return version_given_up(p, r->e);
    return result == PATTERN_YES;
}

/* A link counts when `link` is found in its target or its text; its version is then read from
 * either. One pattern alone does both. */
static bool add_link(struct reading *r, xmlNodePtr node, struct slice target)
{
    const struct pattern *pick = r->link ? r->link : r->version;
    const struct pattern *take = r->version ? r->version : r->link;
    xmlChar *content = xmlNodeGetContent(node);
    struct slice text = slice_of_xml(content), raw;
    bool picked = is_found(r, pick, target) || is_found(r, pick, text);
    bool taken =
        picked && (version_find(take, target, &raw, r->e) || version_find(take, text, &raw, r->e));
    bool ok = taken ? add(r, raw, target, node) : !error_is_set(r->e);
    xmlFree(content);
    return ok;
}

static bool add_links(struct reading *r, xmlDocPtr doc)
{
    bool ok = true;
    for (xmlNodePtr n = xmlDocGetRootElement(doc); ok && n; n = next_node(n, true)) {
        xmlChar *target = is_element(n, "a") ? attribute(n, "href") : NULL;
        if (target)
            ok = add_link(r, n, slice_of_xml(target));
        xmlFree(target);
    }
    return ok;
}

/* A node that an XPath selected: its text is the version, or holds it. It may be an attribute; its
 * element's target is the link either way. */
static bool add_selected(struct reading *r, xmlNodePtr node)
{
    if (node->type == XML_NAMESPACE_DECL) /* no xmlNode at all */
        return true;
    xmlNodePtr element = node->type == XML_ATTRIBUTE_NODE ? node->parent : node;
    xmlChar *content = xmlNodeGetContent(node), *target = attribute(element, "href");
    struct slice raw;
    bool ok = version_find(r->version, slice_of_xml(content), &raw, r->e)
                  ? add(r, raw, slice_of_xml(target), element)
                  : !error_is_set(r->e);
    xmlFree(content);
    xmlFree(target);
    return ok;
}

/* An XPath may also give a text or a number of its own: concat(...), string(...). */
static bool add_value(struct reading *r, xmlXPathObjectPtr value)
{
    xmlChar *content = xmlXPathCastToString(value);
    struct slice raw;
    bool ok = version_find(r->version, slice_of_xml(content), &raw, r->e)
                  ? add(r, raw, slice_new(NULL, 0), NULL)
                  : !error_is_set(r->e);
    xmlFree(content);
    return ok;
}

static bool add_xpath(struct reading *r, xmlDocPtr doc, const char *expression)
{
    bool ok = false;
    xmlXPathContextPtr context = xpath_context(doc);
    xmlXPathObjectPtr value =
        context ? xmlXPathEvalExpression((const xmlChar *)expression, context) : NULL;
    if (!value) {
        error_set(r->e, ERROR_UPSTREAM, "the XPath %s cannot be evaluated on this page",
                  expression);
        goto out;
    }
    ok = value->type == XPATH_NODESET || add_value(r, value);
    for (int i = 0; ok && i < xmlXPathNodeSetGetLength(value->nodesetval); i++)
        ok = add_selected(r, value->nodesetval->nodeTab[i]);
out:
    xmlXPathFreeObject(value);
    xmlXPathFreeContext(context);
    return ok;
}

/* The charset of the Content-Type header, NULL when it names none: then the page itself does. */
static const char *charset(const struct response *response, struct arena *a)
{
    struct slice type = response_header(response, "content-type"), part;
    while (slice_split(&type, ';', &part)) {
        struct slice key = SLICE("charset="), text = slice_trim(part);
        if (!slice_equal_nocase(slice_first(text, key.len), key))
            continue;
        text = slice_from(text, key.len);
        if (text.len > 1 && text.ptr[0] == '"')
            text = slice_first(slice_from(text, 1), text.len - 2);
        return arena_text(a, text);
    }
    return NULL;
}

/* Does the parser stand where it gave up, rather than at the end? Broken markup is no reason. */
static bool gave_up(xmlParserCtxtPtr parser)
{
    const xmlError *last = xmlCtxtGetLastError(parser);
    return last && last->level == XML_ERR_FATAL && last->domain == XML_FROM_PARSER;
}

/* The parser would take a NUL for the end; a browser shows something in its place. */
static struct slice without_nul(struct arena *a, struct slice body)
{
    if (slice_find_byte(body, '\0') == SLICE_NONE)
        return body;
    char *copy = arena_alloc(a, body.len);
    for (size_t i = 0; i < body.len; i++)
        copy[i] = body.ptr[i] ? body.ptr[i] : ' ';
    return slice_new(copy, body.len);
}

/* The page as a tree, to be freed with xmlFreeDoc; NULL with ERROR_UPSTREAM. */
static xmlDocPtr read_page(const struct response *response, struct arena *a, struct error *e)
{
    enum { QUIET = HTML_PARSE_NOERROR | HTML_PARSE_NOWARNING };
    struct slice body = response->body;
    enum file_kind kind = file_kind_of(body);
    htmlParserCtxtPtr parser = NULL;
    xmlDocPtr doc = NULL;
    if (slice_empty(slice_trim(body))) {
        error_set(e, ERROR_UPSTREAM, "the answer is empty where a web page is due");
    } else if ((kind != FILE_HTML && kind != FILE_OTHER) || body.len > INT_MAX) {
        error_set(e, ERROR_UPSTREAM, "the answer is %s where a web page is due",
                  file_kind_name(kind));
    } else if ((parser = htmlNewParserCtxt()) != NULL) {
        body = without_nul(a, body);
        doc = htmlCtxtReadMemory(parser, body.ptr, (int)body.len, NULL, charset(response, a),
                                 HTML_PARSE_RECOVER | QUIET | HTML_PARSE_NONET);
        if (!doc || gave_up(parser)) {
            xmlFreeDoc(doc);
            doc = NULL;
            error_set(e, ERROR_UPSTREAM, "the page cannot be read: it is nested too deeply");
        }
    }
    htmlFreeParserCtxt(parser);
    return doc;
}

static bool parse(const struct spec *spec, const struct page *page, const struct response *response,
                  struct arena *a, struct candidates *out, struct error *e)
{
    struct reading r = {
        .base = slice_of(response->url ? response->url : spec->values[URL]),
        .a = a,
        .out = out,
        .e = e,
    };
    (void)page;
    if (!spec_pattern(spec, "link", a, &r.link, e) ||
        !spec_pattern(spec, "version", a, &r.version, e) ||
        !spec_pattern(spec, "date", a, &r.date, e))
        return false;
    xmlDocPtr doc = read_page(response, a, e);
    if (!doc)
        return false;
    r.seen = seen_new(a);
    bool ok = spec->values[XPATH] ? add_xpath(&r, doc, spec->values[XPATH]) : add_links(&r, doc);
    xmlFreeDoc(doc);
    return ok;
}

static const char *spare(const struct spec *spec)
{
    return spec->values[SPARE];
}

const struct source source_html = {
    .name = "html",
    .summary = "the links of a web page, or what an XPath selects in it",
    .example = "html: {url: https://download.redis.io/releases/, "
               "link: '^redis-(\\d+\\.\\d+\\.\\d+)\\.tar\\.gz$'}",
    .keys =
        {
            {"url", KEY_URL, true, NULL, "the page", NULL},
            {"link", KEY_PATTERN, false, NULL,
             "found in the target or the text of the links that count", NULL},
            {"version", KEY_PATTERN, false, NULL,
             "the version in such a link, or in what the XPath selects: the group \"version\", "
             "else 1, else all; absent: `link` says, or all the text is",
             NULL},
            {"date", KEY_PATTERN, false, NULL, "the date behind a link, in a directory listing",
             NULL},
            {"xpath", KEY_TEXT, false, NULL, "selects elements, attributes or a text (XPath 1.0)",
             NULL},
            {"spare", KEY_URL, false, NULL, "the same page elsewhere, for when this one is not had",
             NULL},
        },
    .request = request,
    .parse = parse,
    .spare = spare,
};
