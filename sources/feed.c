/* Feeds. Nothing is loaded from elsewhere, and a document type is refused: entities are how XML
 * explodes. */
#include "sources/feed.h"

#include "watcher/base/timestamp.h"

#include <libxml/parser.h>
#include <libxml/tree.h>

#include <limits.h>

#define ATOM "http://www.w3.org/2005/Atom"

static bool is_atom(const xmlNode *node, const char *name)
{
    return node->type == XML_ELEMENT_NODE && node->ns &&
           xmlStrEqual(node->ns->href, (const xmlChar *)ATOM) &&
           xmlStrEqual(node->name, (const xmlChar *)name);
}

static struct slice take(struct arena *a, xmlChar *text)
{
    struct slice copy = arena_slice(a, slice_trim(slice_of((const char *)text)));
    xmlFree(text);
    return copy;
}

static struct slice content(struct arena *a, xmlNode *node)
{
    return take(a, xmlNodeGetContent(node));
}

/* rel="alternate" is what a link without rel is (4.2.7.2). */
static struct slice alternate(struct arena *a, xmlNode *link)
{
    xmlChar *rel = xmlGetNoNsProp(link, (const xmlChar *)"rel");
    bool wanted = !rel || xmlStrEqual(rel, (const xmlChar *)"alternate");
    xmlFree(rel);
    return wanted ? take(a, xmlGetNoNsProp(link, (const xmlChar *)"href")) : (struct slice){0};
}

static void read_entry(struct arena *a, xmlNode *node, struct feed_entry *out)
{
    for (xmlNode *child = node->children; child; child = child->next) {
        if (is_atom(child, "id"))
            out->id = content(a, child);
        else if (is_atom(child, "updated"))
            timestamp_parse(content(a, child), &out->updated);
        else if (is_atom(child, "link") && !out->link.len)
            out->link = alternate(a, child);
    }
}

static bool read_document(struct arena *a, xmlDoc *doc, struct feed *out, struct error *e)
{
    xmlNode *root = xmlDocGetRootElement(doc);
    if (doc->intSubset)
        return error_set(e, ERROR_UPSTREAM, "the feed has a document type: refused");
    if (!root || !is_atom(root, "feed"))
        return error_set(e, ERROR_UPSTREAM, "the answer is no Atom feed");
    for (xmlNode *child = root->children; child; child = child->next)
        if (is_atom(child, "entry"))
            read_entry(a, child, vec_add(a, &out->entries));
    return true;
}

bool feed_read(struct arena *a, struct slice xml, struct feed *out, struct error *e)
{
    int options = XML_PARSE_NONET | XML_PARSE_NOERROR | XML_PARSE_NOWARNING | XML_PARSE_NOCDATA;
    *out = (struct feed){0};
    if (xml.len > INT_MAX)
        return error_set(e, ERROR_UPSTREAM, "the feed is too large");
    xmlDoc *doc = xml.len ? xmlReadMemory(xml.ptr, (int)xml.len, NULL, NULL, options) : NULL;
    if (!doc)
        return error_set(e, ERROR_UPSTREAM, "the answer is not XML");
    bool good = read_document(a, doc, out, e);
    xmlFreeDoc(doc);
    return good;
}
