/* SPDX-License-Identifier: Apache-2.0
 *
 * vm_loop.h - the text of the dispatch loop. It is compiled twice so that the two cannot drift:
 * by vm.c without hooks, and by trace.c with one in front of each instruction. Not a header for
 * anybody else. Before including it define
 *
 *   VM_LOOP_NAME   name of the static function
 *   VM_HOOK(pc)    statement run before each instruction; `pc` points to it
 *
 * Fuel is counted where control is transferred: the distance run since the last transfer, one unit
 * per instruction; dearer instructions charge the rest of their cost themselves.
 */
#if defined(__GNUC__) && !defined(VM_PORTABLE)
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wpedantic"
#define VM_BEGIN VM_NEXT;
#define VM_CASE(op) label_##op:
#define VM_NEXT                                                                                    \
    do {                                                                                           \
        VM_HOOK(pc);                                                                               \
        word = *pc++;                                                                              \
        goto *labels[bytecode_op(word)];                                                           \
    } while (0)
#define VM_FINISH
#else
#define VM_BEGIN                                                                                   \
    for (;;) {                                                                                     \
        VM_HOOK(pc);                                                                               \
        word = *pc++;                                                                              \
        switch (bytecode_op(word)) {
#define VM_CASE(op) case OP_##op:
#define VM_NEXT continue
#define VM_FINISH                                                                                  \
    }                                                                                              \
    }
#endif

#define A (bytecode_a(word))
#define B (bytecode_b(word))
#define C (bytecode_c(word))
#define IMM (bytecode_imm(word))

/* Takes a jump. */
#define VM_JUMP                                                                                    \
    do {                                                                                           \
        fuel -= pc - segment;                                                                      \
        pc += IMM;                                                                                 \
        segment = pc;                                                                              \
    } while (0)

/* Leaves when an operation could not be done. */
#define VM_TRY(operation)                                                                          \
    do {                                                                                           \
        vm->fuel = fuel;                                                                           \
        enum vm_exit exit_ = (operation);                                                          \
        fuel = vm->fuel;                                                                           \
        if (exit_ != VM_DONE) {                                                                    \
            vm->fuel = fuel - (pc - segment);                                                      \
            return exit_;                                                                          \
        }                                                                                          \
    } while (0)

static enum vm_exit VM_LOOP_NAME(struct vm *vm)
{
#ifdef VM_CASE
#if defined(__GNUC__) && !defined(VM_PORTABLE)
    static const void *const labels[] = {
#define OP(name, format, a, b, c, cost, doc) &&label_##name,
#include "runtime/opcodes.def"
#undef OP
    };
#endif
#endif
    const struct program *program = vm->link->program;
    const struct program_type *types = vm->types;
    const struct fact_list_pool *pool = &vm->facts->lists;
    struct value *r = vm->r;
    const uint32_t *pc = program->code + vm->unit->first_code;
    const uint32_t *segment = pc;
    int64_t fuel = vm->fuel;
    uint32_t word;

