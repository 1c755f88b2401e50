/* SPDX-License-Identifier: Apache-2.0
 *
 * ignore_glob.c - see ignore_glob.h.
 *
 * Two steps, as in the reference: the line becomes the text of a regular expression (in which an
 * inner "*" of a class like "[a*]" ends that class - a habit of the reference that is kept), and
 * the text becomes items. Matching keeps the set of states that can be reached as bits; all steps
 * without input lead forward, so one sweep over the set closes it, and no input is read twice.
 */
#include "facts/context/ignore_glob.h"

#include <string.h>

#include "core/alloc.h"
#include "core/buf.h"
#include "core/utf8.h"

enum { MAX_EXPRESSION = 1 << 20, WORDS = IGNORE_GLOB_MAX_STATES / 64 + 1 };

#define RUNE_MAX 0x10FFFFu
#define NO_RUNE UINT32_MAX

enum item_kind {
    ITEM_RUNE,        /* `value` */
    ITEM_NOT_NEWLINE, /* "." */
    ITEM_CLASS,       /* ranges [value, value + ranges), negated or not */
    ITEM_OPTIONAL,    /* goes on with the next item or skips three; takes no input */
    ITEM_AT_START,    /* these four take no input and hold or not */
    ITEM_AT_END,
    ITEM_WORD_EDGE,
    ITEM_NO_WORD_EDGE,
};

struct ignore_glob_item {
    uint8_t kind;
    bool starred; /* any number of times */
    bool negated;
    uint32_t value;
    uint32_t ranges;
};

struct ignore_glob_range {
    uint32_t low;
    uint32_t high;
};

/* Classes that have a name: pairs of first and last byte. */
struct named_class {
    const char *name;
    const char *pairs;
};

static const struct named_class posix_classes[] = {
    {"alnum", "09AZaz"},   {"alpha", "AZaz"},
    {"blank", "\t\t  "},   {"digit", "09"},
    {"graph", "!~"},       {"lower", "az"},
    {"print", " ~"},       {"punct", "!/:@[`{~"},
    {"space", "\t\r  "},   {"upper", "AZ"},
    {"word", "09AZ__az"},  {"xdigit", "09AFaf"},
    {"ascii", "\x01\x7f"}, {"cntrl", "\x01\x1f\x7f\x7f"},
};

static const struct named_class perl_classes[] = {
    {"d", "09"},
    {"s", "\t\n\f\r  "},
    {"w", "09AZ__az"},
};

/* What is being compiled. */
struct glob_parser {
    struct arena *arena;
    struct ignore_glob_item *items;
    size_t count;
    size_t item_capacity;
    struct ignore_glob_range *ranges;
    size_t range_count;
    size_t range_capacity;
    struct str text; /* the expression from the next character on */
    plim_status status;
};

/* ---- from line to expression ---------------------------------------------------------------- */

/* Characters the reference protects because a regular expression would take them for its own. It
 * means to protect "{", "|" and "}" too, but its bit table has no room for them; so they act. */
static bool needs_escape(char c)
{
    return c != '\0' && strchr(".+()$", c) != NULL;
}

/* Appends the translation of "**" (both stars are taken); `at` is behind them. Returns the offset
 * behind a slash that belongs to it. */
static size_t translate_double_star(struct buf *out, struct str line, size_t at)
{
    if (at < line.len && line.ptr[at] == '/') {
        at++;
    }
    buf_append_cstr(out, at == line.len ? ".*" : "(.*/)?");
    return at;
}

static void translate_line(struct buf *out, struct str line)
{
    for (size_t at = 0; at < line.len;) {
        char c = line.ptr[at];
        if (c == '*' && at + 1 < line.len && line.ptr[at + 1] == '*') {
            at = translate_double_star(out, line, at + 2);
            continue;
        }
        if (c == '*') {
            buf_append_cstr(out, "[^/]*");
            at++;
        } else if (c == '?') {
            buf_append_cstr(out, "[^/]");
            at++;
        } else if (needs_escape(c) || (c == '\\' && at + 1 == line.len)) {
            buf_append_char(out, '\\');
            at += c == '\\' ? 1 : 0;
            if (c != '\\') {
                buf_append_char(out, c);
                at++;
            }
        } else {
            size_t from = at;
            at += c == '\\' ? 1 : 0;
            (void)utf8_next(line, &at);
            buf_append(out, str_slice(line, from, at));
        }
    }
    buf_append_char(out, '$');
}

