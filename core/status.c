/* SPDX-License-Identifier: Apache-2.0
 *
 * status.c - names, texts and exit codes, all generated from PLIM_STATUS_LIST. Codes outside the
 * list come from callers built against another version; they are answered, never trusted as an
 * index. Thread rule: pure.
 */
#include <plimsoll/status.h>

#include <stddef.h>

struct status_row {
    const char *name;
    const char *text;
    int exit_code;
};

static const struct status_row rows[] = {
#define STATUS_ROW(name, code, text) {#name, text, code},
    PLIM_STATUS_LIST(STATUS_ROW)
#undef STATUS_ROW
};

static const struct status_row unknown_row = {"UNKNOWN", "unknown status", 70};

static const struct status_row *find_row(plim_status status)
{
    size_t index = (size_t)status;
    return index < sizeof rows / sizeof rows[0] ? &rows[index] : &unknown_row;
}

const char *plim_status_name(plim_status status)
{
    return find_row(status)->name;
}

const char *plim_status_text(plim_status status)
{
    return find_row(status)->text;
}

int plim_status_exit_code(plim_status status)
{
    return find_row(status)->exit_code;
}
