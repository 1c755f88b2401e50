/* SPDX-License-Identifier: Apache-2.0
 *
 * conf_compose_project.c - the table compose_load: one file to the project Compose makes of it.
 *
 * A row with `schema_error_at` is refused by Compose's schema whatever else it says; one with
 * `panic` makes the reference crash, so nothing is expected but that we do not.
 */
#include "compose_project.h"
#include "conformance.h"

void conf_compose_load(struct conf_row *row)
{
    json_t *names = json_pack("[s]", "compose.yaml");
    json_t *contents = json_object();
    (void)json_object_set(contents, "compose.yaml", json_object_get(row->json, "yaml"));
    struct compose_result result;
    compose_read(&result, names, contents, NULL);
    bool wanted = conf_has(row, "error") || conf_has(row, "schema_error_at");
    if (!conf_has(row, "panic") && wanted != result.refused) {
        conf_differ(row, wanted ? STR("refused by the reference, not here") : STR("refused: "));
        conf_differ(row, buf_view(&result.errors));
    } else if (!conf_has(row, "panic") && !wanted) {
        conf_expect(row, "project", json_incref(result.project));
    }
    compose_release(&result);
    json_decref(contents);
    json_decref(names);
}