/* ---- from expression to items --------------------------------------------------------------- */

static void fail(struct glob_parser *parser, plim_status status)
{
    if (parser->status == PLIM_STATUS_OK) {
        parser->status = status;
    }
}

static void add_item(struct glob_parser *parser, struct ignore_glob_item item)
{
    if (parser->count == IGNORE_GLOB_MAX_STATES) {
        fail(parser, PLIM_STATUS_LIMIT);
        return;
    }
    void *items = parser->items;
    if (!alloc_grow(parser->arena->allocator, &items, &parser->item_capacity, parser->count + 1,
                    sizeof(item))) {
        fail(parser, PLIM_STATUS_NOMEM);
        return;
    }
    parser->items = items;
    parser->items[parser->count++] = item;
}

static void add_kind(struct glob_parser *parser, enum item_kind kind)
{
    add_item(parser, (struct ignore_glob_item){.kind = (uint8_t)kind});
}

static void add_rune(struct glob_parser *parser, uint32_t rune)
{
    add_item(parser, (struct ignore_glob_item){.kind = ITEM_RUNE, .value = rune});
}

/* Adds to the class that is the last item. */
static void add_range(struct glob_parser *parser, uint32_t low, uint32_t high)
{
    void *ranges = parser->ranges;
    if (parser->status != PLIM_STATUS_OK ||
        !alloc_grow(parser->arena->allocator, &ranges, &parser->range_capacity,
                    parser->range_count + 1, sizeof(*parser->ranges))) {
        fail(parser, PLIM_STATUS_NOMEM);
        return;
    }
    parser->ranges = ranges;
    parser->ranges[parser->range_count++] = (struct ignore_glob_range){.low = low, .high = high};
    parser->items[parser->count - 1].ranges++;
}

/* Adds a named class, or its complement, to the class that is the last item. */
static void add_named(struct glob_parser *parser, const struct named_class *named, bool negated)
{
    uint32_t next = 0;
    /* NUL cannot stand in the pairs; these two classes begin with it. */
    bool with_nul = named->pairs[0] == '\x01';
    for (const char *pair = named->pairs; *pair != '\0'; pair += 2) {
        uint32_t low = with_nul && pair == named->pairs ? 0 : (unsigned char)pair[0];
        uint32_t high = (unsigned char)pair[1];
        if (!negated) {
            add_range(parser, low, high);
        } else if (low > next) {
            add_range(parser, next, low - 1);
        }
        next = high + 1;
    }
    if (negated) {
        add_range(parser, next, RUNE_MAX);
    }
}

static const struct named_class *find_named(const struct named_class *table, size_t count,
                                            struct str name)
{
    for (size_t i = 0; i < count; i++) {
        if (str_eq(name, str_from_cstr(table[i].name))) {
            return &table[i];
        }
    }
    return NULL;
}

/* Adds the class "\d", "\D" … that `letter` names; false when it names none. */
static bool add_perl_class(struct glob_parser *parser, char letter)
{
    char lower = str_lower_char(letter);
    const struct named_class *named = find_named(
        perl_classes, sizeof(perl_classes) / sizeof(perl_classes[0]), str_make(&lower, 1));
    if (named == NULL) {
        return false;
    }
    add_named(parser, named, lower != letter);
    return true;
}

static bool starts_with(const struct glob_parser *parser, char c)
{
    return parser->text.len > 0 && parser->text.ptr[0] == c;
}

static void skip(struct glob_parser *parser, size_t bytes)
{
    parser->text = str_slice(parser->text, bytes, parser->text.len);
}

