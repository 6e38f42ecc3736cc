// Loaded into a Redis or Valkey server with LD_PRELOAD, so that its clock can be set while it runs. Redis reads its wall
// clock (TIME, TTLs) with gettimeofday() alone, and its monotonic clock with clock_gettime(), which stays as it is.
//
//   ALLSWELL_TEST_CLOCK_FILE  a file of 8 bytes: by how many microseconds the clock is ahead, in the machine's byte order
//
// libfaketime does not serve here: it calls malloc() before it is ready, and Debian's jemalloc asks for the time then.
#define _GNU_SOURCE
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/time.h>
#include <time.h>
#include <unistd.h>

static volatile int64_t *ahead_us;

__attribute__((constructor)) static void open_shift(void) {
  const char *path = getenv("ALLSWELL_TEST_CLOCK_FILE");
  int file = path == NULL ? -1 : open(path, O_RDONLY);
  if (file < 0) return;
  void *mapped = mmap(NULL, sizeof *ahead_us, PROT_READ, MAP_SHARED, file, 0);
  close(file);
  if (mapped != MAP_FAILED) ahead_us = mapped;
}

int gettimeofday(struct timeval *restrict tv, void *restrict tz) {
  (void)tz;
  struct timespec now;
  if (clock_gettime(CLOCK_REALTIME, &now) != 0) return -1;
  int64_t us = (int64_t)now.tv_sec * 1000000 + now.tv_nsec / 1000 + (ahead_us == NULL ? 0 : *ahead_us);
  tv->tv_sec = us / 1000000;
  tv->tv_usec = us % 1000000;
  return 0;
}
