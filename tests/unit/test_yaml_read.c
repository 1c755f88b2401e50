/* SPDX-License-Identifier: Apache-2.0
 *
 * test_yaml_read.c - trees, places, anchors, merge keys, refusals, limits, memory failures.
 */
#include "facts/yaml/yaml_read.h"

#include <stdarg.h>
#include <setjmp.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "core/alloc.h"
#include "core/buf.h"
#include "fault_alloc.h"

/* One text while it is tested. */
struct reading {
    struct arena arena;
    struct diag_list diags;
    struct yaml_documents documents;
    plim_status status;
    const struct tree_node *root; /* of the first document */
};

static void read_text(struct reading *reading, struct str text)
{
    *reading = (struct reading){.root = NULL};
    arena_init(&reading->arena, NULL, 0);
    diag_list_init(&reading->diags, NULL);
    reading->status = yaml_read(&reading->documents, &reading->arena, 7, text, &reading->diags);
    if (reading->documents.count > 0) {
        reading->root = reading->documents.items[0];
    }
}

static void release(struct reading *reading)
{
    arena_release(&reading->arena);
    diag_list_release(&reading->diags);
}

/* The text must be read; its spans are checked with `expect_at`. */
static void read_good(struct reading *reading, const char *text)
{
    read_text(reading, str_from_cstr(text));
    if (reading->status != PLIM_STATUS_OK) {
        struct str reason = reading->diags.count > 0 ? reading->diags.items[0]->message : STR("?");
        fail_msg("%s: refused: %.*s", text, (int)reason.len, reason.ptr);
    }
    assert_int_equal(reading->diags.count, 0);
}

/* Value below a path of keys, such as "a/b"; lists by position. */
static const struct tree_node *at(const struct reading *reading, const char *path)
{
    const struct tree_node *node = reading->root;
    struct str rest = str_from_cstr(path);
    while (rest.len > 0 && node != NULL) {
        size_t slash = str_find_char(rest, '/', 0);
        struct str part = str_slice(rest, 0, slash);
        rest = str_slice(rest, slash + 1, rest.len);
        unsigned long long index = 0;
        if (tree_is(node, TREE_LIST) && str_to_u64(part, &index) && index < node->u.list.count) {
            node = node->u.list.items[index];
        } else {
            node = tree_get(node, part);
        }
    }
    assert_non_null(node);
    return node;
}

static void expect_text(const struct reading *reading, const char *path, const char *text)
{
    const struct tree_node *node = at(reading, path);
    assert_int_equal(node->kind, TREE_STRING);
    assert_int_equal(node->text.len, strlen(text));
    assert_memory_equal(node->text.ptr, text, node->text.len);
}

static void expect_integer(const struct reading *reading, const char *path, int64_t value)
{
    assert_int_equal(at(reading, path)->kind, TREE_INT);
    assert_int_equal(at(reading, path)->u.integer, value);
}

/* The bytes of the source that a span covers. */
static void expect_covers(const char *source, struct span span, const char *covered)
{
    assert_int_equal(span.source, 7);
    assert_true(span.start <= span.end && span.end <= strlen(source));
    struct str text = str_make(source + span.start, span.end - span.start);
    if (!str_eq(text, str_from_cstr(covered))) {
        fail_msg("span is `%.*s`, not `%s`", (int)text.len, text.ptr, covered);
    }
}

static void test_reads_nothing_and_several_documents(void **state)
{
    (void)state;
    struct reading reading;
    read_good(&reading, "");
    assert_int_equal(reading.documents.count, 0);
    release(&reading);
    read_good(&reading, "# only a comment\n");
    assert_int_equal(reading.documents.count, 0);
    release(&reading);
    read_good(&reading, "---\n---\na: 1\n...\n--- text\n");
    assert_int_equal(reading.documents.count, 3);
    assert_int_equal(reading.documents.items[0]->kind, TREE_NULL);
    assert_int_equal(reading.documents.items[1]->kind, TREE_MAP);
    assert_int_equal(reading.documents.items[2]->kind, TREE_STRING);
    release(&reading);
}

