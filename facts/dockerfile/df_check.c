/* SPDX-License-Identifier: Apache-2.0
 *
 * df_check.c - see df_check.h. One function per instruction that has rules of its own.
 */
#include "facts/dockerfile/df_check.h"

#include "facts/dockerfile/df_csv.h"
#include "facts/dockerfile/df_heredoc.h"
#include "facts/dockerfile/df_lex.h"
#include "facts/dockerfile/df_problem.h"
#include "facts/duration.h"

enum flag_type { FLAG_STRING, FLAG_BOOL, FLAG_STRINGS };

struct flag_info {
    struct str name;
    uint8_t keyword;
    uint8_t type;
};

static const struct flag_info flags[] = {
#define DF_KEYWORD(id, name, arguments, least, exact)
#define DF_FLAG(keyword, name, type) {{#name, sizeof(#name) - 1}, DF_##keyword, FLAG_##type},
#include "facts/dockerfile/df_keywords.def"
#undef DF_KEYWORD
#undef DF_FLAG
};

struct count_rule {
    uint8_t least;
    bool exact;
};

static const struct count_rule counts[] = {
#define DF_KEYWORD(id, name, arguments, least, exact) {least, exact},
#define DF_FLAG(keyword, name, type)
#include "facts/dockerfile/df_keywords.def"
#undef DF_KEYWORD
#undef DF_FLAG
};

struct check {
    struct df_file *file;
    struct arena *arena;
    struct df_instruction *instruction;
};

static void refuse_as(struct check *check, enum diag_id id, struct df_place place,
                      struct str before, struct str quoted, struct str after)
{
    check->instruction->refused = true;
    (void)df_problem_add(check->file, check->arena, DF_LAYER_INSTRUCTION, id, place, before, quoted,
                         after);
}

/* Refuses at the instruction's name. */
static void refuse(struct check *check, struct str before, struct str after)
{
    struct df_instruction *instruction = check->instruction;
    refuse_as(check, DIAG_df_instruction, df_place_word(instruction, instruction->name), before,
              STR(""), after);
}

/* Refuses at a word, which the message repeats. */
static void refuse_word(struct check *check, struct df_word word, struct str before,
                        struct str after)
{
    refuse_as(check, DIAG_df_instruction, df_place_word(check->instruction, word), before,
              word.text, after);
}

bool df_stage_name_valid(struct str name)
{
    for (size_t i = 0; i < name.len; i++) {
        char c = name.ptr[i];
        bool letter = c >= 'a' && c <= 'z';
        bool later = (c >= '0' && c <= '9') || c == '-' || c == '_' || c == '.';
        if (!letter && (i == 0 || !later)) {
            return false;
        }
    }
    return name.len > 0;
}

/* ---- flags ------------------------------------------------------------------------------- */

/* These split their flags off and never look at them. */
static bool ignores_flags(const struct df_instruction *instruction)
{
    return instruction->keyword == DF_ARG || instruction->keyword == DF_STOPSIGNAL ||
           instruction->keyword == DF_UNKNOWN ||
           (instruction->keyword == DF_HEALTHCHECK && instruction->arg_count > 0 &&
            str_eq_nocase(instruction->args[0].text, STR("NONE")));
}

static const struct flag_info *find_flag(enum df_keyword keyword, struct str name)
{
    for (size_t i = 0; i < sizeof flags / sizeof flags[0]; i++) {
        if (flags[i].keyword == keyword && str_eq(flags[i].name, name)) {
            return &flags[i];
        }
    }
    return NULL;
}

/* A flag is compared with so many before it; hostile lines have more. */
enum { FLAGS_COMPARED = 64 };

static bool stands_before(const struct df_instruction *instruction, uint32_t index)
{
    for (uint32_t i = 0; i < index && i < FLAGS_COMPARED; i++) {
        if (str_eq(instruction->flags[i].name.text, instruction->flags[index].name.text)) {
            return true;
        }
    }
    return false;
}

