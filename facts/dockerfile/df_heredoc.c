/* SPDX-License-Identifier: Apache-2.0
 *
 * df_heredoc.c - heredoc announcements: `^(\d*)<<(-?)\s*([^<]*)$` on words split with quotes kept.
 */
#include "facts/dockerfile/df_heredoc.h"

#include "facts/dockerfile/df_expand.h"

/* Heredoc lines are always read with a backslash, whatever the escape directive says. */
static const char heredoc_escape = '\\';

/* Expands `text` into exactly one word. */
static bool single_word(struct df_expander *expander, struct str text, bool raw_quotes,
                        struct str *out)
{
    struct df_expand_mode mode = {.keep_unset = true, .raw_quotes = raw_quotes};
    struct df_expansion expansion;
    struct str *words = NULL;
    size_t count = 0;
    df_expand_words(expander, &expansion, &words, &count, text, mode);
    if (count != 1) {
        return false;
    }
    *out = words[0];
    return true;
}

static bool parse_word(struct df_expander *expander, struct str word, struct df_heredoc *out)
{
    size_t at = 0;
    uint64_t fd = 0;
    while (at < word.len && word.ptr[at] >= '0' && word.ptr[at] <= '9') {
        fd = fd <= UINT32_MAX ? fd * 10 + (uint64_t)(word.ptr[at] - '0') : fd;
        at++;
    }
    if (!str_starts_with(str_slice(word, at, word.len), STR("<<"))) {
        return false;
    }
    at += 2;
    bool chomp = at < word.len && word.ptr[at] == '-';
    at += chomp ? 1 : 0;
    while (at < word.len && (word.ptr[at] == ' ' || word.ptr[at] == '\t' || word.ptr[at] == '\r' ||
                             word.ptr[at] == '\f')) {
        at++;
    }
    struct str rest = str_slice(word, at, word.len);
    struct str name = STR("");
    struct str raw = STR("");
    if (rest.len == 0 || str_find_char(rest, '<', 0) < rest.len ||
        !single_word(expander, rest, false, &name) || !single_word(expander, rest, true, &raw)) {
        return false;
    }
    *out = (struct df_heredoc){.name = name,
                               .fd = fd <= UINT32_MAX ? (uint32_t)fd : UINT32_MAX,
                               .expand = str_eq(name, raw),
                               .chomp = chomp};
    return true;
}

bool df_heredoc_parse(struct arena *arena, struct str word, struct df_heredoc *out)
{
    struct df_expander expander;
    df_expander_init(&expander, arena, NULL, NULL, heredoc_escape);
    bool found = parse_word(&expander, word, out);
    df_expander_release(&expander);
    return found;
}

void df_heredoc_find(struct arena *arena, struct str line, struct df_heredoc **out, size_t *count)
{
    struct df_expander expander;
    struct df_expansion expansion;
    struct str *words = NULL;
    size_t word_count = 0;
    *out = NULL;
    *count = 0;
    df_expander_init(&expander, arena, NULL, NULL, heredoc_escape);
    df_expand_words(
        &expander, &expansion, &words, &word_count, line,
        (struct df_expand_mode){.keep_unset = true, .raw_quotes = true, .raw_escapes = true});
    struct df_heredoc *found = NULL;
    for (size_t i = 0; i < word_count; i++) {
        struct df_heredoc heredoc;
        if (str_find(words[i], STR("<<")) == words[i].len ||
            !parse_word(&expander, words[i], &heredoc)) {
            continue;
        }
        if (found == NULL) {
            found = ARENA_ARRAY(arena, struct df_heredoc, word_count - i);
        }
        if (found != NULL) {
            found[(*count)++] = heredoc;
        }
    }
    *out = found;
    df_expander_release(&expander);
}
