/* SPDX-License-Identifier: Apache-2.0
 *
 * test_sh_packages.c - what package managers are asked, by realistic command lines, and the order
 * of the table of tools. Names and versions are made up.
 */
#include "facts/shell/sh_packages.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#include "facts/schema.h"
#include "facts/shell/sh_options.h"
#include "tests/unit/fault_alloc.h"
#include "tests/unit/sh_show.h"

static void assert_rows(const char *text, const char *rows)
{
    struct sh_script script;
    struct arena arena;
    struct buf out;
    struct sh_text input = {.bytes = str_from_cstr(text)};
    assert_int_equal(sh_script_init(&script, NULL), PLIM_STATUS_OK);
    arena_init(&arena, NULL, 0);
    buf_init(&out, NULL, 1 << 20);
    assert_int_equal(
        sh_script_read(&script, &arena, &input, (struct sh_shell){.dialect = SH_DIALECT_POSIX}),
        PLIM_STATUS_OK);
    sh_show_script(&out, &script);
    assert_string_equal(out.data, rows);
    buf_release(&out);
    arena_release(&arena);
    sh_script_release(&script);
}

/* Text and its rows as sh_show.h prints them. */
static const struct {
    const char *text;
    const char *rows;
} cases[] = {
    /* package managers */
    {"yes | apt-get install a; gem install a -- --with-b=c d",
     "yes | | none..pipe >1\n"
     "apt-get | install a | pipe..sequence yes <0 [apt install] {a registry no}\n"
     "gem | install a --with-b=c d | sequence..none yes [gem install] {a registry no}\n"},
    {"apt-get update && apt-get install -y --no-install-recommends curl=7.* git lib$X "
     "./x.deb foo/bookworm $PKGS bar=${V} \"$A=$B\" libc6:i386",
     "apt-get | update | none..and-if [apt update]\n"
     "apt-get -y --no-install-recommends | install curl=7.* git lib$X ./x.deb foo/bookworm "
     "$PKGS bar=${V} $A=$B libc6:i386 | and-if..none yes no-recommends [apt install] {curl "
     "@7.* registry pinned} {git registry no} {lib$X registry ?} {./x.deb file pinned} {foo "
     "@bookworm registry pinned} {$PKGS registry ?} {bar @${V} registry pinned} {$A @$B "
     "registry pinned} {libc6:i386 registry no}\n"},
    {"apt-get -qq install a; apt-get -q -q install a; apt-get install -q=2 a; apt-get -o "
     "APT::Get::Assume-Yes=true -o APT::Install-Recommends=0 install a; apt-get "
     "--option=Apt::Install-Recommends=1 install a",
     "apt-get -q -q | install a | none..sequence yes [apt install] {a registry no}\n"
     "apt-get -q -q | install a | sequence..sequence yes [apt install] {a registry no}\n"
     "apt-get -q=<2> | install a | sequence..sequence yes [apt install] {a registry no}\n"
     "apt-get -o=<APT::Get::Assume-Yes=true> -o=<APT::Install-Recommends=0> | install a | "
     "sequence..sequence yes no-recommends [apt install] {a registry no}\n"
     "apt-get --option=<Apt::Install-Recommends=1> | install a | sequence..none [apt "
     "install] {a registry no}\n"},
    {"apt-get install -yt bookworm-backports a b; apt install a; apt-get upgrade -y; apt-get "
     "dist-upgrade; apt-get clean; apt-get autoremove -y --purge; apt-get purge a; apt-get "
     "build-dep x; apt-cache policy",
     "apt-get -y -t=<bookworm-backports> | install a b | none..sequence yes [apt install] {a "
     "@bookworm-backports registry pinned} {b @bookworm-backports registry pinned}\n"
     "apt | install a | sequence..sequence [apt install] {a registry no}\n"
     "apt-get -y | upgrade | sequence..sequence yes [apt upgrade]\n"
     "apt-get | dist-upgrade | sequence..sequence [apt dist-upgrade]\n"
     "apt-get | clean | sequence..sequence [apt clean]\n"
     "apt-get -y --purge | autoremove | sequence..sequence yes [apt remove]\n"
     "apt-get | purge a | sequence..sequence [apt remove] {a registry no}\n"
     "apt-get | build-dep x | sequence..sequence [apt other]\n"
     "apt-cache | policy | sequence..none\n"},
    {"apt-get install --allow-unauthenticated --force-yes a; add-apt-repository -y ppa:x/y; "
     "aptitude install -R a",
     "apt-get --allow-unauthenticated --force-yes | install a | none..sequence yes "
     "unverified [apt install] {a registry no}\n"
     "add-apt-repository -y | ppa:x/y | sequence..sequence yes [apt add-repo]\n"
     "aptitude -R | install a | sequence..none no-recommends [apt install] {a registry no}\n"},
    {"apk add --no-cache --virtual .deps gcc=10 'musl~1' b>2 c@edge d x.apk; apk add -U "
     "--allow-untrusted -X http://m a; apk del .deps; apk update; apk upgrade; apk --update "
     "add a",
     "apk --no-cache --virtual=<.deps> | add gcc=10 musl~1 b c@edge d x.apk | none..sequence "
     "yes no-cache [apk install] {gcc @10 registry pinned} {musl @~1 registry pinned} {b "
     "registry no} {c registry no} {d registry no} {x.apk file pinned}\n"
     "apk -U --allow-untrusted -X=<http://m> | add a | sequence..sequence yes unverified "
     "[apk install] {a registry no}\n"
     "apk | del .deps | sequence..sequence yes [apk remove] {.deps registry no}\n"
     "apk | update | sequence..sequence yes [apk update]\n"
     "apk | upgrade | sequence..sequence yes [apk upgrade]\n"
     "apk --update | add a | sequence..none yes [apk install] {a registry no}\n"},
    {"yum install -y httpd-2.4.6 java-1.8.0-openjdk gcc-toolset-12 foo-1.2-3.el7.x86_64 "
     "nodejs-16* x-${V} https://h/x.rpm @dev a.rpm",
     "yum -y | install httpd-2.4.6 java-1.8.0-openjdk gcc-toolset-12 foo-1.2-3.el7.x86_64 "
     "nodejs-16* x-${V} https://h/x.rpm @dev a.rpm | none..none yes [yum install] {httpd "
     "@2.4.6 registry pinned} {java-1.8.0-openjdk registry no} {gcc-toolset-12 registry no} "
     "{foo @1.2-3.el7.x86_64 registry pinned} {nodejs @16* registry pinned} {x @${V} "
     "registry pinned} {https://h/x.rpm url pinned} {@dev registry ?} {a.rpm file pinned}\n"},
    {"yum -y update; yum update -y a; yum clean all; dnf -y module install nodejs:18; dnf "
     "module enable -y x; dnf groupinstall 'Dev Tools'; microdnf install --nodocs a; dnf "
     "--setopt=install_weak_deps=False --nogpgcheck install a; yum-config-manager --add-repo "
     "u; dnf makecache; dnf distro-sync",
     "yum -y | update | none..sequence yes [yum upgrade]\n"
     "yum -y | update a | sequence..sequence yes [yum upgrade] {a registry no}\n"
     "yum | clean all | sequence..sequence [yum clean]\n"
     "dnf -y | module install nodejs:18 | sequence..sequence yes [dnf install] {nodejs @18 "
     "registry pinned}\n"
     "dnf -y | module enable x | sequence..sequence yes [dnf other]\n"
     "dnf | groupinstall Dev Tools | sequence..sequence [dnf install] {Dev Tools registry "
     "no}\n"
     "microdnf --nodocs | install a | sequence..sequence [dnf install] {a registry no}\n"
     "dnf --setopt=<install_weak_deps=False> --nogpgcheck | install a | sequence..sequence "
     "no-recommends unverified [dnf install] {a registry no}\n"
     "yum-config-manager --add-repo=<u> | | sequence..sequence [yum add-repo]\n"
     "dnf | makecache | sequence..sequence [dnf update]\n"
     "dnf | distro-sync | sequence..none [dnf dist-upgrade]\n"},
    {"zypper -n in a=1 b 'c>=2' d.rpm; zypper --non-interactive install --no-recommends a; "
     "zypper ref; zypper up; zypper dup; zypper cc -a; zypper ar u n; zypper rm a",
     "zypper -n | in a=1 b c>=2 d.rpm | none..sequence yes [zypper install] {a @1 registry "
     "pinned} {b registry no} {c @>=2 registry pinned} {d.rpm file pinned}\n"
     "zypper --non-interactive --no-recommends | install a | sequence..sequence yes "
     "no-recommends [zypper install] {a registry no}\n"
     "zypper | ref | sequence..sequence [zypper update]\n"
     "zypper | up | sequence..sequence [zypper upgrade]\n"
     "zypper | dup | sequence..sequence [zypper dist-upgrade]\n"
     "zypper -a | cc | sequence..sequence [zypper clean]\n"
     "zypper | ar u n | sequence..sequence [zypper add-repo]\n"
     "zypper | rm a | sequence..none [zypper remove] {a registry no}\n"},
    {"pip install -r requirements.txt -e . flask==1.0 'django>=2,<3' 'a[b]~=1' c ./d e.whl "
     "https://h/f.tgz git+https://h/g.git@v1#egg=x git+https://h/i 'j @ https://h/j.whl' $K "
     "l==$V 'm; python_version<\"3\"'",
     "pip -r=<requirements.txt> -e=<.> | install flask==1.0 django>=2,<3 a[b]~=1 c ./d e.whl "
     "https://h/f.tgz git+https://h/g.git@v1#egg=x git+https://h/i j @ https://h/j.whl $K "
     "l==$V m; python_version<\"3\" | none..none yes [pip install] {requirements.txt "
     "requirements ?} {. file pinned} {flask @1.0 registry pinned} {django @>=2,<3 registry "
     "pinned} {a @~=1 registry pinned} {c registry no} {./d file pinned} {e.whl file pinned} "
     "{https://h/f.tgz url pinned} {git+https://h/g.git@v1#egg=x @v1 vcs pinned} "
     "{git+https://h/i vcs no} {j url pinned} {$K registry ?} {l @$V registry pinned} {m "
     "registry no}\n"},
    {"PIP_NO_CACHE_DIR=1 pip3 install -c c.txt a; pip install --no-cache-dir --trusted-host "
     "h -i u a; pip uninstall -y a; pip cache purge; pip list; pipx install a==1; pip "
     "install -U pip; pip install .",
     "pip3 =PIP_NO_CACHE_DIR=1 -c=<c.txt> | install a | none..sequence yes no-cache [pip "
     "install] {a registry ?}\n"
     "pip --no-cache-dir --trusted-host=<h> -i=<u> | install a | sequence..sequence yes "
     "no-cache unverified [pip install] {a registry no}\n"
     "pip -y | uninstall a | sequence..sequence yes [pip remove] {a registry no}\n"
     "pip | cache purge | sequence..sequence yes [pip clean]\n"
     "pip | list | sequence..sequence yes [pip other]\n"
     "pipx | install a==1 | sequence..sequence yes [pip install] {a @1 registry pinned}\n"
     "pip -U | install pip | sequence..sequence yes [pip install] {pip registry no}\n"
     "pip | install . | sequence..none yes [pip install] {. file pinned}\n"},
    {"npm install; npm ci --only=production; npm i -g npm@latest @a/b @a/b@1 c@^2 ./d e.tgz "
     "u/r git+https://h/x.git#c github:u/r https://h/y.tgz; npm cache clean --force; npm run "
     "build; npm config set strict-ssl false; npm update; npm --strict-ssl=false install a",
     "npm | install | none..sequence yes [npm install]\n"
     "npm --only=<production> | ci | sequence..sequence yes [npm install]\n"
     "npm -g | i npm@latest @a/b @a/b@1 c@^2 ./d e.tgz u/r git+https://h/x.git#c github:u/r "
     "https://h/y.tgz | sequence..sequence yes global [npm install] {npm @latest registry "
     "pinned} {@a/b registry no} {@a/b @1 registry pinned} {c @^2 registry pinned} {./d file "
     "pinned} {e.tgz file pinned} {u/r vcs no} {git+https://h/x.git#c @c vcs pinned} "
     "{github:u/r vcs no} {https://h/y.tgz url pinned}\n"
     "npm --force | cache clean | sequence..sequence yes [npm clean]\n"
     "npm | run build | sequence..sequence yes [npm other]\n"
     "npm | config set strict-ssl false | sequence..sequence yes [npm other]\n"
     "npm | update | sequence..sequence yes [npm upgrade]\n"
     "npm --strict-ssl=<false> | install a | sequence..none yes unverified [npm install] {a "
     "registry no}\n"},
    {"yarn; yarn install --frozen-lockfile; yarn add a b@1; yarn global add c; yarn cache "
     "clean; yarn build; yarn --version; pnpm add -g a; pnpm i; pnpm store prune",
     "yarn | | none..sequence yes [yarn install]\n"
     "yarn --frozen-lockfile | install | sequence..sequence yes [yarn install]\n"
     "yarn | add a b@1 | sequence..sequence yes [yarn install] {a registry no} {b @1 "
     "registry pinned}\n"
     "yarn | global add c | sequence..sequence yes global [yarn install] {c registry no}\n"
     "yarn | cache clean | sequence..sequence yes [yarn clean]\n"
     "yarn | build | sequence..sequence yes [yarn other]\n"
     "yarn --version | | sequence..sequence yes [yarn other]\n"
     "pnpm -g | add a | sequence..sequence yes global [pnpm install] {a registry no}\n"
     "pnpm | i | sequence..sequence yes [pnpm install]\n"
     "pnpm | store prune | sequence..none yes [pnpm clean]\n"},
    {"gem install a -v 1.0 b; gem install c:2 d --no-document; gem update --system; gem "
     "cleanup; bundle install -j4; bundle config set x y",
     "gem -v=<1.0> | install a b | none..sequence yes [gem install] {a @1.0 registry pinned} "
     "{b @1.0 registry pinned}\n"
     "gem --no-document | install c:2 d | sequence..sequence yes [gem install] {c @2 "
     "registry pinned} {d registry no}\n"
     "gem --system | update | sequence..sequence yes [gem upgrade]\n"
     "gem | cleanup | sequence..sequence yes [gem clean]\n"
     "bundle -j=<4> | install | sequence..sequence yes [bundle install]\n"
     "bundle | config set x y | sequence..none yes [bundle other]\n"},
    {"go install a.io/b@latest a.io/c@v1 ./d a.io/e; go get -u a.io/b; go get ./...; go run "
     "a.io/b@v1 x y; go run main.go; go mod download; go build ./...; go clean -modcache",
     "go | install a.io/b@latest a.io/c@v1 ./d a.io/e | none..sequence yes [go install] "
     "{a.io/b @latest registry no} {a.io/c @v1 registry pinned} {./d file pinned} {a.io/e "
     "registry no}\n"
     "go -u | get a.io/b | sequence..sequence yes [go install] {a.io/b registry no}\n"
     "go | get ./... | sequence..sequence yes [go install] {./... file pinned}\n"
     "go | run a.io/b@v1 x y | sequence..sequence yes [go install] {a.io/b @v1 registry "
     "pinned}\n"
     "go | run main.go | sequence..sequence yes [go install] {main.go file pinned}\n"
     "go | mod download | sequence..sequence yes [go install]\n"
     "go | build ./... | sequence..sequence yes [go other]\n"
     "go -modcache | clean | sequence..none yes [go clean]\n"},
    {"cargo install a b@1; cargo install a --version 1 --locked; cargo install --git "
     "https://h/a a; cargo install --git u --tag v1 a; cargo install --path .; cargo build "
     "--release",
     "cargo | install a b@1 | none..sequence yes [cargo install] {a registry no} {b @1 "
     "registry pinned}\n"
     "cargo --version=<1> --locked | install a | sequence..sequence yes [cargo install] {a "
     "@1 registry pinned}\n"
     "cargo --git=<https://h/a> | install a | sequence..sequence yes [cargo install] {a vcs "
     "no}\n"
     "cargo --git=<u> --tag=<v1> | install a | sequence..sequence yes [cargo install] {a @v1 "
     "vcs pinned}\n"
     "cargo --path=<.> | install | sequence..sequence yes [cargo install]\n"
     "cargo --release | build | sequence..none yes [cargo other]\n"},
    {"composer require a/b c/d:1.0 'e/f=^2'; composer global require a/b; composer install "
     "--no-dev; composer create-project a/b d; composer clear-cache",
     "composer | require a/b c/d:1.0 e/f=^2 | none..sequence yes [composer install] {a/b "
     "registry no} {c/d @1.0 registry pinned} {e/f @^2 registry pinned}\n"
     "composer | global require a/b | sequence..sequence yes global [composer install] {a/b "
     "registry no}\n"
     "composer --no-dev | install | sequence..sequence yes [composer install]\n"
     "composer | create-project a/b d | sequence..sequence yes [composer install] {a/b "
     "registry no}\n"
     "composer | clear-cache | sequence..none yes [composer clean]\n"},
    {"pacman -Syu --noconfirm a; pacman -Sy; pacman -Syu; pacman -Scc; pacman -U a.pkg; "
     "pacman -Rns a; rpm -ivh https://h/a.rpm b.rpm; rpm --import k; rpm -qa; rpm -Uvh "
     "--nodigest a.rpm; dpkg -i a.deb; dpkg --purge a; dpkg --print-architecture",
     "pacman -S -y -u --noconfirm | a | none..sequence yes [pacman install] {a registry no}\n"
     "pacman -S -y | | sequence..sequence [pacman update]\n"
     "pacman -S -y -u | | sequence..sequence [pacman upgrade]\n"
     "pacman -S -c -c | | sequence..sequence [pacman clean]\n"
     "pacman -U | a.pkg | sequence..sequence [pacman install] {a.pkg registry no}\n"
     "pacman -R -n -s | a | sequence..sequence [pacman remove] {a registry no}\n"
     "rpm -i -v -h | https://h/a.rpm b.rpm | sequence..sequence yes [rpm install] "
     "{https://h/a.rpm url pinned} {b.rpm file pinned}\n"
     "rpm --import=<k> | | sequence..sequence yes [rpm add-repo]\n"
     "rpm -q -a | | sequence..sequence yes [rpm other]\n"
     "rpm -U -v -h --nodigest | a.rpm | sequence..sequence yes unverified [rpm install] "
     "{a.rpm file pinned}\n"
     "dpkg -i | a.deb | sequence..sequence yes [dpkg install] {a.deb file pinned}\n"
     "dpkg --purge | a | sequence..sequence yes [dpkg remove] {a file pinned}\n"
     "dpkg --print-architecture | | sequence..none yes [dpkg other]\n"},
    {"conda install -y -c forge a=1 b 'c>=2'; conda env create -f e.yml; conda clean -afy; "
     "mamba create -n x python=3; micromamba install -y a",
     "conda -y -c=<forge> | install a=1 b c>=2 | none..sequence yes [conda install] {a @1 "
     "registry pinned} {b registry no} {c @>=2 registry pinned}\n"
     "conda -f=<e.yml> | env create | sequence..sequence [conda install] {e.yml requirements "
     "?}\n"
     "conda -a -f -y | clean | sequence..sequence yes [conda clean]\n"
     "mamba -n=<x> | create python=3 | sequence..sequence [conda install] {python @3 "
     "registry pinned}\n"
     "micromamba -y | install a | sequence..none yes [conda install] {a registry no}\n"},
    {"curl -k u; curl --insecure u; curl u; git -c http.sslVerify=true clone u",
     "curl -k | u | none..sequence unverified\n"
     "curl --insecure | u | sequence..sequence unverified\n"
     "curl | u | sequence..sequence\n"
     "git -c=<http.sslVerify=true> | clone u | sequence..none\n"},
    {"apt-get ${APT_OPTS} install -y foo; wget -nv -nc -qO x u; conda clean -afy; apt-get "
     "\"$@\"; npm run $X",
     "apt-get ${APT_OPTS} -y | install foo | none..sequence yes cut [apt install] {foo "
     "registry no}\n"
     "wget -nv -nc -q -O=<x> | u | sequence..sequence\n"
     "conda -a -f -y | clean | sequence..sequence yes [conda clean]\n"
     "apt-get | $@ | sequence..sequence [apt other]\n"
     "npm | run $X | sequence..none yes [npm other]\n"},
};