static void check_flag(struct check *check, struct df_flag *flag, uint32_t index)
{
    const struct df_instruction *instruction = check->instruction;
    const struct flag_info *info = find_flag(instruction->keyword, flag->name.text);
    flag->known = info != NULL;
    if (info == NULL) {
        if (!ignores_flags(instruction)) {
            refuse_as(check, DIAG_df_unknown_flag, df_place_word(instruction, flag->name),
                      STR("unknown flag: --"), flag->name.text, STR(""));
        }
    } else if (info->type != FLAG_STRINGS && stands_before(instruction, index)) {
        refuse_word(check, flag->name, STR("duplicate flag specified: --"), STR(""));
    } else if (info->type != FLAG_BOOL ? !flag->has_value
                                       : flag->has_value && flag->value.text.len == 0) {
        refuse_word(check, flag->name, STR("missing a value on flag: --"), STR(""));
    } else if (info->type == FLAG_BOOL && flag->has_value &&
               !str_eq_nocase(flag->value.text, STR("true")) &&
               !str_eq_nocase(flag->value.text, STR("false"))) {
        refuse_word(check, flag->value, STR("expecting boolean value for flag, not: "), STR(""));
    }
}

static void check_flags(struct check *check)
{
    for (uint32_t i = 0; i < check->instruction->flag_count; i++) {
        check_flag(check, &check->instruction->flags[i], i);
    }
}

/* ---- single instructions ----------------------------------------------------------------- */

static void check_from(struct check *check)
{
    const struct df_instruction *from = check->instruction;
    if (from->arg_count == 1) {
        return;
    }
    if (from->arg_count != 3 || !str_eq_nocase(from->args[1].text, STR("as"))) {
        refuse(check, STR("FROM requires either one or three arguments"), STR(""));
        return;
    }
    struct str name = arena_copy_str(check->arena, from->args[2].text);
    char *bytes = (char *)(uintptr_t)name.ptr;
    for (size_t i = 0; i < name.len; i++) {
        bytes[i] = str_lower_char(bytes[i]);
    }
    if (!df_stage_name_valid(name) && arena_status(check->arena) == PLIM_STATUS_OK) {
        refuse_word(check, from->args[2], STR("invalid name for build stage: \""),
                    STR("\", name can't start with a number or contain symbols"));
    }
}

/* --mount: the record must be CSV, and `from` must not use variables. */
static void check_mount(struct check *check, const struct df_flag *flag)
{
    struct df_csv csv = {.text = flag->value.text, .arena = check->arena};
    struct str field;
    while (df_csv_next(&csv, &field)) {
        size_t equals = str_find_char(field, '=', 0);
        struct str value = str_slice(field, equals + 1, field.len);
        size_t dollar = str_find_char(value, '$', 0);
        if (str_eq_nocase(str_slice(field, 0, equals), STR("from")) && dollar + 1 < value.len) {
            refuse(check,
                   STR("'from' doesn't support variable expansion, define alias stage instead"),
                   STR(""));
        }
    }
    if (csv.bad) {
        refuse_word(check, flag->value, STR("failed to parse csv mounts: \""), STR("\""));
    }
}

static void check_run(struct check *check)
{
    const struct df_instruction *run = check->instruction;
    for (uint32_t i = 0; i < run->flag_count; i++) {
        const struct df_flag *flag = &run->flags[i];
        struct str name = flag->name.text;
        struct str value = flag->value.text;
        if (!flag->has_value) {
            continue;
        }
        if (str_eq(name, STR("mount"))) {
            check_mount(check, flag);
        } else if (str_eq(name, STR("network"))) {
            if (!str_eq(value, STR("default")) && !str_eq(value, STR("none")) &&
                !str_eq(value, STR("host"))) {
                refuse_word(check, flag->value, STR("invalid network mode \""), STR("\""));
            }
        } else if (str_eq(name, STR("security"))) {
            if (!str_eq(value, STR("sandbox")) && !str_eq(value, STR("insecure"))) {
                refuse_word(check, flag->value, STR("security \""), STR("\" is not valid"));
            }
        }
    }
}

