/* SPDX-License-Identifier: Apache-2.0
 *
 * program.h - a compiled policy: immutable tables of indices, no pointers between them.
 *
 * Made by compiler/emit or by runtime/image_read, and run only after runtime/verify has accepted
 * it (struct program says so in `verified`). Every table is a plain array of fixed-width records,
 * so that saving is writing sections and loading is checking them. Strings are (offset, length)
 * into one blob. The program is reference counted and shared by threads. Who frees:
 * program_release by each holder. Thread rule: immutable once verified, shareable.
 */
#ifndef RUNTIME_PROGRAM_H
#define RUNTIME_PROGRAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <plimsoll/alloc.h>
#include <plimsoll/status.h>

#include "core/arena.h"
#include "core/str.h"
#include "facts/schema.h"

enum {
    PROGRAM_MAX_REGISTERS = 256,
    PROGRAM_MAX_LOOPS = 8,    /* nesting of FOR */
    PROGRAM_MAX_UNIT = 32767, /* instructions of one unit: jump distances fit 16 bits */
    PROGRAM_NO_LABEL = 0xFFFF,
    PROGRAM_TEXT_LABEL = 0xFFFE,
    PROGRAM_ANY_ARM = 0xFFFF,
    PROGRAM_MAX_GUARD = 64,      /* nodes of the guard of one unit */
    PROGRAM_MAX_GUARD_DEPTH = 8, /* nesting of ALL and ANY */
    PROGRAM_NO_VIA = 0xFF
};

/* Text in the program's string blob. */
struct program_text {
    uint32_t offset;
    uint32_t length;
};

/* Type of a register, of a parameter or of set elements. */
enum program_base {
    PROGRAM_BOOL,
    PROGRAM_INT,
    PROGRAM_DURATION,
    PROGRAM_SIZE,
    PROGRAM_TIME,
    PROGRAM_STR,
    PROGRAM_VERSION,
    PROGRAM_ENUM, /* argument: enum fact_enum */
    PROGRAM_ROW,  /* argument: enum fact_kind */
    PROGRAM_COUNT,
    PROGRAM_LOC,
    PROGRAM_ITER, /* of a list: base and argument of the element in the same record */
    PROGRAM_SET,  /* argument: enum program_base of the elements */
    PROGRAM_PATTERN,
    PROGRAM_BASE_COUNT
};

struct program_type {
    uint8_t base; /* enum program_base; of the element when `list` or `iter` */
    uint8_t argument;
    uint8_t list; /* 1: list of base */
    uint8_t iter; /* 1: iterator over a list of base */
};

/* A set: sorted at link time. Elements are strings, integers or enum members. */
struct program_set {
    struct program_type type; /* of the elements */
    uint32_t first;           /* into set_items */
    uint32_t count;
    uint32_t param; /* parameter that supplies the elements, or UINT32_MAX */
};

enum program_pattern_kind { PROGRAM_REGEX, PROGRAM_GLOB };

struct program_pattern {
    uint32_t kind; /* enum program_pattern_kind */
    struct program_text text;
};

/* A declared parameter with its default. A list parameter is a set. */
struct program_param {
    struct program_text name;
    struct program_text doc;
    struct program_type type; /* list: the type of the elements with .list = 1 */
    uint32_t flags;           /* PROGRAM_PARAM_* */
    uint32_t set;             /* set with the default elements, for list parameters */
    uint32_t reserved;        /* 0: no padding, so that images are the same bytes each time */
    int64_t value;            /* default; string constant index for strings */
    int64_t low, high;        /* range, when PROGRAM_PARAM_RANGE */
};

enum { PROGRAM_PARAM_EXTENDABLE = 1, PROGRAM_PARAM_LOCKED = 2, PROGRAM_PARAM_RANGE = 4 };

enum program_unknown { PROGRAM_UNKNOWN_PASS, PROGRAM_UNKNOWN_REPORT, PROGRAM_UNKNOWN_DENY };

enum program_section {
    PROGRAM_SECRETS,
    PROGRAM_STAGES,
    PROGRAM_SCANNING,
    PROGRAM_INFRASTRUCTURE,
    PROGRAM_LEAST_PRIVILEGE,
    PROGRAM_STYLE,
    PROGRAM_SECTION_COUNT
};

struct program_span {
    uint32_t file; /* into files */
    uint32_t start;
    uint32_t end;
};

struct program_arm {
    struct program_text name; /* empty for the only, unnamed arm */
    uint32_t severity;        /* MEMBER_severity_* */
    struct program_span span;
};

