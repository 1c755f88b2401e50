/* SPDX-License-Identifier: Apache-2.0
 *
 * sh_command.c - walks a shell tree and writes one row per command. It knows how commands are
 * joined, what is conditional, which `set` options are in force, and follows programs that run
 * other commands. Options are sorted by sh_options.c, wrappers found by sh_wrap.c, packages read by
 * sh_packages.c. Recursion follows the nesting of the text (bounded by the lexer), at most
 * MAX_NESTED texts inside texts and MAX_WRAPPERS wrappers in a row.
 */
#include "facts/shell/sh_command.h"

#include <string.h>

#include "core/alloc.h"
#include "facts/schema.h"
#include "facts/shell/sh_options.h"
#include "facts/shell/sh_packages.h"
#include "facts/shell/sh_wrap.h"

/* Texts inside a text are read again; all together at most this many times its size, or a text of
 * nested `sh -c` could be made to cost a power of its length. */
enum { NESTED_FACTOR = 16 };

enum { MAX_NESTED = 6, MAX_WRAPPERS = 16, MAX_DEPTH = 2 * SH_MAX_DEPTH + 8 };

enum { STATE_FLAGS = SH_CMD_PIPEFAIL | SH_CMD_ERREXIT | SH_CMD_XTRACE };

/* Where the walk stands; copied when a part gets its own. */
struct walk {
    struct sh_script *script;
    const struct sh_origin *origin;
    uint32_t context;  /* flags every command gets */
    uint32_t state;    /* STATE_FLAGS in force; changed by `set` */
    uint32_t wrapper;  /* row the text is run through */
    uint32_t feeds;    /* row whose words hold the substitution, or SH_NO_COMMAND */
    unsigned depth;    /* nesting of nodes */
    unsigned nested;   /* texts inside texts */
    unsigned wrappers; /* wrappers in a row */
    bool expanded;     /* substitutions in the text ran outside it and have their rows already */
};

/* First and last command of a part, for pipes; SH_NO_COMMAND when it has none. */
struct extent {
    uint32_t first;
    uint32_t last;
};

static const struct extent no_extent = {SH_NO_COMMAND, SH_NO_COMMAND};

static struct extent walk_node(struct walk *walk, const struct sh_node *node, uint8_t before,
                               uint8_t after);
static struct extent walk_list(struct walk *walk, const struct sh_node *list);
static struct extent emit(struct walk *walk, const struct sh_command *proto);
static void walk_substs(const struct walk *walk, const struct sh_simple *simple, uint32_t holder);

plim_status sh_script_init(struct sh_script *script, const plim_allocator *allocator)
{
    memset(script, 0, sizeof *script);
    const plim_allocator *used = alloc_or_default(allocator);
    struct sh_script_tools *tools = alloc_zeroed(used, sizeof *tools);
    if (tools == NULL) {
        return PLIM_STATUS_NOMEM;
    }
    script->allocator = used;
    script->tools = tools;
    return sh_parser_init(&tools->parser, used);
}

void sh_script_init_shared(struct sh_script *script, const struct sh_script *other)
{
    *script = (struct sh_script){
        .allocator = other->allocator, .tools = other->tools, .tools_borrowed = true};
}

void sh_script_release(struct sh_script *script)
{
    const plim_allocator *allocator = script->allocator;
    if (allocator == NULL) {
        return;
    }
    alloc_free(allocator, script->commands, script->command_capacity * sizeof *script->commands);
    alloc_free(allocator, script->options, script->option_capacity * sizeof *script->options);
    alloc_free(allocator, script->operands, script->operand_capacity * sizeof(void *));
    alloc_free(allocator, script->packages, script->package_capacity * sizeof *script->packages);
    alloc_free(allocator, script->assignments,
               script->assignment_capacity * sizeof *script->assignments);
    if (!script->tools_borrowed) {
        sh_parser_free(&script->tools->parser);
        alloc_free(allocator, script->tools, sizeof *script->tools);
    }
    memset(script, 0, sizeof *script);
}

