/* SPDX-License-Identifier: Apache-2.0
 *
 * co_schema_say.c - see co_schema_say.h.
 */
#include "facts/compose/co_schema_say.h"

#include <string.h>

#include "core/guess.h"
#include "facts/compose/co_form.h"
#include "facts/compose/co_text.h"

/* The schema that attributes.def was made from. */
#define SCHEMA_STATE "the Compose specification of July 2026"

/* Room for a list of kinds or words. */
enum { LIST_MAX = 160 };

/* Mappings with more keys are not listed in a note. */
enum { MANY_KEYS = 10 };

struct words {
    char text[LIST_MAX];
    size_t length;
};

static void add_text(struct words *words, const char *text, size_t length)
{
    if (length < LIST_MAX - words->length) {
        memcpy(words->text + words->length, text, length);
        words->length += length;
    }
    words->text[words->length] = '\0';
}

/* Appends one of `left` words that are still to come. */
static void add_word(struct words *words, struct str word, size_t left)
{
    if (words->length > 0) {
        add_text(words, left == 1 ? " or " : ", ", left == 1 ? 4 : 2);
    }
    add_text(words, word.ptr, word.len);
}

/* What may stand there: "a string", "a list or mapping". A string that is cast has to be what it is
 * cast to. */
static void list_kinds(struct words *words, const struct co_type *type)
{
    static const struct {
        unsigned bits;
        struct str text;
    } kinds[] = {
        {CO_LIST, {"list", 4}},    {CO_MAP, {"mapping", 7}},       {CO_STRING, {"string", 6}},
        {CO_FLOAT, {"number", 6}}, {CO_INT, {"whole number", 12}}, {CO_BOOL, {"boolean", 7}},
    };
    unsigned accepts = type->accepts & ~(unsigned)CO_NULL;
    if (type->cast != CO_CAST_NONE) {
        accepts &= ~(unsigned)CO_STRING;
    }
    if ((accepts & CO_FLOAT) != 0) {
        accepts &= ~(unsigned)CO_INT;
    }
    size_t left = 0;
    for (unsigned bits = accepts; bits != 0; bits &= bits - 1) {
        left++;
    }
    struct words list = {.length = 0};
    for (size_t i = 0; i < sizeof kinds / sizeof kinds[0]; i++) {
        if ((accepts & kinds[i].bits) != 0) {
            add_word(&list, kinds[i].text, left);
            left--;
        }
    }
    add_text(words, "a ", 2);
    add_text(words, list.text, list.length);
}

/* The blank-separated words of an enumeration as a sentence has them. */
static void list_words(struct words *words, const char *given)
{
    size_t left = 1;
    for (const char *at = given; *at != '\0'; at++) {
        left += *at == ' ';
    }
    for (struct str rest = str_from_cstr(given); rest.len > 0; left--) {
        size_t blank = str_find_char(rest, ' ', 0);
        add_word(words, str_slice(rest, 0, blank), left);
        rest = str_slice(rest, blank + 1, rest.len);
    }
}

/* Where to point: a value, or its key when it is empty or goes over lines. */
static struct span place_of(const struct co_spot *spot)
{
    bool wide = spot->node->kind == TREE_LIST || spot->node->kind == TREE_MAP;
    bool nothing = spot->node->kind == TREE_NULL && spot->node->text.len == 0;
    if (spot->entry != NULL && (wide || nothing) &&
        spot->entry->key_span.source == spot->node->span.source) {
        return spot->entry->key_span;
    }
    return spot->node->span;
}

/* ---- kinds ---- */

/* Key of the value or of the list around it. */
static struct str key_above(const struct co_spot *spot)
{
    while (spot != NULL && spot->entry == NULL) {
        spot = spot->up;
    }
    return spot != NULL ? str_slice(spot->entry->key, 0, CO_QUOTE_MAX) : STR("include");
}