static void check_copy(struct check *check)
{
    const struct df_instruction *copy = check->instruction;
    struct df_heredoc heredoc;
    if (copy->arg_count < 2) {
        refuse(check, df_keyword_name(copy->keyword),
               STR(" requires at least two arguments, but only one was provided. Destination could"
                   " not be determined"));
        return;
    }
    struct df_word destination = copy->args[copy->arg_count - 1];
    if (str_find(destination.text, STR("<<")) < destination.text.len &&
        df_heredoc_parse(check->arena, destination.text, &heredoc)) {
        refuse(check, df_keyword_name(copy->keyword),
               STR(" cannot accept a heredoc as a destination"));
    }
}

static void check_pairs(struct check *check)
{
    const struct df_instruction *instruction = check->instruction;
    struct str name = df_keyword_name(instruction->keyword);
    if (instruction->pair_count == 0) {
        refuse(check, name, STR(" requires at least one argument"));
    }
    for (uint32_t i = 0; i < instruction->pair_count; i++) {
        if (instruction->pairs[i].name.text.len == 0) {
            refuse(check, name, STR(" names can not be blank"));
            return;
        }
    }
}

static void check_interval(struct check *check, struct str name)
{
    const struct df_flag *flag = df_flag_find(check->instruction, name);
    int64_t value = 0;
    if (flag == NULL || flag->value.text.len == 0) {
        return;
    }
    enum duration_error error = duration_parse(flag->value.text, &value);
    if (error != DURATION_ERROR_NONE) {
        refuse_as(check, DIAG_df_instruction, df_place_word(check->instruction, flag->value),
                  duration_error_text(error), STR(" "), flag->value.text);
    } else if (value != 0 && value < 1000000) {
        refuse_word(check, flag->name, STR("Interval \""), STR("\" cannot be less than 1ms"));
    }
}

/* Go's ParseInt(text, 10, 32): an optional sign and digits. */
static bool parse_int32(struct str text, int64_t *out)
{
    unsigned long long value = 0;
    bool negative = text.len > 0 && text.ptr[0] == '-';
    struct str digits =
        str_slice(text, text.len > 0 && (negative || text.ptr[0] == '+') ? 1 : 0, text.len);
    if (!str_to_u64(digits, &value) || value > (negative ? 2147483648ULL : 2147483647ULL)) {
        return false;
    }
    *out = negative ? -(int64_t)value : (int64_t)value;
    return true;
}

static void check_healthcheck(struct check *check)
{
    const struct df_instruction *health = check->instruction;
    if (health->arg_count == 0) {
        refuse(check, STR("HEALTHCHECK"), STR(" requires at least one argument"));
        return;
    }
    if (str_eq_nocase(health->args[0].text, STR("NONE"))) {
        if (health->arg_count > 1) {
            refuse(check, STR("HEALTHCHECK NONE takes no arguments"), STR(""));
        }
        return;
    }
    if (!str_eq_nocase(health->args[0].text, STR("CMD"))) {
        refuse_word(check, health->args[0], STR("Unknown type \""),
                    STR("\" in HEALTHCHECK (try CMD)"));
    } else if (health->arg_count == 1) {
        refuse(check, STR("Missing command after HEALTHCHECK CMD"), STR(""));
    }
    check_interval(check, STR("interval"));
    check_interval(check, STR("timeout"));
    check_interval(check, STR("start-period"));
    check_interval(check, STR("start-interval"));
    const struct df_flag *retries = df_flag_find(health, STR("retries"));
    int64_t value = 0;
    if (retries != NULL && retries->value.text.len > 0) {
        if (!parse_int32(retries->value.text, &value)) {
            refuse_word(check, retries->value, STR("--retries is not a number: \""), STR("\""));
        } else if (value < 0) {
            refuse_word(check, retries->value, STR("--retries cannot be negative ("), STR(")"));
        }
    }
}