void sh_origin_locate(const struct sh_origin *origin, uint32_t start, uint32_t end,
                      uint32_t *file_start, uint32_t *file_end, size_t *near)
{
    uint32_t from = origin->clamped ? origin->clamp_start : start + origin->shift;
    uint32_t to = origin->clamped ? origin->clamp_end : end + origin->shift;
    sh_text_locate_range(origin->text, from, to, file_start, file_end, near);
}

static void note_gap(struct sh_script *script, const struct sh_origin *origin,
                     const struct sh_tree *tree)
{
    if (tree->gap != SH_GAP_NONE && script->gap == SH_GAP_NONE) {
        script->gap = (enum sh_gap)tree->gap;
        size_t near = 0;
        sh_origin_locate(origin, tree->gap_start, tree->gap_end, &script->gap_start,
                         &script->gap_end, &near);
    }
}

/* Walks text inside the text: a -c argument or a here-document. `start` is the offset of its first
 * byte in the outer text, or UINT32_MAX when its bytes do not stand there as they are: then all of
 * it stands at [clamp_start, clamp_end). */
static void walk_text(const struct walk *outer, struct str text, uint32_t start,
                      uint32_t clamp_start, uint32_t clamp_end, uint32_t state, bool body)
{
    struct sh_script *script = outer->script;
    struct sh_origin *origin = ARENA_NEW(script->arena, struct sh_origin);
    if (origin == NULL || outer->nested >= MAX_NESTED || outer->depth >= MAX_DEPTH) {
        return;
    }
    if (text.len >= script->nested_bytes) {
        struct sh_tree refused = {
            .gap = SH_GAP_TOO_LARGE, .gap_start = clamp_start, .gap_end = clamp_end};
        note_gap(script, outer->origin, &refused);
        return;
    }
    script->nested_bytes -= text.len + 1;
    *origin = *outer->origin;
    origin->bytes = text;
    if (!origin->clamped && start != UINT32_MAX) {
        origin->shift += start;
    } else if (!origin->clamped) {
        origin->clamped = true;
        origin->clamp_start = origin->shift + clamp_start;
        origin->clamp_end = origin->shift + clamp_end;
    }
    struct walk inner = *outer;
    inner.origin = origin;
    inner.nested++;
    inner.depth++;
    inner.state = state;
    struct sh_tree tree;
    plim_status status = body ? sh_parse_body(&script->tools->parser, &tree, script->arena, text)
                              : sh_parse_script(&script->tools->parser, &tree, script->arena, text);
    if (status != PLIM_STATUS_OK) {
        script->status = script->status == PLIM_STATUS_OK ? status : script->status;
        return;
    }
    if (body) {
        const struct sh_node *node = tree.root->first;
        if (node != NULL && node->simple != NULL) {
            walk_substs(&inner, node->simple, outer->feeds);
        }
        return;
    }
    note_gap(script, origin, &tree);
    (void)walk_list(&inner, tree.root);
}

static void walk_word_text(const struct walk *outer, const struct sh_word *word, uint32_t state)
{
    bool exact = (word->flags & SH_WORD_CONTIGUOUS) != 0;
    struct walk walk = *outer;
    walk.expanded = walk.expanded || (word->flags & SH_WORD_COMMAND) != 0;
    walk_text(&walk, word->text, exact ? word->text_start : UINT32_MAX, word->start, word->end,
              state, false);
}

/* Substitutions in the words of a command and in the bodies of its here-documents. */
static void walk_substs(const struct walk *outer, const struct sh_simple *simple, uint32_t holder)
{
    if (simple == NULL || outer->expanded) {
        return;
    }
    for (const struct sh_subst *subst = simple->substs; subst != NULL; subst = subst->next) {
        struct walk walk = *outer;
        walk.context |= SH_CMD_SUBSTITUTION | SH_CMD_SUBSHELL;
        walk.feeds = holder;
        if (subst->body != NULL) {
            (void)walk_list(&walk, subst->body);
        }
    }
    for (uint32_t i = 0; i < simple->redir_count; i++) {
        const struct sh_redir *redir = simple->redirs[i];
        bool live = redir->kind == SH_REDIR_HEREDOC && !redir->literal && redir->body.len > 0;
        if (live && (str_find(redir->body, STR("$(")) < redir->body.len ||
                     memchr(redir->body.ptr, '`', redir->body.len) != NULL)) {
            struct walk walk = *outer;
            walk.context |= SH_CMD_SUBSTITUTION | SH_CMD_SUBSHELL;
            walk.feeds = holder;
            walk_text(&walk, redir->body, redir->body_start, redir->start, redir->end, walk.state,
                      true);
        }
    }
}

