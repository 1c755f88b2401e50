/* SPDX-License-Identifier: Apache-2.0
 *
 * yaml_events.c - the one adapter of libyaml. It is driven event by event, since its own loader has
 * no limits, and prepared and deleted in one function, since misuse of these has been its weak
 * point.
 */
#include "facts/yaml/yaml_events.h"

#include <yaml.h>

#include "facts/yaml/yaml_quirks.h"
#include "facts/yaml/yaml_text.h"

struct run {
    yaml_parser_t parser;
    struct yaml_text text;
    source_id source;
    struct str whole; /* the text of the source */
    struct diag_list *diags;
    size_t flows; /* open lists and mappings from the first in brackets or braces on */
};

/* What the library says, and what we say; `hint` may be NULL. */
static const struct {
    const char *problem;
    const char *message;
    const char *hint;
} messages[] = {
    {"could not find expected ':'", "expected `:` after a key",
     "a mapping has `key: value` lines at one indentation"},
    {"did not find expected '!'", "a tag is not complete", NULL},
    {"did not find expected tag URI", "a tag is not complete", NULL},
    {"did not find the expected '>'", "a tag is not closed with `>`", NULL},
    {"found undefined tag handle", "the prefix of this tag is not declared", NULL},
    {"found unexpected ':'", "`:` cannot stand here", "quote the text"},
    {"found unknown directive name", "unknown directive", "`%` at the start of a line is special"},
    {"found extremely long version number", "malformed version number", NULL},
    {"did not find expected version number", "malformed version number", NULL},
    {"did not find expected digit or '.' character", "malformed version number", NULL},
    {"found incompatible YAML document", "only YAML 1.1 may be declared",
     "leave the directive out: YAML 1.2 texts are read as well"},
    {"found duplicate %YAML directive", "the version is declared twice", NULL},
    {"found duplicate %TAG directive", "this prefix is declared twice", NULL},
    {"found a tab character where an indentation space is expected", "tab used for indentation",
     "indent with spaces"},
    {"found a tab character that violates indentation", "tab used for indentation",
     "indent with spaces"},
    {"found an indentation indicator equal to 0", "an indentation of 0 cannot be declared", NULL},
    {"did not find expected comment or line break", "unexpected text behind the indicator", NULL},
    {"found unexpected document indicator", "the document ends inside quotes", NULL},
    {"found unexpected end of stream", "the text ends inside quotes", NULL},
    {"found unknown escape character", "unknown escape in double quotes",
     "in single quotes a backslash is a plain character"},
    {"did not find expected hexdecimal number", "an escape lacks hexadecimal digits", NULL},
    {"found invalid Unicode character escape code", "an escape names no character", NULL},
    {"did not find expected alphabetic or numeric character",
     "the name of an anchor or alias is missing or malformed",
     "quote texts that start with & or *"},
    {"block sequence entries are not allowed in this context", "a list item cannot stand here",
     "put it on a line of its own, or quote the text"},
    {"mapping keys are not allowed in this context", "a key cannot stand here", NULL},
    {"mapping values are not allowed in this context", "`: ` cannot stand here",
     "quote texts that hold a colon with a blank behind it; else look at the indentation"},
    {"found character that cannot start any token", "no text can start with this character",
     "quote it; tabs cannot indent"},
    {"did not find expected <document start>", "unexpected text behind the document", NULL},
    {"did not find expected node content", "a value is missing here", NULL},
    {"did not find expected ',' or ']'", "expected `,` or `]`", NULL},
    {"did not find expected ',' or '}'", "expected `,` or `}`", NULL},
    {"did not find expected '-' indicator", "expected a list item",
     "look at the indentation of this line"},
    {"did not find expected key", "expected a key", "look at the indentation of this line"},
};

static plim_status report(struct run *run)
{
    const yaml_parser_t *parser = &run->parser;
    if (parser->error == YAML_MEMORY_ERROR) {
        return PLIM_STATUS_NOMEM;
    }
    uint32_t start = yaml_text_offset(&run->text, parser->problem_mark.index);
    struct span span = {run->source, start, start};
    const char *problem = parser->problem != NULL ? parser->problem : "";
    const char *message = "the text is not well-formed here";
    const char *hint = NULL;
    for (size_t i = 0; i < sizeof messages / sizeof messages[0]; i++) {
        if (strcmp(problem, messages[i].problem) == 0) {
            message = messages[i].message;
            hint = messages[i].hint;
            break;
        }
    }
    struct diag *diag = diag_report(run->diags, DIAG_yaml_syntax, span, "%s", message);
    uint32_t begun = yaml_text_offset(&run->text, parser->context_mark.index);
    if (parser->context != NULL && begun < start) {
        diag_add_label(run->diags, diag, (struct span){run->source, begun, begun}, "begun here");
    }
    if (hint != NULL) {
        diag_add_note(run->diags, diag, "%s", hint);
    }
    return PLIM_STATUS_INPUT;
}

