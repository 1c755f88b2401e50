/* SPDX-License-Identifier: Apache-2.0
 *
 * test_fileio.c - bounded reading, sandboxed paths and whole-file replacement of core/fileio.c.
 */
#include "core/fileio.h"

#include <errno.h>
#include <fcntl.h>
#include <linux/filter.h>
#include <linux/seccomp.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/prctl.h>
#include <sys/stat.h>
#include <sys/syscall.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#include "tests/unit/fault_alloc.h"

/* A fresh directory is the working directory of each test; `outer/secret` lies beside `inner`. */
static int enter_directory(void **state)
{
    char *path = strdup("/tmp/plimsoll-fileio-XXXXXX");
    if (path == NULL || mkdtemp(path) == NULL || chdir(path) != 0 || mkdir("inner", 0777) != 0 ||
        mkdir("inner/sub", 0777) != 0) {
        return -1;
    }
    *state = path;
    return 0;
}

static int leave_directory(void **state)
{
    char command[100];
    snprintf(command, sizeof command, "rm -rf %s", (char *)*state);
    int failed = chdir("/") != 0 || system(command) != 0;
    free(*state);
    return failed ? -1 : 0;
}

static void write_file(const char *path, struct str bytes)
{
    int fd = open(path, O_WRONLY | O_CREAT | O_TRUNC, 0644);
    assert_true(fd >= 0);
    assert_int_equal(write(fd, bytes.ptr, bytes.len), (ssize_t)bytes.len);
    close(fd);
}

static void assert_reads(const char *path, int directory, bool beneath, plim_status expected)
{
    struct buf out;
    buf_init(&out, NULL, 1000);
    buf_append(&out, STR("before:"));
    struct fileio_error error = {.text = ""};
    plim_status status = fileio_read(&out, directory, path, beneath, &error);
    if (status != expected) {
        fail_msg("%s: %s (%s)", path, plim_status_name(status), error.text);
    }
    if (status == PLIM_STATUS_OK) {
        assert_true(str_eq(buf_view(&out), STR("before:secret\0text")));
    } else {
        assert_true(str_eq(buf_view(&out), STR("before:")));
        assert_int_equal(error.status, status);
        assert_true(error.text[0] != '\0');
    }
    buf_release(&out);
}

static void only_regular_files_are_read(void **state)
{
    (void)state;
    write_file("file", STR("secret\0text"));
    assert_int_equal(mkfifo("fifo", 0666), 0);
    assert_int_equal(symlink("file", "link"), 0);
    assert_int_equal(symlink("loop", "loop"), 0);
    assert_reads("file", AT_FDCWD, false, PLIM_STATUS_OK);
    assert_reads("link", AT_FDCWD, false, PLIM_STATUS_OK);
    assert_reads("missing", AT_FDCWD, false, PLIM_STATUS_NOT_FOUND);
    assert_reads("file/x", AT_FDCWD, false, PLIM_STATUS_NOT_FOUND);
    assert_reads("fifo", AT_FDCWD, false, PLIM_STATUS_INPUT);
    assert_reads("inner", AT_FDCWD, false, PLIM_STATUS_INPUT);
    assert_reads("/dev/zero", AT_FDCWD, false, PLIM_STATUS_INPUT);
    assert_reads("loop", AT_FDCWD, false, PLIM_STATUS_IO);
    /* says it is empty but is not: a file that changes while it is read */
    assert_reads("/proc/self/status", AT_FDCWD, false, PLIM_STATUS_IO);
}