/* The program name a word gives; false when an expansion decides it. */
static bool program_name(const struct sh_word *word, struct str *name)
{
    struct str text = word->text;
    size_t at = text.len;
    while (at > 0 && text.ptr[at - 1] != '/') {
        at--;
    }
    *name = str_slice(text, at, text.len);
    if ((word->flags & SH_WORD_DYNAMIC) == 0) {
        return true;
    }
    for (size_t i = 0; i < name->len; i++) {
        if (strchr("$`})", name->ptr[i]) != NULL && name->ptr[i] != '\0') {
            return false;
        }
    }
    return name->len > 0;
}

/* `set -eux -o pipefail`, `set +e`: the options in force from here on. */
static uint32_t apply_set(const struct sh_command *command, uint32_t state)
{
    for (uint32_t i = 0; i < command->arg_count; i++) {
        struct str text = command->args[i].text;
        bool on = text.len > 0 && text.ptr[0] == '-';
        if (text.len < 2 || (!on && text.ptr[0] != '+') || str_eq(text, STR("--"))) {
            break;
        }
        uint32_t change = 0;
        for (size_t k = 1; k < text.len; k++) {
            change |= text.ptr[k] == 'e' ? (uint32_t)SH_CMD_ERREXIT : 0;
            change |= text.ptr[k] == 'x' ? (uint32_t)SH_CMD_XTRACE : 0;
            if (text.ptr[k] == 'o' && i + 1 < command->arg_count) {
                struct str option = command->args[++i].text;
                change |= str_eq(option, STR("pipefail")) ? (uint32_t)SH_CMD_PIPEFAIL : 0;
                change |= str_eq(option, STR("errexit")) ? (uint32_t)SH_CMD_ERREXIT : 0;
                change |= str_eq(option, STR("xtrace")) ? (uint32_t)SH_CMD_XTRACE : 0;
                break;
            }
        }
        state = on ? state | change : state & ~change;
    }
    return state;
}

/* The row for the command that begins at argument `first` of row `outer`. */
static struct sh_command inner_command(const struct sh_command *outer, uint32_t outer_row,
                                       uint32_t first, uint32_t count, struct str name)
{
    struct sh_command inner = *outer;
    inner.wrapper = outer_row;
    inner.name_word = &outer->args[first];
    inner.args = inner.name_word + 1;
    inner.arg_count = count - 1;
    inner.redirs = NULL;
    inner.redir_count = 0;
    inner.assign_count = 0;
    while (inner.assign_count < first &&
           (outer->args[first - 1 - inner.assign_count].flags & SH_WORD_ASSIGN) != 0) {
        inner.assign_count++;
    }
    inner.assigns = &outer->args[first - inner.assign_count];
    inner.start = inner.name_word->start;
    inner.end = outer->args[first + count - 1].end;
    inner.flags &=
        ~(uint32_t)(SH_CMD_NAME_UNKNOWN | SH_CMD_ASSUME_YES | SH_CMD_NO_RECOMMENDS |
                    SH_CMD_NO_CACHE | SH_CMD_UNVERIFIED | SH_CMD_GLOBAL | SH_CMD_OPTIONS_CUT);
    inner.flags |= SH_CMD_INLINE;
    if (name.len > 0) {
        inner.name = name;
    } else if (!program_name(inner.name_word, &inner.name)) {
        inner.flags |= SH_CMD_NAME_UNKNOWN;
    }
    return inner;
}

/* Here-documents and here-strings of a shell that reads its standard input. */
static void walk_stdin(const struct walk *walk, const struct sh_command *command)
{
    for (uint32_t i = 0; i < command->redir_count; i++) {
        const struct sh_redir *redir = command->redirs[i];
        if (redir->kind == SH_REDIR_HEREDOC) {
            walk_text(walk, redir->body, redir->body_start, redir->start, redir->end, 0, false);
        } else if (redir->kind == SH_REDIR_STRING) {
            walk_word_text(walk, &redir->target, 0);
        }
    }
}