/* Next character; an invalid byte is U+FFFD, as in the reference. */
static uint32_t take_rune(struct glob_parser *parser)
{
    if (parser->text.len == 0) {
        fail(parser, PLIM_STATUS_INPUT);
        return NO_RUNE;
    }
    size_t at = 0;
    uint32_t rune = utf8_next(parser->text, &at);
    skip(parser, at);
    return rune == UTF8_INVALID ? 0xFFFD : rune;
}

static bool is_octal_digit(struct str text)
{
    return text.len > 0 && text.ptr[0] >= '0' && text.ptr[0] <= '7';
}

/* "\0" to "\777"; the first digit is taken and is `digit`. */
static uint32_t take_octal(struct glob_parser *parser, uint32_t digit)
{
    uint32_t rune = digit - '0';
    for (int digits = 1; digits < 3 && is_octal_digit(parser->text); digits++) {
        rune = rune * 8 + take_rune(parser) - '0';
    }
    return rune;
}

/* The character an escape stands for; the backslash is taken. Hexadecimal and Unicode class escapes
 * are refused with the malformed ones: no path is written that way. */
static uint32_t take_escape(struct glob_parser *parser)
{
    static const char letters[] = "a\af\fn\nr\rt\tv\v";
    uint32_t rune = take_rune(parser);
    /* One digit other than 0 would be a back-reference. */
    if (rune == '0' || (rune >= '1' && rune <= '7' && is_octal_digit(parser->text))) {
        return take_octal(parser, rune);
    }
    for (size_t i = 0; letters[i] != '\0'; i += 2) {
        if (rune == (unsigned char)letters[i]) {
            return (unsigned char)letters[i + 1];
        }
    }
    bool is_alnum = (rune >= '0' && rune <= '9') || (rune >= 'a' && rune <= 'z') ||
                    (rune >= 'A' && rune <= 'Z');
    if (is_alnum || rune >= 0x80) {
        fail(parser, PLIM_STATUS_INPUT);
    }
    return rune;
}

/* Adds "[:name:]" when it stands here; true when it was taken. */
static bool parse_posix_class(struct glob_parser *parser)
{
    if (!str_starts_with(parser->text, STR("[:"))) {
        return false;
    }
    size_t len = str_find(str_slice(parser->text, 2, parser->text.len), STR(":]"));
    struct str name = str_slice(parser->text, 2, 2 + len);
    if (2 + len == parser->text.len) {
        return false;
    }
    bool negated = name.len > 0 && name.ptr[0] == '^';
    const struct named_class *named =
        find_named(posix_classes, sizeof(posix_classes) / sizeof(posix_classes[0]),
                   str_slice(name, negated ? 1 : 0, name.len));
    if (named == NULL) {
        fail(parser, PLIM_STATUS_INPUT);
        return true;
    }
    skip(parser, len + 4);
    add_named(parser, named, negated);
    return true;
}

static uint32_t take_class_rune(struct glob_parser *parser)
{
    uint32_t rune = take_rune(parser);
    return rune == '\\' ? take_escape(parser) : rune;
}

/* One range or single character of a class. */
static void parse_class_range(struct glob_parser *parser)
{
    if (starts_with(parser, '\\') && parser->text.len > 1 &&
        add_perl_class(parser, parser->text.ptr[1])) {
        skip(parser, 2);
        return;
    }
    uint32_t low = take_class_rune(parser);
    uint32_t high = low;
    if (starts_with(parser, '-') && parser->text.len > 1 && parser->text.ptr[1] != ']') {
        skip(parser, 1);
        high = take_class_rune(parser);
        if (high < low) {
            fail(parser, PLIM_STATUS_INPUT);
        }
    }
    add_range(parser, low, high);
}

/* A class; its "[" is taken. */
static void parse_class(struct glob_parser *parser)
{
    bool negated = starts_with(parser, '^');
    if (negated) {
        skip(parser, 1);
    }
    add_item(parser, (struct ignore_glob_item){.kind = ITEM_CLASS,
                                               .negated = negated,
                                               .value = (uint32_t)parser->range_count});
    bool first = true;
    while (parser->status == PLIM_STATUS_OK && (first || !starts_with(parser, ']'))) {
        first = false;
        if (!parse_posix_class(parser)) {
            parse_class_range(parser);
        }
    }
    skip(parser, 1);
}

