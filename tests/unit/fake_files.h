/* SPDX-License-Identifier: Apache-2.0
 *
 * fake_files.h - files for readers under test, kept in a table: no disk is touched.
 *
 * A path ends with "/" for an empty directory; directories above files exist by themselves. Thread
 * rule: one thread.
 */
#ifndef TESTS_UNIT_FAKE_FILES_H
#define TESTS_UNIT_FAKE_FILES_H

#include "facts/files.h"

struct fake_file {
    const char *path;
    const char *text;
    uint32_t mode; /* 0: 0644 */
};

struct fake_files {
    struct facts_files files; /* hand &fake.files to the code under test */
    const struct fake_file *items;
    size_t count;
    const char *unreadable; /* directory that cannot be listed, or NULL */
    size_t lists;           /* directories listed so far */
};

/* Prepares the table; `fake` must not move afterwards. `items` is borrowed. */
void fake_files_init(struct fake_files *fake, const struct fake_file *items, size_t count);

#endif
