/* SPDX-License-Identifier: Apache-2.0
 *
 * input_kind.c - what kind of document a file is, by its name and its first lines. docs/cli.md
 * lists the names.
 */
#include "api/api.h"

enum { SNIFFED_BYTES = 4096 /* of a document whose name tells nothing */ };

static bool ends_with_nocase(struct str text, struct str suffix)
{
    return text.len >= suffix.len &&
           str_eq_nocase(str_slice(text, text.len - suffix.len, text.len), suffix);
}

/* Names people give to Dockerfiles; docs/cli.md lists them. */
static bool is_dockerfile_name(struct str name)
{
    static const struct str not_these[] = {
        {".dockerignore", 13},
        {".containerignore", 16},
        {"~", 1},
        {".swp", 4},
        {".orig", 5},
        {".rej", 4},
        {".md", 3},
        {".rst", 4},
        {".txt", 4},
        {".html", 5},
    };
    bool named = str_eq(name, STR("Dockerfile")) || str_eq(name, STR("Containerfile")) ||
                 str_eq(name, STR("dockerfile")) || str_starts_with(name, STR("Dockerfile.")) ||
                 str_starts_with(name, STR("Containerfile.")) ||
                 (name.len > 11 && ends_with_nocase(name, STR(".dockerfile")));
    for (size_t i = 0; named && i < sizeof not_these / sizeof not_these[0]; i++) {
        named = !ends_with_nocase(name, not_these[i]);
    }
    return named;
}

/* Whether the first line that says something is an instruction a Dockerfile may begin with. */
static bool looks_like_dockerfile(struct str text)
{
    size_t at = 0;
    text = str_slice(text, 0, SNIFFED_BYTES);
    while (at < text.len) {
        size_t end = str_find_char(text, '\n', at);
        struct str line = str_trim(str_slice(text, at, end));
        at = end + 1;
        if (line.len > 0 && line.ptr[0] != '#') {
            return str_eq_nocase(str_slice(line, 0, 5), STR("FROM ")) ||
                   str_eq_nocase(str_slice(line, 0, 4), STR("ARG "));
        }
    }
    return false;
}

/* Names of compose files: compose.yaml, docker-compose.prod.yml, web.compose.yml, ... */
static bool is_compose_name(struct str name)
{
    size_t ending = ends_with_nocase(name, STR(".yaml"))  ? 5
                    : ends_with_nocase(name, STR(".yml")) ? 4
                                                          : 0;
    struct str stem = str_slice(name, 0, name.len - ending);
    if (ending == 0) {
        return false;
    }
    if (str_eq(stem, STR("compose")) || str_eq(stem, STR("docker-compose")) ||
        str_ends_with(stem, STR(".compose")) || str_ends_with(stem, STR("-compose")) ||
        str_ends_with(stem, STR("_compose"))) {
        return true;
    }
    static const struct str beginnings[] = {{"compose", 7}, {"docker-compose", 14}};
    for (size_t i = 0; i < sizeof beginnings / sizeof beginnings[0]; i++) {
        if (str_starts_with(stem, beginnings[i])) {
            char next = stem.ptr[beginnings[i].len];
            return next == '.' || next == '-' || next == '_';
        }
    }
    return false;
}

/* Whether a line begins with the key that every compose file has. */
static bool looks_like_compose(struct str text)
{
    struct str key = STR("services:");
    size_t at = 0;
    while (at < text.len) {
        size_t end = str_find_char(text, '\n', at);
        if (str_starts_with(str_slice(text, at, end), key)) {
            return true;
        }
        at = end + 1;
    }
    return false;
}

plim_input_kind plim_input_kind_of(const char *path, const char *data, size_t size)
{
    struct str name = path != NULL ? str_from_cstr(path) : STR("");
    for (size_t i = name.len; i > 0; i--) {
        if (name.ptr[i - 1] == '/') {
            name = str_slice(name, i, name.len);
            break;
        }
    }
    if (is_dockerfile_name(name) ||
        (data != NULL && size > 0 && looks_like_dockerfile(str_make(data, size)))) {
        return PLIM_INPUT_DOCKERFILE;
    }
    if (is_compose_name(name) ||
        (data != NULL && size > 0 && looks_like_compose(str_make(data, size)))) {
        return PLIM_INPUT_COMPOSE;
    }
    return PLIM_INPUT_UNKNOWN;
}
