/* SPDX-License-Identifier: Apache-2.0
 *
 * sh_packages.c - see sh_packages.h. Which option means what to which manager is decided here, in
 * tables at the top; how a package word is spelled stands in sh_package.c.
 */
#include "facts/shell/sh_packages.h"

#include "core/alloc.h"
#include "facts/schema.h"
#include "facts/shell/sh_options.h"

#define MANAGER(name) (1U << MEMBER_package_manager_##name)
#define PROGRAM(name) (1U << SH_PROGRAM_##name)
#define TEXT(literal)                                                                              \
    {                                                                                              \
        "" literal "", sizeof(literal) - 1                                                         \
    }
#define MANAGERS_RPM (MANAGER(dnf) | MANAGER(yum))

static const struct {
    struct str program;
    uint8_t manager;
} managers[] = {
#define SH_MANAGER(program_text, manager_name)                                                     \
    {{"" program_text "", sizeof(program_text) - 1}, MEMBER_package_manager_##manager_name},
#include "facts/shell/sh_managers.def"
};

static const struct {
    uint8_t manager;
    struct str verb;
    uint8_t action;
} verbs[] = {
#define SH_VERB(manager_name, verb_text, action_name)                                              \
    {MEMBER_package_manager_##manager_name,                                                        \
     {"" verb_text "", sizeof(verb_text) - 1},                                                     \
     MEMBER_package_action_##action_name},
#include "facts/shell/sh_managers.def"
};

/* Options that set a package flag. `value` "" is any value, else it must begin with it (case
 * ignored). */
static const struct {
    uint32_t programs; /* set of managers and of enum sh_program_bit */
    struct str option;
    struct str value;
    uint32_t flag;
} meanings[] = {
    {MANAGER(apt), TEXT("-y"), TEXT(""), SH_CMD_ASSUME_YES},
    {MANAGER(apt), TEXT("--yes"), TEXT(""), SH_CMD_ASSUME_YES},
    {MANAGER(apt), TEXT("--assume-yes"), TEXT(""), SH_CMD_ASSUME_YES},
    {MANAGER(apt), TEXT("--force-yes"), TEXT(""), SH_CMD_ASSUME_YES | SH_CMD_UNVERIFIED},
    {MANAGER(apt), TEXT("-o"), TEXT("APT::Get::Assume-Yes="), SH_CMD_ASSUME_YES},
    {MANAGER(apt), TEXT("-o"), TEXT("APT::Get::Force-Yes="), SH_CMD_ASSUME_YES | SH_CMD_UNVERIFIED},
    {MANAGER(apt), TEXT("--no-install-recommends"), TEXT(""), SH_CMD_NO_RECOMMENDS},
    {MANAGER(apt), TEXT("--without-recommends"), TEXT(""), SH_CMD_NO_RECOMMENDS},
    {MANAGER(apt), TEXT("-R"), TEXT(""), SH_CMD_NO_RECOMMENDS},
    {MANAGER(apt), TEXT("-o"), TEXT("APT::Install-Recommends="), SH_CMD_NO_RECOMMENDS},
    {MANAGER(apt), TEXT("--allow-unauthenticated"), TEXT(""), SH_CMD_UNVERIFIED},
    {MANAGER(apt), TEXT("--allow-insecure-repositories"), TEXT(""), SH_CMD_UNVERIFIED},
    {MANAGER(apt), TEXT("-o"), TEXT("APT::Get::AllowUnauthenticated="), SH_CMD_UNVERIFIED},
    {MANAGER(apt), TEXT("-o"), TEXT("Acquire::AllowInsecureRepositories="), SH_CMD_UNVERIFIED},
    {MANAGER(apt), TEXT("-o"), TEXT("Acquire::https::Verify-Peer=false"), SH_CMD_UNVERIFIED},
    {MANAGER(apk), TEXT("--no-cache"), TEXT(""), SH_CMD_NO_CACHE},
    {MANAGER(apk), TEXT("--allow-untrusted"), TEXT(""), SH_CMD_UNVERIFIED},
    {MANAGERS_RPM, TEXT("-y"), TEXT(""), SH_CMD_ASSUME_YES},
    {MANAGERS_RPM, TEXT("--assumeyes"), TEXT(""), SH_CMD_ASSUME_YES},
    {MANAGERS_RPM, TEXT("--yes"), TEXT(""), SH_CMD_ASSUME_YES},
    {MANAGERS_RPM, TEXT("--nogpgcheck"), TEXT(""), SH_CMD_UNVERIFIED},
    {MANAGERS_RPM, TEXT("--no-gpgchecks"), TEXT(""), SH_CMD_UNVERIFIED},
    {MANAGERS_RPM, TEXT("--setopt"), TEXT("sslverify=0"), SH_CMD_UNVERIFIED},
    {MANAGERS_RPM, TEXT("--setopt"), TEXT("sslverify=false"), SH_CMD_UNVERIFIED},
    {MANAGERS_RPM, TEXT("--setopt"), TEXT("gpgcheck=0"), SH_CMD_UNVERIFIED},
    {MANAGERS_RPM, TEXT("--setopt"), TEXT("install_weak_deps=0"), SH_CMD_NO_RECOMMENDS},
    {MANAGERS_RPM, TEXT("--setopt"), TEXT("install_weak_deps=false"), SH_CMD_NO_RECOMMENDS},
    {MANAGERS_RPM, TEXT("--setopt"), TEXT("keepcache=0"), SH_CMD_NO_CACHE},
    {MANAGER(zypper), TEXT("-n"), TEXT(""), SH_CMD_ASSUME_YES},
    {MANAGER(zypper), TEXT("--non-interactive"), TEXT(""), SH_CMD_ASSUME_YES},
    {MANAGER(zypper), TEXT("-y"), TEXT(""), SH_CMD_ASSUME_YES},
    {MANAGER(zypper), TEXT("--no-confirm"), TEXT(""), SH_CMD_ASSUME_YES},
    {MANAGER(zypper), TEXT("--no-recommends"), TEXT(""), SH_CMD_NO_RECOMMENDS},
    {MANAGER(zypper), TEXT("--no-gpg-checks"), TEXT(""), SH_CMD_UNVERIFIED},
    {MANAGER(pacman), TEXT("--noconfirm"), TEXT(""), SH_CMD_ASSUME_YES},
    {MANAGER(conda), TEXT("-y"), TEXT(""), SH_CMD_ASSUME_YES},
    {MANAGER(conda), TEXT("--yes"), TEXT(""), SH_CMD_ASSUME_YES},
    {MANAGER(rpm), TEXT("--nosignature"), TEXT(""), SH_CMD_UNVERIFIED},
    {MANAGER(rpm), TEXT("--nodigest"), TEXT(""), SH_CMD_UNVERIFIED},
    {MANAGER(rpm), TEXT("--noverify"), TEXT(""), SH_CMD_UNVERIFIED},
    {MANAGER(rpm), TEXT("--nofiledigest"), TEXT(""), SH_CMD_UNVERIFIED},
    {MANAGER(dpkg), TEXT("--force-bad-verify"), TEXT(""), SH_CMD_UNVERIFIED},
    {MANAGER(pip), TEXT("--no-cache-dir"), TEXT(""), SH_CMD_NO_CACHE},
    {MANAGER(pip), TEXT("--no-cache"), TEXT(""), SH_CMD_NO_CACHE},
    {MANAGER(pip), TEXT("--trusted-host"), TEXT(""), SH_CMD_UNVERIFIED},
    {MANAGER(npm) | MANAGER(pnpm) | MANAGER(yarn), TEXT("--strict-ssl"), TEXT("false"),
     SH_CMD_UNVERIFIED},
    {MANAGER(npm) | MANAGER(pnpm) | MANAGER(yarn), TEXT("--no-strict-ssl"), TEXT(""),
     SH_CMD_UNVERIFIED},
    {MANAGER(npm) | MANAGER(pnpm) | MANAGER(gem), TEXT("-g"), TEXT(""), SH_CMD_GLOBAL},
    {MANAGER(npm) | MANAGER(pnpm), TEXT("--global"), TEXT(""), SH_CMD_GLOBAL},
    {PROGRAM(CURL), TEXT("-k"), TEXT(""), SH_CMD_UNVERIFIED},
    {PROGRAM(CURL), TEXT("--insecure"), TEXT(""), SH_CMD_UNVERIFIED},
    {PROGRAM(CURL), TEXT("--proxy-insecure"), TEXT(""), SH_CMD_UNVERIFIED},
    {PROGRAM(WGET), TEXT("--no-check-certificate"), TEXT(""), SH_CMD_UNVERIFIED},
    {PROGRAM(GIT), TEXT("-c"), TEXT("http.sslVerify=false"), SH_CMD_UNVERIFIED},
    {PROGRAM(GIT), TEXT("-c"), TEXT("http.sslVerify=0"), SH_CMD_UNVERIFIED},
};

/* Managers that ask nothing when they install. */
static const uint32_t never_ask = MANAGER(apk) | MANAGER(pip) | MANAGER(npm) | MANAGER(yarn) |
                                  MANAGER(pnpm) | MANAGER(gem) | MANAGER(bundle) | MANAGER(go) |
                                  MANAGER(cargo) | MANAGER(composer) | MANAGER(rpm) | MANAGER(dpkg);

static int find_program(struct str name)
{
    for (size_t i = 0; i < sizeof managers / sizeof managers[0]; i++) {
        if (name.len > 0 && managers[i].program.ptr[0] == name.ptr[0] &&
            str_eq(managers[i].program, name)) {
            return managers[i].manager;
        }
    }
    return -1;
}

/* The name itself first: the aliases of sh_tools.def join what differs here (yum is not dnf). */
int sh_packages_manager(struct str name)
{
    int manager = find_program(name);
    if (manager < 0 && str_starts_with(name, STR("pip"))) {
        manager = find_program(sh_tool_canonical(name));
    }
    return manager;
}

static bool begins_nocase(struct str text, struct str prefix)
{
    return text.len >= prefix.len && str_eq_nocase(str_slice(text, 0, prefix.len), prefix);
}

/* Whether "Key=value" says no. */
static bool value_is_off(struct str text)
{
    struct str value = str_slice(text, str_find_char(text, '=', 0) + 1, text.len);
    return str_eq_nocase(value, STR("false")) || str_eq_nocase(value, STR("0")) ||
           str_eq_nocase(value, STR("no")) || str_eq_nocase(value, STR("off"));
}

/* -o Key=value of apt: Install-Recommends must be off, the others on. */
static bool setting_holds(struct str setting, struct str value, uint32_t flag)
{
    if (setting.len == 0 || setting.ptr[setting.len - 1] != '=') {
        return true;
    }
    return value_is_off(value) == (flag == SH_CMD_NO_RECOMMENDS);
}

/* -o Key=value of apt has a long spelling. */
static bool same_option(struct str option, struct str wanted)
{
    return str_eq(option, wanted) || (str_eq(wanted, STR("-o")) && str_eq(option, STR("--option")));
}

/* Package flags that options set; `bit` is that of sh_program. */
static uint32_t read_flags(const struct sh_script *script, const struct sh_command *command,
                           int bit)
{
    uint32_t flags = 0;
    for (size_t i = 0; i < sizeof meanings / sizeof meanings[0]; i++) {
        if ((meanings[i].programs >> bit & 1U) == 0) {
            continue;
        }
        for (uint32_t k = 0; k < command->option_count; k++) {
            const struct sh_option *option = &script->options[command->option_first + k];
            if (same_option(option->name, meanings[i].option) &&
                begins_nocase(option->value, meanings[i].value) &&
                setting_holds(meanings[i].value, option->value, meanings[i].flag)) {
                flags |= meanings[i].flag;
            }
        }
    }
    return flags;
}

static size_t count_option(const struct sh_script *script, const struct sh_command *command,
                           struct str name)
{
    size_t count = 0;
    for (uint32_t i = 0; i < command->option_count; i++) {
        count += str_eq(script->options[command->option_first + i].name, name) ? 1 : 0;
    }
    return count;
}

/* apt: -qq, -q -q or -q=2 imply yes. */
static bool apt_is_quiet(const struct sh_script *script, const struct sh_command *command)
{
    const struct sh_option *quiet = sh_command_option(script, command, STR("-q"));
    return count_option(script, command, STR("-q")) >= 2 ||
           (quiet != NULL && str_eq(quiet->value, STR("2")));
}

/* PIP_NO_CACHE_DIR=1 in front of the command. */
static bool pip_env_no_cache(const struct sh_command *command)
{
    for (uint32_t i = 0; i < command->assign_count; i++) {
        struct str text = command->assigns[i].text;
        if (str_starts_with(text, STR("PIP_NO_CACHE_DIR="))) {
            return text.len > sizeof "PIP_NO_CACHE_DIR=" - 1;
        }
    }
    return false;
}

/* First two operands against a verb of one or two words; the number of words that fit. */
static uint32_t match_verb(struct str verb, struct str first, struct str second)
{
    if (verb.len < first.len || first.len == 0 || memcmp(verb.ptr, first.ptr, first.len) != 0) {
        return 0;
    }
    if (verb.len == first.len) {
        return 1;
    }
    bool two =
        verb.ptr[first.len] == ' ' && str_eq(str_slice(verb, first.len + 1, verb.len), second);
    return two ? 2 : 0;
}

/* Managers whose action is an option: -S, -i, ... */
static int option_action(const struct sh_script *script, const struct sh_command *command,
                         int manager)
{
    static const struct {
        uint8_t manager;
        const char *option;
        uint8_t action;
    } rows[] = {
        {MEMBER_package_manager_pacman, "-U", MEMBER_package_action_install},
        {MEMBER_package_manager_pacman, "-R", MEMBER_package_action_remove},
        {MEMBER_package_manager_rpm, "-i", MEMBER_package_action_install},
        {MEMBER_package_manager_rpm, "--install", MEMBER_package_action_install},
        {MEMBER_package_manager_rpm, "-U", MEMBER_package_action_install},
        {MEMBER_package_manager_rpm, "--upgrade", MEMBER_package_action_install},
        {MEMBER_package_manager_rpm, "-F", MEMBER_package_action_upgrade},
        {MEMBER_package_manager_rpm, "-e", MEMBER_package_action_remove},
        {MEMBER_package_manager_rpm, "--import", MEMBER_package_action_add_repo},
        {MEMBER_package_manager_dpkg, "-i", MEMBER_package_action_install},
        {MEMBER_package_manager_dpkg, "--install", MEMBER_package_action_install},
        {MEMBER_package_manager_dpkg, "-r", MEMBER_package_action_remove},
        {MEMBER_package_manager_dpkg, "-P", MEMBER_package_action_remove},
        {MEMBER_package_manager_dpkg, "--purge", MEMBER_package_action_remove},
    };
    if (manager == MEMBER_package_manager_rpm &&
        sh_command_option(script, command, STR("-q")) != NULL) {
        return MEMBER_package_action_other;
    }
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        if (rows[i].manager == manager &&
            sh_command_option(script, command, str_from_cstr(rows[i].option)) != NULL) {
            return rows[i].action;
        }
    }
    if (manager == MEMBER_package_manager_pacman &&
        sh_command_option(script, command, STR("-S")) != NULL) {
        bool upgrade = sh_command_option(script, command, STR("-u")) != NULL;
        bool clean = sh_command_option(script, command, STR("-c")) != NULL;
        bool refresh = sh_command_option(script, command, STR("-y")) != NULL;
        if (clean) {
            return MEMBER_package_action_clean;
        }
        if (command->operand_count > 0) {
            return MEMBER_package_action_install;
        }
        return upgrade ? MEMBER_package_action_upgrade
                       : (refresh ? MEMBER_package_action_update : MEMBER_package_action_other);
    }
    return MEMBER_package_action_other;
}

/* The action; `*skip` operands are the verb. */
static int find_action(const struct sh_script *script, const struct sh_command *command,
                       int manager, uint32_t *skip)
{
    *skip = 0;
    if (manager == MEMBER_package_manager_pacman || manager == MEMBER_package_manager_rpm ||
        manager == MEMBER_package_manager_dpkg) {
        return option_action(script, command, manager);
    }
    if (str_ends_with(command->name, STR("-repository")) ||
        str_eq(command->name, STR("yum-config-manager"))) {
        return MEMBER_package_action_add_repo;
    }
    struct str first = sh_command_operand(script, command, 0);
    struct str second = sh_command_operand(script, command, 1);
    int of = manager == MEMBER_package_manager_yum ? MEMBER_package_manager_dnf : manager;
    for (size_t i = 0; i < sizeof verbs / sizeof verbs[0]; i++) {
        if (verbs[i].manager == of) {
            *skip = match_verb(verbs[i].verb, first, second);
            if (*skip > 0) {
                return verbs[i].action;
            }
        }
    }
    bool bare = command->operand_count == 0 && manager == MEMBER_package_manager_yarn &&
                sh_command_option(script, command, STR("--version")) == NULL;
    return bare ? MEMBER_package_action_install : MEMBER_package_action_other;
}

static struct sh_package *add_package(struct sh_script *script, const struct sh_package *package)
{
    void *packages = script->packages;
    if (!alloc_grow(script->allocator, &packages, &script->package_capacity,
                    script->package_count + 1, sizeof *script->packages)) {
        script->status = PLIM_STATUS_NOMEM;
        return NULL;
    }
    script->packages = packages;
    struct sh_package *added = &script->packages[script->package_count++];
    *added = *package;
    return added;
}

/* Options that say the version of every package named. */
static const struct sh_option *common_version(const struct sh_script *script,
                                              const struct sh_command *command, int manager)
{
    static const struct {
        uint32_t managers;
        const char *option;
    } rows[] = {
        {MANAGER(apt), "-t"},
        {MANAGER(apt), "--target-release"},
        {MANAGER(apt), "--default-release"},
        {MANAGER(gem), "-v"},
        {MANAGER(gem), "--version"},
        {MANAGER(cargo), "--version"},
        {MANAGER(cargo), "--vers"},
        {MANAGER(cargo), "--rev"},
        {MANAGER(cargo), "--tag"},
    };
    for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
        const struct sh_option *option =
            (rows[i].managers >> manager & 1U) != 0
                ? sh_command_option(script, command, str_from_cstr(rows[i].option))
                : NULL;
        if (option != NULL && option->value_word != NULL) {
            return option;
        }
    }
    return NULL;
}

