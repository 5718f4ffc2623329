/* For one test: as long as the file DISQUE_PLEIN_SI exists, nothing can be written to a file under DISQUE_PLEIN_SOUS,
 * and the program is told what a full disk tells. */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/types.h>
#include <sys/uio.h>
#include <unistd.h>

static int full(int fd)
{
    char link[64], path[4096];
    const char *under = getenv("DISQUE_PLEIN_SOUS"), *flag = getenv("DISQUE_PLEIN_SI");
    int before = errno;
    ssize_t length;
    if (!under || !flag || access(flag, F_OK) != 0) {
        errno = before;
        return 0;
    }
    snprintf(link, sizeof link, "/proc/self/fd/%d", fd);
    length = readlink(link, path, sizeof path - 1);
    errno = before;
    if (length < 0)
        return 0;
    path[length] = 0;
    return strncmp(path, under, strlen(under)) == 0;
}

#define REFUSED(fd) if (full(fd)) { errno = ENOSPC; return -1; }
#define NEXT(name, ...) static ssize_t (*next)(__VA_ARGS__); if (!next) next = (ssize_t (*)(__VA_ARGS__))dlsym(RTLD_NEXT, name)

ssize_t write(int fd, const void *bytes, size_t count)
{
    NEXT("write", int, const void *, size_t);
    REFUSED(fd)
    return next(fd, bytes, count);
}

ssize_t writev(int fd, const struct iovec *pieces, int count)
{
    NEXT("writev", int, const struct iovec *, int);
    REFUSED(fd)
    return next(fd, pieces, count);
}

ssize_t pwrite(int fd, const void *bytes, size_t count, off_t at)
{
    NEXT("pwrite", int, const void *, size_t, off_t);
    REFUSED(fd)
    return next(fd, bytes, count, at);
}

ssize_t pwrite64(int fd, const void *bytes, size_t count, off64_t at)
{
    NEXT("pwrite64", int, const void *, size_t, off64_t);
    REFUSED(fd)
    return next(fd, bytes, count, at);
}