static void test_covers_what_was_written(void **state)
{
    (void)state;
    static const char source[] = "services:\n"
                                 "  web: &w !override\n"
                                 "    image: \"a\\tb\" # comment\n"
                                 "    ports: [80, {x: y}]\n"
                                 "    run: &r |\n"
                                 "      one\n"
                                 "\n"
                                 "# comment\n"
                                 "list:\n"
                                 "- a\n"
                                 "- !!str 1\n"
                                 "-\n"
                                 "\n"
                                 "empty:\n"
                                 "? last\n"
                                 "\n";
    struct reading reading;
    read_good(&reading, source);
    expect_covers(source, at(&reading, "services/web/image")->span, "\"a\\tb\"");
    expect_covers(source, at(&reading, "services/web/ports")->span, "[80, {x: y}]");
    expect_covers(source, at(&reading, "services/web/ports/0")->span, "80");
    expect_covers(source, at(&reading, "services/web/ports/1")->span, "{x: y}");
    expect_covers(source, at(&reading, "services/web/run")->span, "|\n      one");
    expect_covers(source, at(&reading, "list")->span, "- a\n- !!str 1\n-");
    expect_covers(source, at(&reading, "list/1")->span, "1");
    expect_covers(source, at(&reading, "empty")->span, "");
    expect_covers(source, at(&reading, "last")->span, "");
    struct span web = at(&reading, "services/web")->span;
    assert_memory_equal(source + web.start, "image:", 6);
    assert_int_equal(web.end, at(&reading, "services/web/run")->span.end);
    assert_int_equal(at(&reading, "services")->span.end, web.end);
    assert_int_equal(reading.root->span.start, 0);
    assert_memory_equal(source + reading.root->span.end - 4, "last", 4);
    expect_covers(source, reading.root->u.map.entries[3].key_span, "last");
    assert_int_equal(at(&reading, "services/web")->flags, TREE_OVERRIDE);
    assert_int_equal(at(&reading, "services/web/image")->flags, TREE_QUOTED);
    assert_int_equal(at(&reading, "services/web/run")->flags, TREE_BLOCK);
    release(&reading);
}

static void test_counts_bytes_not_characters(void **state)
{
    (void)state;
    static const char source[] = "\xef\xbb\xbf# \xc3\xa9\xe2\x82\xac\xf0\x9f\x98\x80\r\n"
                                 "\xc3\xa4: '\xf0\x9f\x98\x80'\r\n"
                                 "b: [\xe2\x82\xac, c]\r\n";
    struct reading reading;
    read_good(&reading, source);
    expect_covers(source, reading.root->u.map.entries[0].key_span, "\xc3\xa4");
    expect_covers(source, at(&reading, "\xc3\xa4")->span, "'\xf0\x9f\x98\x80'");
    expect_covers(source, at(&reading, "b")->span, "[\xe2\x82\xac, c]");
    expect_covers(source, at(&reading, "b/1")->span, "c");
    release(&reading);
    /* The place of a mistake counts bytes, too. */
    static const char wrong[] = "\xef\xbb\xbf\xc3\xa4: \xe2\x82\xac\nb: @\n";
    read_text(&reading, str_from_cstr(wrong));
    assert_int_equal(reading.status, PLIM_STATUS_INPUT);
    assert_int_equal(reading.diags.items[0]->id, DIAG_yaml_syntax);
    assert_int_equal(wrong[reading.diags.items[0]->span.start], '@');
    release(&reading);
}

static void test_plain_texts_are_views(void **state)
{
    (void)state;
    static const char source[] =
        "plain: two words\nquoted: 'x y'\nfolded: a\n  b\nescaped: \"\\_\"\n";
    struct reading reading;
    read_good(&reading, source);
    const char *end = source + sizeof source;
    assert_true(at(&reading, "plain")->text.ptr > source && at(&reading, "plain")->text.ptr < end);
    assert_true(at(&reading, "quoted")->text.ptr > source &&
                at(&reading, "quoted")->text.ptr < end);
    assert_true(reading.root->u.map.entries[0].key.ptr == source);
    expect_text(&reading, "plain", "two words");
    expect_text(&reading, "quoted", "x y");
    expect_text(&reading, "folded", "a b");
    expect_text(&reading, "escaped", "\xc2\xa0");
    release(&reading);
}

static void test_keys_that_are_no_strings(void **state)
{
    (void)state;
    struct reading reading;
    read_good(&reading,
              "1: a\n\"2\": b\n!!str 3: c\ntrue: d\n2024-01-01: e\nyes: f\n&k x: g\n~: h\n");
    static const bool not_string[] = {true, false, false, true, true, false, false, true};
    for (size_t i = 0; i < sizeof not_string; i++) {
        assert_int_equal(reading.root->u.map.entries[i].not_string, not_string[i]);
    }
    expect_text(&reading, "1", "a");
    expect_text(&reading, "true", "d");
    release(&reading);
}

