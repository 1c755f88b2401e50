/* SPDX-License-Identifier: Apache-2.0
 *
 * builtin_image.S - the compiled built-in policies as read-only data of the library.
 *
 * Assembled twice: without PLIM_IMAGE_FILE for the bootstrap program that compiles the policies,
 * and with it for the product. Declared in builtin_image.h.
 */
    .section .rodata
    .globl builtin_image_start
    .hidden builtin_image_start
    .globl builtin_image_end
    .hidden builtin_image_end
    .balign 64
builtin_image_start:
#ifdef PLIM_IMAGE_FILE
    .incbin PLIM_IMAGE_FILE
#endif
builtin_image_end:
    .byte 0
    .section .note.GNU-stack, "", %progbits
