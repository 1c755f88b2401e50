/* SPDX-License-Identifier: Apache-2.0
 *
 * co_canon_forms.h - the forms of co_canon.h, one function for each, shared by co_canon*.c alone.
 *
 * A form takes a value of any kind and gives the long one: the same node when it is in its long
 * form or of a kind that the schema reports; NULL when it cannot be used, which is reported, or
 * after a failure of the arena. Parts of the value are brought into their own forms afterwards, by
 * their types. Thread rule: as co_run.h.
 */
#ifndef FACTS_COMPOSE_CO_CANON_FORMS_H
#define FACTS_COMPOSE_CO_CANON_FORMS_H

#include "facts/compose/co_run.h"
#include "facts/tree/tree.h"

typedef const struct tree_node *co_form_fn(struct co_run *run, const struct tree_node *node);

/* co_canon_list.c: scalars, lists and mappings of texts */
co_form_fn co_form_text;         /* a scalar: a text */
co_form_fn co_form_texts;        /* a scalar: a list of one text */
co_form_fn co_form_servers;      /* a scalar: a list of one text; empty ones are left out */
co_form_fn co_form_option_texts; /* a scalar: a list of one text; a list: of texts */
co_form_fn co_form_pairs;        /* texts `key=value` and scalars: a mapping of texts */
co_form_fn co_form_variables;    /* the same, with null for what has no `=` */
co_form_fn co_form_contexts;     /* the same, but every text needs an `=` */
co_form_fn co_form_ssh;          /* the same, but only `default` may lack its `=` */
co_form_fn co_form_hosts;        /* `host=ip`, `host:ip`: a mapping of lists */
co_form_fn co_form_names;        /* a list of names: a mapping of them to null */
co_form_fn co_form_depends_on;   /* a list of names: a mapping of them to dependencies */

/* co_canon_part.c: short texts that stand for mappings */
co_form_fn co_form_build;
co_form_fn co_form_env_files;
co_form_fn co_form_file_use;
co_form_fn co_form_device;
co_form_fn co_form_gpus;
co_form_fn co_form_resource; /* of a network, volume, secret or config: external.name */

/* co_canon_mount.c: ports and mounts */
co_form_fn co_form_port;
co_form_fn co_form_mount;

/* co_canon_value.c: values with units, commands */
co_form_fn co_form_size;
co_form_fn co_form_duration;
co_form_fn co_form_mode;
co_form_fn co_form_whole;
co_form_fn co_form_count;
co_form_fn co_form_command;
co_form_fn co_form_test;

#endif
