/* SPDX-License-Identifier: Apache-2.0
 *
 * co_piece.c - lays the text of a scalar beside what was written and looks which words between the
 * variables stand where. What cannot be told for sure is left to the whole scalar.
 */
#include "facts/compose/co_piece.h"

#include <string.h>

/* What was written between two offsets, with "$$" for "$" as long as `written` has one. */
static struct str written_at(const struct source *source, uint32_t from, uint32_t to)
{
    return str_slice(source->text, from, to);
}

static bool gather_uses(struct co_pieces *pieces, source_id id)
{
    uint32_t behind = pieces->content;
    for (const struct tree_variable *v = pieces->node->variables; v != NULL; v = v->next) {
        if (v->use.source != id || v->use.start < pieces->content ||
            v->use.end > pieces->content_end) {
            return false;
        }
        if (v->use.start < behind) {
            continue; /* inside the word of the one before */
        }
        if (pieces->use_count == CO_PIECE_MAX_USES) {
            return false;
        }
        pieces->uses[pieces->use_count].variable = v;
        pieces->use_count++;
        behind = v->use.end;
    }
    return true;
}

/* Whether `word` stands in text[from, to) exactly once; then `*at` is where. */
static bool find_once(struct str text, size_t from, size_t to, struct str word, size_t *at)
{
    struct str room = str_slice(text, from, to);
    size_t first = str_find(room, word);
    if (first + word.len > room.len) {
        return false;
    }
    *at = from + first;
    struct str rest = str_slice(room, first + 1, room.len);
    return str_find(rest, word) == rest.len;
}

/* End of the value that starts at `start`: where the word behind it begins. */
static bool end_of_value(const struct co_pieces *pieces, size_t use, size_t start, size_t tail,
                         struct str word, size_t *end)
{
    struct str text = pieces->node->text;
    if (use + 1 == pieces->use_count) {
        *end = tail;
        return tail >= start;
    }
    if (!pieces->uses[use].variable->known && start < text.len && text.ptr[start] == TREE_HOLE) {
        *end = start + 1;
        return str_starts_with(str_slice(text, *end, tail), word);
    }
    return word.len > 0 && find_once(text, start, tail, word, end);
}

/* Lays text and words beside each other; false when they do not fit or may fit in two ways. */
static bool align(struct co_pieces *pieces, const struct source *source)
{
    struct str text = pieces->node->text;
    if (pieces->use_count == 0) {
        return str_eq(text, written_at(source, pieces->content, pieces->content_end));
    }
    const struct tree_variable *first = pieces->uses[0].variable;
    const struct tree_variable *last = pieces->uses[pieces->use_count - 1].variable;
    struct str head = written_at(source, pieces->content, first->use.start);
    struct str end = written_at(source, last->use.end, pieces->content_end);
    if (head.len + end.len > text.len || !str_starts_with(text, head) ||
        !str_ends_with(text, end)) {
        return false;
    }
    size_t at = head.len;
    for (size_t i = 0; i < pieces->use_count; i++) {
        struct str word = STR("");
        if (i + 1 < pieces->use_count) {
            word = written_at(source, pieces->uses[i].variable->use.end,
                              pieces->uses[i + 1].variable->use.start);
        }
        pieces->uses[i].text_start = at;
        if (!end_of_value(pieces, i, at, text.len - end.len, word, &pieces->uses[i].text_end)) {
            return false;
        }
        at = pieces->uses[i].text_end + word.len;
    }
    return true;
}

/* Gives each use a list of its own: its variable and those inside its words. The scalar's list is
 * in the order of the text. */
static void part_variables(struct co_pieces *pieces)
{
    size_t use = 0;
    const struct tree_variable **next = NULL;
    for (const struct tree_variable *v = pieces->node->variables; v != NULL; v = v->next) {
        if (use < pieces->use_count && v == pieces->uses[use].variable) {
            next = &pieces->uses[use].own;
            use++;
        }
        struct tree_variable *copy = ARENA_NEW(pieces->arena, struct tree_variable);
        if (copy == NULL || next == NULL) {
            return;
        }
        *copy = *v;
        copy->next = NULL;
        *next = copy;
        next = &copy->next;
    }
}

