/* SPDX-License-Identifier: Apache-2.0
 *
 * version.c - which versions of everything are in use: for reports of mistakes, and so that a
 * changed library is noticed.
 */
#include "api/api.h"

#include "core/alloc.h"
#include "runtime/digest.h"
#include "runtime/image.h"
#include "runtime/regexp.h"

plim_status plim_version_details(plim_text *text)
{
    if (text == NULL) {
        return PLIM_STATUS_USAGE;
    }
    struct buf buf;
    buf_init(&buf, alloc_or_default(text->allocator), 4096);
    buf_printf(&buf, "fact schema %d.%d\nprogram image %d\n", SCHEMA_MAJOR, SCHEMA_MINOR,
               IMAGE_FORMAT_VERSION);
    digest_describe_library(&buf);
    regexp_describe_library(&buf);
    return door_take(text, &buf);
}