static void check_volume(struct check *check)
{
    const struct df_instruction *volume = check->instruction;
    for (uint32_t i = 0; i < volume->arg_count; i++) {
        if (df_trim(volume->args[i].text).len == 0) {
            refuse(check, STR("VOLUME specified can not be an empty string"), STR(""));
            return;
        }
    }
}

static void check_onbuild(struct check *check)
{
    const struct df_instruction *sub = check->instruction->sub;
    if (sub == NULL) {
        refuse(check, STR("ONBUILD"), STR(" requires at least one argument"));
    } else if (sub->keyword == DF_ONBUILD) {
        refuse(check, STR("Chaining ONBUILD via `ONBUILD ONBUILD` isn't allowed"), STR(""));
    } else if (sub->keyword == DF_FROM || sub->keyword == DF_MAINTAINER) {
        refuse(check, df_keyword_name(sub->keyword), STR(" isn't allowed as an ONBUILD trigger"));
    }
}

static void check_count(struct check *check)
{
    const struct df_instruction *instruction = check->instruction;
    struct count_rule rule = counts[instruction->keyword];
    if (instruction->arg_count < rule.least) {
        refuse(check, df_keyword_name(instruction->keyword),
               rule.exact ? STR(" requires exactly one argument")
                          : STR(" requires at least one argument"));
    }
}

static void check_unknown(struct check *check)
{
    const struct df_instruction *instruction = check->instruction;
    refuse_as(check, DIAG_df_unknown_instruction, df_place_word(instruction, instruction->name),
              STR("unknown instruction: "), instruction->name.text, STR(""));
}

void df_check_instruction(struct df_file *file, struct arena *arena,
                          struct df_instruction *instruction)
{
    struct check check = {.file = file, .arena = arena, .instruction = instruction};
    check_flags(&check);
    switch (instruction->keyword) {
    case DF_FROM:
        check_from(&check);
        break;
    case DF_RUN:
        check_run(&check);
        break;
    case DF_COPY:
    case DF_ADD:
        check_copy(&check);
        break;
    case DF_ENV:
    case DF_LABEL:
    case DF_ARG:
        check_pairs(&check);
        break;
    case DF_HEALTHCHECK:
        check_healthcheck(&check);
        break;
    case DF_VOLUME:
        check_count(&check);
        check_volume(&check);
        break;
    case DF_SHELL:
        check_count(&check);
        if (instruction->arg_count > 0 && !instruction->json) {
            refuse(&check, STR("SHELL"), STR(" requires the arguments to be in JSON form"));
        }
        break;
    case DF_ONBUILD:
        check_onbuild(&check);
        break;
    case DF_WORKDIR:
    case DF_USER:
    case DF_EXPOSE:
    case DF_STOPSIGNAL:
    case DF_MAINTAINER:
    case DF_CMD:
    case DF_ENTRYPOINT:
        check_count(&check);
        break;
    case DF_UNKNOWN:
        check_unknown(&check);
        break;
    case DF_KEYWORD_COUNT:
    default:
        break;
    }
}

void df_check_file(struct df_file *file, struct arena *arena)
{
    bool in_stage = false;
    for (struct df_instruction *at = file->instructions; at != NULL; at = at->next) {
        bool read_badly = at->refused;
        if (!read_badly) {
            df_check_instruction(file, arena, at);
        }
        in_stage = in_stage || at->keyword == DF_FROM;
        if (!in_stage && at->keyword != DF_ARG && at->keyword != DF_UNKNOWN) {
            struct check check = {.file = file, .arena = arena, .instruction = at};
            refuse(&check, STR("no build stage in current context"), STR(""));
        }
    }
}
