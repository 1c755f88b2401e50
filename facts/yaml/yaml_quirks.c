/* SPDX-License-Identifier: Apache-2.0
 *
 * yaml_quirks.c - see yaml_quirks.h. Most values need no look at their bytes.
 */
#include "facts/yaml/yaml_quirks.h"

static bool ends_word(struct str source, uint32_t at)
{
    return at >= source.len || source.ptr[at] == ' ' || source.ptr[at] == '\t' ||
           source.ptr[at] == '\n' || source.ptr[at] == '\r';
}

static bool found(struct yaml_quirk *out, uint32_t at, const char *message, const char *hint)
{
    *out = (struct yaml_quirk){.at = at, .message = message, .hint = hint};
    return true;
}

/* `[?a]` is a key here and a text there. */
static bool find_glued_key(struct yaml_quirk *out, struct str source, uint32_t start)
{
    return start > 0 && source.ptr[start - 1] == '?' &&
           found(out, start - 1, "`?` before a text is read in different ways",
                 "quote the text, or put a blank behind `?`");
}

/* `[a ? b]` is a text here and an error there. */
static bool find_question(struct yaml_quirk *out, struct str source, uint32_t start, uint32_t end)
{
    for (uint32_t at = start; at < end; at++) {
        if (source.ptr[at] == '?' && ends_word(source, at + 1)) {
            return found(out, at, "`?` before a blank cannot stand here", "quote the text");
        }
    }
    return false;
}

static bool find_escape(struct yaml_quirk *out, struct str source, uint32_t start, uint32_t end)
{
    for (uint32_t at = start + 1; at + 1 < end; at++) {
        if (source.ptr[at] != '\\') {
            continue;
        }
        if (source.ptr[at + 1] == '/') {
            return found(out, at, "unknown escape in double quotes",
                         "a slash needs no escape in YAML");
        }
        at++;
    }
    return false;
}

/* `!tag,`: the comma would belong to the tag. `end` is that of the last property. */
static bool find_tag_comma(struct yaml_quirk *out, struct str source, uint32_t start, uint32_t end)
{
    uint32_t at = end;
    while (at > start && !ends_word(source, at - 1)) {
        at--;
    }
    return end < source.len && source.ptr[end] == ',' && at < end && source.ptr[at] == '!' &&
           found(out, end, "a comma cannot stand right behind a tag", "put a blank between them");
}

/* `&a?` and `*a?`: names go on there that end here. `at` is behind the name. */
static bool find_longer_name(struct yaml_quirk *out, struct str source, uint32_t at)
{
    return at < source.len && memchr("?%@`", source.ptr[at], 4) != NULL &&
           found(out, at, "the name of an anchor or alias is malformed",
                 "use letters, digits, `_` and `-`");
}

/* Offset behind the name of the anchor among the properties. */
static uint32_t behind_anchor(struct str source, const struct yaml_step *step, uint32_t start)
{
    uint32_t at = start;
    while (at < step->start && source.ptr[at] != '&') {
        while (at < step->start && !ends_word(source, at)) {
            at++; /* a tag, which may hold `&` */
        }
        while (at < step->start && ends_word(source, at)) {
            at++;
        }
    }
    return at + 1 + (uint32_t)step->anchor.len;
}

bool yaml_find_quirk(struct yaml_quirk *out, struct str source, const struct yaml_step *step,
                     uint32_t start, uint32_t end, bool flow)
{
    if (flow && find_glued_key(out, source, start)) {
        return true;
    }
    if (step->event == EVENT_ALIAS) {
        return find_longer_name(out, source, end);
    }
    if (step->anchor.len > 0 && find_longer_name(out, source, behind_anchor(source, step, start))) {
        return true;
    }
    if (step->event != EVENT_SCALAR) {
        return false;
    }
    if (flow && step->tag.len > 0 && step->start == end &&
        find_tag_comma(out, source, start, end)) {
        return true;
    }
    if (flow && step->style == STYLE_PLAIN && find_question(out, source, step->start, end)) {
        return true;
    }
    return step->style == STYLE_QUOTED && !step->in_source && source.ptr[step->start] == '"' &&
           find_escape(out, source, step->start, end);
}
