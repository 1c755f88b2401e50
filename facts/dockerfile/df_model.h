/* SPDX-License-Identifier: Apache-2.0
 *
 * df_model.h - what a Dockerfile means: stages, their effective state, expanded arguments.
 *
 * df_model_build fills it from a parsed file; df_facts.c turns it into rows. Values have three
 * states: absent, known, or unknown with a cause. Everything lives in the arena given to
 * df_model_build and refers to the parsed file, which must live as long. Thread rule: immutable
 * once built.
 */
#ifndef FACTS_DOCKERFILE_DF_MODEL_H
#define FACTS_DOCKERFILE_DF_MODEL_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include <plimsoll/status.h>

#include "core/arena.h"
#include "core/str.h"
#include "facts/dockerfile/df_ast.h"
#include "facts/dockerfile/df_expand.h"
#include "facts/dockerfile/df_expose.h"

/* Stages beyond this are not analysed; a problem says so. */
enum { DF_STAGES_MAX = 2000 };

enum df_value_state { DF_VALUE_ABSENT, DF_VALUE_KNOWN, DF_VALUE_UNKNOWN };

/* An expanded text. */
struct df_value {
    enum df_value_state state;
    struct str text;  /* known: the value; unknown: the part in front of the first unknown piece */
    struct str cause; /* unknown: why */
    uint32_t cause_start; /* place that decided it; start == end when there is none */
    uint32_t cause_end;
    uint32_t start; /* place of the value itself */
    uint32_t end;
};

/* One entry of an environment, of the labels, ports or volumes of a stage. `instruction` and
 * `item` name the pair, word or argument that set it. */
struct df_entry {
    struct str key;
    uint32_t hash; /* of key */
    uint32_t item;
    const struct df_instruction *instruction;
    struct df_variable_value value;    /* environments only */
    struct df_variable_value fallback; /* global ARGs: without the caller's build arguments */
};

struct df_entries {
    struct df_entry *items;
    uint32_t count;
    uint32_t capacity;
};

/* State of a stage that one instruction sets. */
struct df_effective {
    enum df_value_state state;
    const struct df_instruction *instruction; /* known only */
};

enum df_base_kind {
    DF_BASE_SCRATCH,
    DF_BASE_STAGE,
    DF_BASE_IMAGE,
    DF_BASE_UNKNOWN, /* a variable without a value decides */
    DF_BASE_BAD      /* missing, blank, or its expansion fails */
};

enum df_source_kind { DF_SOURCE_NONE, DF_SOURCE_STAGE, DF_SOURCE_IMAGE, DF_SOURCE_BAD };

struct df_stage;

/* What `--from=` or `from=` names. */
struct df_source {
    enum df_source_kind kind;
    struct df_stage *stage;
    struct df_value text;
    int64_t index; /* number given, or -1 */
};

struct df_stage {
    const struct df_instruction *from;
    const struct df_instruction *last; /* last instruction of the stage */
    uint32_t index;
    struct str name; /* lower case; empty for none */
    struct str name_written;
    enum df_base_kind base_kind;
    struct df_value base;
    struct df_stage *base_stage;
    struct df_stage *root; /* stage at the end of the chain of base stages; itself without one */
    struct df_value platform;
    bool default_valid; /* with ARG defaults alone the base is a valid reference */
    bool reachable;
    bool shipped;
    bool cmd_here;  /* a CMD stood in this very stage */
    bool sets_user; /* here or in a base stage, like the next two */
    bool sets_workdir;
    bool sets_absolute_workdir;
    struct df_effective user;
    struct df_effective cmd;
    struct df_effective entrypoint;
    struct df_effective healthcheck;
    struct df_effective shell;
    struct df_value workdir;
    struct df_value stop_signal;
    struct df_entries build; /* variables that expansion sees */
    struct df_entries env;   /* ENV of the image */
    struct df_entries labels;
    struct df_entries ports;
    struct df_entries volumes;
    struct df_entries triggers; /* its own ONBUILDs */
    struct df_stage **needs;    /* stages it is built on, copies from or mounts; may repeat */
    uint32_t need_count;
    uint32_t need_capacity;
};

/* One word of EXPOSE after expansion. */
struct df_exposed {
    struct df_value text;
    struct df_port port;
    enum df_port_error error;
};

/* X(id, name) */
#define DF_MOUNT_TYPE_LIST(X)                                                                      \
    X(BIND, "bind")                                                                                \
    X(CACHE, "cache")                                                                              \
    X(TMPFS, "tmpfs")                                                                              \
    X(SECRET, "secret")                                                                            \
    X(SSH, "ssh")

enum df_mount_type {
#define DF_MOUNT_TYPE_ENUM(id, name) DF_MOUNT_##id,
    DF_MOUNT_TYPE_LIST(DF_MOUNT_TYPE_ENUM)
#undef DF_MOUNT_TYPE_ENUM
        DF_MOUNT_OTHER /* not a type the builder knows, or not known */
};

/* One --mount of RUN with the builder's defaults. */
struct df_mount {
    enum df_mount_type type;
    struct df_value target;
    struct df_value source;
    struct df_value id;
    struct df_value env;
    struct df_source from;
    bool required;
    bool read_only;
    uint32_t start;
    uint32_t end;
};

/* What only COPY and ADD have. */
struct df_copied {
    struct df_value chown;
    struct df_value chmod;
    struct df_value checksum;
    struct df_source from; /* COPY */
};

/* What expansion made of one instruction. Absent parts are zero. Every instruction has one, so what
 * few need stands elsewhere. */
struct df_result {
    struct df_stage *stage;  /* NULL before the first FROM */
    struct df_value *args;   /* like instruction->args; for FROM [0] is the base */
    struct df_value *names;  /* like instruction->pairs */
    struct df_value *values; /* like instruction->pairs */
    struct df_exposed *ports;
    struct df_mount *mounts;
    struct df_copied *copied; /* COPY and ADD; NULL before the first FROM */
    bool *self_reference;     /* ENV, like instruction->pairs: the value uses a name that the same
                               * instruction defines and that was not defined before */
    struct df_value resolved; /* WORKDIR */
    const struct df_instruction *shell; /* SHELL in force; NULL: the default or the base image's */
    struct str *undefined;              /* names used that certainly nothing defines */
    uint32_t undefined_count;
    uint32_t undefined_capacity;
    uint32_t port_count;
    uint32_t mount_count;
    bool after_absolute; /* WORKDIR: an absolute one stands before it */
};

struct df_build_arg {
    struct str name;
    struct str value;
};

struct df_build_options;

struct df_model {
    struct df_file *file;
    struct df_stage *stages;
    uint32_t stage_count;
    uint32_t final;            /* index of the stage that becomes the image */
    struct df_result *results; /* by slot */
    struct df_entries globals; /* ARGs before the first FROM, last one per name */
    const struct df_build_options *options;
};

/* What a build may be given. All zero: nothing. */
struct df_build_options {
    const struct df_build_arg *args;
    size_t arg_count;
    struct str target; /* stage to build, any case; empty: the last one */
};

/* Evaluates a parsed file. What `options` refers to must live as long as the model. Problems of
 * the later layers are added to the file. OK whatever the file holds; NOMEM or LIMIT from the
 * arena. */
plim_status df_model_build(struct df_model *out, struct arena *arena, struct df_file *file,
                           const struct df_build_options *options) PLIM_MUST_CHECK;

/* The final stage, or NULL when there is none. */
static inline struct df_stage *df_model_final(const struct df_model *model)
{
    return model->stage_count > 0 ? &model->stages[model->final] : NULL;
}

#endif