static void rows_of_texts(void **state)
{
    (void)state;
    for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
        assert_rows(cases[i].text, cases[i].rows);
    }
}

static plim_status read_all(const plim_allocator *allocator, void *user)
{
    struct sh_script script = {0};
    struct arena arena;
    (void)user;
    arena_init(&arena, allocator, 0);
    plim_status status = sh_script_init(&script, allocator);
    for (size_t i = 0; status == PLIM_STATUS_OK && i < sizeof cases / sizeof cases[0]; i++) {
        struct sh_text input = {.bytes = str_from_cstr(cases[i].text)};
        status =
            sh_script_read(&script, &arena, &input, (struct sh_shell){.dialect = SH_DIALECT_POSIX});
    }
    sh_script_release(&script);
    arena_release(&arena);
    return status;
}

static void allocations_may_fail(void **state)
{
    (void)state;
    fault_alloc_run(read_all, NULL);
}

static void tables_are_sorted(void **state)
{
    (void)state;
    for (size_t i = 1; sh_tool_at(i) != NULL; i++) {
        const struct sh_tool *left = sh_tool_at(i - 1);
        const struct sh_tool *right = sh_tool_at(i);
        int order = str_compare(left->name, right->name);
        assert_true(order < 0 || (order == 0 && str_compare(left->sub, right->sub) < 0));
        assert_ptr_equal(sh_tool_find(right->name, right->sub), right);
    }
}

