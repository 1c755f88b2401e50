/* SPDX-License-Identifier: Apache-2.0
 *
 * sh_recent.c - see sh_recent.h. The oldest text makes room; sixteen comparisons of lengths are all
 * that a text met for the first time costs.
 */
#include "facts/shell/sh_recent.h"

/* Caps of one text's tree: far above any build file, far below what would hurt. */
enum { TREE_BYTES = 256 << 20, KEPT_TREE_BYTES = 16 << 20 };

plim_status sh_recent_init(struct sh_recent *recent, const plim_allocator *allocator)
{
    *recent = (struct sh_recent){.next = 0};
    arena_init(&recent->arena, allocator, TREE_BYTES);
    plim_status status = sh_script_init(&recent->script, allocator);
    for (size_t i = 0; i < SH_RECENT_TEXTS && status == PLIM_STATUS_OK; i++) {
        arena_init(&recent->texts[i].arena, allocator, KEPT_TREE_BYTES);
        sh_script_init_shared(&recent->texts[i].script, &recent->script);
    }
    return status;
}

void sh_recent_release(struct sh_recent *recent)
{
    for (size_t i = 0; i < SH_RECENT_TEXTS; i++) {
        sh_script_release(&recent->texts[i].script);
        arena_release(&recent->texts[i].arena);
        recent->texts[i].valid = false;
    }
    sh_script_release(&recent->script);
    arena_release(&recent->arena);
}

static bool same_shell(struct sh_shell a, struct sh_shell b)
{
    return a.dialect == b.dialect && a.errexit == b.errexit && a.pipefail == b.pipefail &&
           a.xtrace == b.xtrace;
}

/* Lets the places of a kept text lead into the file of `text`. */
static void take_places(struct sh_recent_text *kept, const struct sh_text *text)
{
    struct str bytes = kept->text.bytes;
    kept->text = *text;
    kept->text.bytes = bytes;
}

/* Reads into the place of the oldest text; it is kept when all of it was understood. */
static plim_status read_and_keep(struct sh_recent *recent, const struct sh_script **script,
                                 const struct sh_text *text, struct sh_shell shell)
{
    struct sh_recent_text *kept = &recent->texts[recent->next];
    kept->valid = false;
    arena_clear(&kept->arena);
    kept->text.bytes = arena_copy_str(&kept->arena, text->bytes);
    kept->shell = shell;
    take_places(kept, text);
    plim_status status = arena_status(&kept->arena);
    if (status == PLIM_STATUS_OK) {
        status = sh_script_read(&kept->script, &kept->arena, &kept->text, shell);
    }
    if (status == PLIM_STATUS_OK && kept->script.gap == SH_GAP_NONE) {
        kept->valid = true;
        recent->next = (recent->next + 1) % SH_RECENT_TEXTS;
    }
    *script = &kept->script;
    return status;
}

plim_status sh_recent_read(struct sh_recent *recent, const struct sh_script **script,
                           const struct sh_text *text, struct sh_shell shell)
{
    for (size_t i = 0; i < SH_RECENT_TEXTS; i++) {
        struct sh_recent_text *kept = &recent->texts[i];
        if (kept->valid && kept->text.bytes.len == text->bytes.len &&
            same_shell(kept->shell, shell) && str_eq(kept->text.bytes, text->bytes)) {
            take_places(kept, text);
            *script = &kept->script;
            return PLIM_STATUS_OK;
        }
    }
    if (text->bytes.len > 0 && text->bytes.len <= SH_RECENT_TEXT_MAX) {
        plim_status status = read_and_keep(recent, script, text, shell);
        if (status != PLIM_STATUS_LIMIT) {
            return status;
        }
    }
    arena_clear(&recent->arena);
    *script = &recent->script;
    return sh_script_read(&recent->script, &recent->arena, text, shell);
}

plim_status sh_recent_read_exec(struct sh_recent *recent, const struct sh_script **script,
                                const struct sh_text *text, const struct sh_word *words,
                                size_t count)
{
    arena_clear(&recent->arena);
    *script = &recent->script;
    return sh_script_read_exec(&recent->script, &recent->arena, text, words, count);
}
