/* SPDX-License-Identifier: Apache-2.0
 *
 * context_facts.c - see context_facts.h. First the sources that come from the context, then the
 * ignore file, the walk, and at last who takes what.
 */
#include "facts/context/context_facts.h"

#include <string.h>

#include "facts/context/context_walk.h"
#include "facts/context/ignore.h"
#include "facts/context/ignore_read.h"

/* A source of COPY or ADD that comes from the context. */
struct copied {
    fact_row row;
    struct str path;         /* "" for the whole context */
    struct ignore_set match; /* of a wildcard */
    bool wildcard;
    bool exists;
    struct fact_items files;
};

struct builder {
    struct facts *facts;
    struct arena *arena;
    const struct context_request *request;
    struct copied *copied;
    size_t copied_count;
    struct ignore_set ignore;
    struct ignore_set strict; /* without the patterns that bring files back */
    struct ignore_lines lines;
    fact_row *patterns; /* rows, by line */
    struct fact_items *reopens;
    struct str ignore_path;
    struct str other_ignore_path;
    fact_row context;
};

typedef void each_source_fn(struct builder *b, fact_row source);

static void each_in_list(struct builder *b, struct fact_cell list, each_source_fn *visit)
{
    for (uint32_t i = 0; list.state == FACT_PRESENT && i < fact_list_count(list.value); i++) {
        visit(b, (fact_row)facts_list_at(b->facts, list.value, i).value);
    }
}

/* Visits the sources of every COPY without --from and of every ADD. */
static void each_source(struct builder *b, each_source_fn *visit)
{
    struct facts *facts = b->facts;
    struct fact_cell stages =
        facts_get(facts, FACT_KIND_dockerfile, b->request->dockerfile, FIELD_dockerfile_stages);
    for (uint32_t s = 0; stages.state == FACT_PRESENT && s < fact_list_count(stages.value); s++) {
        fact_row stage = (fact_row)facts_list_at(facts, stages.value, s).value;
        struct fact_cell copies = facts_get(facts, FACT_KIND_stage, stage, FIELD_stage_copies);
        for (uint32_t i = 0; i < fact_list_count(copies.value); i++) {
            fact_row copy = (fact_row)facts_list_at(facts, copies.value, i).value;
            if (facts_get(facts, FACT_KIND_copy, copy, FIELD_copy_from).state == FACT_ABSENT) {
                each_in_list(b, facts_get(facts, FACT_KIND_copy, copy, FIELD_copy_sources), visit);
            }
        }
        struct fact_cell adds = facts_get(facts, FACT_KIND_stage, stage, FIELD_stage_adds);
        for (uint32_t i = 0; i < fact_list_count(adds.value); i++) {
            fact_row add = (fact_row)facts_list_at(facts, adds.value, i).value;
            each_in_list(b, facts_get(facts, FACT_KIND_add, add, FIELD_add_sources), visit);
        }
    }
}

static bool is_true(const struct facts *facts, fact_row source, unsigned field)
{
    struct fact_cell cell = facts_get(facts, FACT_KIND_copied_file, source, field);
    return cell.state == FACT_PRESENT && cell.value != 0;
}

/* Path of a source that is known and lies in the context; false for any other. */
static bool local_path(const struct facts *facts, fact_row source, struct str *path)
{
    struct fact_cell kind = facts_get(facts, FACT_KIND_copied_file, source, FIELD_copied_file_kind);
    struct fact_cell text = facts_get(facts, FACT_KIND_copied_file, source, FIELD_copied_file_path);
    if (kind.state != FACT_PRESENT || kind.value != MEMBER_source_kind_path ||
        text.state != FACT_PRESENT || is_true(facts, source, FIELD_copied_file_leaves_context)) {
        return false;
    }
    struct str found = facts_get_str(facts, FACT_KIND_copied_file, source, FIELD_copied_file_path);
    while (found.len > 0 && found.ptr[0] == '/') {
        found = str_slice(found, 1, found.len);
    }
    *path = str_eq(found, STR(".")) ? STR("") : found;
    return true;
}

/* A source ends in a layer of the image. */
static bool ships(const struct facts *facts, fact_row source)
{
    fact_row instruction =
        (fact_row)facts_get(facts, FACT_KIND_copied_file, source, FIELD_copied_file_instruction)
            .value;
    struct fact_cell stage =
        facts_get(facts, FACT_KIND_instruction, instruction, FIELD_instruction_stage);
    return stage.state == FACT_PRESENT &&
           facts_get(facts, FACT_KIND_stage, (fact_row)stage.value, FIELD_stage_shipped).value != 0;
}

