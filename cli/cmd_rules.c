/* SPDX-License-Identifier: Apache-2.0
 *
 * cmd_rules.c - `plimsoll rules` and `plimsoll explain`: what the rules are and what they want.
 */
#include <string.h>

#include "cli/commands.h"
#include "cli/mem.h"
#include "cli/out.h"

/* A text of a policy made safe for the terminal. */
static void add_safe(struct bytes *out, const char *text)
{
    plim_text safe = PLIM_TEXT_INIT;
    while (*text != '\0') {
        size_t size = strcspn(text, "\n");
        if (plim_text_safe(&safe, text, size) == PLIM_STATUS_OK) {
            bytes_add(out, safe.data, safe.size);
        }
        text += size;
        if (*text == '\n') {
            bytes_add_text(out, "\n");
            text++;
        }
    }
    plim_text_release(&safe);
}

static void add_json(struct bytes *out, const char *text)
{
    bytes_add_text(out, "\"");
    for (; *text != '\0'; text++) {
        unsigned char c = (unsigned char)*text;
        if (c == '"' || c == '\\') {
            bytes_printf(out, "\\%c", c);
        } else if (c < 0x20 || c == 0x7f) {
            bytes_printf(out, "\\u%04x", c);
        } else {
            bytes_add(out, text, 1);
        }
    }
    bytes_add_text(out, "\"");
}

static bool has_text(const char *text, const char *wanted)
{
    return strcasestr(text, wanted) != NULL;
}

static bool rule_mentions(const plim_rule_info *rule, const char *wanted)
{
    bool found = has_text(rule->name, wanted) || has_text(rule->id, wanted) ||
                 has_text(rule->title, wanted) || has_text(rule->why, wanted);
    for (size_t i = 0; i < rule->cover_count && !found; i++) {
        found = has_text(rule->covers[i], wanted);
    }
    return found;
}

static bool section_wanted(const struct options *options, const char *section)
{
    const struct names *sections = &options->values[OPT_section];
    for (size_t i = 0; i < sections->count; i++) {
        if (strcmp(sections->items[i], section) == 0) {
            return true;
        }
    }
    return sections->count == 0;
}

static void text_rule(struct bytes *out, const plim_rule_info *rule)
{
    struct bytes left = {0};
    bytes_printf(&left, "%-8s %-9s %-16s %-32s ", rule->id, rule->severity, rule->section,
                 rule->name);
    add_safe(out, left.data);
    add_safe(out, rule->title);
    bytes_add_text(out, "\n");
    bytes_release(&left);
}

static void json_rule(struct bytes *out, const plim_rule_info *rule)
{
    const char *const keys[] = {"name",    "id",    "title",   "why",  "remedy", "severity",
                                "section", "since", "unknown", "file", "kinds"};
    const char *const values[] = {rule->name,    rule->id,       rule->title,   rule->why,
                                  rule->remedy,  rule->severity, rule->section, rule->since,
                                  rule->unknown, rule->file,     rule->kinds};
    bytes_add_text(out, "  {");
    for (size_t i = 0; i < sizeof keys / sizeof keys[0]; i++) {
        bytes_printf(out, "%s\"%s\": ", i > 0 ? ", " : "", keys[i]);
        add_json(out, values[i]);
    }
    bytes_printf(out, ", \"line\": %u, \"covers\": [", rule->line);
    for (size_t i = 0; i < rule->cover_count; i++) {
        bytes_add_text(out, i > 0 ? ", " : "");
        add_json(out, rule->covers[i]);
    }
    bytes_add_text(out, "]}");
}

/* Lists the rules that fit; returns how many did. */
static size_t list_rules(struct bytes *out, const struct options *options,
                         const struct policies *policies, bool json, const char *wanted)
{
    size_t count = 0;
    for (size_t p = 0; p < policies->count; p++) {
        size_t rules = plim_policy_rule_count(policies->items[p]);
        for (size_t i = 0; i < rules; i++) {
            plim_rule_info rule = PLIM_RULE_INFO_INIT;
            if (plim_policy_rule(policies->items[p], i, &rule) != PLIM_STATUS_OK ||
                !section_wanted(options, rule.section) ||
                (wanted != NULL && !rule_mentions(&rule, wanted))) {
                continue;
            }
            if (json) {
                bytes_add_text(out, count > 0 ? ",\n" : "\n");
                json_rule(out, &rule);
            } else {
                text_rule(out, &rule);
            }
            count++;
        }
    }
    return count;
}

/* Understands `list` and `search TEXT`; false after a message. */
static bool parse_words(const struct options *options, const char **wanted)
{
    const struct names *words = &options->arguments;
    *wanted = NULL;
    if (words->count == 0 || (words->count == 1 && strcmp(words->items[0], "list") == 0)) {
        return true;
    }
    if (words->count == 2 && strcmp(words->items[0], "search") == 0) {
        *wanted = words->items[1];
        return true;
    }
    out_say("usage: plimsoll rules [OPTION...] [list | search TEXT]");
    return false;
}

