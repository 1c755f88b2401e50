/* SPDX-License-Identifier: Apache-2.0
 *
 * builtins.c - signatures of the builtins and the one door through which the VM calls them: states
 * of arguments and costs are seen to here, so that the functions in bi_*.c only compute.
 */
#include "runtime/builtins.h"

#include <string.h>

#include "runtime/bi.h"
#include "runtime/vm.h"

enum { BYTES_PER_FUEL = 16 };

static const struct builtin_info infos[] = {
#define BUILTIN(id, name, result, arguments, cost, doc)                                            \
    {name, {.base = PROGRAM_##result}, arguments, sizeof(arguments) - 1, cost, doc},
#include "runtime/builtins.def"
#undef BUILTIN
};

static bi_function *const functions[] = {
#define BUILTIN(id, name, result, arguments, cost, doc) bi_##id,
#include "runtime/builtins.def"
#undef BUILTIN
};

const struct builtin_info *builtin_info(enum builtin builtin)
{
    return &infos[builtin];
}

struct program_type builtin_argument_type(const struct builtin_info *info, unsigned index)
{
    switch (info->arguments[index]) {
    case 'i':
        return (struct program_type){.base = PROGRAM_INT};
    case 'l':
        return (struct program_type){.base = PROGRAM_STR, .list = 1};
    case 't':
        return (struct program_type){.base = PROGRAM_TIME};
    case 'd':
        return (struct program_type){.base = PROGRAM_DURATION};
    case 'v':
        return (struct program_type){.base = PROGRAM_VERSION};
    case 'p':
        return (struct program_type){.base = PROGRAM_SET, .argument = PROGRAM_STR};
    default:
        return (struct program_type){.base = PROGRAM_STR};
    }
}

enum vm_exit vm_call(struct vm *vm, struct value *out, enum builtin builtin,
                     const struct value *arguments)
{
    const struct builtin_info *info = &infos[builtin];
    int64_t cost = info->cost;
    for (unsigned i = 0; i < info->argument_count; i++) {
        bool empty_list = info->arguments[i] == 'l' && arguments[i].state == FACT_ABSENT;
        if (!value_is_present(arguments[i]) && !empty_list) {
            *out = value_doubt(arguments[i]);
            return VM_DONE;
        }
        if (info->arguments[i] == 's') {
            size_t length = link_text(vm->link, (intern_id)arguments[i].bits).len;
            cost += (int64_t)(length / BYTES_PER_FUEL);
        }
    }
    vm->fuel -= cost;
    return functions[builtin](vm, out, arguments);
}