static void count_source(struct builder *b, fact_row source)
{
    struct str path;
    b->copied_count += local_path(b->facts, source, &path);
}

static void take_source(struct builder *b, fact_row source)
{
    struct copied *copied = &b->copied[b->copied_count];
    if (!local_path(b->facts, source, &copied->path)) {
        return;
    }
    copied->row = source;
    copied->wildcard = is_true(b->facts, source, FIELD_copied_file_has_wildcard);
    struct ignore_fault fault;
    if (copied->wildcard) {
        plim_status status = ignore_compile(&copied->match, b->arena, &copied->path, 1, &fault);
        if (status != PLIM_STATUS_OK) {
            return;
        }
    }
    b->copied_count++;
}

static bool gather_sources(struct builder *b)
{
    each_source(b, count_source);
    b->copied = ARENA_ARRAY(b->arena, struct copied, b->copied_count + 1);
    if (b->copied == NULL || b->copied_count == 0) {
        return false;
    }
    for (size_t i = 0; i <= b->copied_count; i++) {
        b->copied[i] = (struct copied){0};
    }
    b->copied_count = 0;
    each_source(b, take_source);
    return b->copied_count > 0;
}

/* Looks up the sources that are named in full. False for an assumed context that has none of
 * them. */
static bool look_up_sources(struct builder *b)
{
    const struct facts_files *files = b->request->files;
    bool named = false;
    bool found = false;
    for (size_t i = 0; i < b->copied_count; i++) {
        struct copied *copied = &b->copied[i];
        if (copied->wildcard || copied->path.len == 0 || files->inspect == NULL) {
            continue;
        }
        struct files_status status;
        struct str full = context_join(b->arena, b->request->directory, copied->path);
        copied->exists = files->inspect(files->user, full, &status) == PLIM_STATUS_OK;
        named = true;
        found = found || copied->exists;
    }
    return found || !named || !b->request->assumed;
}

/* ---- the ignore file ------------------------------------------------------------------------ */

static bool read_ignore(struct builder *b, struct str path, source_id *source)
{
    const struct facts_files *files = b->request->files;
    struct str text;
    return files->read != NULL && files->read(files->user, path, &text) == PLIM_STATUS_OK &&
           source_add(&b->facts->sources, source, path, text) == PLIM_STATUS_OK;
}

/* The file that belongs to the Dockerfile alone goes before the one of the context. */
static bool find_ignore(struct builder *b, source_id *source)
{
    static const struct str names[] = {{".containerignore", 16}, {".dockerignore", 13}};
    struct str dockerfile = facts_get_str(b->facts, FACT_KIND_dockerfile, b->request->dockerfile,
                                          FIELD_dockerfile_path);
    struct str own = context_join(b->arena, STR(""), dockerfile);
    char *text = ARENA_ARRAY(b->arena, char, own.len + names[1].len);
    if (text == NULL) {
        return false;
    }
    memcpy(text, own.ptr, own.len);
    memcpy(text + own.len, names[1].ptr, names[1].len);
    own = str_make(text, own.len + names[1].len);
    bool found = read_ignore(b, own, source);
    b->ignore_path = found ? own : STR("");
    for (size_t i = sizeof names / sizeof names[0]; i > 0; i--) {
        struct str path = context_join(b->arena, b->request->directory, names[i - 1]);
        struct files_status status;
        const struct facts_files *files = b->request->files;
        if (!found && read_ignore(b, path, source)) {
            b->ignore_path = path;
            return true;
        }
        if (found && files->inspect != NULL &&
            files->inspect(files->user, path, &status) == PLIM_STATUS_OK) {
            b->other_ignore_path = path;
            return true;
        }
    }
    return found;
}

/* Compiles the patterns; `strict` leaves out those that bring files back. A file that the builder
 * would refuse ignores nothing. */
static plim_status compile_ignore(struct builder *b, const struct str *texts, size_t count)
{
    struct ignore_fault fault;
    plim_status status = ignore_compile(&b->ignore, b->arena, texts, count, &fault);
    if (status != PLIM_STATUS_OK) {
        b->ignore = (struct ignore_set){0};
        return status == PLIM_STATUS_NOMEM ? status : PLIM_STATUS_OK;
    }
    struct str *strict = ARENA_ARRAY(b->arena, struct str, count + 1);
    if (strict == NULL) {
        return PLIM_STATUS_NOMEM;
    }
    size_t kept = 0;
    for (size_t i = 0; i < count; i++) {
        if (!str_starts_with(texts[i], STR("!"))) {
            strict[kept] = texts[i];
            kept++;
        }
    }
    return ignore_compile(&b->strict, b->arena, strict, kept, &fault);
}