static void note_on_text(struct co_run *run, struct diag *diag, const struct co_spot *spot)
{
    const struct co_type *type = spot->type;
    const struct tree_node *node = spot->node;
    bool number = node->kind == TREE_INT || node->kind == TREE_UINT || node->kind == TREE_FLOAT;
    struct str text = str_slice(node->text, 0, CO_QUOTE_MAX);
    if ((type->accepts & CO_INT) != 0) {
        return; /* quotes would hide the mistake */
    }
    if (type->example != NULL && number) {
        diag_add_note(run->diags, diag, "write it with a unit, such as %s", type->example);
    } else if (node->kind == TREE_FLOAT) {
        diag_add_note(run->diags, diag, "YAML reads %.*s as a number; write it in quotes: \"%.*s\"",
                      STR_FMT(text), STR_FMT(text));
    } else {
        diag_add_note(run->diags, diag, "write it in quotes: \"%.*s\"", STR_FMT(text));
    }
}

/* A mapping in a list of texts: mostly `- KEY: VALUE`, or a text with ": " inside. */
static void note_on_item(struct co_run *run, struct diag *diag, const struct co_spot *spot)
{
    const struct tree_node *node = spot->node;
    const struct tree_entry *entry = &node->u.map.entries[0];
    bool single =
        node->u.map.count == 1 && entry->value->kind != TREE_LIST && entry->value->kind != TREE_MAP;
    if (!single) {
        return;
    }
    if ((spot->up->type->accepts & CO_MAP) != 0) {
        diag_add_note(run->diags, diag,
                      "write `- %.*s=%.*s`, or leave out the dash before each key",
                      STR_FMT(str_slice(entry->key, 0, CO_QUOTE_MAX)),
                      STR_FMT(str_slice(entry->value->text, 0, CO_QUOTE_MAX)));
    } else {
        diag_add_note(run->diags, diag,
                      "a colon and a blank make a mapping: write the whole text in quotes");
    }
}

static void note_on_kind(struct co_run *run, struct diag *diag, const struct co_spot *spot)
{
    const struct co_type *type = spot->type;
    enum tree_kind kind = spot->node->kind;
    bool scalar = kind != TREE_LIST && kind != TREE_MAP && kind != TREE_NULL;
    struct str key = key_above(spot);
    if (kind == TREE_NULL) {
        diag_add_note(run->diags, diag, "%s",
                      type->accepts & CO_MAP
                          ? "what belongs to it must be indented further than the key"
                          : "give it a value or leave out the key");
    } else if (scalar && (type->accepts & CO_STRING) != 0) {
        note_on_text(run, diag, spot);
    } else if (scalar && type->accepts == CO_BOOL && spot->node->kind == TREE_STRING) {
        diag_add_note(run->diags, diag, "write true or false, without quotes");
    } else if (scalar && spot->node->variables != NULL) {
        diag_add_note(run->diags, diag, "a variable makes a text, never a list or mapping");
    } else if (scalar && (type->accepts & CO_LIST) != 0) {
        diag_add_note(run->diags, diag, "write a list: `%.*s: [...]`, or items with `- ` in front",
                      STR_FMT(key));
    } else if (kind == TREE_LIST && (type->accepts & CO_MAP) != 0) {
        diag_add_note(run->diags, diag, "write the keys below `%.*s` without `- ` in front",
                      STR_FMT(key));
    } else if (kind == TREE_MAP && spot->entry == NULL && spot->up != NULL &&
               (type->accepts & CO_STRING) != 0 && spot->node->u.map.count > 0) {
        note_on_item(run, diag, spot);
    } else if (kind == TREE_MAP && (type->accepts & CO_LIST) != 0) {
        diag_add_note(run->diags, diag, "write the items below `%.*s` with `- ` in front",
                      STR_FMT(key));
    }
}

