/* SPDX-License-Identifier: Apache-2.0
 *
 * sh_package.c - one package word: name, version, source, and whether one version is meant. Each
 * manager has its own spelling; what cannot be told because a variable stands there is unknown.
 */
#include <string.h>

#include "facts/schema.h"
#include "facts/shell/sh_packages.h"

static bool ends_with_any(struct str text, const char *const *suffixes)
{
    for (size_t i = 0; suffixes[i] != NULL; i++) {
        if (str_ends_with(text, str_from_cstr(suffixes[i]))) {
            return true;
        }
    }
    return false;
}

static bool begins_with_any(struct str text, const char *const *prefixes)
{
    for (size_t i = 0; prefixes[i] != NULL; i++) {
        if (str_starts_with(text, str_from_cstr(prefixes[i]))) {
            return true;
        }
    }
    return false;
}

static bool is_url(struct str text)
{
    static const char *const schemes[] = {"http://", "https://", "ftp://",
                                          "s3://",   "file://",  NULL};
    return begins_with_any(text, schemes);
}

static bool is_path(struct str text)
{
    static const char *const starts[] = {"/", "./", "../", "~/", "$PWD/", "${PWD}/", NULL};
    return begins_with_any(text, starts) || str_eq(text, STR(".")) || str_eq(text, STR(".."));
}

static bool is_archive(struct str text)
{
    static const char *const suffixes[] = {".deb",     ".apk",   ".rpm",    ".whl",     ".tar.gz",
                                           ".tgz",     ".zip",   ".tar.xz", ".tar.bz2", ".gem",
                                           ".tar.zst", ".conda", NULL};
    return ends_with_any(text, suffixes);
}

static bool has_expansion(struct str text)
{
    return text.len > 0 &&
           (memchr(text.ptr, '$', text.len) != NULL || memchr(text.ptr, '`', text.len) != NULL);
}

/* Offset of the first byte of `set` at or behind `from` that is in no ${...} or $(...). */
static size_t find_outside(struct str text, const char *set, size_t from)
{
    unsigned depth = 0;
    for (size_t i = 0; i < text.len; i++) {
        char c = text.ptr[i];
        bool opens =
            c == '$' && i + 1 < text.len && (text.ptr[i + 1] == '{' || text.ptr[i + 1] == '(');
        if (opens) {
            depth++;
            i++;
        } else if (depth > 0) {
            depth -= c == '}' || c == ')' ? 1 : 0;
        } else if (i >= from && c != '\0' && strchr(set, c) != NULL) {
            return i;
        }
    }
    return text.len;
}

/* name SEP version, where one byte of `separators` begins the version; `drop` of its bytes are not
 * kept. */
static void split_version(struct sh_package *package, const char *separators, size_t from)
{
    struct str text = package->name;
    size_t at = find_outside(text, separators, from);
    if (at >= text.len) {
        return;
    }
    package->name = str_slice(text, 0, at);
    struct str version = str_slice(text, at, text.len);
    while (version.len > 0 &&
           (version.ptr[0] == '=' || version.ptr[0] == '@' || version.ptr[0] == ':')) {
        version = str_slice(version, 1, version.len);
    }
    package->version = version;
    package->pin = version.len > 0 ? SH_PIN_YES : SH_PIN_NO;
}

static bool begins_with_digit(struct str text)
{
    return text.len > 0 && text.ptr[0] >= '0' && text.ptr[0] <= '9';
}

/* Offset of the last `-` before `end`, or 0. */
static size_t last_dash(struct str text, size_t end)
{
    while (end > 0) {
        if (text.ptr[--end] == '-') {
            return end;
        }
    }
    return 0;
}

/* name-version[-release][.arch]. `gcc-toolset-12` and `java-1.8.0-openjdk` have no version: the
 * last part must begin with a digit and hold a dot or a wildcard, or two such parts must follow
 * each other. A variable behind a dash is taken as a version. */