static void spellings_of_tools(void **state)
{
    static const struct {
        const char *name;
        const char *canonical;
    } names[] = {{"bash", "sh"},
                 {"dash", "sh"},
                 {"yum", "dnf"},
                 {"apt-fast", "apt-get"},
                 {"zsh", "sh"},
                 {"pip3", "pip"},
                 {"pip3.11", "pip"},
                 {"python3.12", "python"},
                 {"pypy3", "python"},
                 {"pipx", "pipx"},
                 {"pip-audit", "pip-audit"},
                 {"", ""},
                 {"xz", "gzip"},
                 {"podman", "docker"}};
    (void)state;
    for (size_t i = 0; i < sizeof names / sizeof names[0]; i++) {
        struct str canonical = sh_tool_canonical(str_from_cstr(names[i].name));
        assert_true(str_eq(canonical, str_from_cstr(names[i].canonical)));
    }
    assert_null(sh_tool_find(STR("no-such-tool"), STR("")));
    assert_int_equal(sh_packages_manager(STR("yum")), MEMBER_package_manager_yum);
    assert_int_equal(sh_packages_manager(STR("pip3.9")), MEMBER_package_manager_pip);
    assert_int_equal(sh_packages_manager(STR("ls")), -1);
}

static void words_of_packages(void **state)
{
    static const struct {
        int manager;
        const char *word;
        const char *shown;
    } words[] = {
        {MEMBER_package_manager_apt, "a=1.2-3", "{a @1.2-3 registry pinned}"},
        {MEMBER_package_manager_apt, "a=", "{a registry no}"},
        {MEMBER_package_manager_apt, "${A:-b=1}", "{${A:-b=1} registry ?}"},
        {MEMBER_package_manager_apt, "a$(b =)c", "{a$(b =)c registry ?}"},
        {MEMBER_package_manager_apt, "/tmp/a_1.deb", "{/tmp/a_1.deb file pinned}"},
        {MEMBER_package_manager_apk, "a>1", "{a @>1 registry pinned}"},
        {MEMBER_package_manager_apk, "a=~3.1@edge", "{a @~3.1@edge registry pinned}"},
        {MEMBER_package_manager_dnf, "a-", "{a- registry no}"},
        {MEMBER_package_manager_dnf, "-1.2", "{-1.2 registry no}"},
        {MEMBER_package_manager_dnf, "a-1:2.3-4", "{a @1:2.3-4 registry pinned}"},
        {MEMBER_package_manager_dnf, "python3.11", "{python3.11 registry no}"},
        {MEMBER_package_manager_pip, "git+ssh://git@h/r", "{git+ssh://git@h/r vcs no}"},
        {MEMBER_package_manager_pip, "git+ssh://git@h/r@1", "{git+ssh://git@h/r@1 @1 vcs pinned}"},
        {MEMBER_package_manager_pip, "dir/", "{dir/ file pinned}"},
        {MEMBER_package_manager_pip, "", "{ registry no}"},
        {MEMBER_package_manager_npm, "@a/b@next", "{@a/b @next registry pinned}"},
        {MEMBER_package_manager_npm, "@", "{@ registry no}"},
        {MEMBER_package_manager_npm, "$(cat list)", "{$(cat list) registry ?}"},
        {MEMBER_package_manager_go, "x.io/a@$V", "{x.io/a @$V registry pinned}"},
        {MEMBER_package_manager_go, "std", "{std file pinned}"},
        {MEMBER_package_manager_rpm, "a", "{a file pinned}"},
    };
    struct buf out;
    (void)state;
    buf_init(&out, NULL, 4096);
    for (size_t i = 0; i < sizeof words / sizeof words[0]; i++) {
        struct sh_word word = {.text = str_from_cstr(words[i].word)};
        struct sh_package package = sh_package_parse(words[i].manager, &word);
        buf_clear(&out);
        sh_show_package(&out, &package);
        assert_string_equal(out.data, words[i].shown);
    }
    buf_release(&out);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(rows_of_texts),        cmocka_unit_test(tables_are_sorted),
        cmocka_unit_test(spellings_of_tools),   cmocka_unit_test(words_of_packages),
        cmocka_unit_test(allocations_may_fail),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