struct program_rule {
    struct program_text name;
    struct program_text id;
    struct program_text title;
    struct program_text why;
    struct program_text remedy;
    struct program_text since;
    uint32_t severity;
    uint32_t section;
    uint32_t unknown;                  /* enum program_unknown */
    uint32_t first_cover, cover_count; /* into covers */
    uint32_t first_arm, arm_count;
    uint32_t first_unit, unit_count;
    struct program_span span;
};

/* What one node of a guard asks of a cell. It is answered "no" only when that is certain: whatever
 * is unknown, or absent where the test is about the value, may hold. */
enum program_test {
    PROGRAM_ALL,   /* none of the nodes it holds says no; operand: how many nodes stand behind it */
    PROGRAM_ANY,   /* one of the nodes it holds does not say no; operand as of ALL */
    PROGRAM_HAS,   /* the field is not absent */
    PROGRAM_LACKS, /* it is not present */
    PROGRAM_TRUE,  /* BOOL: it is not false */
    PROGRAM_FALSE, /* it is not true */
    PROGRAM_IS,    /* ENUM: member `operand` */
    PROGRAM_IS_NOT, /* another member */
    PROGRAM_SAME,   /* STR: string constant `operand` */
    PROGRAM_OTHER,  /* another string */
    PROGRAM_IN,     /* STR or ENUM: in set `operand` */
    PROGRAM_NOT_IN, /* not in the set */
    PROGRAM_LIKE,   /* STR: a text that pattern `operand` may match */
    PROGRAM_SOME,   /* list: it has elements */
    PROGRAM_TEST_COUNT
};

/* Node of a guard: a condition that holds whenever its unit has an outcome, so that the scheduler
 * enters the unit only for rows that pass. Groups stand in front of what they hold. */
struct program_guard {
    uint8_t test;  /* enum program_test */
    uint8_t via;   /* field of the judged row with the row that is asked; PROGRAM_NO_VIA: itself */
    uint8_t field; /* 0 for ALL and ANY */
    uint8_t reserved; /* 0 */
    uint32_t operand;
};

/* One compiled body: a rule for one member of its `for` union. Register 0 is the row on entry. */
struct program_unit {
    uint32_t rule;
    uint32_t kind; /* enum fact_kind the subject has */
    uint32_t view; /* enum fact_view, or FACT_VIEW_none */
    uint32_t first_code, code_count;
    uint32_t first_register; /* into register_types */
    uint32_t register_count;
    uint32_t first_guard, guard_count; /* into guards; a list as of ALL */
};

/* Names and, when kept, texts of the policy files: for disasm and trace. */
struct program_file {
    struct program_text path;
    struct program_text source;
};

struct program {
    const plim_allocator *allocator;
    uint32_t references; /* atomic */
    bool verified;
    struct arena arena; /* owns all tables, unless they point into a borrowed image */

    const char *strings; /* the blob */
    uint32_t strings_size;
    const int64_t *ints;
    uint32_t int_count;
    const struct program_text *texts; /* string constants */
    uint32_t text_count;
    const struct program_set *sets;
    uint32_t set_count;
    const int64_t *set_items; /* string constant index, integer or member */
    uint32_t set_item_count;
    const struct program_pattern *patterns;
    uint32_t pattern_count;
    const struct program_param *params;
    uint32_t param_count;
    const struct program_text *covers;
    uint32_t cover_count;
    const struct program_arm *arms;
    uint32_t arm_count;
    const struct program_rule *rules;
    uint32_t rule_count;
    const struct program_unit *units;
    uint32_t unit_count;
    const struct program_type *register_types;
    uint32_t register_type_count;
    const uint32_t *code;
    uint32_t code_count;
    const struct program_span *source_map; /* one per instruction */
    uint32_t source_map_count;
    const struct program_file *files;
    uint32_t file_count;
    const struct program_guard *guards;
    uint32_t guard_count;
};

/* View of a text; the empty view when it lies outside the blob. */
static inline struct str program_str(const struct program *program, struct program_text text)
{
    if (text.offset > program->strings_size || text.length > program->strings_size - text.offset) {
        return STR("");
    }
    return str_make(program->strings + text.offset, text.length);
}

/* An empty program with one reference; the maker fills the tables from its arena. */
plim_status program_new(struct program **out, const plim_allocator *allocator) PLIM_MUST_CHECK;

/* One more holder. Returns its argument. Thread-safe. */
struct program *program_retain(struct program *program);

/* One holder less; the last one frees. NULL is fine. Thread-safe. */
void program_release(struct program *program);

/* Names of sections and unknown policies as rules spell them. Static text. */
const char *program_section_name(enum program_section section);
const char *program_unknown_name(enum program_unknown unknown);

#endif