static void split_rpm(struct sh_package *package)
{
    struct str text = package->name;
    size_t release = last_dash(text, text.len);
    if (release == 0) {
        return;
    }
    struct str last = str_slice(text, release + 1, text.len);
    size_t version = last_dash(text, release);
    struct str middle = str_slice(text, version + 1, release);
    size_t at = 0;
    bool variable = last.len > 0 && last.ptr[0] == '$';
    if (version > 0 && (begins_with_digit(middle) || (middle.len > 0 && middle.ptr[0] == '$')) &&
        (begins_with_digit(last) || variable)) {
        at = version;
    } else if (variable || (begins_with_digit(last) && (str_find_char(last, '.', 0) < last.len ||
                                                        str_find_char(last, '*', 0) < last.len))) {
        at = release;
    }
    if (at > 0) {
        package->name = str_slice(text, 0, at);
        package->version = str_slice(text, at + 1, text.len);
        package->pin = SH_PIN_YES;
    }
}

/* pip, and what looks like it: name[extra]==1.0; python_version < "3" */
static void parse_pip(struct sh_package *package)
{
    struct str text = package->name;
    static const char *const vcs[] = {"git+", "hg+", "svn+", "bzr+", NULL};
    size_t at = str_find(text, STR(" @ "));
    struct str target = at < text.len ? str_trim(str_slice(text, at + 3, text.len)) : text;
    if (begins_with_any(target, vcs)) {
        package->source = MEMBER_package_source_vcs;
        size_t path = str_find(target, STR("://"));
        size_t ref = target.len;
        for (size_t i = path + 3; i < target.len && target.ptr[i] != '#'; i++) {
            ref = target.ptr[i] == '@' && i > str_find_char(target, '/', path + 3) ? i : ref;
        }
        if (ref < target.len) {
            size_t end = str_find_char(target, '#', ref);
            package->version = str_slice(target, ref + 1, end);
            package->pin = SH_PIN_YES;
        }
        return;
    }
    if (at < text.len) {
        package->name = str_slice(text, 0, at);
        package->source = MEMBER_package_source_url;
        package->pin = SH_PIN_YES;
        return;
    }
    size_t marker = find_outside(text, ";", 0);
    package->name = str_trim(str_slice(text, 0, marker));
    split_version(package, "=<>!~", 0);
    size_t extra = find_outside(package->name, "[", 0);
    package->name = str_trim(str_slice(package->name, 0, extra));
    package->version = str_trim(package->version);
}

/* npm, yarn, pnpm: [@scope/]name[@version], git, archives and folders. */
static void parse_npm(struct sh_package *package)
{
    struct str text = package->name;
    static const char *const vcs[] = {
        "git+", "git://", "git@", "github:", "gitlab:", "bitbucket:", "gist:", NULL};
    size_t commit = str_find_char(text, '#', 0);
    struct str before = str_slice(text, 0, commit);
    bool scoped = text.len > 0 && text.ptr[0] == '@';
    bool short_form = !scoped && str_find_char(before, '/', 0) < before.len &&
                      str_find_char(before, '@', 0) == before.len;
    if (begins_with_any(text, vcs) || str_ends_with(before, STR(".git")) || short_form) {
        package->source = MEMBER_package_source_vcs;
        package->version =
            commit < text.len ? str_slice(text, commit + 1, text.len) : (struct str){0};
        package->pin = commit < text.len ? SH_PIN_YES : SH_PIN_NO;
        return;
    }
    split_version(package, "@", 1);
}

/* go: path@version; without a dot in the first part it is of the module itself or the library. */
static void parse_go(struct sh_package *package)
{
    struct str text = package->name;
    struct str host = str_slice(text, 0, str_find_char(text, '/', 0));
    if (str_find_char(host, '.', 0) == host.len || str_ends_with(text, STR(".go"))) {
        package->source = MEMBER_package_source_file;
        package->pin = SH_PIN_YES;
        return;
    }
    split_version(package, "@", 0);
    if (str_eq(package->version, STR("latest"))) {
        package->pin = SH_PIN_NO;
    }
}

