/*
 * Preloaded into a server: writes down which files it forced to disk, and how long they were then. What is not
 * in that list is what a power cut may take.
 */
#define _GNU_SOURCE
#include <dlfcn.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <unistd.h>

static void note(int fd) {
  static int list = -1;
  struct stat file;
  char line[64];
  if (fstat(fd, &file) != 0 || !S_ISREG(file.st_mode)) return;
  if (list < 0) list = open(getenv("SYNCED_LIST"), O_WRONLY | O_CREAT | O_APPEND, 0600);
  int length = snprintf(line, sizeof line, "%lu %ld\n", (unsigned long)file.st_ino, (long)file.st_size);
  if (write(list, line, length) != length) _exit(99);
}

static int sync_with(const char *name, int fd) {
  int (*real)(int) = (int (*)(int))dlsym(RTLD_NEXT, name);
  int result = real(fd);
  if (result == 0) note(fd);
  return result;
}

int fsync(int fd) { return sync_with("fsync", fd); }

int fdatasync(int fd) { return sync_with("fdatasync", fd); }