int cmd_rules(const struct options *options)
{
    const char *format = opt_value(options, OPT_format, "text");
    bool json = strcmp(format, "json") == 0;
    const char *wanted;
    if (!json && strcmp(format, "text") != 0) {
        out_say("no format `%s` of rules; there are text and json", format);
        return EXIT_USAGE;
    }
    if (!parse_words(options, &wanted)) {
        return EXIT_USAGE;
    }
    struct policies policies = {0};
    int code = policies_load(&policies, options);
    if (code == 0) {
        struct bytes out = {0};
        bytes_add_text(&out, json ? "[" : "");
        size_t count = list_rules(&out, options, &policies, json, wanted);
        bytes_add_text(&out, json ? "\n]\n" : "");
        code = out_stdout(out.data, out.size);
        if (count == 0 && code == 0) {
            out_say("no rule fits");
            code = EXIT_INPUT;
        }
        bytes_release(&out);
    }
    policies_release(&policies);
    return code;
}

static void explain_rule(struct bytes *out, const plim_rule_info *rule)
{
    struct bytes text = {0};
    bytes_printf(&text, "%s %s: %s\n\nseverity %s, section %s, on %s, since %s, undecided: %s\n",
                 rule->id, rule->name, rule->title, rule->severity, rule->section, rule->kinds,
                 rule->since[0] != '\0' ? rule->since : "-", rule->unknown);
    if (rule->why[0] != '\0') {
        bytes_printf(&text, "\nWhy\n%s\n", rule->why);
    }
    if (rule->remedy[0] != '\0') {
        bytes_printf(&text, "\nRemedy\n%s\n", rule->remedy);
    }
    if (rule->cover_count > 0) {
        bytes_add_text(&text, "\nCovers\n");
        for (size_t i = 0; i < rule->cover_count; i++) {
            bytes_printf(&text, "%s%s", i > 0 ? ", " : "", rule->covers[i]);
        }
        bytes_add_text(&text, "\n");
    }
    bytes_printf(&text, "\nDefined in %s:%u\n", rule->file, rule->line);
    add_safe(out, text.data);
    bytes_release(&text);
}

/* Explains the rule with this name or id, or one that covers a rule of another tool. */
static bool find_and_explain(struct bytes *out, const struct policies *policies, const char *name)
{
    bool found = false;
    for (size_t p = 0; p < policies->count; p++) {
        for (size_t i = 0; i < plim_policy_rule_count(policies->items[p]); i++) {
            plim_rule_info rule = PLIM_RULE_INFO_INIT;
            if (plim_policy_rule(policies->items[p], i, &rule) != PLIM_STATUS_OK) {
                continue;
            }
            bool fits = strcasecmp(rule.name, name) == 0 || strcasecmp(rule.id, name) == 0;
            for (size_t c = 0; c < rule.cover_count && !fits; c++) {
                const char *colon = strchr(rule.covers[c], ':');
                fits = strcasecmp(rule.covers[c], name) == 0 ||
                       (colon != NULL && strcasecmp(colon + 1, name) == 0);
            }
            if (fits) {
                bytes_add_text(out, found ? "\n" : "");
                explain_rule(out, &rule);
                found = true;
            }
        }
    }
    return found;
}

/* Says that there is no such rule, and which one may have been meant. */
static void say_unknown(const struct policies *policies, const char *name)
{
    size_t limit = 5;
    const char *best = NULL;
    for (size_t p = 0; p < policies->count; p++) {
        for (size_t i = 0; i < plim_policy_rule_count(policies->items[p]); i++) {
            plim_rule_info rule = PLIM_RULE_INFO_INIT;
            if (plim_policy_rule(policies->items[p], i, &rule) == PLIM_STATUS_OK) {
                opt_consider(name, rule.name, &limit, &best);
            }
        }
    }
    if (best != NULL) {
        out_say("no rule or diagnostic `%s`; did you mean `%s`?", name, best);
    } else {
        out_say("no rule or diagnostic `%s`; see plimsoll rules", name);
    }
}

int cmd_explain(const struct options *options)
{
    const char *name = options->arguments.items[0];
    plim_text page = PLIM_TEXT_INIT;
    plim_status status = plim_diag_page(name, &page);
    if (status == PLIM_STATUS_OK) {
        return out_text(&page);
    }
    struct policies policies = {0};
    int code = policies_load(&policies, options);
    if (code == 0) {
        struct bytes out = {0};
        if (find_and_explain(&out, &policies, name)) {
            code = out_stdout(out.data, out.size);
        } else {
            say_unknown(&policies, name);
            code = EXIT_USAGE;
        }
        bytes_release(&out);
    }
    policies_release(&policies);
    return code;
}
