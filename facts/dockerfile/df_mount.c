/* SPDX-License-Identifier: Apache-2.0
 *
 * df_mount.c - see df_mount.h.
 */
#include "facts/dockerfile/df_mount.h"

#include "facts/dockerfile/df_csv.h"

enum key {
    KEY_TYPE,
    KEY_FROM,
    KEY_SOURCE,
    KEY_TARGET,
    KEY_READ_ONLY,
    KEY_READ_WRITE,
    KEY_REQUIRED,
    KEY_ID,
    KEY_SHARING,
    KEY_SIZE,
    KEY_FILE, /* mode, uid, gid */
    KEY_ENV,
    KEY_UNKNOWN
};

struct key_name {
    struct str name;
    uint8_t key;
};

static const struct key_name key_names[] = {
    {{"type", 4}, KEY_TYPE},
    {{"from", 4}, KEY_FROM},
    {{"source", 6}, KEY_SOURCE},
    {{"src", 3}, KEY_SOURCE},
    {{"target", 6}, KEY_TARGET},
    {{"dst", 3}, KEY_TARGET},
    {{"destination", 11}, KEY_TARGET},
    {{"readonly", 8}, KEY_READ_ONLY},
    {{"ro", 2}, KEY_READ_ONLY},
    {{"readwrite", 9}, KEY_READ_WRITE},
    {{"rw", 2}, KEY_READ_WRITE},
    {{"required", 8}, KEY_REQUIRED},
    {{"id", 2}, KEY_ID},
    {{"sharing", 7}, KEY_SHARING},
    {{"size", 4}, KEY_SIZE},
    {{"mode", 4}, KEY_FILE},
    {{"uid", 3}, KEY_FILE},
    {{"gid", 3}, KEY_FILE},
    {{"env", 3}, KEY_ENV},
};

static const struct str type_names[] = {
#define DF_MOUNT_TYPE_NAME(id, name) {"" name "", sizeof(name) - 1},
    DF_MOUNT_TYPE_LIST(DF_MOUNT_TYPE_NAME)
#undef DF_MOUNT_TYPE_NAME
};

struct reading {
    struct df_env *env;
    struct df_mount *mount;
    struct df_word at; /* the flag's value, as place of every problem */
    bool access_given; /* read-only or read-write was written */
};

static enum key find_key(struct str name)
{
    for (size_t i = 0; i < sizeof key_names / sizeof key_names[0]; i++) {
        if (str_eq_nocase(key_names[i].name, name)) {
            return (enum key)key_names[i].key;
        }
    }
    return KEY_UNKNOWN;
}

static enum df_mount_type find_type(struct str name)
{
    for (int i = 0; i < DF_MOUNT_OTHER; i++) {
        if (str_eq(type_names[i], name)) {
            return (enum df_mount_type)i;
        }
    }
    return DF_MOUNT_OTHER;
}

static void problem(struct reading *reading, struct str before, struct str quoted, struct str after)
{
    struct df_word word = reading->at;
    word.text = quoted;
    df_env_problem(reading->env, DF_LAYER_DISPATCH, DIAG_df_instruction, word, before, after);
}

/* Go's ParseBool. */
static bool parse_bool(struct str text, bool *out)
{
    static const struct str yes[] = {{"1", 1},    {"t", 1},    {"T", 1},
                                     {"true", 4}, {"TRUE", 4}, {"True", 4}};
    static const struct str no[] = {{"0", 1},     {"f", 1},     {"F", 1},
                                    {"false", 5}, {"FALSE", 5}, {"False", 5}};
    for (size_t i = 0; i < sizeof yes / sizeof yes[0]; i++) {
        if (str_eq(text, yes[i]) || str_eq(text, no[i])) {
            *out = str_eq(text, yes[i]);
            return true;
        }
    }
    return false;
}

static void set_flag(struct reading *reading, struct str field, const struct df_value *value,
                     bool *out)
{
    bool parsed = true;
    if (value->state == DF_VALUE_KNOWN && !parse_bool(value->text, &parsed)) {
        problem(reading, STR("invalid value in mount: "), field, STR(""));
    }
    *out = parsed;
}

