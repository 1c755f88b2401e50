/* SPDX-License-Identifier: Apache-2.0
 *
 * sh_build.c - see sh_build.h. Nothing here decides what a command means.
 */
#include "facts/shell/sh_build.h"

void *sh_build_stack(struct sh_parse *parse, size_t size)
{
    return arena_alloc(parse->arena, size);
}

static struct sh_node *make_node(struct sh_parse *parse, enum sh_node_kind kind, uint32_t start,
                                 uint32_t end)
{
    struct sh_node *node = ARENA_NEW(parse->arena, struct sh_node);
    if (node != NULL) {
        node->kind = (uint8_t)kind;
        node->start = start;
        node->end = end;
    }
    return node;
}

static void add_child(struct sh_node *parent, struct sh_node *child, enum sh_role role)
{
    if (parent == NULL || child == NULL) {
        return;
    }
    child->role = (uint8_t)role;
    if (parent->last != NULL) {
        parent->last->next = child;
    } else {
        parent->first = child;
    }
    parent->last = child;
}

struct sh_node *sh_build_list(struct sh_parse *parse, uint32_t start)
{
    return make_node(parse, SH_NODE_LIST, start, start);
}

struct sh_node *sh_build_append(struct sh_parse *parse, struct sh_node *list, struct sh_chain chain)
{
    (void)parse;
    if (list == NULL || chain.first == NULL) {
        return list;
    }
    chain.first->op = list->first != NULL ? SH_OP_SEQ : SH_OP_NONE;
    if (list->last != NULL) {
        list->last->next = chain.first;
    } else {
        list->first = chain.first;
        list->start = chain.first->start;
    }
    list->last = chain.last;
    list->end = chain.last->end;
    return list;
}

struct sh_node *sh_build_background(struct sh_parse *parse, struct sh_node *list,
                                    struct sh_chain chain)
{
    for (struct sh_node *node = chain.first; node != NULL; node = node->next) {
        node->flags |= SH_NODE_BACKGROUND;
    }
    return sh_build_append(parse, list, chain);
}

struct sh_node *sh_build_broken(struct sh_parse *parse, struct sh_node *list, struct sh_range range)
{
    struct sh_node *node = make_node(parse, SH_NODE_UNPARSED, range.start, range.end);
    sh_lexer_gap(parse->lexer, SH_GAP_SYNTAX, range.start, range.end);
    if (node != NULL) {
        node->first = parse->salvage.first;
        node->last = parse->salvage.last;
    }
    parse->salvage = (struct sh_chain){0};
    return sh_build_append(parse, list, sh_build_chain(node));
}

struct sh_node *sh_build_concat(struct sh_node *list, const struct sh_node *more)
{
    if (more == NULL) {
        return list;
    }
    struct sh_chain chain = {.first = more->first, .last = more->last};
    return sh_build_append(NULL, list, chain);
}

struct sh_chain sh_build_chain(struct sh_node *node)
{
    return (struct sh_chain){.first = node, .last = node};
}

struct sh_chain sh_build_join(struct sh_chain left, enum sh_op op, struct sh_chain right)
{
    if (left.last == NULL || right.first == NULL) {
        return left;
    }
    right.first->op = (uint8_t)op;
    left.last->next = right.first;
    left.last = right.last;
    return left;
}

struct sh_chain sh_build_pipe(struct sh_chain left, unsigned flags, struct sh_node *command)
{
    if (left.last == NULL || command == NULL) {
        return left;
    }
    command->flags |= (uint8_t)flags;
    left.last->next = command;
    left.last = command;
    return left;
}

struct sh_chain sh_build_pipeline(struct sh_parse *parse, struct sh_chain commands, unsigned flags)
{
    struct sh_node *node = commands.first;
    if (node != NULL && node != commands.last) {
        node = make_node(parse, SH_NODE_PIPELINE, commands.first->start, commands.last->end);
        if (node != NULL) {
            node->first = commands.first;
            node->last = commands.last;
        }
    }
    if (node != NULL) {
        node->flags |= (uint8_t)flags;
    }
    return sh_build_chain(node);
}

