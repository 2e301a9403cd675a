/*
 * What a host ran, for `controls.coverage` of kmsspec. Build the host with clang -fsanitize-coverage=trace-pc-guard, this file without, and
 * link both. The host writes how often each edge was taken into the file that KMSSPEC_COVERAGE names; `kmsspec coverage FILE` reads it.
 */
#include <fcntl.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

enum { EDGES = 65536 };

static uint8_t nowhere[EDGES];
static uint8_t *hits = nowhere;

static void open_map(void) {
  const char *file = getenv("KMSSPEC_COVERAGE");
  if (file == NULL) return;
  int descriptor = open(file, O_RDWR | O_CREAT, 0600);
  if (descriptor < 0) return;
  if (ftruncate(descriptor, EDGES) == 0) {
    void *map = mmap(NULL, EDGES, PROT_READ | PROT_WRITE, MAP_SHARED, descriptor, 0);
    if (map != MAP_FAILED) hits = map;
  }
  close(descriptor);
}

void __sanitizer_cov_trace_pc_guard_init(uint32_t *start, uint32_t *stop) {
  static uint32_t edges;
  if (start == stop || *start != 0) return;
  if (hits == nowhere) open_map();
  for (uint32_t *guard = start; guard < stop; guard++) *guard = ++edges;
}

void __sanitizer_cov_trace_pc_guard(uint32_t *guard) {
  uint8_t *hit = hits + *guard % EDGES;
  if (*hit != UINT8_MAX) ++*hit;
}
