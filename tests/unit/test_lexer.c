/* SPDX-License-Identifier: Apache-2.0
 *
 * test_lexer.c - keywords against the grammar and the schema, and the length caps of tokens. What
 * the tokens of a text are is tested by the goldens of stage `tokens`.
 */
#include "compiler/lexer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

#include "compiler/parse_state.h"
#include "facts/schema.h"

struct fixture {
    struct source_set sources;
    struct diag_list diags;
    struct arena arena;
    struct lexer_keywords keywords;
    struct lexer lexer;
};

static void open_text(struct fixture *fixture, struct str text)
{
    source_id id = SOURCE_NONE;
    source_set_init(&fixture->sources, NULL);
    diag_list_init(&fixture->diags, NULL);
    arena_init(&fixture->arena, NULL, 0);
    lexer_keywords_init(&fixture->keywords);
    assert_int_equal(source_add_view(&fixture->sources, &id, STR("t.plim"), text), PLIM_STATUS_OK);
    struct span whole = {.source = id, .end = (uint32_t)text.len};
    assert_int_equal(lexer_init(&fixture->lexer, &fixture->arena, source_get(&fixture->sources, id),
                                id, whole, &fixture->keywords, &fixture->diags),
                     PLIM_STATUS_OK);
}

static void close_text(struct fixture *fixture)
{
    arena_release(&fixture->arena);
    diag_list_release(&fixture->diags);
    source_set_release(&fixture->sources);
}

static int first_token(struct str text)
{
    struct fixture fixture;
    open_text(&fixture, text);
    GRAMMAR_STYPE value;
    struct span span;
    int token = lexer_next(&fixture.lexer, &value, &span);
    close_text(&fixture);
    return token;
}

/* Every alias of a word in the grammar is a keyword, and every keyword has its token. */
static void keywords_agree_with_the_grammar(void **state)
{
    (void)state;
    static const char *const sorts[] = {"name",        "string", "text",   "version",    "number",
                                        "duration",    "size",   "start",  "error",      "item",
                                        "module path", "not in", "is not", "end of file"};
    size_t keywords = 0;
    for (int symbol = 0; parse_token_name(symbol) != NULL; symbol++) {
        struct str name = str_from_cstr(parse_token_name(symbol));
        bool sort = name.ptr[0] < 'a' || name.ptr[0] > 'z';
        for (size_t i = 0; i < sizeof sorts / sizeof *sorts; i++) {
            sort |= str_eq(name, str_from_cstr(sorts[i]));
        }
        if (sort || str_find_char(name, ' ', 0) < name.len) {
            continue;
        }
        int token = first_token(name);
        assert_string_equal(lexer_keyword_text(token), name.ptr);
        assert_string_equal(parse_token_text(token), name.ptr);
        keywords++;
    }
    enum {
#define KEYWORD(token, text, category) ROW_##token,
#include "compiler/keywords.def"
#undef KEYWORD
        KEYWORD_ROWS
    };
    assert_int_equal(keywords, KEYWORD_ROWS);
}

static void is_usable_name(struct str name)
{
    struct fixture fixture;
    open_text(&fixture, name);
    GRAMMAR_STYPE value;
    struct span span;
    int token = lexer_next(&fixture.lexer, &value, &span);
    enum lexer_category category = lexer_keyword_category(token);
    bool word = category == LEXER_WORD || category == LEXER_META || token == TOKEN_NOW ||
                token == TOKEN_WITH;
    if (token != TOKEN_NAME && !word) {
        fail_msg("%.*s is a reserved word", STR_FMT(name));
    }
    close_text(&fixture);
}

/* Kinds, views, groups, enumerations and their members are written bare, so none is reserved. */
static void schema_names_are_not_reserved(void **state)
{
    (void)state;
    for (unsigned kind = 0; kind < FACT_KIND_COUNT; kind++) {
        is_usable_name(schema_kind((enum fact_kind)kind)->name);
    }
    for (unsigned view = 0; view < FACT_VIEW_COUNT; view++) {
        is_usable_name(schema_view((enum fact_view)view)->name);
    }
    for (size_t group = 0; group < schema_group_count(); group++) {
        is_usable_name(schema_group(group)->name);
    }
    for (unsigned id = 0; id < FACT_ENUM_COUNT; id++) {
        const struct fact_enum_info *info = schema_enum((enum fact_enum)id);
        is_usable_name(info->name);
        for (unsigned member = 0; member < info->member_count; member++) {
            is_usable_name(info->members[member]);
        }
    }
}

/* A text of `length` bytes: `open`, filler, `close`. */
static struct str filled(struct arena *arena, const char *open, char filler, const char *close,
                         size_t length)
{
    struct str head = str_from_cstr(open);
    struct str tail = str_from_cstr(close);
    char *text = arena_alloc(arena, length + 1);
    assert_non_null(text);
    for (size_t i = 0; i < length; i++) {
        size_t from_end = length - i;
        text[i] = i < head.len           ? head.ptr[i]
                  : from_end <= tail.len ? tail.ptr[tail.len - from_end]
                                         : filler;
    }
    return str_make(text, length);
}

static void is_limited(const char *open, char filler, const char *close, size_t most)
{
    for (size_t length = most - 1; length <= most + 1; length++) {
        struct fixture fixture;
        struct arena arena;
        arena_init(&arena, NULL, 0);
        open_text(&fixture, filled(&arena, open, filler, close, length));
        GRAMMAR_STYPE value;
        struct span span;
        int token = lexer_next(&fixture.lexer, &value, &span);
        assert_int_equal(span.end, length);
        if (length > most) {
            assert_int_equal(token, TOKEN_BAD);
            assert_int_equal(fixture.diags.errors, 1);
            assert_int_equal(fixture.diags.items[0]->id, DIAG_token_too_long);
        } else {
            assert_int_not_equal(token, TOKEN_BAD);
            assert_int_equal(fixture.diags.errors, 0);
        }
        assert_int_equal(lexer_next(&fixture.lexer, &value, &span), TOKEN_END);
        assert_int_equal(lexer_next(&fixture.lexer, &value, &span), TOKEN_END);
        close_text(&fixture);
        arena_release(&arena);
    }
}

static void tokens_have_a_greatest_length(void **state)
{
    (void)state;
    is_limited("", 'a', "", LEXER_MAX_WORD);
    is_limited("", '0', "", LEXER_MAX_WORD);
    is_limited("v1.", '0', "", LEXER_MAX_WORD);
    is_limited("\"", 'x', "\"", LEXER_MAX_STRING);
    is_limited("\"\"\"", 'x', "\"\"\"", LEXER_MAX_STRING);
}

static void values_are_slices_of_the_source(void **state)
{
    (void)state;
    struct str text = STR("  \"abc\" name");
    struct fixture fixture;
    open_text(&fixture, text);
    GRAMMAR_STYPE value;
    struct span span;
    assert_int_equal(lexer_next(&fixture.lexer, &value, &span), TOKEN_STRING);
    assert_ptr_equal(value.text.ptr, text.ptr + 3);
    assert_int_equal(span.start, 2);
    assert_int_equal(lexer_next(&fixture.lexer, &value, &span), TOKEN_NAME);
    assert_ptr_equal(value.text.ptr, text.ptr + 8);
    close_text(&fixture);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(keywords_agree_with_the_grammar),
        cmocka_unit_test(schema_names_are_not_reserved),
        cmocka_unit_test(tokens_have_a_greatest_length),
        cmocka_unit_test(values_are_slices_of_the_source),
    };
    return cmocka_run_group_tests_name("lexer", tests, NULL, NULL);
}