/* Several arguments of `eval` as one text. */
static struct str join_args(struct sh_script *script, const struct sh_command *command,
                            bool *expanded)
{
    size_t size = 0;
    for (uint32_t i = 0; i < command->arg_count; i++) {
        *expanded = *expanded || (command->args[i].flags & SH_WORD_COMMAND) != 0;
        size += command->args[i].text.len + 1;
    }
    char *text = arena_alloc(script->arena, size);
    size_t at = 0;
    for (uint32_t i = 0; text != NULL && i < command->arg_count; i++) {
        struct str part = command->args[i].text;
        if (part.len > 0) {
            memcpy(text + at, part.ptr, part.len);
        }
        at += part.len;
        text[at++] = ' ';
    }
    return text != NULL ? str_make(text, size) : STR("");
}

static uint32_t shell_state(struct sh_shell shell)
{
    return (shell.errexit ? (uint32_t)SH_CMD_ERREXIT : 0) |
           (shell.pipefail ? (uint32_t)SH_CMD_PIPEFAIL : 0) |
           (shell.xtrace ? (uint32_t)SH_CMD_XTRACE : 0);
}

/* Rows for what row `row` runs. The row may move while they are added. */
static struct extent follow_wrapper(const struct walk *outer, uint32_t row, struct sh_wrap wrap)
{
    struct sh_script *script = outer->script;
    struct sh_command command = script->commands[row];
    struct extent self = {row, row};
    struct walk walk = *outer;
    walk.wrapper = row;
    walk.wrappers++;
    if (walk.wrappers > MAX_WRAPPERS) {
        return self;
    }
    switch (wrap.kind) {
    case SH_WRAP_NONE:
        break;
    case SH_WRAP_WORDS: {
        struct sh_command inner = inner_command(&command, row, wrap.first, wrap.count, wrap.name);
        return emit(&walk, &inner);
    }
    case SH_WRAP_SCRIPT:
        if (wrap.script != NULL) {
            walk_word_text(&walk, wrap.script, shell_state(wrap.shell));
        } else {
            struct str text = join_args(script, &command, &walk.expanded);
            walk_text(&walk, text, UINT32_MAX, command.start, command.end, walk.state, false);
        }
        break;
    case SH_WRAP_STDIN:
        walk_stdin(&walk, &command);
        break;
    case SH_WRAP_FIND:
        while (wrap.kind == SH_WRAP_FIND) {
            struct sh_command inner = inner_command(&command, row, wrap.first, wrap.count, STR(""));
            inner.flags |= SH_CMD_CONDITIONAL;
            (void)emit(&walk, &inner);
            wrap = sh_wrap_next_exec(&command, wrap.first + wrap.count);
        }
        break;
    }
    return self;
}

/* Adds a row and the rows of what it runs; the extent names the innermost command, which is the
 * one that reads and writes pipes. */
static struct extent emit(struct walk *walk, const struct sh_command *proto)
{
    struct sh_script *script = walk->script;
    if (script->status != PLIM_STATUS_OK || script->command_count >= SH_NO_COMMAND - 1) {
        return no_extent;
    }
    struct sh_command command = *proto;
    command.pipe_from = SH_NO_COMMAND;
    command.pipe_to = SH_NO_COMMAND;
    const struct sh_program *program = sh_program_find(script->tools->programs, command.name);
    uint32_t consumed = sh_options_read(script, &command, program->tool);
    sh_packages_read(script, &command, program);
    void *commands = script->commands;
    if (!alloc_grow(script->allocator, &commands, &script->command_capacity,
                    script->command_count + 1, sizeof *script->commands)) {
        script->status = PLIM_STATUS_NOMEM;
        return no_extent;
    }
    script->commands = commands;
    uint32_t row = (uint32_t)script->command_count++;
    script->commands[row] = command;
    if (program->is_set) {
        walk->state = apply_set(&command, walk->state);
    }
    struct sh_wrap wrap = {.kind = SH_WRAP_NONE};
    if (program->runs != SH_RUNS_NOTHING && command.name_word != NULL &&
        (command.flags & SH_CMD_NAME_UNKNOWN) == 0) {
        wrap = sh_wrap_find(script, &command, program, consumed);
    }
    return follow_wrapper(walk, row, wrap);
}