static void test_anchors_share(void **state)
{
    (void)state;
    struct reading reading;
    read_good(&reading, "a: &x {k: v}\nb: *x\nc: [*x, &y 1, *y]\n? &x d\n: 2\nh: {*x : 3}\ne: *x\n"
                        "f: &z [&z 5]\ng: *z\n");
    assert_ptr_equal(at(&reading, "a"), at(&reading, "b"));
    assert_ptr_equal(at(&reading, "a"), at(&reading, "c/0"));
    expect_integer(&reading, "c/2", 1);
    expect_integer(&reading, "h/d", 3);
    expect_text(&reading, "e", "d");
    expect_integer(&reading, "g", 5);
    release(&reading);
}

static void test_anchors_may_be_defined_again(void **state)
{
    (void)state;
    struct reading reading;
    read_good(&reading, "a: &x 1\nb: &x 2\nc: *x\nd: &y [&y 5]\ne: *y\n--- \nf: *x\n");
    expect_integer(&reading, "c", 2);
    expect_integer(&reading, "e", 5);
    reading.root = reading.documents.items[1];
    expect_integer(&reading, "f", 2); /* the reference keeps them for the documents behind */
    release(&reading);
}

static void test_merges(void **state)
{
    (void)state;
    struct reading reading;
    read_good(&reading, "a: &a {x: 1, y: 1}\n"
                        "b: &b {x: 2, z: 2}\n"
                        "c: &c {<<: *a, y: 3}\n"
                        "after: {x: 9, <<: *a}\n"
                        "list: {<<: [*a, *b, {w: 4}]}\n"
                        "deep: {<<: *c, z: 5}\n"
                        "inline: {<<: {x: 6}}\n"
                        "none: {<<: []}\n"
                        "all: &l [*a, *b]\n"
                        "by_alias: {<<: *l}\n"
                        "quoted: {'<<': *a}\n"
                        "tagged: {!!merge m: *a}\n");
    expect_integer(&reading, "c/x", 1);
    expect_integer(&reading, "c/y", 3);
    expect_integer(&reading, "after/x", 9);
    expect_integer(&reading, "after/y", 1);
    expect_integer(&reading, "list/x", 1);
    expect_integer(&reading, "list/z", 2);
    expect_integer(&reading, "list/w", 4);
    expect_integer(&reading, "deep/x", 1);
    expect_integer(&reading, "deep/y", 3);
    expect_integer(&reading, "deep/z", 5);
    expect_integer(&reading, "inline/x", 6);
    assert_int_equal(at(&reading, "none")->u.map.count, 0);
    expect_integer(&reading, "by_alias/z", 2);
    assert_int_equal(at(&reading, "quoted")->u.map.count, 1);
    expect_integer(&reading, "quoted/<</x", 1);
    expect_integer(&reading, "tagged/y", 1);
    release(&reading);
}