/* Lists of packages in files, and what options make a source of. */
static void read_option_packages(struct sh_script *script, const struct sh_command *command,
                                 int manager)
{
    for (uint32_t i = 0; i < command->option_count; i++) {
        const struct sh_option *option = &script->options[command->option_first + i];
        bool pip = manager == MEMBER_package_manager_pip;
        bool list = (pip && (str_eq(option->name, STR("-r")) ||
                             str_eq(option->name, STR("--requirement")))) ||
                    (manager == MEMBER_package_manager_conda &&
                     (str_eq(option->name, STR("-f")) || str_eq(option->name, STR("--file"))));
        bool editable =
            pip && (str_eq(option->name, STR("-e")) || str_eq(option->name, STR("--editable")));
        if (option->value_word == NULL || (!list && !editable)) {
            continue;
        }
        struct sh_package package = {.name = option->value,
                                     .word = option->value_word,
                                     .source = MEMBER_package_source_requirements,
                                     .pin = SH_PIN_UNKNOWN};
        if (editable) {
            struct sh_word word = *option->value_word;
            word.text = option->value;
            package = sh_package_parse(manager, &word);
            package.word = option->value_word;
        }
        (void)add_package(script, &package);
    }
}

/* The `--` among the arguments, or NULL. */
static const struct sh_word *find_dashes(const struct sh_command *command)
{
    for (uint32_t i = 0; i < command->arg_count; i++) {
        if (str_eq(command->args[i].text, STR("--"))) {
            return &command->args[i];
        }
    }
    return NULL;
}