/* What follows a backslash outside a class. */
static void parse_escape(struct glob_parser *parser)
{
    static const struct {
        char letter;
        enum item_kind kind;
    } assertions[] = {
        {'A', ITEM_AT_START}, {'z', ITEM_AT_END}, {'b', ITEM_WORD_EDGE}, {'B', ITEM_NO_WORD_EDGE}};

    char letter = parser->text.len > 0 ? parser->text.ptr[0] : '\0';
    for (size_t i = 0; i < sizeof(assertions) / sizeof(assertions[0]); i++) {
        if (letter == assertions[i].letter) {
            skip(parser, 1);
            add_kind(parser, assertions[i].kind);
            return;
        }
    }
    size_t before = parser->count;
    if (letter != '\0' && strchr("dDsSwW", letter) != NULL) {
        skip(parser, 1);
        add_item(parser, (struct ignore_glob_item){.kind = ITEM_CLASS,
                                                   .value = (uint32_t)parser->range_count});
        if (parser->count > before) {
            (void)add_perl_class(parser, letter);
        }
        return;
    }
    uint32_t rune = take_escape(parser);
    add_rune(parser, rune);
}

/* Bytes of a decimal number at `at`. */
static size_t count_digits(struct str text, size_t at)
{
    size_t digits = 0;
    while (at + digits < text.len && text.ptr[at + digits] >= '0' && text.ptr[at + digits] <= '9') {
        digits++;
    }
    return digits;
}

/* Whether a counted repetition, "{2}" "{2,}" "{1,3}", stands behind a "{". Other braces are
 * literal. */
static bool is_repetition(struct str text)
{
    size_t at = count_digits(text, 0);
    if (at > 0 && at < text.len && text.ptr[at] == ',') {
        at++;
        at += count_digits(text, at);
    }
    return at > 0 && at < text.len && text.ptr[at] == '}';
}

/* Parses one alternative, up to a "|" or the end; sets *open_end when it lacks its "$". */
static void parse_alternative(struct glob_parser *parser, bool *open_end)
{
    static const struct str directories = {.ptr = "(.*/)?", .len = 6};
    *open_end = true;
    while (parser->text.len > 0 && !starts_with(parser, '|') && parser->status == PLIM_STATUS_OK) {
        if (str_starts_with(parser->text, directories)) {
            skip(parser, directories.len);
            add_kind(parser, ITEM_OPTIONAL);
            add_item(parser, (struct ignore_glob_item){.kind = ITEM_NOT_NEWLINE, .starred = true});
            add_rune(parser, '/');
            continue;
        }
        uint32_t rune = take_rune(parser);
        if (rune == '$') {
            *open_end = false;
        } else if (rune == '^') {
            add_kind(parser, ITEM_AT_START);
        } else if (rune == '.') {
            add_kind(parser, ITEM_NOT_NEWLINE);
        } else if (rune == '[') {
            parse_class(parser);
        } else if (rune == '\\') {
            parse_escape(parser);
        } else if (rune == '{' && is_repetition(parser->text)) {
            /* Nobody repeats a character of a file name by count; refused, not guessed. */
            fail(parser, PLIM_STATUS_INPUT);
        } else {
            add_rune(parser, rune);
        }
        if (starts_with(parser, '*') && parser->status == PLIM_STATUS_OK) {
            parser->items[parser->count - 1].starred = true;
            skip(parser, 1);
        }
    }
}

