/* SPDX-License-Identifier: Apache-2.0
 *
 * check_meta.c - the properties of a rule: which must be there, how often, and what they may hold.
 * The id's first digit names the section, so that ids sort by section and are never moved.
 */
#include "compiler/check.h"

#include "compiler/resolve.h"

enum { ID_LENGTH = 6 };

static const char *const key_names[AST_META_COUNT] = {
    [AST_META_ID] = "id",         [AST_META_TITLE] = "title",       [AST_META_WHY] = "why",
    [AST_META_REMEDY] = "remedy", [AST_META_SEVERITY] = "severity", [AST_META_SECTION] = "section",
    [AST_META_COVERS] = "covers", [AST_META_SINCE] = "since",       [AST_META_UNKNOWN] = "unknown"};

static struct ast_name first_value(const struct ast_meta *meta)
{
    if (meta == NULL || meta->values == NULL) {
        return (struct ast_name){.text = STR("")};
    }
    return meta->values->name;
}

static bool is_digit(char c)
{
    return c >= '0' && c <= '9';
}

static bool is_id(struct str id)
{
    bool good = id.len == ID_LENGTH && str_starts_with(id, STR("PL"));
    for (size_t i = 2; good && i < ID_LENGTH; i++) {
        good = is_digit(id.ptr[i]);
    }
    return good;
}

static void check_id(struct check *check, struct checked_rule *rule, const struct ast_meta *meta,
                     bool has_section)
{
    struct ast_name id = first_value(meta);
    rule->id = id.text;
    if (!is_id(id.text)) {
        diag_report(check->diags, DIAG_bad_metadata, id.span,
                    "an id is PL and four digits, for example PL5001");
        return;
    }
    unsigned digit = (unsigned)(id.text.ptr[2] - '0');
    if (has_section && digit != (unsigned)rule->section + 1) {
        diag_report(check->diags, DIAG_bad_metadata, id.span, "ids of section %s begin with PL%u",
                    program_section_name(rule->section), (unsigned)rule->section + 1);
    }
    const struct checked_rule *twin = scope_enter(check->scope, SCOPE_IDS, id.text, rule);
    if (twin != NULL) {
        struct diag *diag = diag_report(check->diags, DIAG_duplicate_name, id.span,
                                        "id `%.*s` is taken", STR_FMT(id.text));
        diag_add_label(check->diags, diag, twin->ast->name.span, "by this rule");
    }
}

static void report_choice(struct check *check, struct ast_name name, const char *what,
                          const struct guess *guess)
{
    struct diag *diag = diag_report(check->diags, DIAG_bad_metadata, name.span, "`%.*s` is no %s",
                                    STR_FMT(name.text), what);
    if (guess->best.len > 0) {
        diag_set_caret(check->diags, diag, "did you mean `%.*s`?", STR_FMT(guess->best));
    }
}

static bool check_section(struct check *check, struct checked_rule *rule,
                          const struct ast_meta *meta)
{
    struct ast_name name = first_value(meta);
    struct guess guess = check_guess(check, name.text);
    for (int i = 0; i < PROGRAM_SECTION_COUNT; i++) {
        struct str section = str_from_cstr(program_section_name((enum program_section)i));
        if (str_eq(section, name.text)) {
            rule->section = (enum program_section)i;
            return true;
        }
        guess_consider(&guess, section);
    }
    report_choice(check, name, "section", &guess);
    return false;
}

static void check_unknown(struct check *check, struct checked_rule *rule,
                          const struct ast_meta *meta)
{
    struct ast_name name = first_value(meta);
    struct guess guess = check_guess(check, name.text);
    for (int i = 0; i <= PROGRAM_UNKNOWN_DENY; i++) {
        struct str choice = str_from_cstr(program_unknown_name((enum program_unknown)i));
        if (str_eq(choice, name.text)) {
            rule->unknown = (enum program_unknown)i;
            return;
        }
        guess_consider(&guess, choice);
    }
    report_choice(check, name, "outcome; write pass, report or deny", &guess);
}

/* Member of `severity`, or medium after E0403. */
static unsigned check_severity(struct check *check, struct ast_name name)
{
    int member = schema_find_member(FACT_ENUM_severity, name.text);
    if (member >= 0) {
        return (unsigned)member;
    }
    struct guess guess = check_guess(check, name.text);
    resolve_consider_members(&guess, FACT_ENUM_severity);
    report_choice(check, name, "severity", &guess);
    return MEMBER_severity_medium;
}

/* "hadolint:DL3002": a tool's name and its own id. */
static bool is_cover(struct str text)
{
    size_t colon = str_find_char(text, ':', 0);
    bool good = colon > 0 && colon + 1 < text.len;
    for (size_t i = 0; good && i < text.len; i++) {
        good = text.ptr[i] > ' ' && text.ptr[i] < 127;
    }
    return good;
}

static void check_covers(struct check *check, struct checked_rule *rule,
                         const struct ast_meta *meta)
{
    rule->covers = meta->values;
    for (const struct ast_name_node *v = meta->values; v != NULL; v = v->next) {
        if (!is_cover(v->name.text)) {
            diag_report(check->diags, DIAG_bad_metadata, v->name.span,
                        "covers names rules of other tools as \"tool:ID\"");
        }
    }
}