static struct str text_of(const yaml_char_t *text)
{
    return text != NULL ? str_from_cstr((const char *)text) : STR("");
}

static bool is_blank(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r';
}

/* Where the content begins that stands behind anchor, tag, blanks and comments. */
static uint32_t skip_properties(struct str text, uint32_t start, uint32_t end)
{
    uint32_t at = start;
    while (at < end) {
        char c = text.ptr[at];
        if (c == '#') {
            while (at < end && text.ptr[at] != '\n' && text.ptr[at] != '\r') {
                at++;
            }
        } else if (c == '&' || c == '!') {
            while (at < end && !is_blank(text.ptr[at])) {
                at++;
            }
        } else if (is_blank(c)) {
            at++;
        } else {
            break;
        }
    }
    return at;
}

/* A value that stands in the source as it is becomes a view of it. */
static void find_in_source(const struct run *run, struct yaml_step *step)
{
    size_t quote = step->style == STYLE_QUOTED ? 1 : 0;
    size_t length = step->value.len;
    if (step->style == STYLE_BLOCK || length + 2 * quote != step->end - step->start) {
        return;
    }
    struct str there = str_make(run->whole.ptr + step->end - quote - length, length);
    if (str_eq(there, step->value)) {
        step->value = there;
        step->in_source = true;
    }
}

/* Block scalars end with their last line that is not blank. */
static uint32_t trim_block(struct str text, uint32_t start, uint32_t end)
{
    while (end > start + 1 && is_blank(text.ptr[end - 1])) {
        end--;
    }
    return end;
}

static void take_scalar(struct run *run, const yaml_event_t *event, struct yaml_step *step)
{
    static const enum yaml_style styles[] = {
        [YAML_PLAIN_SCALAR_STYLE] = STYLE_PLAIN,
        [YAML_SINGLE_QUOTED_SCALAR_STYLE] = STYLE_QUOTED,
        [YAML_DOUBLE_QUOTED_SCALAR_STYLE] = STYLE_QUOTED,
        [YAML_LITERAL_SCALAR_STYLE] = STYLE_BLOCK,
        [YAML_FOLDED_SCALAR_STYLE] = STYLE_BLOCK,
    };
    step->event = EVENT_SCALAR;
    step->style = styles[event->data.scalar.style];
    step->anchor = text_of(event->data.scalar.anchor);
    step->tag = text_of(event->data.scalar.tag);
    step->value = str_make((const char *)event->data.scalar.value, event->data.scalar.length);
    step->end = yaml_text_offset(&run->text, event->end_mark.index);
}

static void take_collection(const yaml_event_t *event, struct yaml_step *step)
{
    bool flow;
    if (event->type == YAML_SEQUENCE_START_EVENT) {
        step->event = EVENT_LIST_START;
        step->anchor = text_of(event->data.sequence_start.anchor);
        step->tag = text_of(event->data.sequence_start.tag);
        flow = event->data.sequence_start.style == YAML_FLOW_SEQUENCE_STYLE;
    } else {
        step->event = EVENT_MAP_START;
        step->anchor = text_of(event->data.mapping_start.anchor);
        step->tag = text_of(event->data.mapping_start.tag);
        flow = event->data.mapping_start.style == YAML_FLOW_MAPPING_STYLE;
    }
    step->style = flow ? STYLE_FLOW : STYLE_BLOCK;
}

static bool is_indicated(struct str text, uint32_t at)
{
    return at > 0 && (text.ptr[at - 1] == ':' || text.ptr[at - 1] == '-');
}

/* The library takes YAML 1.2 for known, the reference does not. */
static plim_status check_version(struct run *run, const yaml_event_t *event)
{
    const yaml_version_directive_t *version = event->data.document_start.version_directive;
    if (version == NULL || (version->major == 1 && version->minor == 1)) {
        return PLIM_STATUS_OK;
    }
    run->parser.problem = "found incompatible YAML document";
    run->parser.problem_mark = event->start_mark;
    run->parser.context = NULL;
    return report(run);
}

static plim_status refuse_quirk(struct run *run, const struct yaml_quirk *quirk)
{
    struct span span = {run->source, quirk->at, quirk->at};
    struct diag *diag = diag_report(run->diags, DIAG_yaml_syntax, span, "%s", quirk->message);
    diag_add_note(run->diags, diag, "%s", quirk->hint);
    return PLIM_STATUS_INPUT;
}

