/* SPDX-License-Identifier: Apache-2.0
 *
 * diag.c - collecting diagnostics; see diag.h. The list is small by construction (its cap), so
 * linear searches and an insertion sort are the right size here. Out of memory never hides that
 * something went wrong: counters go on and messages fall back to the static title.
 * Thread rule: one thread at a time per list.
 */
#include "core/diag.h"

#include <stdarg.h>
#include <stdint.h>

#include "core/alloc.h"
#include "core/buf.h"

struct diag_row {
    const char *code;
    const char *title;
    enum diag_severity severity;
};

static const struct diag_row rows[DIAG_ID_COUNT] = {
#define DIAG(id, code, severity, title) [DIAG_##id] = {code, title, DIAG_##severity},
#include "core/diagnostics.def"
#undef DIAG
};

/* Longest text that is formatted before it is cut: a quoted token may be this long. */
enum { FORMAT_MAX = 4 << 20 };

const char *diag_code(enum diag_id id)
{
    return (size_t)id < DIAG_ID_COUNT ? rows[id].code : "E0000";
}

const char *diag_title(enum diag_id id)
{
    return (size_t)id < DIAG_ID_COUNT ? rows[id].title : "Unknown diagnostic";
}

enum diag_severity diag_default_severity(enum diag_id id)
{
    return (size_t)id < DIAG_ID_COUNT ? rows[id].severity : DIAG_ERROR;
}

const char *diag_severity_name(enum diag_severity severity)
{
    switch (severity) {
    case DIAG_ERROR:
        return "error";
    case DIAG_WARNING:
        return "warning";
    case DIAG_NOTE:
        return "note";
    }
    return "error";
}

bool diag_find(struct str code, enum diag_id *out)
{
    for (size_t i = 0; i < DIAG_ID_COUNT; i++) {
        if (str_eq_nocase(code, str_from_cstr(rows[i].code))) {
            *out = (enum diag_id)i;
            return true;
        }
    }
    return false;
}

void diag_list_init(struct diag_list *list, const plim_allocator *allocator)
{
    *list = (struct diag_list){.count = 0};
    arena_init(&list->arena, allocator, 0);
}

void diag_list_release(struct diag_list *list)
{
    if (list->items != NULL) {
        alloc_free(list->arena.allocator, list->items, list->capacity * sizeof(*list->items));
    }
    arena_release(&list->arena);
    *list = (struct diag_list){.count = 0};
}

void diag_list_clear(struct diag_list *list)
{
    arena_clear(&list->arena);
    list->count = 0;
    list->errors = 0;
    list->warnings = 0;
    list->notes = 0;
    list->dropped = 0;
    list->status = PLIM_STATUS_OK;
}

void diag_list_set_sources(struct diag_list *list, struct source_set *sources)
{
    list->sources = sources;
}

static void fail(struct diag_list *list, plim_status status)
{
    list->status = list->status == PLIM_STATUS_OK ? status : list->status;
}

/* Cuts at `max` bytes, not inside a UTF-8 sequence. */
static struct str cut_text(struct str text, size_t max)
{
    if (text.len <= max) {
        return text;
    }
    size_t at = max;
    while (at > 0 && ((unsigned char)text.ptr[at] & 0xC0) == 0x80) {
        at--;
    }
    return str_slice(text, 0, at);
}

/* Formats into the list's arena; `fallback` when that is not possible. */
__attribute__((format(printf, 3, 0))) static struct str
format_text(struct diag_list *list, const char *fallback, const char *format, va_list args)
{
    struct buf scratch;
    buf_init(&scratch, list->arena.allocator, FORMAT_MAX);
    buf_vprintf(&scratch, format, args);
    struct str text = str_from_cstr(fallback);
    if (buf_status(&scratch) == PLIM_STATUS_OK) {
        struct str copy = arena_copy_str(&list->arena, cut_text(buf_view(&scratch), DIAG_MAX_TEXT));
        if (arena_status(&list->arena) == PLIM_STATUS_OK) {
            text = copy;
        }
    }
    if (buf_status(&scratch) == PLIM_STATUS_NOMEM) {
        fail(list, PLIM_STATUS_NOMEM);
    }
    fail(list, arena_status(&list->arena));
    buf_release(&scratch);
    return text;
}

/* Text and syntax errors: one of them usually makes the rest of its line unreadable. */
static bool is_syntax_error(enum diag_id id)
{
    const char *code = diag_code(id);
    return code[0] == 'E' && code[1] == '0' && (code[2] == '0' || code[2] == '1');
}

static bool is_cascade(const struct diag_list *list, enum diag_id id, struct span span)
{
    if (list->sources == NULL || !is_syntax_error(id)) {
        return false;
    }
    uint32_t line = source_line_number(list->sources, span.source, span.start);
    for (size_t i = 0; i < list->count; i++) {
        const struct diag *other = list->items[i];
        if (other->span.source == span.source && is_syntax_error(other->id) &&
            source_line_number(list->sources, span.source, other->span.start) == line) {
            return true;
        }
    }
    return false;
}

static bool is_duplicate(const struct diag_list *list, enum diag_id id, struct span span,
                         struct str message)
{
    for (size_t i = 0; i < list->count; i++) {
        const struct diag *other = list->items[i];
        if (other->id == id && other->span.source == span.source &&
            other->span.start == span.start && other->span.end == span.end &&
            str_eq(other->message, message)) {
            return true;
        }
    }
    return false;
}

