/* SPDX-License-Identifier: Apache-2.0
 *
 * builtin_image.h - the compiled built-in policies as read-only data of the library.
 *
 * The bytes are an ordinary program image and go through the ordinary door (image reader and
 * verifier). Both symbols have the same address in the bootstrap program, which has no policies
 * yet. The start is aligned to 64 bytes. Defined in builtin_image.S. Thread rule: constant.
 */
#ifndef RUNTIME_BUILTIN_IMAGE_H
#define RUNTIME_BUILTIN_IMAGE_H

/* First byte of the image. */
extern const unsigned char builtin_image_start[];

/* Behind its last byte. */
extern const unsigned char builtin_image_end[];

#endif