static void add_assignments(struct walk *walk, const struct sh_simple *simple)
{
    struct sh_script *script = walk->script;
    for (uint32_t i = 0; i < simple->assign_count; i++) {
        void *items = script->assignments;
        if (!alloc_grow(script->allocator, &items, &script->assignment_capacity,
                        script->assignment_count + 1, sizeof *script->assignments)) {
            script->status = PLIM_STATUS_NOMEM;
            return;
        }
        script->assignments = items;
        script->assignments[script->assignment_count++] =
            (struct sh_assignment){.word = &simple->assigns[i], .origin = walk->origin};
    }
}

/* A simple command, [[ ]] or (( )). */
static struct extent walk_simple(struct walk *walk, const struct sh_node *node, uint8_t before,
                                 uint8_t after)
{
    const struct sh_simple *simple = node->simple;
    struct sh_command command = {.origin = walk->origin,
                                 .start = simple->start,
                                 .end = simple->end,
                                 .args = simple->words,
                                 .arg_count = simple->word_count,
                                 .assigns = simple->assigns,
                                 .assign_count = simple->assign_count,
                                 .redirs = simple->redirs,
                                 .redir_count = simple->redir_count,
                                 .flags = walk->context | walk->state,
                                 .wrapper = walk->wrapper,
                                 .feeds = walk->feeds,
                                 .before = before,
                                 .after = after};
    if ((node->flags & SH_NODE_NEGATED) != 0) {
        command.flags |= SH_CMD_NEGATED;
    }
    struct extent extent = no_extent;
    if (node->kind == SH_NODE_TEST || node->kind == SH_NODE_ARITH) {
        command.name = node->kind == SH_NODE_TEST ? STR("[[") : STR("((");
        extent = emit(walk, &command);
    } else if (simple->word_count > 0) {
        command.name_word = &simple->words[0];
        command.args++;
        command.arg_count--;
        if (!program_name(command.name_word, &command.name)) {
            command.flags |= SH_CMD_NAME_UNKNOWN;
        }
        extent = emit(walk, &command);
    } else {
        add_assignments(walk, simple);
        command.assign_count = 0;
        if (simple->redir_count > 0) {
            extent = emit(walk, &command);
        }
    }
    walk_substs(walk, simple, extent.first);
    return extent;
}

/* A part that runs in a process of its own: what it sets is gone afterwards. */
static struct extent walk_apart(const struct walk *outer, const struct sh_node *node,
                                uint32_t context, uint8_t before, uint8_t after)
{
    struct walk walk = *outer;
    walk.context |= context;
    return walk_node(&walk, node, before, after);
}

/* The program a command is an argument of, or SH_NO_COMMAND. */
static uint32_t inline_wrapper(const struct sh_script *script, uint32_t row)
{
    const struct sh_command *command = &script->commands[row];
    return (command->flags & SH_CMD_INLINE) != 0 ? command->wrapper : SH_NO_COMMAND;
}

/* Marks who reads from whom; wrappers of a command share its pipes. */
static void link_pipe(struct sh_script *script, uint32_t left, uint32_t right)
{
    if (left == SH_NO_COMMAND || right == SH_NO_COMMAND) {
        return;
    }
    bool answers = str_eq(script->commands[left].name, STR("yes"));
    for (uint32_t row = left; row != SH_NO_COMMAND; row = inline_wrapper(script, row)) {
        script->commands[row].pipe_to = right;
    }
    for (uint32_t row = right; row != SH_NO_COMMAND; row = inline_wrapper(script, row)) {
        script->commands[row].pipe_from = left;
        script->commands[row].flags |= answers ? (uint32_t)SH_CMD_ASSUME_YES : 0;
    }
}