static void read_packages(struct sh_script *script, struct sh_command *command, int manager,
                          uint32_t skip)
{
    const struct sh_option *version = common_version(script, command, manager);
    bool constrained = manager == MEMBER_package_manager_pip &&
                       (sh_command_option(script, command, STR("-c")) != NULL ||
                        sh_command_option(script, command, STR("--constraint")) != NULL);
    const struct sh_word *end = manager == MEMBER_package_manager_gem ? find_dashes(command) : NULL;
    bool git = manager == MEMBER_package_manager_cargo &&
               sh_command_option(script, command, STR("--git")) != NULL;
    for (uint32_t i = skip; i < command->operand_count; i++) {
        const struct sh_word *word = script->operands[command->operand_first + i];
        if (end != NULL && word > end) {
            return; /* options of an extension's build */
        }
        struct sh_package package = sh_package_parse(manager, word);
        package.word = word;
        if (git) {
            package.source = MEMBER_package_source_vcs;
        }
        if (version != NULL && package.pin == SH_PIN_NO) {
            package.version = version->value;
            package.pin = SH_PIN_YES;
        }
        if (constrained && package.pin == SH_PIN_NO) {
            package.pin = SH_PIN_UNKNOWN;
        }
        (void)add_package(script, &package);
        if (manager == MEMBER_package_manager_go &&
            str_eq(sh_command_operand(script, command, 0), STR("run"))) {
            return; /* what follows is for the program */
        }
        if (manager == MEMBER_package_manager_composer && skip == 1 &&
            str_eq(sh_command_operand(script, command, 0), STR("create-project"))) {
            return;
        }
    }
}