static void check_beneath(void)
{
    int inner = open("inner", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    assert_true(inner >= 0);
    assert_reads("file", inner, true, PLIM_STATUS_OK);
    assert_reads("sub/file", inner, true, PLIM_STATUS_OK);
    assert_reads("./sub//file", inner, true, PLIM_STATUS_OK);
    assert_reads("../secret", inner, true, PLIM_STATUS_INPUT);
    assert_reads("sub/../file", inner, true, PLIM_STATUS_INPUT);
    assert_reads("sub/..", inner, true, PLIM_STATUS_INPUT);
    assert_reads("/etc/passwd", inner, true, PLIM_STATUS_INPUT);
    assert_reads("", inner, true, PLIM_STATUS_INPUT);
    assert_reads("out", inner, true, PLIM_STATUS_INPUT);
    assert_reads("up/secret", inner, true, PLIM_STATUS_INPUT);
    assert_reads("missing", inner, true, PLIM_STATUS_NOT_FOUND);
    assert_reads("sub/missing", inner, true, PLIM_STATUS_NOT_FOUND);
    close(inner);
}

static void prepare_beneath(void)
{
    write_file("secret", STR("secret\0text"));
    write_file("inner/file", STR("secret\0text"));
    write_file("inner/sub/file", STR("secret\0text"));
    assert_int_equal(symlink("/etc/passwd", "inner/out"), 0);
    assert_int_equal(symlink("..", "inner/up"), 0);
}

static void paths_do_not_leave_their_directory(void **state)
{
    (void)state;
    prepare_beneath();
    check_beneath();
    assert_int_equal(symlink("sub/file", "inner/within"), 0);
    int inner = open("inner", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
    assert_reads("within", inner, true, PLIM_STATUS_OK);
    close(inner);
}

/* From here on openat2 fails with ENOSYS in this process, as on an old kernel. */
static bool forbid_openat2(void)
{
    struct sock_filter code[] = {
        BPF_STMT(BPF_LD | BPF_W | BPF_ABS, 0), /* system call number */
        BPF_JUMP(BPF_JMP | BPF_JEQ | BPF_K, SYS_openat2, 0, 1),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ERRNO | ENOSYS),
        BPF_STMT(BPF_RET | BPF_K, SECCOMP_RET_ALLOW),
    };
    struct sock_fprog program = {.len = sizeof code / sizeof code[0], .filter = code};
    return prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) == 0 &&
           prctl(PR_SET_SECCOMP, SECCOMP_MODE_FILTER, &program) == 0;
}

static void old_kernels_refuse_every_link(void **state)
{
    (void)state;
    prepare_beneath();
    assert_int_equal(symlink("sub/file", "inner/within"), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        if (!forbid_openat2()) {
            _exit(0); /* not allowed here: nothing to see */
        }
        struct buf out;
        buf_init(&out, NULL, 1000);
        struct fileio_error error;
        int inner = open("inner", O_RDONLY | O_DIRECTORY | O_CLOEXEC);
        static const char *const good[] = {"file", "sub/file", "./sub//file"};
        static const char *const bad[] = {"out", "up/secret", "within", "../secret", "missing"};
        int wrong = 0;
        for (size_t i = 0; i < 3; i++) {
            wrong += fileio_read(&out, inner, good[i], true, &error) != PLIM_STATUS_OK;
        }
        for (size_t i = 0; i < 5; i++) {
            wrong += fileio_read(&out, inner, bad[i], true, &error) == PLIM_STATUS_OK;
        }
        _exit(wrong);
    }
    int result = 0;
    assert_int_equal(waitpid(child, &result, 0), child);
    assert_true(WIFEXITED(result));
    assert_int_equal(WEXITSTATUS(result), 0);
}

static void the_buffer_limit_is_exact(void **state)
{
    (void)state;
    write_file("ten", STR("0123456789"));
    for (size_t max = 9; max <= 11; max++) {
        struct buf out;
        buf_init(&out, NULL, max);
        struct fileio_error error = {.text = ""};
        plim_status status = fileio_read(&out, AT_FDCWD, "ten", false, &error);
        assert_int_equal(status, max < 10 ? PLIM_STATUS_LIMIT : PLIM_STATUS_OK);
        assert_int_equal(out.len, max < 10 ? 0 : 10);
        buf_release(&out);

        int fd = open("ten", O_RDONLY | O_CLOEXEC);
        buf_init(&out, NULL, max);
        status = fileio_read_fd(&out, fd, &error);
        assert_int_equal(status, max < 10 ? PLIM_STATUS_LIMIT : PLIM_STATUS_OK);
        assert_int_equal(out.len, max < 10 ? 0 : 10);
        close(fd);
        buf_release(&out);
    }
}

static void streams_are_read_to_their_end(void **state)
{
    (void)state;
    enum { SIZE = 300000 };
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    pid_t child = fork();
    assert_true(child >= 0);
    if (child == 0) {
        static char bytes[SIZE];
        memset(bytes, 'x', SIZE);
        struct fileio_error error;
        _exit(fileio_write_fd(ends[1], str_make(bytes, SIZE), &error) == PLIM_STATUS_OK ? 0 : 1);
    }
    close(ends[1]);
    assert_int_equal(fcntl(ends[0], F_SETFL, O_NONBLOCK), 0);
    struct buf out;
    buf_init(&out, NULL, SIZE);
    struct fileio_error error;
    assert_int_equal(fileio_read_fd(&out, ends[0], &error), PLIM_STATUS_OK);
    assert_int_equal(out.len, SIZE);
    close(ends[0]);
    buf_release(&out);
    int result = 1;
    assert_int_equal(waitpid(child, &result, 0), child);
    assert_int_equal(result, 0);
}