static struct extent walk_pipeline(const struct walk *walk, const struct sh_node *node,
                                   uint8_t before, uint8_t after)
{
    struct extent whole = no_extent;
    struct extent left = no_extent;
    uint32_t negated = (node->flags & SH_NODE_NEGATED) != 0 ? (uint32_t)SH_CMD_NEGATED : 0;
    for (const struct sh_node *part = node->first; part != NULL; part = part->next) {
        bool compound = part->kind != SH_NODE_SIMPLE;
        struct extent right =
            walk_apart(walk, part, negated | (compound ? (uint32_t)SH_CMD_SUBSHELL : 0),
                       part == node->first ? before : (uint8_t)MEMBER_list_operator_pipe,
                       part->next == NULL ? after : (uint8_t)MEMBER_list_operator_pipe);
        if (part == node->first) {
            whole = right;
        } else {
            link_pipe(walk->script, left.last, right.first);
        }
        left = right;
    }
    whole.last = left.last;
    return whole;
}

static void widen(struct extent *whole, struct extent part)
{
    if (part.first != SH_NO_COMMAND) {
        whole->first = whole->first == SH_NO_COMMAND ? part.first : whole->first;
        whole->last = part.last;
    }
}

/* Parts of an if or a loop, of a for, a case or a function. */
static struct extent walk_compound(struct walk *walk, const struct sh_node *node)
{
    struct extent whole = no_extent;
    uint32_t context = walk->context;
    uint32_t state = walk->state;
    bool function = node->kind == SH_NODE_FUNCTION;
    walk_substs(walk, node->simple, SH_NO_COMMAND);
    for (const struct sh_node *part = node->first; part != NULL; part = part->next) {
        if (part->role == SH_ROLE_CONDITION) {
            walk->context = context | SH_CMD_CONDITION;
            walk->context |= part != node->first ? (uint32_t)SH_CMD_CONDITIONAL : 0;
        } else {
            walk->context = context | SH_CMD_CONDITIONAL;
            walk->context |= function ? (uint32_t)SH_CMD_FUNCTION : 0;
        }
        if (node->kind == SH_NODE_CASE) {
            walk_substs(walk, part->simple, SH_NO_COMMAND);
        }
        widen(&whole, walk_node(walk, part, MEMBER_list_operator_none, MEMBER_list_operator_none));
    }
    walk->context = context;
    walk->state = function ? state : walk->state;
    return whole;
}

static struct extent walk_unparsed(struct walk *walk, const struct sh_node *node)
{
    uint32_t context = walk->context;
    struct extent whole = no_extent;
    walk->context |= SH_CMD_UNPARSED;
    for (const struct sh_node *part = node->first; part != NULL; part = part->next) {
        widen(&whole, walk_node(walk, part, MEMBER_list_operator_none, MEMBER_list_operator_none));
    }
    walk->context = context;
    return whole;
}

static struct extent walk_node(struct walk *walk, const struct sh_node *node, uint8_t before,
                               uint8_t after)
{
    struct extent whole = no_extent;
    if (walk->depth >= MAX_DEPTH || walk->script->status != PLIM_STATUS_OK) {
        return whole;
    }
    walk->depth++;
    switch ((enum sh_node_kind)node->kind) {
    case SH_NODE_LIST:
        whole = walk_list(walk, node);
        break;
    case SH_NODE_SIMPLE:
    case SH_NODE_TEST:
    case SH_NODE_ARITH:
        whole = walk_simple(walk, node, before, after);
        break;
    case SH_NODE_PIPELINE:
        whole = walk_pipeline(walk, node, before, after);
        break;
    case SH_NODE_SUBSHELL:
        whole = node->first != NULL ? walk_apart(walk, node->first, SH_CMD_SUBSHELL, before, after)
                                    : no_extent;
        break;
    case SH_NODE_GROUP:
        whole = node->first != NULL ? walk_list(walk, node->first) : no_extent;
        break;
    case SH_NODE_IF:
    case SH_NODE_LOOP:
    case SH_NODE_FOR:
    case SH_NODE_CASE:
    case SH_NODE_FUNCTION:
        whole = walk_compound(walk, node);
        break;
    case SH_NODE_UNPARSED:
        whole = walk_unparsed(walk, node);
        break;
    }
    walk_substs(walk, node->trailer, SH_NO_COMMAND);
    walk->depth--;
    return whole;
}