static plim_status write_patterns(struct builder *b, source_id source)
{
    enum fact_kind kind = FACT_KIND_ignore_pattern;
    struct facts *facts = b->facts;
    struct fact_items items = {0};
    b->patterns = ARENA_ARRAY(b->arena, fact_row, b->lines.count + 1);
    b->reopens = ARENA_ARRAY(b->arena, struct fact_items, b->lines.count + 1);
    if (b->patterns == NULL || b->reopens == NULL) {
        return PLIM_STATUS_NOMEM;
    }
    for (size_t i = 0; i < b->lines.count; i++) {
        const struct ignore_line *line = &b->lines.items[i];
        uint32_t start = 0;
        struct str text = source_line(&facts->sources, source, line->line, &start);
        fact_loc loc =
            facts_add_loc(facts, (struct span){source, start, start + (uint32_t)text.len});
        fact_row row = facts_add_row(facts, kind, loc);
        facts_set_row(facts, kind, row, FIELD_ignore_pattern_context, b->context, FACT_NO_LOC);
        facts_set_str(facts, kind, row, FIELD_ignore_pattern_text, line->pattern, FACT_NO_LOC);
        facts_set_bool(facts, kind, row, FIELD_ignore_pattern_negated,
                       str_starts_with(line->pattern, STR("!")), FACT_NO_LOC);
        fact_items_add_row(&items, b->arena, row, loc);
        b->patterns[i] = row;
        b->reopens[i] = (struct fact_items){0};
    }
    facts_set_list(facts, FACT_KIND_context, b->context, FIELD_context_ignore_patterns, &items,
                   FACT_NO_LOC);
    return PLIM_STATUS_OK;
}

static plim_status load_ignore(struct builder *b)
{
    source_id source;
    if (!find_ignore(b, &source)) {
        return arena_status(b->arena);
    }
    const struct source *text = source_get(&b->facts->sources, source);
    plim_status status = ignore_read(&b->lines, b->arena, text->text);
    if (status == PLIM_STATUS_NOMEM) {
        return status;
    }
    struct str *texts = ARENA_ARRAY(b->arena, struct str, b->lines.count + 1);
    if (texts == NULL) {
        return PLIM_STATUS_NOMEM;
    }
    for (size_t i = 0; i < b->lines.count; i++) {
        texts[i] = b->lines.items[i].pattern;
    }
    status = compile_ignore(b, texts, b->lines.count);
    return status == PLIM_STATUS_OK ? write_patterns(b, source) : status;
}

/* ---- who takes what ------------------------------------------------------------------------- */

static bool takes(const struct copied *copied, struct str path)
{
    if (copied->wildcard) {
        bool matched = false;
        struct ignore_fault fault;
        return ignore_match(&matched, &copied->match, path, &fault) == PLIM_STATUS_OK && matched;
    }
    struct str root = copied->path;
    return root.len == 0 ||
           (str_starts_with(path, root) && (path.len == root.len || path.ptr[root.len] == '/'));
}

/* The last `!` pattern that names a file which the other patterns would take away. */
static void note_reopened(struct builder *b, struct str path, fact_row file, fact_loc loc)
{
    bool ignored = false;
    struct ignore_fault fault;
    if (!b->ignore.has_exclusions ||
        ignore_match(&ignored, &b->strict, path, &fault) != PLIM_STATUS_OK || !ignored) {
        return;
    }
    for (size_t i = b->lines.count; i > 0; i--) {
        struct str text = b->lines.items[i - 1].pattern;
        struct ignore_set one;
        bool matched = false;
        if (!str_starts_with(text, STR("!"))) {
            continue;
        }
        text = str_slice(text, 1, text.len);
        if (ignore_compile(&one, b->arena, &text, 1, &fault) == PLIM_STATUS_OK &&
            ignore_match(&matched, &one, path, &fault) == PLIM_STATUS_OK && matched) {
            fact_items_add_row(&b->reopens[i - 1], b->arena, file, loc);
            return;
        }
    }
}

