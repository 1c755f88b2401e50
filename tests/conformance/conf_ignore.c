/* SPDX-License-Identifier: Apache-2.0
 *
 * conf_ignore.c - the tables dockerignore_file and dockerignore_match.
 */
#include "conformance.h"

#include "core/arena.h"
#include "facts/context/ignore.h"
#include "facts/context/ignore_read.h"

void conf_dockerignore_file(struct conf_row *row)
{
    struct arena arena;
    arena_init(&arena, NULL, 0);
    struct ignore_lines lines = {0};
    plim_status status = ignore_read(&lines, &arena, conf_text(row, "file"));
    bool refused = status != PLIM_STATUS_OK;
    if (conf_expect_refusal(row, "error", refused, str_from_cstr(plim_status_text(status))) &&
        !refused) {
        json_t *patterns = json_array();
        for (size_t i = 0; i < lines.count; i++) {
            (void)json_array_append_new(patterns, conf_string(lines.items[i].pattern));
        }
        conf_expect(row, "patterns", patterns);
    }
    arena_release(&arena);
}

void conf_dockerignore_match(struct conf_row *row)
{
    struct arena arena;
    arena_init(&arena, NULL, 0);
    const json_t *given = json_object_get(row->json, "patterns");
    size_t count = json_array_size(given);
    struct str *patterns = ARENA_ARRAY(&arena, struct str, count + 1);
    for (size_t i = 0; patterns != NULL && i < count; i++) {
        const json_t *item = json_array_get(given, i);
        patterns[i] = str_make(json_string_value(item), json_string_length(item));
    }
    struct ignore_set set = {0};
    struct ignore_fault fault = {0};
    bool ignored = false;
    plim_status status = ignore_compile(&set, &arena, patterns, count, &fault);
    if (status == PLIM_STATUS_OK) {
        status = ignore_match(&ignored, &set, conf_text(row, "path"), &fault);
    }
    bool refused = status != PLIM_STATUS_OK;
    if (conf_expect_refusal(row, "error", refused, fault.text) && !refused) {
        conf_expect(row, "ignored", json_boolean(ignored));
    }
    arena_release(&arena);
}
