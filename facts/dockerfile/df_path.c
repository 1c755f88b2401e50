/* SPDX-License-Identifier: Apache-2.0
 *
 * df_path.c - see df_path.h.
 */
#include "facts/dockerfile/df_path.h"

#include <stdint.h>
#include <string.h>

static bool starts_with_nocase(struct str text, struct str prefix)
{
    return text.len >= prefix.len && str_eq_nocase(str_slice(text, 0, prefix.len), prefix);
}

/* `user@host:path`, the ssh form without a scheme. */
static bool is_scp_like(struct str source)
{
    size_t at = str_find_char(source, '@', 0);
    size_t colon = str_find_char(source, ':', 0);
    size_t slash = str_find_char(source, '/', 0);
    return at > 0 && at < colon && colon < source.len && colon < slash && colon + 1 < source.len;
}

enum df_path_kind df_path_classify(struct str source)
{
    if (starts_with_nocase(source, STR("ssh://")) || starts_with_nocase(source, STR("git://")) ||
        (str_starts_with(source, STR("git@")) && is_scp_like(source))) {
        return DF_PATH_GIT;
    }
    if (!starts_with_nocase(source, STR("http://")) &&
        !starts_with_nocase(source, STR("https://"))) {
        return DF_PATH_LOCAL;
    }
    size_t end = str_find_char(source, '#', 0);
    size_t query = str_find_char(source, '?', 0);
    struct str path = str_slice(source, 0, end < query ? end : query);
    return str_ends_with(path, STR(".git")) ? DF_PATH_GIT : DF_PATH_URL;
}

bool df_path_is_absolute(struct str path)
{
    if (path.len > 0 && (path.ptr[0] == '/' || path.ptr[0] == '\\')) {
        return true;
    }
    char drive = path.len > 1 ? str_lower_char(path.ptr[0]) : '\0';
    return path.len > 1 && drive >= 'a' && drive <= 'z' && path.ptr[1] == ':';
}

bool df_path_has_wildcard(struct str path)
{
    for (size_t i = 0; i < path.len; i++) {
        if (path.ptr[i] == '\\') {
            i++;
        } else if (path.ptr[i] == '*' || path.ptr[i] == '?' || path.ptr[i] == '[') {
            return true;
        }
    }
    return false;
}

bool df_path_is_archive(struct str path)
{
    static const struct str endings[] = {
        {".tar", 4},      {".tar.gz", 7}, {".tgz", 4},    {".tar.bz2", 8}, {".tbz", 4},
        {".tbz2", 5},     {".tar.xz", 7}, {".txz", 4},    {".tar.zst", 8}, {".tzst", 5},
        {".tar.lzma", 9}, {".tlz", 4},    {".tar.lz", 7}, {".tar.Z", 6},
    };
    for (size_t i = 0; i < sizeof endings / sizeof endings[0]; i++) {
        if (path.len > endings[i].len &&
            str_eq_nocase(str_slice(path, path.len - endings[i].len, path.len), endings[i])) {
            return true;
        }
    }
    return false;
}

bool df_path_leaves_root(struct str path)
{
    size_t depth = 0;
    for (size_t at = 0; at < path.len;) {
        size_t end = str_find_char(path, '/', at);
        struct str part = str_slice(path, at, end);
        if (str_eq(part, STR(".."))) {
            if (depth == 0) {
                return true;
            }
            depth--;
        } else if (part.len > 0 && !str_eq(part, STR("."))) {
            depth++;
        }
        at = end + 1;
    }
    return false;
}

/* RTMIN, RTMAX, RTMIN+1 .. RTMIN+15, RTMAX-1 .. RTMAX-14. */
static bool is_realtime(struct str name)
{
    unsigned long long offset = 0;
    bool from_end = starts_with_nocase(name, STR("RTMAX"));
    if (!from_end && !starts_with_nocase(name, STR("RTMIN"))) {
        return false;
    }
    struct str rest = str_slice(name, 5, name.len);
    return rest.len == 0 || (rest.ptr[0] == (from_end ? '-' : '+') &&
                             str_to_u64(str_slice(rest, 1, rest.len), &offset) && offset > 0 &&
                             offset <= (from_end ? 14 : 15));
}

bool df_signal_is_valid(struct str text)
{
    static const struct str names[] = {
        {"ABRT", 4},   {"ALRM", 4},   {"BUS", 3},  {"CHLD", 4}, {"CLD", 3},  {"CONT", 4},
        {"FPE", 3},    {"HUP", 3},    {"ILL", 3},  {"INT", 3},  {"IO", 2},   {"IOT", 3},
        {"KILL", 4},   {"PIPE", 4},   {"POLL", 4}, {"PROF", 4}, {"PWR", 3},  {"QUIT", 4},
        {"SEGV", 4},   {"STKFLT", 6}, {"STOP", 4}, {"SYS", 3},  {"TERM", 4}, {"TRAP", 4},
        {"TSTP", 4},   {"TTIN", 4},   {"TTOU", 4}, {"URG", 3},  {"USR1", 4}, {"USR2", 4},
        {"VTALRM", 6}, {"WINCH", 5},  {"XCPU", 4}, {"XFSZ", 4},
    };
    unsigned long long number = 0;
    if (str_to_u64(text, &number)) {
        return number != 0 && number <= INT32_MAX;
    }
    struct str name = starts_with_nocase(text, STR("SIG")) ? str_slice(text, 3, text.len) : text;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        if (str_eq_nocase(names[i], name)) {
            return true;
        }
    }
    return is_realtime(name);
}

/* `[ugoa]*([-+=][rwxXstugo]*)+`, several joined by commas. */
static bool is_symbolic_mode(struct str text)
{
    size_t at = 0;
    while (true) {
        while (at < text.len && strchr("ugoa", text.ptr[at]) != NULL && text.ptr[at] != '\0') {
            at++;
        }
        size_t operations = 0;
        while (at < text.len &&
               (text.ptr[at] == '+' || text.ptr[at] == '-' || text.ptr[at] == '=')) {
            operations++;
            at++;
            while (at < text.len && text.ptr[at] != '\0' &&
                   strchr("rwxXstugo", text.ptr[at]) != NULL) {
                at++;
            }
        }
        if (operations == 0) {
            return false;
        }
        if (at == text.len) {
            return true;
        }
        if (text.ptr[at] != ',') {
            return false;
        }
        at++;
    }
}

bool df_mode_is_valid(struct str text)
{
    unsigned mode = 0;
    size_t digits = 0;
    while (digits < text.len && text.ptr[digits] >= '0' && text.ptr[digits] <= '7') {
        mode = mode * 8 + (unsigned)(text.ptr[digits++] - '0');
        if (mode > 07777) {
            return false;
        }
    }
    return text.len > 0 && (digits == text.len || is_symbolic_mode(text));
}