void co_pieces_init(struct co_pieces *pieces, struct arena *arena, const struct source_set *sources,
                    const struct tree_node *node)
{
    *pieces = (struct co_pieces){.arena = arena, .node = node};
    const struct source *source = source_get(sources, node->span.source);
    if (source == NULL || node->kind != TREE_STRING || (node->flags & TREE_BLOCK) != 0 ||
        node->span.end > source->text.len || node->span.start > node->span.end) {
        return;
    }
    unsigned quote = (node->flags & TREE_QUOTED) != 0 ? 1 : 0;
    if (node->span.end - node->span.start < 2 * quote) {
        return;
    }
    pieces->content = node->span.start + quote;
    pieces->content_end = node->span.end - quote;
    pieces->aligned = gather_uses(pieces, node->span.source) && align(pieces, source);
    if (pieces->aligned && pieces->use_count > 1) {
        part_variables(pieces);
    }
}

/* Offset in the source of an offset in the text that lies in no value. */
static uint32_t place_of(const struct co_pieces *pieces, size_t at)
{
    uint32_t base = pieces->content;
    size_t behind = 0;
    for (size_t i = 0; i < pieces->use_count && at >= pieces->uses[i].text_end; i++) {
        base = pieces->uses[i].variable->use.end;
        behind = pieces->uses[i].text_end;
    }
    return base + (uint32_t)(at - behind);
}

/* Whether a use has a part in text[from, to); an empty value counts where it touches. */
static bool takes_part(const struct co_pieces *pieces, size_t use, size_t from, size_t to)
{
    size_t start = pieces->uses[use].text_start;
    size_t end = pieces->uses[use].text_end;
    return start == end ? from <= start && start <= to : start < to && end > from;
}

static void set_text(struct tree_node *piece, struct str text)
{
    piece->text = text;
    piece->flags &= ~(unsigned)TREE_HOLES;
    if (str_find_char(text, TREE_HOLE, 0) < text.len) {
        piece->flags |= TREE_HOLES;
    }
}

struct tree_node *co_piece(const struct co_pieces *pieces, size_t from, size_t to)
{
    struct tree_node *piece = tree_copy(pieces->arena, pieces->node);
    if (piece == NULL) {
        return NULL;
    }
    piece->kind = TREE_STRING;
    piece->over = NULL;
    set_text(piece, str_slice(pieces->node->text, from, to));
    if (!pieces->aligned) {
        return piece;
    }
    size_t first = pieces->use_count;
    size_t last = 0;
    for (size_t i = 0; i < pieces->use_count; i++) {
        if (takes_part(pieces, i, from, to)) {
            first = i < first ? i : first;
            last = i;
        }
    }
    bool with_uses = first < pieces->use_count;
    bool starts_in_value = with_uses && from >= pieces->uses[first].text_start;
    bool ends_in_value = with_uses && to <= pieces->uses[last].text_end;
    piece->span.start =
        starts_in_value ? pieces->uses[first].variable->use.start : place_of(pieces, from);
    piece->span.end = ends_in_value ? pieces->uses[last].variable->use.end : place_of(pieces, to);
    if (!with_uses) {
        piece->variables = NULL;
    } else if (first == last && pieces->use_count > 1) {
        piece->variables = pieces->uses[first].own;
    }
    if (from > 0 || to < pieces->node->text.len) {
        piece->flags &= ~(unsigned)TREE_QUOTED; /* the quotes stand around the whole */
    }
    return piece;
}

struct tree_node *co_piece_view(const struct co_pieces *pieces, struct str view)
{
    struct str text = pieces->node->text;
    if (view.ptr >= text.ptr && view.ptr + view.len <= text.ptr + text.len) {
        size_t from = (size_t)(view.ptr - text.ptr);
        return co_piece(pieces, from, from + view.len);
    }
    struct tree_node *piece = tree_copy(pieces->arena, pieces->node);
    if (piece != NULL) {
        piece->kind = TREE_STRING;
        piece->over = NULL;
        set_text(piece, view);
    }
    return piece;
}