void co_say_kind(struct co_run *run, const struct co_spot *spot)
{
    struct arena_mark mark = arena_mark(run->arena);
    const struct tree_node *node = spot->node;
    struct str where = co_path_text(run->arena, spot->path);
    struct words allowed = {.length = 0};
    list_kinds(&allowed, spot->type);
    struct diag *diag;
    if (node->kind == TREE_NULL) {
        diag = co_refuse(run, DIAG_compose_kind, place_of(spot), "%.*s has no value: it must be %s",
                         STR_FMT(where), allowed.text);
    } else if (node->kind == TREE_LIST || node->kind == TREE_MAP) {
        diag = co_refuse(run, DIAG_compose_kind, place_of(spot), "%.*s must be %s, not %s",
                         STR_FMT(where), allowed.text, tree_kind_text(node->kind));
    } else {
        const char *kind = tree_kind_text(node->kind);
        struct str value = node->kind == TREE_STRING ? co_quote(run->arena, "", node->text, "")
                                                     : str_slice(node->text, 0, CO_QUOTE_MAX);
        diag = co_refuse(run, DIAG_compose_kind, place_of(spot), "%.*s must be %s, not the %s %.*s",
                         STR_FMT(where), allowed.text, strchr(kind, ' ') + 1, STR_FMT(value));
    }
    note_on_kind(run, diag, spot);
    arena_rewind(run->arena, mark);
}

/* ---- keys ---- */

/* Attributes of older formats of the file, and what says the same today. */
static const struct {
    struct str key;
    const char *remedy;
} older_keys[] = {
    {{"dockerfile", 10}, "write it below `build`, with `context` beside it"},
    {{"log_driver", 10}, "write `driver` below `logging`"},
    {{"log_opt", 7}, "write `options` below `logging`"},
    {{"net", 3}, "write `network_mode`"},
    {{"volume_driver", 13}, "write `driver` at the volume, below `volumes` of the file"},
};

static const char *older_key(const struct co_type *type, struct str key)
{
    if (co_type_of_key(type, STR("network_mode")) == NULL) {
        return NULL; /* no service */
    }
    for (size_t i = 0; i < sizeof older_keys / sizeof older_keys[0]; i++) {
        if (str_eq(key, older_keys[i].key)) {
            return older_keys[i].remedy;
        }
    }
    return NULL;
}

/* Whether `key` is one of the named keys of a type. */
static bool names_key(const struct co_type *type, struct str key)
{
    for (size_t i = 0; i < type->key_count; i++) {
        if (str_eq(type->keys[i].name, key)) {
            return true;
        }
    }
    return false;
}

/* The mapping above `spot` that knows the key: the line may be indented too far. */
static const struct co_spot *known_above(const struct co_spot *spot, struct str key)
{
    for (const struct co_spot *up = spot->up; up != NULL; up = up->up) {
        if (names_key(up->type, key)) {
            return up;
        }
    }
    return NULL;
}

/* The attribute of `type` below which the key is known. */
static const struct co_key *known_below(const struct co_type *type, struct str key)
{
    for (size_t i = 0; i < type->key_count; i++) {
        if (names_key(type->keys[i].type, key)) {
            return &type->keys[i];
        }
    }
    return NULL;
}

static struct guess guess_key(const struct co_type *type, struct str key)
{
    struct guess guess = guess_start(key);
    for (size_t i = 0; i < type->key_count; i++) {
        guess_consider(&guess, type->keys[i].name);
    }
    return guess;
}

static void note_allowed_keys(struct co_run *run, struct diag *diag, const struct co_type *type)
{
    struct words list = {.length = 0};
    if (type->key_count > MANY_KEYS) {
        return;
    }
    for (size_t i = 0; i < type->key_count; i++) {
        add_word(&list, type->keys[i].name, type->key_count - i);
    }
    diag_add_note(run->diags, diag, "it may have %s%s", list.text,
                  type->closed ? "" : ", and keys that begin with x-");
}

/* What an unknown key may have been meant for. */
struct meaning {
    const char *remedy; /* an older format had it */
    const struct co_spot *above;
    const struct co_key *below;
    struct str similar;
};

static struct meaning find_meaning(const struct co_spot *spot, struct str key)
{
    struct meaning meaning = {.remedy = older_key(spot->type, key),
                              .above = known_above(spot, key),
                              .below = known_below(spot->type, key)};
    if (meaning.remedy == NULL && meaning.above == NULL && meaning.below == NULL) {
        meaning.similar = guess_key(spot->type, key).best;
    }
    return meaning;
}

static bool has_meaning(const struct meaning *meaning)
{
    return meaning->remedy != NULL || meaning->above != NULL || meaning->below != NULL ||
           meaning->similar.len > 0;
}

