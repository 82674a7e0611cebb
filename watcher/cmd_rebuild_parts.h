/* What the files of `mwatch rebuild` by itself share; nobody else includes this. */
#ifndef MWATCH_CMD_REBUILD_PARTS_H
#define MWATCH_CMD_REBUILD_PARTS_H

#include "watcher/due.h"
#include "watcher/session.h"

struct rebuilding {
    struct session session;
    struct due due;
    struct record record;
    const char *record_file;   /* NULL = nothing is remembered */
    struct proposer *proposer; /* NULL = nothing is proposed */
    struct results bumps;      /* with --bump a row for each recipe that is to be built again */
};

/* Find the record and read it; one that is not there is empty. ERROR_SYSTEM, ERROR_UPSTREAM. */
bool rebuilding_read_record(struct rebuilding *r, struct error *e);
bool rebuilding_write_record(const struct rebuilding *r, struct error *e);

/* Open what proposes, where anything is to be. Errors as session_proposer's. */
bool rebuilding_open(struct rebuilding *r, struct error *e);

/* Raise the epochs of the recipes that are due, and propose that, unless it is a dry run. Errors as
 * propose_run's. */
bool rebuilding_bump(struct rebuilding *r, struct error *e);

/* Tell the workflow that runs us, send what --trigger asks for, and write the record. A dry run
 * does the first only. */
bool rebuilding_hand_on(struct rebuilding *r, struct error *e);

#endif