/* Refused texts with the diagnostic and the text at its place. */
static const struct {
    const char *text;
    enum diag_id id;
    const char *place; /* what stands at the start of the span */
} refused[] = {
    {"a: 1\nb: 2\na: 3\n", DIAG_yaml_repeated_key, "a: 3"},
    {"a: {<<: {}, <<: {}}\n", DIAG_yaml_repeated_key, "<<: {}}"},
    {"1: a\n'1': b\n", DIAG_yaml_repeated_key, "'1'"},
    {"? [a]\n: b\n", DIAG_yaml_key, "[a]"},
    {"{[a]: b}\n", DIAG_yaml_key, "[a]"},
    {"? ? a\n", DIAG_yaml_key, "? a"},
    {"a: &x [1]\n*x : b\n", DIAG_yaml_key, "*x"},
    {"a: *x\n", DIAG_yaml_alias, "*x"},
    {"a: &x\n  b: *x\n", DIAG_yaml_alias, "*x"},
    {"a: {<<: 1}\n", DIAG_yaml_merge, "<<"},
    {"a: {<<: [{}, 1]}\n", DIAG_yaml_merge, "<<"},
    {"a: {<<: }\n", DIAG_yaml_merge, "<<"},
    {"a: !!int yes\n", DIAG_yaml_tag, "yes"},
    {"a: !!bool 1\n", DIAG_yaml_tag, "1"},
    {"a: !!float x\n", DIAG_yaml_tag, "x"},
    {"a: !!null x\n", DIAG_yaml_tag, "x"},
    {"a: !!timestamp x\n", DIAG_yaml_tag, "x"},
    {"a: !!binary '='\n", DIAG_yaml_tag, "'='"},
    {"a: !!binary /w==\n", DIAG_yaml_tag, "/w"},
    {"a: [1\n", DIAG_yaml_syntax, ""},
    {"%YAML 1.2\n---\na: 1\n", DIAG_yaml_syntax, "%YAML 1.2"},
    {"a:\n\tb: 1\n", DIAG_yaml_syntax, "\tb"},
    {"a: b: c\n", DIAG_yaml_syntax, ": c"},
    {"[?x]\n", DIAG_yaml_syntax, "?x"},
    {"{a: b, ?x: c}\n", DIAG_yaml_syntax, "?x"},
    {"{?, a}\n", DIAG_yaml_syntax, "?,"},
    {"[[a: b], ?*x]\n", DIAG_yaml_syntax, "?*x"},
    {"[a ? b]\n", DIAG_yaml_syntax, "? b"},
    {"{a: b? }\n", DIAG_yaml_syntax, "? }"},
    {"a: \"b\\\\\\/\"\n", DIAG_yaml_syntax, "\\/"},
    {"a: \"\\/b\"\n", DIAG_yaml_syntax, "\\/"},
    {"[&x !!str, a]\n", DIAG_yaml_syntax, ", a"},
    {"[!!str, a]\n", DIAG_yaml_syntax, ", a"},
    {"a: &x? b\n", DIAG_yaml_syntax, "? b"},
    {"a: !b&c &x@ b\n", DIAG_yaml_syntax, "@ b"},
    {"a: &x b\nc: *x%\n", DIAG_yaml_syntax, "%"},
    {"a: \x01\n", DIAG_yaml_text, "\x01"},
    {"a: \x7f\n", DIAG_yaml_text, "\x7f"},
    {"a: \xc3\n", DIAG_yaml_text, "\xc3"},
    {"\xff\xfe\x61", DIAG_yaml_text, "\xff\xfe"},
    {"\xfe\xff\x61", DIAG_yaml_text, "\xfe\xff"},
};

static void test_refuses(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof refused / sizeof refused[0]; i++) {
        struct reading reading;
        read_text(&reading, str_from_cstr(refused[i].text));
        assert_int_equal(reading.status, PLIM_STATUS_INPUT);
        assert_int_equal(reading.documents.count, 0);
        assert_int_equal(reading.diags.count, 1);
        const struct diag *diag = reading.diags.items[0];
        if (diag->id != refused[i].id || strncmp(refused[i].text + diag->span.start,
                                                 refused[i].place, strlen(refused[i].place)) != 0) {
            fail_msg("%s: %s at `%s`: %.*s", refused[i].text, diag_code(diag->id),
                     refused[i].text + diag->span.start, (int)diag->message.len, diag->message.ptr);
        }
        release(&reading);
    }
}

/* Close to what is refused, and read alike everywhere. */
static void test_reads_what_looks_odd(void **state)
{
    (void)state;
    struct reading reading;
    read_good(&reading,
              "a: b? c\nd? : e?\nf: {g?: h?, ? i: j}\nk: [? l, m?n, {? : 1}]\n"
              "o: \"\\\\/ \\t\"\np: {q: !!str &x , r: *x}\ns: [!!str &y, *y]\n? t\n: u\n");
    expect_text(&reading, "a", "b? c");
    expect_text(&reading, "d?", "e?");
    expect_text(&reading, "f/g?", "h?");
    expect_text(&reading, "f/i", "j");
    assert_int_equal(at(&reading, "k/0")->kind, TREE_MAP);
    expect_text(&reading, "k/1", "m?n");
    expect_text(&reading, "o", "\\/ \t");
    expect_text(&reading, "p/r", "");
    expect_text(&reading, "s/1", "");
    expect_text(&reading, "t", "u");
    release(&reading);
}

static void test_names_both_places_of_a_key(void **state)
{
    (void)state;
    static const char source[] = "a: 1\nb: 2\na: 3\n";
    struct reading reading;
    read_text(&reading, str_from_cstr(source));
    const struct diag *diag = reading.diags.items[0];
    assert_int_equal(diag->span.start, 10);
    assert_int_equal(diag->labels->span.start, 0);
    assert_null(diag->labels->next);
    release(&reading);
}