static void say_meaning(struct co_run *run, struct diag *diag, const struct meaning *meaning,
                        struct str key)
{
    if (meaning->remedy != NULL) {
        diag_add_note(run->diags, diag, "older formats had it: %s", meaning->remedy);
    } else if (meaning->above != NULL) {
        diag_add_note(run->diags, diag, "`%.*s` is known to %s: the line may be indented too far",
                      STR_FMT(key), meaning->above->type->called);
    } else if (meaning->below != NULL) {
        diag_add_note(run->diags, diag, "`%.*s` is known below `%.*s`", STR_FMT(key),
                      STR_FMT(meaning->below->name));
    } else if (meaning->similar.len > 0) {
        diag_set_caret(run->diags, diag, "did you mean `%.*s`?", STR_FMT(meaning->similar));
    }
}

/* Whether the key may be younger than the table: such a file is refused by the Compose that the
 * table describes, and that is told, but it need not be wrong. */
static bool may_be_newer(const struct co_spot *spot, const struct meaning *meaning, struct str key)
{
    for (size_t i = 0; i < key.len; i++) {
        char c = key.ptr[i];
        if (!(c >= 'a' && c <= 'z') && !(c >= '0' && c <= '9') && c != '_') {
            return false;
        }
    }
    return spot->up != NULL && key.len > 0 && key.len <= GUESS_MAX_NAME && !has_meaning(meaning);
}

void co_say_unknown_key(struct co_run *run, const struct co_spot *spot,
                        const struct tree_entry *entry)
{
    struct arena_mark mark = arena_mark(run->arena);
    struct co_path path = {.up = spot->path, .key = entry->key};
    struct str where = co_path_text(run->arena, &path);
    const char *called = spot->type->called;
    struct meaning meaning = find_meaning(spot, entry->key);
    if (may_be_newer(spot, &meaning, entry->key)) {
        struct diag *diag =
            diag_report(run->diags, DIAG_compose_newer_key, entry->key_span,
                        "%.*s: %s has no such attribute in " SCHEMA_STATE, STR_FMT(where), called);
        diag_add_note(run->diags, diag,
                      "Compose of that time refuses the file; a newer one may know the attribute");
        run->refused = true;
    } else {
        struct diag *diag = co_refuse(run, DIAG_compose_unknown_key, entry->key_span,
                                      "%.*s: %s has no such attribute", STR_FMT(where), called);
        say_meaning(run, diag, &meaning, entry->key);
        if (!has_meaning(&meaning)) {
            note_allowed_keys(run, diag, spot->type);
        }
        if (spot->up == NULL && tree_is(entry->value, TREE_MAP) &&
            (tree_get(entry->value, STR("image")) != NULL ||
             tree_get(entry->value, STR("build")) != NULL)) {
            diag_add_note(run->diags, diag, "a service must be indented, below `services:`");
        }
    }
    arena_rewind(run->arena, mark);
}

void co_say_first_format(struct co_run *run, const struct tree_entry *entry)
{
    struct diag *diag = co_refuse(
        run, DIAG_compose_first_format, entry->key_span,
        "the file has no `services`: `%.*s` looks like a service of the first format of such files",
        STR_FMT(str_slice(entry->key, 0, CO_QUOTE_MAX)));
    diag_add_note(run->diags, diag,
                  "Compose reads it no longer: write `services:` above and indent what follows");
}

void co_say_missing_key(struct co_run *run, const struct co_spot *spot, struct str key)
{
    struct arena_mark mark = arena_mark(run->arena);
    struct str where = co_path_text(run->arena, spot->path);
    struct diag *diag =
        co_refuse(run, DIAG_compose_missing_key, place_of(spot), "%.*s: %s must have `%.*s`",
                  STR_FMT(where), spot->type->called, STR_FMT(key));
    const struct co_type *type = co_type_of_key(spot->type, key);
    if (type->check == CO_CHECK_ENUM) {
        struct words list = {.length = 0};
        list_words(&list, type->words);
        diag_add_note(run->diags, diag, "`%.*s` is %s", STR_FMT(key), list.text);
    }
    arena_rewind(run->arena, mark);
}