static void parse_by_manager(struct sh_package *package, int manager)
{
    switch (manager) {
    case MEMBER_package_manager_apt:
        split_version(package, "=/", 0);
        if (package->version.len > 0 && package->version.ptr[0] == '/') {
            package->version = str_slice(package->version, 1, package->version.len);
        }
        break;
    case MEMBER_package_manager_apk:
        split_version(package, "=~<>", 0);
        package->name = str_slice(package->name, 0, find_outside(package->name, "@", 1));
        break;
    case MEMBER_package_manager_zypper:
        split_version(package, "=<>", 0);
        break;
    case MEMBER_package_manager_dnf:
    case MEMBER_package_manager_yum:
        if (package->name.len > 0 && package->name.ptr[0] == '@') {
            package->pin = SH_PIN_UNKNOWN; /* a group has no version of its own */
        } else {
            split_rpm(package);
            if (package->pin == SH_PIN_NO) {
                split_version(package, ":", 1); /* stream of a module */
            }
        }
        break;
    case MEMBER_package_manager_pip:
        parse_pip(package);
        break;
    case MEMBER_package_manager_conda:
        split_version(package, "=<>!", 0);
        break;
    case MEMBER_package_manager_npm:
    case MEMBER_package_manager_yarn:
    case MEMBER_package_manager_pnpm:
        parse_npm(package);
        break;
    case MEMBER_package_manager_go:
        parse_go(package);
        break;
    case MEMBER_package_manager_gem:
        split_version(package, ":", 0);
        break;
    case MEMBER_package_manager_cargo:
        split_version(package, "@", 0);
        break;
    case MEMBER_package_manager_composer:
        split_version(package, ":=", 0);
        break;
    default:
        break;
    }
}

/* Whether a word is a name and nothing else to the manager: letters, digits, - _ and +, as most
 * are. Names of some managers mean more than what their bytes say. */
static bool is_plain_name(int manager, struct str text)
{
    if (manager == MEMBER_package_manager_go || manager == MEMBER_package_manager_rpm ||
        manager == MEMBER_package_manager_dpkg || manager == MEMBER_package_manager_dnf ||
        manager == MEMBER_package_manager_yum) {
        return false;
    }
    for (size_t i = 0; i < text.len; i++) {
        unsigned char c = (unsigned char)text.ptr[i];
        bool letter = (unsigned char)((c | 0x20) - 'a') < 26;
        if (!letter && (unsigned char)(c - '0') > 9 && c != '-' && c != '_' && c != '+') {
            return false;
        }
    }
    return true;
}

struct sh_package sh_package_parse(int manager, const struct sh_word *word)
{
    struct str text = word->text;
    struct sh_package package = {
        .name = text, .word = word, .source = MEMBER_package_source_registry, .pin = SH_PIN_NO};
    if (is_plain_name(manager, text)) {
        return package;
    }
    bool git = str_starts_with(text, STR("git+")) || str_ends_with(text, STR(".git"));
    bool file_manager =
        manager == MEMBER_package_manager_rpm || manager == MEMBER_package_manager_dpkg;
    bool direct = manager == MEMBER_package_manager_pip && str_find(text, STR(" @ ")) < text.len;
    if (direct) {
        parse_by_manager(&package, manager);
    } else if (is_url(text) && !git) {
        package.source = MEMBER_package_source_url;
        package.pin = SH_PIN_YES;
    } else if (is_path(text) || is_archive(text) || file_manager ||
               (manager == MEMBER_package_manager_pip && str_ends_with(text, STR("/")))) {
        package.source = MEMBER_package_source_file;
        package.pin = SH_PIN_YES;
    } else {
        parse_by_manager(&package, manager);
    }
    if (package.pin == SH_PIN_NO && has_expansion(text)) {
        package.pin = SH_PIN_UNKNOWN; /* the variable may carry a version, or several packages */
    }
    return package;
}