static void write_file(struct builder *b, const struct context_found *found,
                       struct fact_items *files)
{
    enum fact_kind kind = FACT_KIND_context_file;
    struct facts *facts = b->facts;
    struct fact_items copies = {0};
    fact_loc loc = facts_row_loc(facts, FACT_KIND_context, b->context);
    fact_row row = facts->tables[kind].count;
    const struct copied *shipped = NULL;
    for (size_t i = 0; i < b->copied_count; i++) {
        if (takes(&b->copied[i], found->path)) {
            shipped =
                shipped == NULL && ships(facts, b->copied[i].row) ? &b->copied[i] : shipped;
            fact_loc source = facts_row_loc(facts, FACT_KIND_copied_file, b->copied[i].row);
            loc = copies.count == 0 ? source : loc;
            fact_items_add_row(&copies, b->arena, b->copied[i].row, source);
            fact_items_add_row(&b->copied[i].files, b->arena, row, source);
        }
    }
    if (copies.count == 0) {
        return;
    }
    row = facts_add_row(facts, kind, loc);
    facts_set_str(facts, kind, row, FIELD_context_file_label, found->path, FACT_NO_LOC);
    facts_set_row(facts, kind, row, FIELD_context_file_context, b->context, FACT_NO_LOC);
    facts_set_str(facts, kind, row, FIELD_context_file_path, found->path, FACT_NO_LOC);
    facts_set_str(facts, kind, row, FIELD_context_file_full_path,
                  context_join(b->arena, b->request->directory, found->path), FACT_NO_LOC);
    facts_set_enum(facts, kind, row, FIELD_context_file_kind, found->kind->member, FACT_NO_LOC);
    facts_set_str(facts, kind, row, FIELD_context_file_what, found->kind->what, FACT_NO_LOC);
    facts_set_bool(facts, kind, row, FIELD_context_file_secret, found->kind->secret, FACT_NO_LOC);
    facts_set_int(facts, kind, row, FIELD_context_file_size, (int64_t)found->status.size,
                  FACT_NO_LOC);
    facts_set_bool(facts, kind, row, FIELD_context_file_world_readable,
                   (found->status.mode & 4) != 0, FACT_NO_LOC);
    facts_set_list(facts, kind, row, FIELD_context_file_copies, &copies, FACT_NO_LOC);
    if (shipped != NULL) {
        facts_set_row(facts, kind, row, FIELD_context_file_shipped_copy, shipped->row,
                      facts_row_loc(facts, FACT_KIND_copied_file, shipped->row));
    }
    fact_items_add_row(files, b->arena, row, loc);
    note_reopened(b, found->path, row, loc);
}

static void write_sources(struct builder *b)
{
    enum fact_kind kind = FACT_KIND_copied_file;
    for (size_t i = 0; i < b->copied_count; i++) {
        const struct copied *copied = &b->copied[i];
        facts_set_list(b->facts, kind, copied->row, FIELD_copied_file_files, &copied->files,
                       FACT_NO_LOC);
        if (copied->wildcard || copied->path.len == 0 || b->request->files->inspect == NULL) {
            continue;
        }
        bool ignored = false;
        struct ignore_fault fault;
        facts_set_bool(b->facts, kind, copied->row, FIELD_copied_file_exists, copied->exists,
                       FACT_NO_LOC);
        if (ignore_match(&ignored, &b->ignore, copied->path, &fault) == PLIM_STATUS_OK) {
            facts_set_bool(b->facts, kind, copied->row, FIELD_copied_file_ignored, ignored,
                           FACT_NO_LOC);
        }
    }
}

/* What is below the part of a wildcard that holds none. */
static struct str fixed_part(struct str pattern)
{
    size_t slash = 0;
    for (size_t i = 0; i < pattern.len; i++) {
        char c = pattern.ptr[i];
        if (c == '*' || c == '?' || c == '[' || c == '\\') {
            break;
        }
        slash = c == '/' ? i : slash;
    }
    return str_slice(pattern, 0, slash);
}

static plim_status walk(struct builder *b, struct context_walked *walked)
{
    struct context_root *roots = ARENA_ARRAY(b->arena, struct context_root, b->copied_count);
    if (roots == NULL) {
        return PLIM_STATUS_NOMEM;
    }
    for (size_t i = 0; i < b->copied_count; i++) {
        const struct copied *copied = &b->copied[i];
        roots[i].path = copied->wildcard ? fixed_part(copied->path) : copied->path;
    }
    struct context_walk chosen = {.files = b->request->files,
                                  .directory = b->request->directory,
                                  .ignore = &b->ignore,
                                  .roots = roots,
                                  .root_count = b->copied_count};
    return context_walk(walked, b->arena, &chosen);
}

