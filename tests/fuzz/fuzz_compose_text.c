/* SPDX-License-Identifier: Apache-2.0
 *
 * fuzz_compose_text.c - any bytes as the small texts of compose files: ports, volumes, commands,
 * sizes, durations, limits. Pieces and faults lie inside the text; what has no hole is known; what
 * has one is never refused where it could be right.
 */
#include <stdint.h>
#include <stdlib.h>

#include "core/alloc.h"
#include "facts/compose/co_ports.h"
#include "facts/compose/co_volume_text.h"
#include "facts/compose/co_words.h"
#include "facts/duration.h"
#include "facts/size.h"
#include "facts/ulimit.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static void require(bool condition)
{
    if (!condition) {
        abort();
    }
}

static void check_fault(const struct co_fault *fault, size_t size)
{
    require(fault->message.len > 0 && fault->start <= fault->end && fault->end <= size);
}

static void check_range(const struct co_port_range *range, size_t size, bool holes)
{
    require(range->start <= range->end && range->end <= size);
    require(range->first <= range->last);
    require(holes || range->state != CO_UNKNOWN);
}

static void check_ports(struct arena *arena, struct str text)
{
    struct co_ports ports;
    struct co_fault fault;
    bool holes = co_has_hole(text);
    if (!co_ports_parse(arena, text, &ports, &fault)) {
        check_fault(&fault, text.len);
        return;
    }
    check_range(&ports.published, text.len, holes);
    check_range(&ports.target, text.len, holes);
    require(ports.target.state != CO_ABSENT);
    require(ports.ip_start <= ports.ip_end && ports.ip_end <= text.len);
    require(ports.protocol_start <= ports.protocol_end && ports.protocol_end <= text.len);
    size_t count = co_ports_count(&ports);
    struct co_port_pair last = co_ports_pair(&ports, count - 1);
    require(count >= 1 && last.target == ports.target.last);
    require(last.published_last == ports.published.last);
}

static void check_volume(struct str text)
{
    struct co_volume_text volume;
    struct co_fault fault;
    bool holes = co_has_hole(text);
    if (!co_volume_text_parse(text, &volume, &fault)) {
        check_fault(&fault, text.len);
        require(!holes);
        return;
    }
    require(volume.source.start <= volume.source.end && volume.source.end <= text.len);
    require(volume.target.start <= volume.target.end && volume.target.end <= text.len);
    require(volume.options_start <= volume.options_end && volume.options_end <= text.len);
    require(holes || (volume.type_state == CO_KNOWN && volume.source.state != CO_UNKNOWN));
}

static void check_words(struct arena *arena, struct str text)
{
    struct co_words words;
    struct co_fault fault;
    bool holes = co_has_hole(text);
    if (!co_words_split(arena, text, &words, &fault)) {
        check_fault(&fault, text.len);
        require(!holes);
        return;
    }
    require(words.sure <= words.count && (holes || words.sure == words.count));
    require(!words.lost || words.lost_at < text.len);
    size_t bytes = 0;
    for (size_t i = 0; i < words.count; i++) {
        require(i >= words.sure || !co_has_hole(words.items[i]));
        bytes += words.items[i].len;
    }
    require(bytes <= text.len);
}

static void check_numbers(struct str text)
{
    int64_t plain = 0;
    int64_t days = 0;
    if (duration_parse(text, &plain) == DURATION_ERROR_NONE) {
        require(duration_parse_days(text, &days) == DURATION_ERROR_NONE && days == plain);
    }
    int64_t binary = 0;
    int64_t decimal = 0;
    enum size_error error = size_parse(text, SIZE_STEP_1024, &binary);
    require(error == size_parse(text, SIZE_STEP_1000, &decimal));
    require(error != SIZE_ERROR_NONE || binary == INT64_MIN || decimal <= binary);
    if (error == SIZE_ERROR_NONE) {
        require(size_parse_compose(text, &decimal) == SIZE_ERROR_NONE);
    }
    struct ulimit limit;
    if (ulimit_parse(text, &limit) == ULIMIT_ERROR_NONE) {
        require(ulimit_is_name(limit.name));
        require(limit.hard == -1 || limit.soft <= limit.hard);
    }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    struct str text = str_make((const char *)data, size);
    struct arena arena;
    arena_init(&arena, alloc_or_default(NULL), (size_t)256 << 20);
    check_ports(&arena, text);
    check_volume(text);
    check_words(&arena, text);
    check_numbers(text);
    arena_release(&arena);
    return 0;
}
