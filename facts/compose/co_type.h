/* SPDX-License-Identifier: Apache-2.0
 *
 * co_type.h - the attributes of compose files as types: what each may hold, how it is cast, merged,
 * made unique, checked and brought into its long form.
 *
 * The table is attributes.def; every step walks a tree and its types side by side, so no step knows
 * a path such as services.*.ports by itself. Thread rule: constants.
 */
#ifndef FACTS_COMPOSE_CO_TYPE_H
#define FACTS_COMPOSE_CO_TYPE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "core/str.h"

/* Kinds of values a type accepts; a mask. */
enum co_accepts {
    CO_NULL = 1,
    CO_BOOL = 2,
    CO_INT = 4,
    CO_FLOAT = 8,
    CO_NUMBER = CO_INT | CO_FLOAT,
    CO_STRING = 16,
    CO_LIST = 32,
    CO_MAP = 64,
    CO_ANY = 127
};

/* What a text becomes after interpolation, before anything is checked. */
enum co_cast { CO_CAST_NONE, CO_CAST_BOOL, CO_CAST_INT, CO_CAST_FLOAT };

/* How a later value meets an earlier one. */
enum co_merge {
    CO_MERGE_PLAIN,       /* mappings by key, lists one behind the other, else the later one */
    CO_MERGE_REPLACE,     /* the later one, even when it is null */
    CO_MERGE_PAIRS,       /* both as a list of `key=value` */
    CO_MERGE_TO_LIST,     /* a text is a list of one */
    CO_MERGE_ENV_FILE,    /* both as a list of {path, required, format} */
    CO_MERGE_BUILD,       /* a text is {context: text} */
    CO_MERGE_NAMES,       /* a list of names is a mapping of them */
    CO_MERGE_DEPENDS_ON,  /* the same, with {condition: service_started, required: true} */
    CO_MERGE_LOGGING,     /* options only together when the drivers agree */
    CO_MERGE_EXTRA_HOSTS, /* both as a list, equal ones once */
    CO_MERGE_ULIMIT,      /* the later one as a whole */
    CO_MERGE_IPAM_CONFIG  /* by subnet */
};

/* What makes two items of a list the same; the later one stays. */
enum co_unique {
    CO_UNIQUE_NONE,
    CO_UNIQUE_TEXT,
    CO_UNIQUE_KEY,    /* text up to the first `=` */
    CO_UNIQUE_PORT,   /* host address, published, target, protocol */
    CO_UNIQUE_MOUNT,  /* target in the container */
    CO_UNIQUE_DEVICE, /* target in the container */
    CO_UNIQUE_SECRET, /* target of a secret, by default below /run/secrets */
    CO_UNIQUE_CONFIG, /* target of a config, by default below / */
    CO_UNIQUE_PATH    /* path of an env file */
};

/* Rules of a value beyond its kind. */
enum co_check {
    CO_CHECK_NONE,
    CO_CHECK_UNIQUE_ITEMS, /* the schema wants no two equal items */
    CO_CHECK_ENUM,         /* one of `words` */
    CO_CHECK_PATTERN,      /* a text of the form `pattern` */
    CO_CHECK_RANGE         /* at least `least`, at most `most` */
};

/* Forms of texts and keys. */
enum co_pattern {
    CO_PATTERN_NONE,
    CO_PATTERN_NOT_EMPTY,
    CO_PATTERN_NAME,           /* letters, digits, `.`, `_`, `-` */
    CO_PATTERN_CONTAINER_NAME, /* somewhere a letter or digit before another character of a name */
    CO_PATTERN_PULL_POLICY     /* somewhere the word for a policy, or `every_` with durations */
};

/* The way to write a value that co_canon.h leaves over. X(NAME, function behind co_form_) */
#define CO_FORM_LIST(X)                                                                            \
    X(TEXT, text)                 /* a scalar as a text */                                         \
    X(TEXTS, texts)               /* a text as a list of one */                                    \
    X(SERVERS, servers)           /* the same, without empty ones */                               \
    X(OPTION_TEXTS, option_texts) /* a scalar as a list of one, a list as one of texts */          \
    X(PAIRS, pairs)               /* `key=value` and scalars as a mapping of texts */              \
    X(VARIABLES, variables)       /* the same, null for what has no `=` */                         \
    X(CONTEXTS, contexts)         /* the same, every text needs its `=` */                         \
    X(SSH, ssh)                   /* the same, only `default` does without */                      \
    X(HOSTS, hosts)               /* `host=ip` as a mapping of lists */                            \
    X(NAMES, names)               /* a list of names as a mapping */                               \
    X(DEPENDS_ON, depends_on)     /* a list of names as a mapping of dependencies */               \
    X(BUILD, build)               /* a text as {context} */                                        \
    X(ENV_FILES, env_files)       /* texts as {path, required} */                                  \
    X(FILE_USE, file_use)         /* a text as {source} */                                         \
    X(DEVICE, device)             /* a text as {source, target, permissions} */                    \
    X(GPUS, gpus)                 /* `all` as [{count: -1}] */                                     \
    X(RESOURCE, resource)         /* external.name as name */                                      \
    X(PORT, port)                 /* a text or number as {published, target, ...} */               \
    X(MOUNT, mount)               /* a text as {type, source, target, ...} */                      \
    X(SIZE, size)                 /* a number of bytes */                                          \
    X(DURATION, duration)         /* a duration as Go prints it */                                 \
    X(MODE, mode)                 /* an octal number */                                            \
    X(WHOLE, whole)               /* a number without its fraction */                              \
    X(COUNT, count)               /* `all` as -1 */                                                \
    X(COMMAND, command)           /* a text as a list of words */                                  \
    X(TEST, test)                 /* a text as [CMD-SHELL, text] */

enum co_form {
    CO_FORM_NONE,
#define CO_FORM_ENUM(name, function) CO_FORM_##name,
    CO_FORM_LIST(CO_FORM_ENUM)
#undef CO_FORM_ENUM
};

struct co_type;

struct co_key {
    struct str name;
    const struct co_type *type;
};

struct co_type {
    const char *called;  /* "a service", "a port": for messages */
    const char *example; /* of a text with a unit, for messages; or NULL */
    unsigned accepts;
    enum co_cast cast;
    enum co_merge merge;
    enum co_unique unique;
    enum co_form form;
    enum co_check check;
    const char *words; /* of CO_CHECK_ENUM: blank-separated */
    int64_t least;     /* of CO_CHECK_RANGE */
    int64_t most;
    enum co_pattern pattern;    /* of CO_CHECK_PATTERN */
    enum co_pattern names;      /* of the keys of a mapping */
    const char *required;       /* keys a mapping must have: blank-separated; or NULL */
    bool closed;                /* not even keys that begin with x- */
    const struct co_type *item; /* of a list */
    const struct co_type
        *rest; /* of a mapping's keys that `keys` does not name; NULL: none may be */
    const struct co_key *keys; /* sorted by name */
    size_t key_count;
};

/* The type of a whole compose file. Static. Pure. */
const struct co_type *co_type_root(void);

/* The type of what no attribute speaks of: it accepts everything. Static. Pure. */
const struct co_type *co_type_any(void);

/* Type of the value of `key` in a mapping of `type`; NULL when there may be no such key. Where keys
 * are not free (`rest` is NULL) those that begin with x- are extensions: their type accepts
 * everything. Pure. */
const struct co_type *co_type_of_key(const struct co_type *type, struct str key);

#endif