    VM_BEGIN
    VM_CASE(KBOOL)
    {
        r[A] = value_bool(IMM != 0);
        VM_NEXT;
    }
    VM_CASE(KINT)
    {
        r[A] = value_present((uint64_t)program->ints[IMM]);
        VM_NEXT;
    }
    VM_CASE(KSTR)
    {
        intern_id id = vm->link->constants[IMM];
        if (id == INTERN_NONE) {
            id = link_constant(vm->link, IMM);
            VM_TRY(id != INTERN_NONE ? VM_DONE : VM_MEMORY);
        }
        r[A] = value_present(id);
        VM_NEXT;
    }
    VM_CASE(KENUM)
    VM_CASE(KSET)
    VM_CASE(KPAT)
    {
        r[A] = value_present(IMM);
        VM_NEXT;
    }
    VM_CASE(KPARAM)
    {
        r[A] = vm->link->params[IMM];
        VM_NEXT;
    }
    VM_CASE(MOVE)
    {
        r[A] = r[B];
        VM_NEXT;
    }
    VM_CASE(FIELD)
    {
        struct value row = r[B];
        const struct vm_table *table = &vm->tables[types[B].argument];
        if (row.state == FACT_PRESENT && row.bits < table->rows) {
            size_t at = (size_t)row.bits * table->fields + C;
            r[A] = (struct value){.bits = table->values[at], .state = table->states[at]};
        } else {
            r[A] = row.state == FACT_UNKNOWN ? row : value_absent();
        }
        VM_NEXT;
    }
    VM_CASE(HAS)
    {
        struct value row = r[B];
        const struct vm_table *table = &vm->tables[types[B].argument];
        if (row.state == FACT_PRESENT && row.bits < table->rows) {
            size_t at = (size_t)row.bits * table->fields + C;
            r[A] = table->states[at] == FACT_UNKNOWN
                       ? value_unknown((fact_cause)table->values[at])
                       : value_bool(table->states[at] == FACT_PRESENT);
        } else {
            r[A] = row.state == FACT_UNKNOWN ? row : value_bool(false);
        }
        VM_NEXT;
    }
    VM_CASE(FIELDLOC)
    {
        r[A] = vm_field_loc(vm, r[B], types[B].argument, C);
        VM_NEXT;
    }
    VM_CASE(ROWLOC)
    {
        r[A] = vm_row_loc(vm, r[B], types[B].argument);
        VM_NEXT;
    }
    VM_CASE(DEFAULT)
    {
        r[A] = r[B].state == FACT_ABSENT ? r[C] : r[B];
        VM_NEXT;
    }
    VM_CASE(ISUNK)
    {
        r[A] = r[B].state == FACT_UNKNOWN ? value_doubt(r[B]) : value_bool(false);
        VM_NEXT;
    }
    VM_CASE(ISSET)
    {
        r[A] = r[B].state == FACT_UNKNOWN ? value_doubt(r[B])
                                          : value_bool(r[B].state == FACT_PRESENT);
        VM_NEXT;
    }
    VM_CASE(EQ)
    VM_CASE(EQI)
    {
        r[A] = value_is_present(r[B]) && value_is_present(r[C])
                   ? value_bool(r[B].bits == r[C].bits)
                   : value_doubt2(r[B], r[C]);
        VM_NEXT;
    }
    VM_CASE(LTI)
    {
        r[A] = value_is_present(r[B]) && value_is_present(r[C])
                   ? value_bool((int64_t)r[B].bits < (int64_t)r[C].bits)
                   : value_doubt2(r[B], r[C]);
        VM_NEXT;
    }
    VM_CASE(LEI)
    {
        r[A] = value_is_present(r[B]) && value_is_present(r[C])
                   ? value_bool((int64_t)r[B].bits <= (int64_t)r[C].bits)
                   : value_doubt2(r[B], r[C]);
        VM_NEXT;
    }
    VM_CASE(EQV)
    VM_CASE(LTV)
    VM_CASE(LEV)
    {
        fuel -= 3;
        r[A] = vm_compare_versions(vm, r[B], r[C], bytecode_op(word));
        VM_NEXT;
    }
    VM_CASE(EQC)
    {
        r[A] = value_count_equal(r[B], r[C]);
        VM_NEXT;
    }
    VM_CASE(LTC)
    {
        r[A] = value_count_less(r[B], r[C]);
        VM_NEXT;
    }
    VM_CASE(LEC)
    {
        r[A] = value_count_less_equal(r[B], r[C]);
        VM_NEXT;
    }
    VM_CASE(INSET)
    {
        r[A] = vm_in_set(vm, r[B], r[C]);
        VM_NEXT;
    }
    VM_CASE(INLIST)
    {
        fuel -= 3 + (value_is_present(r[C]) ? vm_list_length(vm, r[C]) : 0);
        r[A] = vm_in_list(vm, r[B], r[C]);
        VM_NEXT;
    }
    VM_CASE(MATCH)
    {
        fuel -= 7;
        VM_TRY(vm_match(vm, &r[A], r[B], r[C]));
        VM_NEXT;
    }
    VM_CASE(NOT3)
    {
        r[A] = value_not(r[B]);
        VM_NEXT;
    }
    VM_CASE(AND3)
    {
        r[A] = value_and(r[B], r[C]);
        VM_NEXT;
    }
    VM_CASE(OR3)
    {
        r[A] = value_or(r[B], r[C]);
        VM_NEXT;
    }
    VM_CASE(COUNT)
    {
        r[A] = vm_count(vm, r[B]);
        VM_NEXT;
    }
    VM_CASE(SETSIZE)
    {
        uint32_t size = value_is_present(r[B]) ? vm->link->sets[r[B].bits].count : 0;
        r[A] = value_count(size, size, 0);
        VM_NEXT;
    }
    VM_CASE(I2C)
    {
        int64_t number = (int64_t)r[B].bits;
        uint32_t exact = number < 0 ? 0 : number > UINT32_MAX ? UINT32_MAX : (uint32_t)number;
        r[A] = value_is_present(r[B]) ? value_count(exact, exact, 0) : value_doubt(r[B]);
        VM_NEXT;
    }
    VM_CASE(C2I)
    {
        struct value count = r[B];
        if (!value_is_present(count)) {
            r[A] = value_doubt(count);
        } else if (value_certain(count) == value_possible(count)) {
            r[A] = value_present(value_certain(count));
        } else {
            r[A] = value_unknown(count.aux);
        }
        VM_NEXT;
    }
    VM_CASE(FIRST)
    {
        r[A] = vm_first(vm, r[B]);
        VM_NEXT;
    }
    VM_CASE(ITER)
    {
        r[A] = vm_iterate(vm, r[B]);
        VM_NEXT;
    }
    VM_CASE(FOR)
    {
        struct value *iterator = &r[A];
        uint32_t left = (uint32_t)iterator->bits;
        if (left == 0) {
            VM_JUMP;
            VM_NEXT;
        }
        uint32_t index = (uint32_t)(iterator->bits >> 32);
        iterator->bits = (uint64_t)(index + 1) << 32 | (left - 1);
        if (iterator->aux == 0) {
            iterator[1] = (struct value){.bits = pool->values[index], .state = pool->states[index]};
            iterator[2] = value_present(pool->locs[index]);
            iterator[3] = value_bool(true);
        } else {
            vm_filter_element(vm, iterator, index);
        }
        VM_NEXT;
    }
    VM_CASE(LOOP)
    {
        fuel -= pc - segment;
        pc -= IMM + 1;
        segment = pc;
        if (fuel < 0) {
            VM_TRY(vm_refuel(vm));
        }
        VM_NEXT;
    }
    VM_CASE(NEWLIST)
    {
        fuel -= 1;
        VM_TRY(vm_new_list(vm, &r[A], r[B]));
        VM_NEXT;
    }
    VM_CASE(PUSH)
    {
        fuel -= 1;
        VM_TRY(vm_push(vm, r[A], r[B], r[C]));
        VM_NEXT;
    }
    VM_CASE(CALL)
    {
        fuel -= 3;
        VM_TRY(vm_call(vm, &r[A], (enum builtin)C, &r[B]));
        VM_NEXT;
    }
    VM_CASE(JMP)
    {
        VM_JUMP;
        VM_NEXT;
    }
    VM_CASE(JF)
    {
        if (value_is_false(r[A])) {
            VM_JUMP;
        }
        VM_NEXT;
    }
    VM_CASE(JT)
    {
        if (value_is_true(r[A])) {
            VM_JUMP;
        }
        VM_NEXT;
    }
    VM_CASE(JNT)
    {
        if (!value_is_true(r[A])) {
            VM_JUMP;
        }
        VM_NEXT;
    }
    VM_CASE(AT)
    {
        vm_at(vm, r[A]);
        VM_NEXT;
    }
    VM_CASE(ALSO)
    {
        vm_also(vm, r[A], IMM);
        VM_NEXT;
    }
    VM_CASE(TEXT)
    {
        vm_text_clear(vm);
        VM_NEXT;
    }
    VM_CASE(PUTK)
    {
        vm_text_constant(vm, IMM);
        VM_NEXT;
    }
    VM_CASE(PUT)
    {
        fuel -= 1;
        vm_text_value(vm, types[A], r[A]);
        VM_NEXT;
    }
    VM_CASE(UNDEC)
    {
        if (!value_is_present(r[A])) {
            vm_undecided(vm, IMM, r[A]);
        }
        VM_NEXT;
    }
    VM_CASE(FIX)
    {
        vm_fix(vm, r[A], IMM);
        VM_NEXT;
    }
    VM_CASE(EMIT)
    {
        fuel -= 3;
        VM_TRY(vm_emit(vm, IMM));
        VM_NEXT;
    }
    VM_CASE(END)
    {
        vm->fuel = fuel - (pc - segment);
        return vm->fuel < 0 ? vm_refuel(vm) : VM_DONE;
    }
    VM_FINISH
}

#undef A
#undef B
#undef C
#undef IMM
#undef VM_TRY
#undef VM_JUMP
#undef VM_BEGIN
#undef VM_CASE
#undef VM_NEXT
#undef VM_FINISH
#if defined(__GNUC__) && !defined(VM_PORTABLE)
#pragma GCC diagnostic pop
#endif
