/* SPDX-License-Identifier: Apache-2.0
 *
 * sh_recent.h - the texts read lately with their commands.
 *
 * Files of one family (versions of an image, services of one company) hold the same instructions
 * word by word. A text that was read a moment ago is not read again: its commands are handed out
 * with the places of the new text. Texts with a gap, long ones and exec forms are not kept.
 * Memory: each text has an arena and row arrays of its own, reused when it makes room for another;
 * sh_recent_release frees all. Thread rule: one thread at a time.
 */
#ifndef FACTS_SHELL_SH_RECENT_H
#define FACTS_SHELL_SH_RECENT_H

#include <stdbool.h>
#include <stddef.h>

#include <plimsoll/alloc.h>
#include <plimsoll/status.h>

#include "core/arena.h"
#include "facts/shell/sh_command.h"
#include "facts/shell/sh_text.h"

/* Texts kept, and the longest one, in bytes. */
enum { SH_RECENT_TEXTS = 16, SH_RECENT_TEXT_MAX = 16384 };

struct sh_recent_text {
    struct arena arena;
    struct sh_script script;
    struct sh_text text; /* bytes in the arena; segments of the text asked for last */
    struct sh_shell shell;
    bool valid;
};

struct sh_recent {
    struct sh_recent_text texts[SH_RECENT_TEXTS];
    size_t next; /* gives way to the next new text */
    struct arena arena; /* of what is not kept */
    struct sh_script script;
};

/* Prepares; NOMEM. */
plim_status sh_recent_init(struct sh_recent *recent,
                           const plim_allocator *allocator) PLIM_MUST_CHECK;

/* Safe on a zeroed struct. */
void sh_recent_release(struct sh_recent *recent);

/* The commands of a text that `shell` reads, as of sh_script_read; valid until the next call. The
 * segments of `text` must live as long. */
plim_status sh_recent_read(struct sh_recent *recent, const struct sh_script **script,
                           const struct sh_text *text, struct sh_shell shell) PLIM_MUST_CHECK;

/* The same for an exec form, as of sh_script_read_exec. */
plim_status sh_recent_read_exec(struct sh_recent *recent, const struct sh_script **script,
                                const struct sh_text *text, const struct sh_word *words,
                                size_t count) PLIM_MUST_CHECK;

#endif