/* `required` counts only behind a type that has it. */
static void set_required(struct reading *reading, struct str field, const struct df_value *value)
{
    enum df_mount_type type = reading->mount->type;
    if (type != DF_MOUNT_SECRET && type != DF_MOUNT_SSH && type != DF_MOUNT_OTHER) {
        problem(reading, STR("unexpected key for this mount type: "), field, STR(""));
    } else {
        set_flag(reading, field, value, &reading->mount->required);
    }
}

static void set_type(struct reading *reading, const struct df_value *value)
{
    reading->mount->type = value->state == DF_VALUE_KNOWN ? find_type(value->text) : DF_MOUNT_OTHER;
    if (value->state == DF_VALUE_KNOWN && reading->mount->type == DF_MOUNT_OTHER) {
        problem(reading, STR("unsupported mount type \""), value->text, STR("\""));
    }
}

static void read_field(struct reading *reading, struct str field)
{
    struct df_mount *mount = reading->mount;
    size_t equals = str_find_char(field, '=', 0);
    bool has_value = equals < field.len;
    enum key key = find_key(str_slice(field, 0, equals));
    struct df_word word = reading->at;
    word.text = has_value ? str_slice(field, equals + 1, field.len) : STR("true");
    bool alone = key == KEY_READ_ONLY || key == KEY_READ_WRITE || key == KEY_REQUIRED;
    if (!has_value && !alone) {
        problem(reading, STR("invalid field '"), field, STR("' must be a key=value pair"));
        return;
    }
    struct df_value value = key == KEY_FROM ? df_value_known(word)
                                            : df_env_expand(reading->env, word, DF_LAYER_DISPATCH);
    bool writable = false;
    switch (key) {
    case KEY_TYPE:
        set_type(reading, &value);
        break;
    case KEY_FROM:
        mount->from.text = value;
        break;
    case KEY_SOURCE:
        mount->source = value;
        break;
    case KEY_TARGET:
        mount->target = value;
        break;
    case KEY_READ_ONLY:
        set_flag(reading, field, &value, &mount->read_only);
        reading->access_given = true;
        break;
    case KEY_READ_WRITE:
        set_flag(reading, field, &value, &writable);
        mount->read_only = !writable;
        reading->access_given = true;
        break;
    case KEY_REQUIRED:
        set_required(reading, field, &value);
        break;
    case KEY_ID:
        mount->id = value;
        break;
    case KEY_ENV:
        mount->env = value;
        break;
    case KEY_SHARING:
    case KEY_SIZE:
    case KEY_FILE:
        break;
    case KEY_UNKNOWN:
    default:
        problem(reading, STR("unexpected key in mount: "), field, STR(""));
        break;
    }
}

/* What the frontend checks once the whole record is read, and the defaults. */
static void finish(struct reading *reading)
{
    struct df_mount *mount = reading->mount;
    if (!reading->access_given) {
        mount->read_only = mount->type != DF_MOUNT_CACHE && mount->type != DF_MOUNT_TMPFS;
    }
    if (mount->type == DF_MOUNT_SECRET) {
        if (mount->from.text.state != DF_VALUE_ABSENT) {
            problem(reading, STR("secret mount should not have a from"), STR(""), STR(""));
        }
        if (mount->source.state == DF_VALUE_ABSENT && mount->target.state == DF_VALUE_ABSENT &&
            mount->id.state == DF_VALUE_ABSENT) {
            problem(reading, STR("invalid secret mount. one of source, target required"), STR(""),
                    STR(""));
        }
        if (mount->id.state == DF_VALUE_ABSENT) {
            mount->id = mount->source;
        } else if (mount->source.state != DF_VALUE_ABSENT) {
            problem(reading, STR("both source and id can't be set"), STR(""), STR(""));
        }
    }
    if (mount->id.state == DF_VALUE_ABSENT &&
        (mount->type == DF_MOUNT_CACHE || mount->type == DF_MOUNT_SECRET)) {
        mount->id = mount->target;
    }
}

void df_mount_read(struct df_env *env, const struct df_flag *flag, struct df_mount *out)
{
    struct reading reading = {.env = env, .mount = out, .at = flag->value};
    struct df_csv csv = {.text = flag->value.text, .arena = env->arena};
    struct str field;
    *out = (struct df_mount){.type = DF_MOUNT_BIND,
                             .from = {.index = -1},
                             .start = flag->name.start,
                             .end = flag->value.end};
    while (df_csv_next(&csv, &field)) {
        read_field(&reading, field);
    }
    finish(&reading);
}
