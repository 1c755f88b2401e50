/* SPDX-License-Identifier: Apache-2.0
 *
 * ignore.c - see ignore.h.
 *
 * As in the reference a pattern without wildcards is compared, one that only ends or begins with
 * "**" is a prefix or suffix test, and the rest are globs. Which of the four it is follows from the
 * same walk over the pattern that the reference makes.
 */
#include "facts/context/ignore.h"

#include "core/utf8.h"
#include "facts/context/ignore_glob.h"
#include "facts/context/ignore_read.h"
#include "facts/pathname.h"

enum pattern_kind {
    PATTERN_EXACT,
    PATTERN_PREFIX, /* "text**" */
    PATTERN_SUFFIX, /* "**text" */
    PATTERN_GLOB,
    PATTERN_MALFORMED, /* seen by the reference only when it is tried */
};

struct ignore_pattern {
    enum pattern_kind kind;
    bool exclusion;
    size_t index;    /* in the caller's array */
    struct str text; /* without the stars of a prefix or suffix */
    struct ignore_glob glob;
};

static const char malformed[] = "syntax error in pattern";

/* The kind of a cleaned pattern without its "!". */
static enum pattern_kind classify(struct str text)
{
    enum pattern_kind kind = PATTERN_EXACT;
    bool first = true;
    for (size_t at = 0; at < text.len; first = false) {
        char c = text.ptr[at];
        if (c == '*' && at + 1 < text.len && text.ptr[at + 1] == '*') {
            at += at + 2 < text.len && text.ptr[at + 2] == '/' ? 3 : 2;
            bool is_end = at == text.len;
            kind = is_end && kind == PATTERN_EXACT ? PATTERN_PREFIX : PATTERN_GLOB;
            kind = first ? PATTERN_SUFFIX : kind;
            continue;
        }
        if (c == '*' || c == '?' || c == '[' || c == ']' || (c == '\\' && at + 1 < text.len)) {
            kind = PATTERN_GLOB;
        }
        at += c == '\\' ? 1 : 0;
        if (at < text.len) {
            (void)utf8_next(text, &at);
        }
    }
    return kind;
}

/* Cleans one given pattern into `arena` and parts off its "!". `text` stays empty for a blank one.
 */
static plim_status clean_pattern(struct ignore_pattern *pattern, struct arena *arena,
                                 struct str given, struct ignore_fault *fault)
{
    given = ignore_trim(given);
    if (given.len == 0) {
        return PLIM_STATUS_OK;
    }
    char *cleaned = ARENA_ARRAY(arena, char, given.len + 1);
    if (cleaned == NULL) {
        return arena_status(arena);
    }
    struct str text = str_make(cleaned, pathname_clean(cleaned, given));
    pattern->exclusion = text.ptr[0] == '!';
    pattern->text = str_slice(text, pattern->exclusion ? 1 : 0, text.len);
    bool matched = false;
    plim_status status = pathname_match(&matched, pattern->text, STR("."));
    struct str reason = str_from_cstr(malformed);
    if (pattern->text.len == 0) {
        status = PLIM_STATUS_INPUT;
        reason = STR("illegal exclusion pattern: \"!\"");
    }
    if (status != PLIM_STATUS_OK) {
        *fault = (struct ignore_fault){.index = pattern->index, .text = reason};
    }
    return status;
}

/* Decides how the pattern is matched, and compiles it if it needs that. */
static plim_status prepare(struct ignore_pattern *pattern, struct arena *arena,
                           struct ignore_fault *fault)
{
    plim_status status = PLIM_STATUS_OK;
    pattern->kind = classify(pattern->text);
    if (pattern->kind == PATTERN_PREFIX) {
        /* The pattern was cleaned, so no slash can stand behind the stars. */
        pattern->text = str_slice(pattern->text, 0, pattern->text.len - 2);
    } else if (pattern->kind == PATTERN_SUFFIX) {
        pattern->text = str_slice(pattern->text, 2, pattern->text.len);
    } else if (pattern->kind == PATTERN_GLOB) {
        status = ignore_glob_compile(&pattern->glob, arena, pattern->text);
    }
    if (status == PLIM_STATUS_INPUT) {
        pattern->kind = PATTERN_MALFORMED;
        return PLIM_STATUS_OK;
    }
    if (status == PLIM_STATUS_LIMIT && arena_status(arena) == PLIM_STATUS_OK) {
        *fault = (struct ignore_fault){.index = pattern->index,
                                       .text = STR("the pattern has too many parts")};
    }
    return status;
}

