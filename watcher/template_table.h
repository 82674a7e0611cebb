/* The texts of templates/, compiled in by the Makefile. */
#ifndef MWATCH_TEMPLATE_TABLE_H
#define MWATCH_TEMPLATE_TABLE_H

struct template_row {
    const char *name; /* "pull-request.md" */
    const char *text;
};

/* Ended by a NULL name. */
extern const struct template_row template_table[];

#endif