static void write_context(struct builder *b, const struct context_walked *walked)
{
    enum fact_kind kind = FACT_KIND_context;
    struct facts *facts = b->facts;
    struct fact_items files = {0};
    for (size_t i = 0; i < walked->count; i++) {
        write_file(b, &walked->found[i], &files);
    }
    for (size_t i = 0; i < b->lines.count; i++) {
        facts_set_list(facts, FACT_KIND_ignore_pattern, b->patterns[i],
                       FIELD_ignore_pattern_reopens, &b->reopens[i], FACT_NO_LOC);
    }
    facts_set_list(facts, kind, b->context, FIELD_context_files, &files, FACT_NO_LOC);
    facts_set_bool(facts, kind, b->context, FIELD_context_truncated, walked->truncated,
                   FACT_NO_LOC);
    if (b->ignore_path.len > 0) {
        facts_set_str(facts, kind, b->context, FIELD_context_ignore_file, b->ignore_path,
                      FACT_NO_LOC);
    }
    if (b->other_ignore_path.len > 0) {
        facts_set_str(facts, kind, b->context, FIELD_context_other_ignore_file,
                      b->other_ignore_path, FACT_NO_LOC);
    }
    for (size_t i = 0; i < b->copied_count; i++) {
        if (b->copied[i].path.len == 0) {
            facts_set_row(facts, kind, b->context, FIELD_context_whole_copy, b->copied[i].row,
                          facts_row_loc(facts, FACT_KIND_copied_file, b->copied[i].row));
            break;
        }
    }
    write_sources(b);
}

static void write_head(struct builder *b)
{
    enum fact_kind kind = FACT_KIND_context;
    struct facts *facts = b->facts;
    fact_row dockerfile = b->request->dockerfile;
    b->context = facts_add_row(facts, kind, facts_row_loc(facts, FACT_KIND_dockerfile, dockerfile));
    facts_set_str(facts, kind, b->context, FIELD_context_label, b->request->directory, FACT_NO_LOC);
    facts_set_str(facts, kind, b->context, FIELD_context_path, b->request->directory, FACT_NO_LOC);
    facts_set_row(facts, kind, b->context, FIELD_context_dockerfile, dockerfile, FACT_NO_LOC);
    facts_set_bool(facts, kind, b->context, FIELD_context_assumed, b->request->assumed,
                   FACT_NO_LOC);
    facts_set_row(facts, FACT_KIND_dockerfile, dockerfile, FIELD_dockerfile_context, b->context,
                  FACT_NO_LOC);
}

static void set_unknown(struct builder *b, struct str cause)
{
    fact_row dockerfile = b->request->dockerfile;
    fact_cause id =
        facts_add_cause(b->facts, cause, facts_row_loc(b->facts, FACT_KIND_dockerfile, dockerfile));
    facts_set_unknown(b->facts, FACT_KIND_dockerfile, dockerfile, FIELD_dockerfile_context, id,
                      FACT_NO_LOC);
}

static plim_status build(struct builder *b)
{
    if (!gather_sources(b)) {
        return arena_status(b->arena);
    }
    if (!look_up_sources(b)) {
        set_unknown(b, STR("its build context is not the directory it stands in"));
        return arena_status(b->arena);
    }
    write_head(b);
    plim_status status = load_ignore(b);
    if (status != PLIM_STATUS_OK) {
        return status;
    }
    struct context_walked walked = {0};
    status = walk(b, &walked);
    if (status == PLIM_STATUS_INPUT || status == PLIM_STATUS_NOT_FOUND) {
        walked.truncated = true;
        status = PLIM_STATUS_OK;
    }
    if (status == PLIM_STATUS_OK) {
        write_context(b, &walked);
    }
    return status;
}

plim_status context_facts_add(struct facts *facts, struct arena *scratch,
                              const struct context_request *request)
{
    struct arena_mark mark = arena_mark(scratch);
    struct builder b = {.facts = facts, .arena = scratch, .request = request};
    plim_status status = build(&b);
    arena_rewind(scratch, mark);
    return status != PLIM_STATUS_OK ? status : facts_status(facts);
}

bool context_facts_read(const struct facts *facts)
{
    return facts_reads_kind(facts, FACT_KIND_context) ||
           facts_reads_kind(facts, FACT_KIND_context_file) ||
           facts_reads_kind(facts, FACT_KIND_ignore_pattern) ||
           facts_reads(facts, FACT_KIND_dockerfile, FIELD_dockerfile_context) ||
           facts_reads(facts, FACT_KIND_copied_file, FIELD_copied_file_exists) ||
           facts_reads(facts, FACT_KIND_copied_file, FIELD_copied_file_ignored) ||
           facts_reads(facts, FACT_KIND_copied_file, FIELD_copied_file_files);
}