static void count_severity(struct diag_list *list, enum diag_severity severity)
{
    switch (severity) {
    case DIAG_ERROR:
        list->errors++;
        break;
    case DIAG_WARNING:
        list->warnings++;
        break;
    case DIAG_NOTE:
        list->notes++;
        break;
    }
}

/* Errors and the rest have a cap each, so that a flood of warnings cannot hide an error. */
static bool is_full(const struct diag_list *list, enum diag_severity severity)
{
    size_t same = 0;
    for (size_t i = 0; i < list->count; i++) {
        same += (list->items[i]->severity == DIAG_ERROR) == (severity == DIAG_ERROR);
    }
    return same >= DIAG_MAX_SHOWN;
}

/* Stores a diagnostic without text; NULL and a failure when there is no memory. */
static struct diag *append_item(struct diag_list *list)
{
    void *items = list->items;
    if (!alloc_grow(list->arena.allocator, &items, &list->capacity, list->count + 1,
                    sizeof(*list->items))) {
        fail(list, PLIM_STATUS_NOMEM);
        return NULL;
    }
    list->items = items;
    struct diag *diag = ARENA_NEW(&list->arena, struct diag);
    if (diag == NULL) {
        fail(list, arena_status(&list->arena));
        return NULL;
    }
    list->items[list->count++] = diag;
    return diag;
}

struct diag *diag_vreport(struct diag_list *list, enum diag_id id, struct span span,
                          const char *format, va_list args)
{
    if (is_cascade(list, id, span)) {
        return NULL;
    }
    enum diag_severity severity = diag_default_severity(id);
    if (is_full(list, severity)) {
        count_severity(list, severity);
        list->dropped++;
        return NULL;
    }
    struct str message = format_text(list, diag_title(id), format, args);
    if (is_duplicate(list, id, span, message)) {
        return NULL;
    }
    count_severity(list, severity);
    struct diag *diag = append_item(list);
    if (diag == NULL) {
        list->dropped++;
        return NULL;
    }
    *diag = (struct diag){.id = id, .severity = severity, .span = span, .message = message};
    return diag;
}

struct diag *diag_report(struct diag_list *list, enum diag_id id, struct span span,
                         const char *format, ...)
{
    va_list args;
    va_start(args, format);
    struct diag *diag = diag_vreport(list, id, span, format, args);
    va_end(args);
    return diag;
}

void diag_set_caret(struct diag_list *list, struct diag *diag, const char *format, ...)
{
    if (diag == NULL) {
        return;
    }
    va_list args;
    va_start(args, format);
    diag->caret_text = format_text(list, "", format, args);
    va_end(args);
}

void diag_add_label(struct diag_list *list, struct diag *diag, struct span span, const char *format,
                    ...)
{
    if (diag == NULL) {
        return;
    }
    va_list args;
    va_start(args, format);
    struct str text = format_text(list, "", format, args);
    va_end(args);
    struct diag_label *label = ARENA_NEW(&list->arena, struct diag_label);
    if (label == NULL) {
        fail(list, arena_status(&list->arena));
        return;
    }
    *label = (struct diag_label){.span = span, .text = text};
    struct diag_label **tail = &diag->labels;
    while (*tail != NULL) {
        tail = &(*tail)->next;
    }
    *tail = label;
}

void diag_add_note(struct diag_list *list, struct diag *diag, const char *format, ...)
{
    if (diag == NULL) {
        return;
    }
    va_list args;
    va_start(args, format);
    struct str text = format_text(list, "", format, args);
    va_end(args);
    struct diag_note *note = ARENA_NEW(&list->arena, struct diag_note);
    if (note == NULL) {
        fail(list, arena_status(&list->arena));
        return;
    }
    note->text = text;
    struct diag_note **tail = &diag->notes;
    while (*tail != NULL) {
        tail = &(*tail)->next;
    }
    *tail = note;
}

static bool comes_after(const struct diag *a, const struct diag *b)
{
    if (a->span.source != b->span.source) {
        return a->span.source > b->span.source;
    }
    if (a->span.start != b->span.start) {
        return a->span.start > b->span.start;
    }
    return a->id > b->id;
}

/* Removes the last items of the lowest importance until the cap holds. */
static void cut_to_cap(struct diag_list *list)
{
    for (int severity = DIAG_NOTE; severity >= DIAG_ERROR; severity--) {
        for (size_t i = list->count; i-- > 0 && list->count > DIAG_MAX_SHOWN;) {
            if ((int)list->items[i]->severity != severity) {
                continue;
            }
            for (size_t j = i + 1; j < list->count; j++) {
                list->items[j - 1] = list->items[j];
            }
            list->count--;
            list->dropped++;
        }
    }
}

void diag_list_sort(struct diag_list *list)
{
    for (size_t i = 1; i < list->count; i++) {
        struct diag *moved = list->items[i];
        size_t at = i;
        while (at > 0 && comes_after(list->items[at - 1], moved)) {
            list->items[at] = list->items[at - 1];
            at--;
        }
        list->items[at] = moved;
    }
    cut_to_cap(list);
}

plim_status diag_list_status(const struct diag_list *list)
{
    return list->status;
}
