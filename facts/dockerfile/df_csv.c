/* SPDX-License-Identifier: Apache-2.0
 *
 * df_csv.c - see df_csv.h.
 */
#include "facts/dockerfile/df_csv.h"

/* Ends the walk after a malformed field. */
static bool refuse(struct df_csv *csv)
{
    csv->bad = true;
    csv->done = true;
    return false;
}

/* A field in quotes, the walk standing on the opening one. */
static bool read_quoted(struct df_csv *csv, struct str *field)
{
    struct str text = csv->text;
    size_t from = csv->at + 1;
    size_t at = from;
    size_t doubled = 0;
    while (true) {
        at = str_find_char(text, '"', at);
        if (at >= text.len) {
            return refuse(csv);
        }
        if (at + 1 < text.len && text.ptr[at + 1] == '"') {
            doubled++;
            at += 2;
            continue;
        }
        break;
    }
    if (at + 1 < text.len && text.ptr[at + 1] != ',') {
        return refuse(csv);
    }
    csv->done = at + 1 >= text.len;
    csv->at = at + 2;
    *field = str_slice(text, from, at);
    if (doubled == 0) {
        return true;
    }
    char *copy = arena_alloc(csv->arena, field->len + 1);
    if (copy == NULL) {
        return refuse(csv);
    }
    size_t length = 0;
    for (size_t i = 0; i < field->len; i++) {
        copy[length++] = field->ptr[i];
        if (field->ptr[i] == '"') {
            i++;
        }
    }
    *field = str_make(copy, length);
    return true;
}

bool df_csv_next(struct df_csv *csv, struct str *field)
{
    if (csv->done || csv->text.len == 0) {
        return false;
    }
    if (csv->at < csv->text.len && csv->text.ptr[csv->at] == '"') {
        return read_quoted(csv, field);
    }
    size_t end = str_find_char(csv->text, ',', csv->at);
    *field = str_slice(csv->text, csv->at, end);
    if (str_find_char(*field, '"', 0) < field->len) {
        return refuse(csv);
    }
    csv->done = end >= csv->text.len;
    csv->at = end + 1;
    return true;
}