static void write_errors_are_reported(void **state)
{
    (void)state;
    struct fileio_error error = {.text = ""};
    int full = open("/dev/full", O_WRONLY | O_CLOEXEC);
    if (full >= 0) {
        assert_int_equal(fileio_write_fd(full, STR("x"), &error), PLIM_STATUS_IO);
        assert_int_equal(error.saved_errno, ENOSPC);
        close(full);
        assert_int_equal(fileio_replace("/dev/full", STR("x"), &error), PLIM_STATUS_IO);
    }
    signal(SIGPIPE, SIG_IGN);
    int ends[2];
    assert_int_equal(pipe(ends), 0);
    close(ends[0]);
    assert_int_equal(fileio_write_fd(ends[1], STR("x"), &error), PLIM_STATUS_IO);
    assert_int_equal(error.saved_errno, EPIPE);
    close(ends[1]);
    assert_int_equal(fileio_write_fd(-1, STR("x"), &error), PLIM_STATUS_IO);
    assert_int_equal(fileio_replace("missing/file", STR("x"), &error), PLIM_STATUS_NOT_FOUND);
    assert_int_equal(fileio_replace("inner", STR("x"), &error), PLIM_STATUS_IO);
}

static void assert_content(const char *path, const char *expected)
{
    struct buf out;
    buf_init(&out, NULL, 1000);
    struct fileio_error error;
    assert_int_equal(fileio_read(&out, AT_FDCWD, path, false, &error), PLIM_STATUS_OK);
    assert_string_equal(buf_view(&out).ptr, expected);
    buf_release(&out);
}

static void files_are_replaced_whole(void **state)
{
    (void)state;
    struct fileio_error error;
    assert_int_equal(fileio_replace("inner/new", STR("one"), &error), PLIM_STATUS_OK);
    assert_content("inner/new", "one");
    assert_int_equal(chmod("inner/new", 0640), 0);
    assert_int_equal(symlink("inner/new", "link"), 0);
    assert_int_equal(fileio_replace("link", STR("two"), &error), PLIM_STATUS_OK);
    assert_content("inner/new", "two");
    struct stat info;
    assert_int_equal(lstat("link", &info), 0);
    assert_true(S_ISLNK(info.st_mode));
    assert_int_equal(lstat("inner/new", &info), 0);
    assert_int_equal(info.st_mode & 0777, 0640);
    assert_int_equal(fileio_replace("/dev/null", STR("x"), &error), PLIM_STATUS_OK);
    assert_int_equal(lstat("/dev/null", &info), 0);
    assert_true(S_ISCHR(info.st_mode));
    assert_int_equal(system("test \"$(ls inner)\" = \"new\nsub\""), 0); /* no temporary left */
}

static plim_status read_with(const plim_allocator *allocator, void *user)
{
    (void)user;
    struct buf out;
    buf_init(&out, allocator, 1000);
    struct fileio_error error = {.text = ""};
    plim_status status = fileio_read(&out, AT_FDCWD, "file", false, &error);
    if (status == PLIM_STATUS_OK) {
        int fd = open("file", O_RDONLY | O_CLOEXEC);
        status = fileio_read_fd(&out, fd, &error);
        close(fd);
    }
    buf_release(&out);
    return status;
}

static void survives_every_allocation_failure(void **state)
{
    (void)state;
    write_file("file", STR("some text"));
    fault_alloc_run(read_with, NULL);
}

#define IN_DIRECTORY(test) cmocka_unit_test_setup_teardown(test, enter_directory, leave_directory)

int main(void)
{
    const struct CMUnitTest tests[] = {
        IN_DIRECTORY(only_regular_files_are_read),
        IN_DIRECTORY(paths_do_not_leave_their_directory),
        IN_DIRECTORY(old_kernels_refuse_every_link),
        IN_DIRECTORY(the_buffer_limit_is_exact),
        IN_DIRECTORY(streams_are_read_to_their_end),
        IN_DIRECTORY(write_errors_are_reported),
        IN_DIRECTORY(files_are_replaced_whole),
        IN_DIRECTORY(survives_every_allocation_failure),
    };
    return cmocka_run_group_tests_name("fileio", tests, NULL, NULL);
}