plim_status ignore_compile(struct ignore_set *out, struct arena *arena, const struct str *patterns,
                           size_t count, struct ignore_fault *fault)
{
    struct ignore_pattern *compiled = ARENA_ARRAY(arena, struct ignore_pattern, count + 1);
    if (compiled == NULL) {
        return arena_status(arena);
    }
    struct ignore_set set = {.patterns = compiled};
    for (size_t i = 0; i < count; i++) {
        struct ignore_pattern pattern = {.index = i};
        plim_status status = clean_pattern(&pattern, arena, patterns[i], fault);
        if (status == PLIM_STATUS_OK && pattern.text.len > 0) {
            status = prepare(&pattern, arena, fault);
            compiled[set.count++] = pattern;
            set.has_exclusions |= pattern.exclusion;
        }
        if (status != PLIM_STATUS_OK) {
            return status;
        }
    }
    *out = set;
    return PLIM_STATUS_OK;
}

/* Suffix test of the reference: "**" and then `suffix`, where "**" followed by a slash may be
 * empty. */
static bool has_suffix(struct str path, struct str suffix)
{
    return str_ends_with(path, suffix) || (suffix.len > 0 && suffix.ptr[0] == '/' &&
                                           str_eq(path, str_slice(suffix, 1, suffix.len)));
}

/* Whether the pattern matches `path` or, with `parents`, a part of it that ends before a slash. */
static bool matches(const struct ignore_pattern *pattern, struct str path, bool parents)
{
    switch (pattern->kind) {
    case PATTERN_EXACT:
        return str_eq(path, pattern->text) || (parents && str_starts_with(path, pattern->text) &&
                                               path.ptr[pattern->text.len] == '/');
    case PATTERN_PREFIX:
        return str_starts_with(path, pattern->text);
    case PATTERN_SUFFIX:
        if (has_suffix(path, pattern->text)) {
            return true;
        }
        for (size_t at = str_find_char(path, '/', 0); parents && at < path.len;
             at = str_find_char(path, '/', at + 1)) {
            if (has_suffix(str_slice(path, 0, at), pattern->text)) {
                return true;
            }
        }
        return false;
    case PATTERN_GLOB:
        return ignore_glob_matches(&pattern->glob, path, parents);
    case PATTERN_MALFORMED:
        break;
    }
    return false;
}

/* The path of the directory that holds `path` (filepath.Dir), written to `out`. */
static struct str parent_of(char *out, struct str path)
{
    size_t end = path.len;
    while (end > 0 && path.ptr[end - 1] != '/') {
        end--;
    }
    return str_make(out, pathname_clean(out, str_slice(path, 0, end)));
}

plim_status ignore_match(bool *ignored, const struct ignore_set *set, struct str path,
                         struct ignore_fault *fault)
{
    if (path.len > IGNORE_MAX_PATH) {
        *fault = (struct ignore_fault){.index = 0, .text = STR("the path is too long")};
        return PLIM_STATUS_LIMIT;
    }
    char space[IGNORE_MAX_PATH + 1];
    struct str parent = parent_of(space, path);
    bool has_parent = !str_eq(parent, STR("."));
    /* For a clean path the parents are parts of it, and one pass sees them all. */
    bool together = has_parent && !str_eq(parent, STR("/")) && str_starts_with(path, parent) &&
                    path.len > parent.len + 1 && path.ptr[parent.len] == '/' &&
                    str_find_char(path, '/', parent.len + 1) == path.len;
    bool result = false;
    for (size_t i = 0; i < set->count; i++) {
        const struct ignore_pattern *pattern = &set->patterns[i];
        if (pattern->exclusion != result) {
            continue;
        }
        if (pattern->kind == PATTERN_MALFORMED) {
            *fault =
                (struct ignore_fault){.index = pattern->index, .text = str_from_cstr(malformed)};
            return PLIM_STATUS_INPUT;
        }
        if (matches(pattern, path, together) ||
            (has_parent && !together && matches(pattern, parent, true))) {
            result = !pattern->exclusion;
        }
    }
    *ignored = result;
    return PLIM_STATUS_OK;
}