static void test_reports_several_mistakes(void **state)
{
    (void)state;
    struct reading reading;
    read_text(&reading, STR("a: {x: 1, x: 2}\nb: !!int c\nd: {y: 1, y: 2}\n"));
    assert_int_equal(reading.status, PLIM_STATUS_INPUT);
    assert_int_equal(reading.diags.count, 3);
    release(&reading);
}

/* ---- limits ------------------------------------------------------------------------------------
 */

/* Builds a text of `count` parts between a head and a tail; %zu in the part is its number. */
static void build(struct buf *text, const char *head, const char *part, size_t count,
                  const char *tail)
{
    buf_init(text, NULL, 64 << 20);
    buf_append(text, str_from_cstr(head));
    for (size_t i = 0; i < count; i++) {
        const char *number = strchr(part, '#');
        if (number == NULL) {
            buf_append(text, str_from_cstr(part));
        } else {
            buf_append(text, str_make(part, (size_t)(number - part)));
            buf_printf(text, "%zu", i);
            buf_append(text, str_from_cstr(number + 1));
        }
    }
    buf_append(text, str_from_cstr(tail));
    assert_int_equal(buf_status(text), PLIM_STATUS_OK);
}

static void expect_limit(const char *head, const char *part, size_t allowed, const char *tail)
{
    for (size_t count = allowed - 1; count <= allowed + 1; count++) {
        struct buf text;
        struct reading reading;
        build(&text, head, part, count, tail);
        read_text(&reading, buf_view(&text));
        plim_status expected = count <= allowed ? PLIM_STATUS_OK : PLIM_STATUS_LIMIT;
        if (reading.status != expected) {
            fail_msg("%zu times `%s`: %s", count, part, plim_status_name(reading.status));
        }
        assert_int_equal(reading.diags.count, count <= allowed ? 0 : 1);
        if (count > allowed) {
            assert_int_equal(reading.diags.items[0]->id, DIAG_yaml_limit);
        }
        release(&reading);
        buf_release(&text);
    }
}

static void test_limits(void **state)
{
    (void)state;
    expect_limit("", "- ", YAML_MAX_DEPTH, "x\n");
    expect_limit("[", "x,", YAML_MAX_VALUES - 1, "]\n"); /* the list is a value, too */
    expect_limit("- &a [[x]]\n- ", "- ", YAML_MAX_DEPTH - 3, "*a\n");
    expect_limit("- &a x\n", "- *a\n", YAML_MAX_ALIASES, "");
    expect_limit("", "--- a\n", YAML_MAX_DOCUMENTS, "");
    expect_limit("", "%TAG !a#! x\n", YAML_MAX_TAG_PREFIXES, "--- a\n");
}

/* A list of 2,499 items and the aliases of it: 2,500 nodes each, 250,000 with 99 aliases, 2,500
 * written nodes, the outer list and the aliases themselves. */
static void test_limit_of_nodes(void **state)
{
    (void)state;
    for (int extra = -1; extra <= 1; extra++) {
        struct buf text;
        build(&text, "- &a [", "x,", 2499, "]\n");
        for (size_t i = 0; i < 98; i++) {
            buf_append(&text, STR("- *a\n"));
        }
        int written = 1 + 2500 + 98; /* the rest is filled up with single items */
        int rest = YAML_MAX_NODES - written - 98 * 2500 + extra;
        for (int i = 0; i < rest; i++) {
            buf_append(&text, STR("- x\n"));
        }
        struct reading reading;
        read_text(&reading, buf_view(&text));
        assert_int_equal(reading.status, extra <= 0 ? PLIM_STATUS_OK : PLIM_STATUS_LIMIT);
        release(&reading);
        buf_release(&text);
    }
}

/* With 56 items, a list of 20 nodes, one of ten aliases of it, and n aliases of that, 88 + n nodes
 * are written and 200 + 211 n named: at n = 76 exactly 99 times as many. */