static void check_since(struct check *check, struct checked_rule *rule, const struct ast_meta *meta)
{
    struct ast_name name = first_value(meta);
    rule->since = name.text;
    unsigned dots = 0;
    bool good = name.text.len > 0 && is_digit(name.text.ptr[0]);
    for (size_t i = 0; good && i < name.text.len; i++) {
        dots += name.text.ptr[i] == '.';
        good = is_digit(name.text.ptr[i]) || name.text.ptr[i] == '.';
    }
    if (!good || dots != 2) {
        diag_report(check->diags, DIAG_bad_metadata, name.span,
                    "since is a version such as \"1.0.0\"");
    }
}

static struct str check_prose(struct check *check, const struct ast_meta *meta)
{
    struct ast_name name = first_value(meta);
    if (str_trim(name.text).len == 0) {
        diag_report(check->diags, DIAG_bad_metadata, meta->span, "%s is empty",
                    key_names[meta->key]);
    }
    return str_trim(name.text);
}

/* The property of each key; E0402 for the second of one key, E0401 for the missing ones. */
static void gather(struct check *check, const struct ast_rule *rule,
                   const struct ast_meta *found[AST_META_COUNT])
{
    for (const struct ast_meta *m = rule->meta; m != NULL; m = m->next) {
        if (found[m->key] == NULL) {
            found[m->key] = m;
            continue;
        }
        struct diag *diag = diag_report(check->diags, DIAG_duplicate_metadata, m->span,
                                        "%s stands twice", key_names[m->key]);
        diag_add_label(check->diags, diag, found[m->key]->span, "first here");
    }
    struct buf missing;
    buf_init(&missing, check->arena->allocator, 200);
    for (int key = 0; key < AST_META_COUNT; key++) {
        if (found[key] == NULL && key != AST_META_COVERS && key != AST_META_UNKNOWN) {
            buf_printf(&missing, "%s%s", missing.len > 0 ? ", " : "", key_names[key]);
        }
    }
    /* After a syntax error they may be there and just not readable. */
    if (missing.len > 0 && !check->partial) {
        diag_report(check->diags, DIAG_missing_metadata, rule->name.span, "rule `%.*s` lacks %.*s",
                    STR_FMT(rule->name.text), STR_FMT(buf_view(&missing)));
    }
    buf_release(&missing);
}

static void check_arm_heads(struct check *check, struct checked_rule *rule)
{
    unsigned count = 0;
    for (const struct ast_arm *a = rule->ast->arms; a != NULL; a = a->next) {
        count++;
    }
    if (count > CHECK_MAX_ARMS) {
        diag_report(check->diags, DIAG_too_large, rule->ast->name.span,
                    "a rule has at most %d arms", CHECK_MAX_ARMS);
        return;
    }
    rule->arm_severities = ARENA_ARRAY(check->arena, unsigned, (size_t)count + 1);
    if (rule->arm_severities == NULL) {
        return;
    }
    for (const struct ast_arm *a = rule->ast->arms; a != NULL; a = a->next) {
        rule->arm_severities[rule->arm_count++] =
            a->severity.text.len == 0 ? rule->severity : check_severity(check, a->severity);
        if (count > 1 && a->name.text.len == 0) {
            diag_report(check->diags, DIAG_missing_metadata, a->span,
                        "an arm beside others needs a name: `deny NAME when ...`");
        }
        for (const struct ast_arm *b = rule->ast->arms; b != a; b = b->next) {
            if (a->name.text.len > 0 && str_eq(a->name.text, b->name.text)) {
                struct diag *diag = diag_report(check->diags, DIAG_duplicate_name, a->name.span,
                                                "two arms are named `%.*s`", STR_FMT(a->name.text));
                diag_add_label(check->diags, diag, b->name.span, "the first");
                break;
            }
        }
    }
}

void check_meta(struct check *check, struct checked_rule *rule)
{
    const struct ast_meta *found[AST_META_COUNT] = {NULL};
    gather(check, rule->ast, found);
    rule->unknown = PROGRAM_UNKNOWN_REPORT;
    rule->severity = MEMBER_severity_medium;
    bool has_section =
        found[AST_META_SECTION] != NULL && check_section(check, rule, found[AST_META_SECTION]);
    if (found[AST_META_ID] != NULL) {
        check_id(check, rule, found[AST_META_ID], has_section);
    }
    if (found[AST_META_SEVERITY] != NULL) {
        rule->severity = check_severity(check, first_value(found[AST_META_SEVERITY]));
    }
    if (found[AST_META_UNKNOWN] != NULL) {
        check_unknown(check, rule, found[AST_META_UNKNOWN]);
    }
    if (found[AST_META_COVERS] != NULL) {
        check_covers(check, rule, found[AST_META_COVERS]);
    }
    if (found[AST_META_SINCE] != NULL) {
        check_since(check, rule, found[AST_META_SINCE]);
    }
    const enum ast_meta_key prose[] = {AST_META_TITLE, AST_META_WHY, AST_META_REMEDY};
    struct str *texts[] = {&rule->title, &rule->why, &rule->remedy};
    for (size_t i = 0; i < sizeof prose / sizeof prose[0]; i++) {
        if (found[prose[i]] != NULL) {
            *texts[i] = check_prose(check, found[prose[i]]);
        }
    }
    check_arm_heads(check, rule);
}
