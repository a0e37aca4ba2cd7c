#ifndef PARSER_HTML_FEED_H
#define PARSER_HTML_FEED_H

#include <libxml/xmlstring.h>

/*
 * libxml2's HTML reader, the only place that drives it: it reads no other
 * file, says nothing on standard error, and builds no tree.  html has been
 * through html_clean().
 */
struct html_calls {
	void (*open)(void *ctx, const xmlChar *name, const xmlChar **attrs);
	void (*close)(void *ctx, const xmlChar *name);
	void (*text)(void *ctx, const xmlChar *text, int length);
};
void html_feed(const char *html, const struct html_calls *calls, void *ctx);

#endif
