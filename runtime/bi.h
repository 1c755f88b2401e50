/* SPDX-License-Identifier: Apache-2.0
 *
 * bi.h - the functions behind builtins.def, by id: bi_starts_with, bi_age, ...
 *
 * Arguments are present (lists may be absent) and have the types of the signature; `*out` may be
 * one of them. Each returns VM_DONE or why it could not be computed. Thread rule: one thread per
 * vm.
 */
#ifndef RUNTIME_BI_H
#define RUNTIME_BI_H

#include "runtime/value.h"
#include "runtime/vm.h"

typedef enum vm_exit bi_function(struct vm *vm, struct value *out, const struct value *arguments);

#define BUILTIN(id, name, result, arguments, cost, doc) bi_function bi_##id;
#include "runtime/builtins.def"
#undef BUILTIN

/* Text of a string argument. */
static inline struct str bi_text(const struct vm *vm, struct value argument)
{
    return link_text(vm->link, (intern_id)argument.bits);
}

#endif