void sh_packages_read(struct sh_script *script, struct sh_command *command,
                      const struct sh_program *program)
{
    int manager = program->manager;
    command->manager = (int8_t)manager;
    command->action = -1;
    command->package_first = (uint32_t)script->package_count;
    command->package_count = 0;
    if (program->bit >= 0 && command->option_count > 0) {
        command->flags |= read_flags(script, command, program->bit);
    }
    if (manager < 0) {
        return;
    }
    uint32_t skip;
    int action = find_action(script, command, manager, &skip);
    command->action = (int8_t)action;
    bool asks = (never_ask >> manager & 1U) == 0;
    if (!asks || (manager == MEMBER_package_manager_apt && apt_is_quiet(script, command))) {
        command->flags |= SH_CMD_ASSUME_YES;
    }
    if (manager == MEMBER_package_manager_pip && pip_env_no_cache(command)) {
        command->flags |= SH_CMD_NO_CACHE;
    }
    if (skip == 2 && str_eq(sh_command_operand(script, command, 0), STR("global"))) {
        command->flags |= SH_CMD_GLOBAL;
    }
    if (action == MEMBER_package_action_install || action == MEMBER_package_action_remove ||
        action == MEMBER_package_action_upgrade) {
        read_option_packages(script, command, manager);
        read_packages(script, command, manager, skip);
    }
    command->package_count = (uint32_t)script->package_count - command->package_first;
}
