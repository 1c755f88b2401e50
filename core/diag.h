/* SPDX-License-Identifier: Apache-2.0
 *
 * diag.h - messages for people: id, severity, place, text, secondary places, notes, suggestion.
 *
 * A list collects, drops duplicates, suppresses the cascade after a syntax error, caps at
 * DIAG_MAX_SHOWN and sorts by source and offset. Ids and titles stand in diagnostics.def.
 * Rendering lives in diag_text.h and diag_json.h.
 * Memory: everything in the list's arena. When even that fails the list keeps counting and
 * diag_list_status() says NOMEM. Thread rule: one thread at a time.
 */
#ifndef CORE_DIAG_H
#define CORE_DIAG_H

#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>

#include <plimsoll/alloc.h>
#include <plimsoll/status.h>

#include "core/arena.h"
#include "core/source.h"
#include "core/str.h"

/* DIAG(id, number text, severity, title): E0xxx errors of the language, W0xxx its warnings,
 * D0xxx problems of Dockerfiles, C0xxx of compose projects, S0xxx of shell text, Y0xxx of YAML,
 * P0xxx of compiled programs, I0xxx of inputs.
 */
enum diag_id {
#define DIAG(id, code, severity, title) DIAG_##id,
#include "core/diagnostics.def"
#undef DIAG
    DIAG_ID_COUNT
};

enum diag_severity { DIAG_ERROR, DIAG_WARNING, DIAG_NOTE };

enum { DIAG_MAX_SHOWN = 50 };

/* A message or note is cut here: it is one line for people, and may quote hostile text. */
enum { DIAG_MAX_TEXT = 1000 };

struct diag_label {
    struct span span;
    struct str text;
    struct diag_label *next;
};

struct diag_note {
    struct str text;
    struct diag_note *next;
};

struct diag {
    enum diag_id id;
    enum diag_severity severity;
    struct span span;      /* primary; .source SOURCE_NONE when there is none */
    struct str message;    /* one line, no final dot */
    struct str caret_text; /* stands right of the caret, e.g. "did you mean `volumes`?" */
    struct diag_label *labels;
    struct diag_note *notes;
};

struct diag_list {
    struct arena arena;
    struct source_set *sources; /* borrowed; NULL: no cascades are suppressed */
    struct diag **items;
    size_t count;
    size_t capacity;
    size_t errors; /* counted even when not kept; duplicates and cascades are not counted */
    size_t warnings;
    size_t notes;
    size_t dropped; /* counted above but not kept */
    plim_status status;
};

/* Stable code such as "E0201". Static text. Pure. */
const char *diag_code(enum diag_id id);

/* Title of the diagnostic's page. Static text. Pure. */
const char *diag_title(enum diag_id id);

/* Severity from the table. Pure. */
enum diag_severity diag_default_severity(enum diag_id id);

/* "error", "warning" or "note". Static text. Pure. */
const char *diag_severity_name(enum diag_severity severity);

/* Finds an id by its code, ignoring case; false when there is none. Pure. */
bool diag_find(struct str code, enum diag_id *out);

/* Prepares an empty list; allocates nothing. */
void diag_list_init(struct diag_list *list, const plim_allocator *allocator);

/* Frees everything. Safe on a zeroed struct and twice. */
void diag_list_release(struct diag_list *list);

/* Forgets all diagnostics and a failure but keeps memory for reuse. */
void diag_list_clear(struct diag_list *list);

/* Lets the list suppress cascades: from now on a text or syntax error (E00xx, E01xx) on a line that
 * already has one is dropped. `sources` is borrowed and must outlive the list. */
void diag_list_set_sources(struct diag_list *list, struct source_set *sources);

/* Adds a diagnostic with the id's default severity. The message is formatted and copied. Returns
 * it so that labels and notes can be added, or NULL when it was dropped; the diag_add_* functions
 * and diag_set_caret accept NULL. Up to DIAG_MAX_SHOWN errors and as many others are kept until
 * diag_list_sort. */
struct diag *diag_report(struct diag_list *list, enum diag_id id, struct span span,
                         const char *format, ...) __attribute__((format(printf, 4, 5)));

/* Same with a va_list, which is consumed. */
struct diag *diag_vreport(struct diag_list *list, enum diag_id id, struct span span,
                          const char *format, va_list args) __attribute__((format(printf, 4, 0)));

/* Sets the text behind the caret. */
void diag_set_caret(struct diag_list *list, struct diag *diag, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Adds a secondary place with its own text, shown in the order of addition. */
void diag_add_label(struct diag_list *list, struct diag *diag, struct span span, const char *format,
                    ...) __attribute__((format(printf, 4, 5)));

/* Adds a line below, shown in the order of addition. */
void diag_add_note(struct diag_list *list, struct diag *diag, const char *format, ...)
    __attribute__((format(printf, 3, 4)));

/* Sorts by source, offset, id (SOURCE_NONE last) and cuts to DIAG_MAX_SHOWN, errors surviving
 * longest. Call before rendering. */
void diag_list_sort(struct diag_list *list);

/* OK, or NOMEM when a diagnostic was lost or shortened for want of memory. */
plim_status diag_list_status(const struct diag_list *list);

#endif