/* Moves the finished items of one alternative to the arena and makes room for the next. */
static void keep(struct ignore_glob *out, struct glob_parser *parser)
{
    struct ignore_glob_item *items =
        ARENA_ARRAY(parser->arena, struct ignore_glob_item, parser->count + 1);
    struct ignore_glob_range *ranges =
        ARENA_ARRAY(parser->arena, struct ignore_glob_range, parser->range_count + 1);
    if (items == NULL || ranges == NULL) {
        fail(parser, arena_status(parser->arena));
        return;
    }
    if (parser->count > 0) {
        memcpy(items, parser->items, parser->count * sizeof(*items));
    }
    if (parser->range_count > 0) {
        memcpy(ranges, parser->ranges, parser->range_count * sizeof(*ranges));
    }
    out->items = items;
    out->ranges = ranges;
    out->count = (uint32_t)parser->count;
    parser->count = 0;
    parser->range_count = 0;
}

/* Parses all alternatives into a list. */
static void parse_expression(struct ignore_glob *out, struct glob_parser *parser)
{
    struct ignore_glob *glob = out;
    for (;;) {
        parse_alternative(parser, &glob->open_end);
        keep(glob, parser);
        if (parser->status != PLIM_STATUS_OK || !starts_with(parser, '|')) {
            return;
        }
        skip(parser, 1);
        struct ignore_glob *next = ARENA_NEW(parser->arena, struct ignore_glob);
        if (next == NULL) {
            fail(parser, arena_status(parser->arena));
            return;
        }
        next->open_start = true;
        glob->next = next;
        glob = next;
    }
}

plim_status ignore_glob_compile(struct ignore_glob *out, struct arena *arena, struct str line)
{
    struct buf expression;
    buf_init(&expression, arena->allocator, MAX_EXPRESSION);
    translate_line(&expression, line);
    struct glob_parser parser = {
        .arena = arena, .text = buf_view(&expression), .status = buf_status(&expression)};
    struct ignore_glob glob = {0};
    if (parser.status == PLIM_STATUS_OK) {
        parse_expression(&glob, &parser);
    }
    if (parser.status == PLIM_STATUS_OK) {
        *out = glob;
    }
    alloc_free(arena->allocator, parser.items, parser.item_capacity * sizeof(*parser.items));
    alloc_free(arena->allocator, parser.ranges, parser.range_capacity * sizeof(*parser.ranges));
    buf_release(&expression);
    return parser.status;
}

/* ---- matching ------------------------------------------------------------------------------- */

/* States that can be reached before a character. */
struct state_set {
    uint64_t bits[WORDS];
    uint32_t low; /* no state is below word `low` or at or above word `high` */
    uint32_t high;
};

static void add_state(struct state_set *set, uint32_t state)
{
    uint32_t word = state / 64;
    if (set->high == 0) {
        set->low = word;
        set->high = word;
    }
    /* Words are cleared when the window first takes them in, not all at the start. */
    while (set->high <= word) {
        set->bits[set->high++] = 0;
    }
    while (set->low > word) {
        set->bits[--set->low] = 0;
    }
    set->bits[word] |= UINT64_C(1) << (state % 64);
}

static bool has_state(const struct state_set *set, uint32_t state)
{
    uint32_t word = state / 64;
    return word >= set->low && word < set->high && (set->bits[word] >> (state % 64) & 1) != 0;
}

static bool is_word_rune(uint32_t rune)
{
    return (rune >= '0' && rune <= '9') || (rune >= 'a' && rune <= 'z') ||
           (rune >= 'A' && rune <= 'Z') || rune == '_';
}

/* Whether an item that takes no input may be passed between two characters. */
static bool passes(const struct ignore_glob_item *item, uint32_t before, uint32_t after)
{
    switch ((enum item_kind)item->kind) {
    case ITEM_OPTIONAL:
        return true;
    case ITEM_AT_START:
        return before == NO_RUNE;
    case ITEM_AT_END:
        return after == NO_RUNE;
    case ITEM_WORD_EDGE:
        return is_word_rune(before) != is_word_rune(after);
    case ITEM_NO_WORD_EDGE:
        return is_word_rune(before) == is_word_rune(after);
    case ITEM_RUNE:
    case ITEM_NOT_NEWLINE:
    case ITEM_CLASS:
        break;
    }
    return item->starred;
}