static void test_limit_of_the_alias_ratio(void **state)
{
    (void)state;
    assert_int_equal(YAML_MAX_ALIAS_RATIO, 100); /* what all has to what is written */
    assert_true(YAML_FEW_NODES < 100 * (88 + 76));
    for (size_t aliases = 75; aliases <= 77; aliases++) {
        struct buf text;
        struct reading reading;
        build(&text, "", "- x\n", 56,
              "- &a [x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x,x]\n"
              "- &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\n");
        for (size_t i = 0; i < aliases; i++) {
            buf_append(&text, STR("- *b\n"));
        }
        read_text(&reading, buf_view(&text));
        assert_int_equal(reading.status, aliases <= 76 ? PLIM_STATUS_OK : PLIM_STATUS_LIMIT);
        release(&reading);
        buf_release(&text);
    }
    /* lists of ten in lists of ten: what each name stands for grows tenfold */
    static const char laughs[] =
        "a: &a [x,x,x,x,x,x,x,x,x,x]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a,*a]\n"
        "c: &c [*b,*b,*b,*b,*b,*b,*b,*b,*b,*b]\n"
        "d: &d [*c,*c,*c,*c,*c,*c,*c,*c,*c,*c]\n"
        "e: &e [*d,*d,*d,*d,*d,*d,*d,*d,*d,*d]\n";
    struct reading reading;
    read_text(&reading, str_from_cstr(laughs));
    assert_int_equal(reading.status, PLIM_STATUS_LIMIT);
    assert_memory_equal(laughs + reading.diags.items[0]->span.start, "*c", 2);
    release(&reading);
}

/* Inputs on which the parser alone would take seconds: that they end is what is tested. */
static void test_ends_early_on_deep_texts(void **state)
{
    (void)state;
    static const char *const parts[] = {
        "[", "{\"\":[", "- ", "{a: ", "[[],", "!!a [", "&a [", "- - - - - - - - - - "};
    for (size_t i = 0; i < sizeof parts / sizeof parts[0]; i++) {
        struct buf text;
        struct reading reading;
        build(&text, "", parts[i], 100000, "");
        read_text(&reading, buf_view(&text));
        assert_int_equal(reading.status, PLIM_STATUS_LIMIT);
        assert_int_equal(reading.diags.items[0]->id, DIAG_yaml_limit);
        release(&reading);
        buf_release(&text);
    }
}

/* ---- memory ------------------------------------------------------------------------------------
 */

static plim_status scenario(const plim_allocator *allocator, void *user)
{
    struct str text = *(const struct str *)user;
    struct arena arena;
    struct diag_list diags;
    struct yaml_documents documents;
    arena_init(&arena, allocator, 0);
    diag_list_init(&diags, allocator);
    plim_status status = yaml_read(&documents, &arena, 0, text, &diags);
    if (status == PLIM_STATUS_INPUT) {
        assert_true(diags.errors > 0);
        status = diag_list_status(&diags);
    }
    diag_list_release(&diags);
    arena_release(&arena);
    return status;
}

static void test_survives_every_failing_allocation(void **state)
{
    (void)state;
    struct str texts[] = {
        STR("a: &a {x: 1, y: \"\\t\"}\nb: {<<: [*a, {z: !!binary aGk=}], w: [1, 2]}\n---\nc: |\n  "
            "d\n"),
        STR("a: 1\na: 2\n"),
        STR("a: [\n"),
        STR("a: \x01\n"),
        STR("a: *b\n"),
    };
    for (size_t i = 0; i < sizeof texts / sizeof texts[0]; i++) {
        fault_alloc_run(scenario, &texts[i]);
    }
    struct buf large;
    build(&large, "{", "key#: &a# \"\\t\",", 300, "}\n");
    struct str text = buf_view(&large);
    fault_alloc_run(scenario, &text);
    buf_release(&large);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reads_nothing_and_several_documents),
        cmocka_unit_test(test_covers_what_was_written),
        cmocka_unit_test(test_counts_bytes_not_characters),
        cmocka_unit_test(test_plain_texts_are_views),
        cmocka_unit_test(test_keys_that_are_no_strings),
        cmocka_unit_test(test_anchors_share),
        cmocka_unit_test(test_anchors_may_be_defined_again),
        cmocka_unit_test(test_merges),
        cmocka_unit_test(test_refuses),
        cmocka_unit_test(test_reads_what_looks_odd),
        cmocka_unit_test(test_names_both_places_of_a_key),
        cmocka_unit_test(test_reports_several_mistakes),
        cmocka_unit_test(test_limits),
        cmocka_unit_test(test_limit_of_nodes),
        cmocka_unit_test(test_limit_of_the_alias_ratio),
        cmocka_unit_test(test_ends_early_on_deep_texts),
        cmocka_unit_test(test_survives_every_failing_allocation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