/* Finishes a scalar, or the start of a list or mapping. */
static plim_status settle(struct run *run, struct yaml_step *step)
{
    uint32_t start = step->start;
    uint32_t end = step->end;
    bool flow = run->flows > 0;
    if (step->anchor.len > 0 || step->tag.len > 0) {
        uint32_t last = step->event == EVENT_SCALAR ? end : (uint32_t)run->whole.len;
        step->start = skip_properties(run->whole, start, last);
    }
    if (step->event == EVENT_SCALAR) {
        if (step->style == STYLE_BLOCK) {
            step->end = trim_block(run->whole, step->start, end);
        }
        find_in_source(run, step);
        step->behind_indicator = step->start > start || is_indicated(run->whole, start);
    } else {
        step->end = step->start;
        run->flows += flow || step->style == STYLE_FLOW;
    }
    struct yaml_quirk quirk;
    return yaml_find_quirk(&quirk, run->whole, step, start, end, flow) ? refuse_quirk(run, &quirk)
                                                                       : PLIM_STATUS_OK;
}

static plim_status take_alias(struct run *run, const yaml_event_t *event, struct yaml_step *step)
{
    struct yaml_quirk quirk;
    step->event = EVENT_ALIAS;
    step->anchor = text_of(event->data.alias.anchor);
    step->end = yaml_text_offset(&run->text, event->end_mark.index);
    return yaml_find_quirk(&quirk, run->whole, step, step->start, step->end, run->flows > 0)
               ? refuse_quirk(run, &quirk)
               : PLIM_STATUS_OK;
}

static void take_end(struct run *run, const yaml_event_t *event, struct yaml_step *step)
{
    step->event = event->type == YAML_SEQUENCE_END_EVENT ? EVENT_LIST_END : EVENT_MAP_END;
    step->end = yaml_text_offset(&run->text, event->end_mark.index);
    step->style = step->end > step->start ? STYLE_FLOW : STYLE_BLOCK;
    run->flows -= run->flows > 0;
}

/* Puts an event into our form. */
static plim_status take_event(struct run *run, const yaml_event_t *event, struct yaml_step *step)
{
    *step = (struct yaml_step){.start = yaml_text_offset(&run->text, event->start_mark.index)};
    step->end = step->start;
    switch (event->type) {
    case YAML_DOCUMENT_START_EVENT:
        step->event = EVENT_DOCUMENT_START;
        return check_version(run, event);
    case YAML_DOCUMENT_END_EVENT:
        step->event = EVENT_DOCUMENT_END;
        return PLIM_STATUS_OK;
    case YAML_ALIAS_EVENT:
        return take_alias(run, event, step);
    case YAML_SCALAR_EVENT:
        take_scalar(run, event, step);
        return settle(run, step);
    case YAML_SEQUENCE_START_EVENT:
    case YAML_MAPPING_START_EVENT:
        take_collection(event, step);
        return settle(run, step);
    case YAML_SEQUENCE_END_EVENT:
    case YAML_MAPPING_END_EVENT:
        take_end(run, event, step);
        return PLIM_STATUS_OK;
    case YAML_NO_EVENT:
    case YAML_STREAM_START_EVENT:
    case YAML_STREAM_END_EVENT:
        break;
    }
    return PLIM_STATUS_INTERNAL;
}

static plim_status hand_on(struct run *run, const yaml_event_t *event, yaml_sink *sink, void *user)
{
    if (event->type == YAML_STREAM_START_EVENT || event->type == YAML_STREAM_END_EVENT ||
        event->type == YAML_NO_EVENT) {
        return PLIM_STATUS_OK;
    }
    struct yaml_step step;
    plim_status status = take_event(run, event, &step);
    return status == PLIM_STATUS_OK ? sink(user, &step) : status;
}

plim_status yaml_events(source_id source, struct str text, struct diag_list *diags, yaml_sink *sink,
                        void *user)
{
    struct run run = {.source = source, .whole = text, .diags = diags};
    plim_status status = yaml_text_check(&run.text, source, text, diags);
    if (status != PLIM_STATUS_OK) {
        return status;
    }
    if (yaml_parser_initialize(&run.parser) == 0) {
        return PLIM_STATUS_NOMEM;
    }
    yaml_parser_set_encoding(&run.parser, YAML_UTF8_ENCODING);
    struct str body = run.text.body;
    yaml_parser_set_input_string(&run.parser, (const unsigned char *)body.ptr, body.len);
    for (bool more = true; more && status == PLIM_STATUS_OK;) {
        yaml_event_t event;
        if (yaml_parser_parse(&run.parser, &event) == 0) {
            status = report(&run);
            break;
        }
        more = event.type != YAML_STREAM_END_EVENT && event.type != YAML_NO_EVENT;
        status = hand_on(&run, &event, sink, user);
        yaml_event_delete(&event);
    }
    yaml_parser_delete(&run.parser);
    return status;
}
