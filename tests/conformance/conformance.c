/* SPDX-License-Identifier: Apache-2.0
 *
 * conformance.c - comparing a row's expected members with what the library produced.
 *
 * Knows no table. The UTF-8 check here is written apart from core/utf8.c on purpose: a fault there
 * must not hide itself.
 */
#include "conformance.h"

#include <sodium.h>
#include <stdint.h>
#include <string.h>
#include <zlib.h>

enum { INPUT_LIMIT = 64 << 20 };

struct str conf_text(const struct conf_row *row, const char *member)
{
    const json_t *value = json_object_get(row->json, member);
    return str_make(json_is_string(value) ? json_string_value(value) : "",
                    json_string_length(value));
}

bool conf_has(const struct conf_row *row, const char *member)
{
    return json_object_get(row->json, member) != NULL;
}

void conf_differ(struct conf_row *row, struct str text)
{
    if (row->difference->len > 0) {
        buf_append_cstr(row->difference, "; ");
    }
    buf_append(row->difference, text);
}

/* Length of the valid UTF-8 sequence at the start of `text`, 0 when there is none. */
static size_t sequence_length(struct str text)
{
    const unsigned char *byte = (const unsigned char *)text.ptr;
    if (byte[0] < 0x80) {
        return 1;
    }
    size_t need = byte[0] >= 0xf0 ? 4 : byte[0] >= 0xe0 ? 3 : 2;
    if (byte[0] < 0xc2 || byte[0] > 0xf4 || text.len < need) {
        return 0;
    }
    for (size_t i = 1; i < need; i++) {
        if ((byte[i] & 0xc0) != 0x80) {
            return 0;
        }
    }
    bool overlong = (byte[0] == 0xe0 && byte[1] < 0xa0) || (byte[0] == 0xf0 && byte[1] < 0x90);
    bool outside = (byte[0] == 0xed && byte[1] > 0x9f) || (byte[0] == 0xf4 && byte[1] > 0x8f);
    return overlong || outside ? 0 : need;
}

json_t *conf_string(struct str text)
{
    struct buf repaired;
    buf_init(&repaired, NULL, INPUT_LIMIT);
    for (size_t at = 0; at < text.len;) {
        size_t len = sequence_length(str_slice(text, at, text.len));
        buf_append(&repaired, len > 0 ? str_slice(text, at, at + len) : STR("\xef\xbf\xbd"));
        at += len > 0 ? len : 1;
    }
    json_t *value = json_stringn(repaired.len > 0 ? repaired.data : "", repaired.len);
    buf_release(&repaired);
    return value;
}

static void append_json(struct buf *out, const json_t *value)
{
    char text[400];
    size_t len =
        value == NULL ? 0 : json_dumpb(value, text, sizeof(text), JSON_ENCODE_ANY | JSON_SORT_KEYS);
    if (value == NULL) {
        buf_append_cstr(out, "absent");
    } else {
        buf_append(out, str_make(text, len < sizeof(text) ? len : sizeof(text)));
        buf_append_cstr(out, len > sizeof(text) ? "…" : "");
    }
}

void conf_expect(struct conf_row *row, const char *member, json_t *actual)
{
    const json_t *expected = json_object_get(row->json, member);
    bool equal = expected == NULL ? actual == NULL : json_equal(expected, actual) == 1;
    if (!equal) {
        conf_differ(row, str_from_cstr(member));
        buf_append_cstr(row->difference, " is ");
        append_json(row->difference, actual);
        buf_append_cstr(row->difference, ", expected ");
        append_json(row->difference, expected);
    }
    json_decref(actual);
}

void conf_expect_text(struct conf_row *row, const char *member, struct str actual)
{
    conf_expect(row, member, conf_string(actual));
}

bool conf_expect_refusal(struct conf_row *row, const char *error_member, bool refused,
                         struct str reason)
{
    bool expected = conf_has(row, error_member);
    if (expected == refused) {
        return true;
    }
    conf_differ(row, refused ? STR("refused: ") : STR("accepted, expected "));
    buf_append(row->difference, refused ? reason : conf_text(row, error_member));
    return false;
}

/* Appends the inflated form of zlib data. */
static bool inflate_bytes(struct str packed, struct buf *out)
{
    z_stream stream;
    memset(&stream, 0, sizeof(stream));
    stream.next_in = (Bytef *)(uintptr_t)packed.ptr;
    stream.avail_in = (uInt)packed.len;
    if (inflateInit(&stream) != Z_OK) {
        return false;
    }
    int result = Z_OK;
    while (result == Z_OK) {
        char chunk[4096];
        stream.next_out = (Bytef *)chunk;
        stream.avail_out = sizeof(chunk);
        result = inflate(&stream, Z_NO_FLUSH);
        buf_append(out, str_make(chunk, sizeof(chunk) - stream.avail_out));
    }
    (void)inflateEnd(&stream);
    return result == Z_STREAM_END && buf_status(out) == PLIM_STATUS_OK;
}

static bool decode_base64(struct str text, struct buf *out)
{
    for (size_t at = 0; at < text.len; at += 4) {
        unsigned char bytes[3];
        size_t len = 0;
        if (sodium_base642bin(bytes, sizeof(bytes), text.ptr + at,
                              text.len - at < 4 ? text.len - at : 4, NULL, &len, NULL,
                              sodium_base64_VARIANT_ORIGINAL) != 0) {
            return false;
        }
        buf_append(out, str_make((const char *)bytes, len));
    }
    return buf_status(out) == PLIM_STATUS_OK;
}

bool conf_input(struct conf_row *row, const char *member, struct buf *out)
{
    if (conf_has(row, member)) {
        buf_append(out, conf_text(row, member));
        return true;
    }
    struct buf name;
    struct buf packed;
    buf_init(&name, NULL, 200);
    buf_init(&packed, NULL, INPUT_LIMIT);
    buf_printf(&name, "%s_b64", member);
    bool ok = false;
    if (conf_has(row, name.data)) {
        ok = decode_base64(conf_text(row, name.data), out);
    } else {
        buf_append_cstr(&name, "_gz");
        ok = decode_base64(conf_text(row, name.data), &packed) &&
             inflate_bytes(buf_view(&packed), out);
    }
    buf_release(&packed);
    buf_release(&name);
    if (!ok) {
        conf_differ(row, STR("the row's input cannot be decoded"));
    }
    return ok;
}
