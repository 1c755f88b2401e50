/* SPDX-License-Identifier: Apache-2.0
 *
 * regexp.c - the PCRE2 adapter; no other file sees its types. Limits: 100,000 match steps, depth
 * 1,000, 1 MiB of heap per match. See regexp.h.
 */
#define PCRE2_CODE_UNIT_WIDTH 8
#include "runtime/regexp.h"

#include <pcre2.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include "core/alloc.h"
#include "runtime/regexp_check.h"

enum { MATCH_LIMIT = 100000, DEPTH_LIMIT = 1000, HEAP_LIMIT_KIB = 1024 };

struct regexp {
    const plim_allocator *allocator;
    pcre2_general_context *general;
    pcre2_compile_context *compile;
    pcre2_match_context *limits;
    pcre2_code *code;
    pcre2_match_data *data;
};

/* PCRE2 frees without a size: each block carries its own in front. */
union block {
    size_t size;
    max_align_t align;
};

static void *pcre_alloc(size_t size, void *user)
{
    const plim_allocator *allocator = user;
    if (size > SIZE_MAX - sizeof(union block)) {
        return NULL;
    }
    union block *block = alloc_resize(allocator, NULL, 0, size + sizeof(union block));
    if (block == NULL) {
        return NULL;
    }
    block->size = size + sizeof(union block);
    return block + 1;
}

static void pcre_free(void *ptr, void *user)
{
    if (ptr != NULL) {
        union block *block = (union block *)ptr - 1;
        alloc_free(user, block, block->size);
    }
}

void regexp_free(struct regexp *regex)
{
    if (regex == NULL) {
        return;
    }
    pcre2_match_data_free(regex->data);
    pcre2_code_free(regex->code);
    pcre2_match_context_free(regex->limits);
    pcre2_compile_context_free(regex->compile);
    pcre2_general_context_free(regex->general);
    alloc_free(regex->allocator, regex, sizeof *regex);
}

static plim_status make_contexts(struct regexp *regex)
{
    /* The contexts keep the pointer without const; it is only ever read back by pcre_alloc. */
    void *user = (void *)(uintptr_t)regex->allocator;
    regex->general = pcre2_general_context_create(pcre_alloc, pcre_free, user);
    if (regex->general == NULL) {
        return PLIM_STATUS_NOMEM;
    }
    regex->compile = pcre2_compile_context_create(regex->general);
    regex->limits = pcre2_match_context_create(regex->general);
    if (regex->compile == NULL || regex->limits == NULL) {
        return PLIM_STATUS_NOMEM;
    }
    pcre2_set_parens_nest_limit(regex->compile, 64);
    pcre2_set_match_limit(regex->limits, MATCH_LIMIT);
    pcre2_set_depth_limit(regex->limits, DEPTH_LIMIT);
    pcre2_set_heap_limit(regex->limits, HEAP_LIMIT_KIB);
    return PLIM_STATUS_OK;
}

static plim_status compile(struct regexp *regex, struct str pattern, struct regexp_error *error)
{
    int code = 0;
    PCRE2_SIZE offset = 0;
    regex->code = pcre2_compile((PCRE2_SPTR)pattern.ptr, pattern.len,
                                PCRE2_NEVER_BACKSLASH_C | PCRE2_DOLLAR_ENDONLY, &code, &offset,
                                regex->compile);
    if (regex->code == NULL) {
        if (code == PCRE2_ERROR_HEAP_FAILED) {
            return PLIM_STATUS_NOMEM;
        }
        error->offset = offset;
        pcre2_get_error_message(code, (PCRE2_UCHAR *)error->text, sizeof error->text);
        return PLIM_STATUS_POLICY;
    }
    regex->data = pcre2_match_data_create(1, regex->general);
    return regex->data != NULL ? PLIM_STATUS_OK : PLIM_STATUS_NOMEM;
}

plim_status regexp_new(struct regexp **out, const plim_allocator *allocator, struct str pattern,
                       struct regexp_error *error)
{
    struct regexp_error unused;
    struct regexp_error *why = error != NULL ? error : &unused;
    if (!regexp_check_syntax(pattern, why)) {
        return PLIM_STATUS_POLICY;
    }
    const plim_allocator *used = alloc_or_default(allocator);
    struct regexp *regex = alloc_zeroed(used, sizeof *regex);
    if (regex == NULL) {
        return PLIM_STATUS_NOMEM;
    }
    regex->allocator = used;
    plim_status status = make_contexts(regex);
    if (status == PLIM_STATUS_OK) {
        status = compile(regex, pattern, why);
    }
    if (status != PLIM_STATUS_OK) {
        regexp_free(regex);
        return status;
    }
    *out = regex;
    return PLIM_STATUS_OK;
}

bool regexp_check(struct str pattern, struct regexp_error *error)
{
    struct regexp *regex = NULL;
    plim_status status = regexp_new(&regex, NULL, pattern, error);
    if (status == PLIM_STATUS_NOMEM) {
        snprintf(error->text, sizeof error->text, "out of memory");
    }
    regexp_free(regex);
    return status == PLIM_STATUS_OK;
}

bool regexp_matches_everything(struct str pattern)
{
    struct regexp *regex = NULL;
    if (regexp_new(&regex, NULL, pattern, NULL) != PLIM_STATUS_OK) {
        return false;
    }
    /* A pattern that finds nothing in the empty text needs something; one that still finds nothing
     * in an unlikely text is anchored at both ends. */
    bool all = regexp_match(regex, STR("")) == REGEXP_MATCH &&
               regexp_match(regex, STR("\x01 q\x7f")) == REGEXP_MATCH;
    regexp_free(regex);
    return all;
}

enum regexp_result regexp_match(struct regexp *regex, struct str subject)
{
    if (subject.len > REGEXP_MAX_SUBJECT) {
        return REGEXP_LIMIT;
    }
    int found = pcre2_match(regex->code, (PCRE2_SPTR)subject.ptr, subject.len, 0, 0, regex->data,
                            regex->limits);
    if (found >= 0) {
        return REGEXP_MATCH;
    }
    return found == PCRE2_ERROR_NOMATCH ? REGEXP_NO_MATCH : REGEXP_LIMIT;
}

void regexp_describe_library(struct buf *out)
{
    char version[64];
    buf_append_cstr(out, "pcre2 ");
    if (pcre2_config(PCRE2_CONFIG_VERSION, NULL) < (int)sizeof version &&
        pcre2_config(PCRE2_CONFIG_VERSION, version) > 0) {
        buf_append_cstr(out, version);
    }
    buf_append_char(out, '\n');
}