static struct extent walk_list(struct walk *walk, const struct sh_node *list)
{
    static const uint8_t operators[] = {
        [SH_OP_NONE] = MEMBER_list_operator_none,
        [SH_OP_SEQ] = MEMBER_list_operator_sequence,
        [SH_OP_AND] = MEMBER_list_operator_and_if,
        [SH_OP_OR] = MEMBER_list_operator_or_if,
    };
    struct extent whole = no_extent;
    uint32_t context = walk->context;
    uint8_t before = MEMBER_list_operator_none;
    for (const struct sh_node *node = list->first; node != NULL; node = node->next) {
        uint8_t after =
            node->next != NULL ? operators[node->next->op] : (uint8_t)MEMBER_list_operator_none;
        bool chain_ends = node->next == NULL || node->next->op <= SH_OP_SEQ;
        if ((node->flags & SH_NODE_BACKGROUND) != 0 && chain_ends) {
            after = MEMBER_list_operator_background;
        }
        walk->context = context | (node->op == SH_OP_OR ? (uint32_t)SH_CMD_CONDITIONAL : 0);
        widen(&whole, walk_node(walk, node, before, after));
        before = after;
    }
    walk->context = context;
    return whole;
}

static void clear_rows(struct sh_script *script, struct arena *arena)
{
    script->arena = arena;
    script->command_count = script->option_count = script->operand_count = 0;
    script->package_count = script->assignment_count = 0;
    script->gap = SH_GAP_NONE;
    script->gap_start = script->gap_end = 0;
    script->status = PLIM_STATUS_OK;
}

static plim_status finish(const struct sh_script *script)
{
    return script->status != PLIM_STATUS_OK ? script->status : arena_status(script->arena);
}

plim_status sh_script_read(struct sh_script *script, struct arena *arena,
                           const struct sh_text *text, struct sh_shell shell)
{
    clear_rows(script, arena);
    if (shell.dialect != SH_DIALECT_POSIX) {
        return PLIM_STATUS_OK;
    }
    struct sh_origin *origin = ARENA_NEW(arena, struct sh_origin);
    struct sh_tree tree;
    if (origin == NULL) {
        return arena_status(arena);
    }
    plim_status status = sh_parse_script(&script->tools->parser, &tree, arena, text->bytes);
    if (status != PLIM_STATUS_OK) {
        return status;
    }
    origin->text = text;
    origin->bytes = text->bytes;
    script->nested_bytes = NESTED_FACTOR * (text->bytes.len + 4096);
    note_gap(script, origin, &tree);
    struct walk walk = {.script = script,
                        .origin = origin,
                        .state = shell_state(shell),
                        .wrapper = SH_NO_COMMAND,
                        .feeds = SH_NO_COMMAND};
    (void)walk_list(&walk, tree.root);
    return finish(script);
}

plim_status sh_script_read_exec(struct sh_script *script, struct arena *arena,
                                const struct sh_text *text, const struct sh_word *words,
                                size_t count)
{
    clear_rows(script, arena);
    struct sh_origin *origin = ARENA_NEW(arena, struct sh_origin);
    if (origin == NULL || count == 0) {
        return arena_status(arena);
    }
    origin->text = text;
    origin->bytes = text->bytes;
    script->nested_bytes = NESTED_FACTOR * (text->bytes.len + 4096);
    struct walk walk = {
        .script = script, .origin = origin, .wrapper = SH_NO_COMMAND, .feeds = SH_NO_COMMAND};
    struct sh_command command = {.origin = origin,
                                 .name_word = &words[0],
                                 .args = words + 1,
                                 .arg_count = (uint32_t)(count - 1),
                                 .start = words[0].start,
                                 .end = words[count - 1].end,
                                 .wrapper = SH_NO_COMMAND,
                                 .feeds = SH_NO_COMMAND};
    if (!program_name(command.name_word, &command.name)) {
        command.flags |= SH_CMD_NAME_UNKNOWN;
    }
    (void)emit(&walk, &command);
    return finish(script);
}