/* Adds what can be reached without input. All such steps go up, so one sweep is enough. */
static void close_set(const struct ignore_glob *glob, struct state_set *set, uint32_t before,
                      uint32_t after)
{
    for (uint32_t word = set->low; word < set->high; word++) {
        uint64_t done = 0;
        for (uint64_t left = set->bits[word]; left != 0; left = set->bits[word] & ~done) {
            uint32_t bit = (uint32_t)__builtin_ctzll(left);
            uint32_t state = word * 64 + bit;
            done |= UINT64_C(1) << bit;
            if (state == glob->count || !passes(&glob->items[state], before, after)) {
                continue;
            }
            add_state(set, state + 1);
            if (glob->items[state].kind == ITEM_OPTIONAL) {
                add_state(set, state + 3);
            }
        }
    }
}

static bool takes(const struct ignore_glob *glob, const struct ignore_glob_item *item,
                  uint32_t rune)
{
    switch ((enum item_kind)item->kind) {
    case ITEM_RUNE:
        return item->value == rune;
    case ITEM_NOT_NEWLINE:
        return rune != '\n';
    case ITEM_CLASS:
        for (uint32_t i = 0; i < item->ranges; i++) {
            const struct ignore_glob_range *range = &glob->ranges[item->value + i];
            if (range->low <= rune && rune <= range->high) {
                return !item->negated;
            }
        }
        return item->negated;
    case ITEM_OPTIONAL:
    case ITEM_AT_START:
    case ITEM_AT_END:
    case ITEM_WORD_EDGE:
    case ITEM_NO_WORD_EDGE:
        break;
    }
    return false;
}

/* Fills `next` with the states behind `rune`. */
static void step(const struct ignore_glob *glob, const struct state_set *set, uint32_t rune,
                 struct state_set *next)
{
    next->high = 0;
    next->low = 0;
    for (uint32_t word = set->low; word < set->high; word++) {
        for (uint64_t left = set->bits[word]; left != 0; left &= left - 1) {
            uint32_t state = word * 64 + (uint32_t)__builtin_ctzll(left);
            if (state < glob->count && takes(glob, &glob->items[state], rune)) {
                add_state(next, glob->items[state].starred ? state : state + 1);
            }
        }
    }
}

static uint32_t rune_at(struct str path, size_t *at)
{
    if (*at >= path.len) {
        return NO_RUNE;
    }
    uint32_t rune = utf8_next(path, at);
    return rune == UTF8_INVALID ? 0xFFFD : rune;
}

/* Whether the text may end here: closes a copy of the set as if nothing followed. */
static bool accepts(const struct ignore_glob *glob, const struct state_set *set,
                    struct state_set *scratch, uint32_t before)
{
    scratch->low = set->low;
    scratch->high = set->high;
    memcpy(scratch->bits + set->low, set->bits + set->low,
           (set->high - set->low) * sizeof(set->bits[0]));
    close_set(glob, scratch, before, NO_RUNE);
    return has_state(scratch, glob->count);
}

static bool match_alternative(const struct ignore_glob *glob, struct str path, bool parents)
{
    struct state_set sets[2];
    struct state_set *set = &sets[0];
    struct state_set *other = &sets[1];
    set->high = 0;
    set->low = 0;
    add_state(set, 0);
    uint32_t before = NO_RUNE;
    size_t at = 0;
    while (set->high > 0) {
        uint32_t after = rune_at(path, &at);
        if ((after == NO_RUNE || (parents && after == '/')) && accepts(glob, set, other, before)) {
            return true;
        }
        close_set(glob, set, before, after);
        if (glob->open_end && has_state(set, glob->count)) {
            return true;
        }
        if (after == NO_RUNE) {
            return false;
        }
        step(glob, set, after, other);
        if (glob->open_start) {
            add_state(other, 0);
        }
        struct state_set *swap = set;
        set = other;
        other = swap;
        before = after;
    }
    return false;
}

bool ignore_glob_matches(const struct ignore_glob *glob, struct str path, bool parents)
{
    for (; glob != NULL; glob = glob->next) {
        if (match_alternative(glob, path, parents)) {
            return true;
        }
    }
    return false;
}