struct sh_node *sh_build_simple(struct sh_parse *parse, enum sh_node_kind kind,
                                struct sh_simple *simple)
{
    struct sh_node *node = NULL;
    if (simple != NULL) {
        node = make_node(parse, kind, simple->start, simple->end);
    }
    if (node != NULL) {
        node->simple = simple;
    }
    return node;
}

struct sh_node *sh_build_compound(struct sh_parse *parse, enum sh_node_kind kind,
                                  struct sh_range range, struct sh_simple *header,
                                  struct sh_node *body)
{
    struct sh_node *node = make_node(parse, kind, range.start, range.end);
    if (node != NULL) {
        node->simple = header;
        add_child(node, body, SH_ROLE_BODY);
    }
    return node;
}

struct sh_node *sh_build_trailer(struct sh_node *compound, struct sh_simple *redirs)
{
    if (compound != NULL && redirs != NULL) {
        compound->trailer = redirs;
        compound->end = redirs->end;
    }
    return compound;
}

struct sh_node *sh_build_loop(struct sh_parse *parse, struct sh_range range, struct sh_node *test,
                              struct sh_node *body)
{
    struct sh_node *node = make_node(parse, SH_NODE_LOOP, range.start, range.end);
    return sh_build_branch(node, test, body);
}

struct sh_node *sh_build_branch(struct sh_node *node, struct sh_node *test, struct sh_node *body)
{
    add_child(node, test, SH_ROLE_CONDITION);
    add_child(node, body, SH_ROLE_BODY);
    return node;
}

struct sh_node *sh_build_if(struct sh_node *node, struct sh_node *otherwise, struct sh_range range)
{
    add_child(node, otherwise, SH_ROLE_ELSE);
    if (node != NULL) {
        node->start = range.start;
        node->end = range.end;
    }
    return node;
}

struct sh_node *sh_build_arm(struct sh_node *node, struct sh_simple *patterns, struct sh_node *body)
{
    if (body != NULL) {
        body->simple = patterns;
    }
    add_child(node, body, SH_ROLE_BODY);
    return node;
}

struct sh_node *sh_build_case(struct sh_node *node, struct sh_simple *subject,
                              struct sh_range range)
{
    if (node != NULL) {
        node->simple = subject;
        node->start = range.start;
        node->end = range.end;
    }
    return node;
}

void sh_build_subst(struct sh_subst *subst, struct sh_node *body)
{
    if (subst != NULL) {
        subst->body = body;
    }
}

void sh_build_root(struct sh_parse *parse, struct sh_node *list)
{
    parse->root = list;
}

void sh_build_salvage(struct sh_parse *parse, struct sh_node *node)
{
    if (node != NULL && (node->kind != SH_NODE_LIST || node->first != NULL)) {
        node->op = SH_OP_NONE;
        sh_build_salvage_chain(parse, sh_build_chain(node));
    }
}

void sh_build_salvage_chain(struct sh_parse *parse, struct sh_chain chain)
{
    if (chain.last == NULL) {
        return;
    }
    /* The stack is popped from its top: what comes later stood further left. */
    chain.last->next = parse->salvage.first;
    if (parse->salvage.first == NULL) {
        parse->salvage.last = chain.last;
    }
    parse->salvage.first = chain.first;
}

void sh_build_salvage_commands(struct sh_parse *parse, struct sh_chain chain)
{
    if (chain.first == NULL) {
        return;
    }
    /* A discarded token stands right of all that was popped. */
    if (parse->salvage.last != NULL) {
        parse->salvage.last->next = chain.first;
    } else {
        parse->salvage.first = chain.first;
    }
    parse->salvage.last = chain.last;
}

void sh_build_salvage_simple(struct sh_parse *parse, struct sh_simple *simple)
{
    struct sh_node *node = sh_build_simple(parse, SH_NODE_SIMPLE, simple);
    sh_build_salvage_commands(parse, sh_build_chain(node));
}