void co_say_name(struct co_run *run, const struct co_spot *spot, const struct tree_entry *entry)
{
    struct arena_mark mark = arena_mark(run->arena);
    struct str where = co_path_text(run->arena, spot->path);
    struct str name = co_quote(run->arena, "", entry->key, "");
    struct diag *diag = co_refuse(run, DIAG_compose_name, entry->key_span, "%.*s: %.*s is no name",
                                  STR_FMT(where), STR_FMT(name));
    diag_add_note(run->diags, diag, "%s", co_form_allowed(spot->type->names));
    if (str_find_char(entry->key, '$', 0) < entry->key.len) {
        diag_add_note(run->diags, diag, "variables are replaced in values only, never in keys");
    }
    arena_rewind(run->arena, mark);
}

/* ---- values ---- */

void co_say_word(struct co_run *run, const struct co_spot *spot)
{
    struct arena_mark mark = arena_mark(run->arena);
    struct str where = co_path_text(run->arena, spot->path);
    struct words list = {.length = 0};
    list_words(&list, spot->type->words);
    struct str value = co_quote(run->arena, "", spot->node->text, "");
    struct diag *diag =
        co_refuse(run, DIAG_compose_word, spot->node->span, "%.*s must be %s, not %.*s",
                  STR_FMT(where), list.text, STR_FMT(value));
    struct guess guess = guess_start(spot->node->text);
    for (struct str rest = str_from_cstr(spot->type->words); rest.len > 0;) {
        size_t blank = str_find_char(rest, ' ', 0);
        guess_consider(&guess, str_slice(rest, 0, blank));
        rest = str_slice(rest, blank + 1, rest.len);
    }
    if (guess.best.len > 0) {
        diag_set_caret(run->diags, diag, "did you mean `%.*s`?", STR_FMT(guess.best));
    }
    arena_rewind(run->arena, mark);
}

void co_say_form(struct co_run *run, const struct co_spot *spot)
{
    struct arena_mark mark = arena_mark(run->arena);
    struct str where = co_path_text(run->arena, spot->path);
    struct str value = co_quote(run->arena, "", spot->node->text, "");
    struct diag *diag = co_refuse(run, DIAG_compose_form, spot->node->span, "%.*s: %.*s is not %s",
                                  STR_FMT(where), STR_FMT(value), spot->type->called);
    diag_add_note(run->diags, diag, "%s", co_form_allowed(spot->type->pattern));
    if (spot->node->variables != NULL) {
        diag_add_note(run->diags, diag, "the text was made from variables");
    }
    arena_rewind(run->arena, mark);
}

void co_say_range(struct co_run *run, const struct co_spot *spot)
{
    struct arena_mark mark = arena_mark(run->arena);
    struct str where = co_path_text(run->arena, spot->path);
    struct str value = str_slice(spot->node->text, 0, CO_QUOTE_MAX);
    if (spot->type->most == INT64_MAX) {
        (void)co_refuse(run, DIAG_compose_range, spot->node->span,
                        "%.*s must be at least %lld, not %.*s", STR_FMT(where),
                        (long long)spot->type->least, STR_FMT(value));
    } else {
        (void)co_refuse(run, DIAG_compose_range, spot->node->span,
                        "%.*s must be between %lld and %lld, not %.*s", STR_FMT(where),
                        (long long)spot->type->least, (long long)spot->type->most, STR_FMT(value));
    }
    arena_rewind(run->arena, mark);
}

void co_say_repeated(struct co_run *run, const struct co_spot *spot, size_t first, size_t second)
{
    struct arena_mark mark = arena_mark(run->arena);
    const struct tree_node *item = spot->node->u.list.items[second];
    const struct tree_node *other = spot->node->u.list.items[first];
    struct str where = co_path_text(run->arena, spot->path);
    struct str value = co_quote(run->arena, "", item->text, "");
    struct diag *diag =
        co_refuse(run, DIAG_compose_repeated, item->span, "%.*s: items %zu and %zu are both %.*s",
                  STR_FMT(where), first + 1, second + 1, STR_FMT(value));
    diag_add_label(run->diags, diag, other->span, "stands here first");
    arena_rewind(run->arena, mark);
}
