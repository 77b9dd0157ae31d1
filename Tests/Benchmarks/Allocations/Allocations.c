// Takes the place of malloc and its kin, and counts their calls by thread. Linked into a program or loaded before it (LD_PRELOAD).
//
// Where the environment names a file in ALLOCATIONS_PAGE, the counts and samples of the callers' stacks lie in it, so that another process can
// read them while this one runs, and turn the samples on; its layout is `struct page`, which allocations.py knows too.
#define _GNU_SOURCE
#include "Allocations.h"

#include <errno.h>
#include <execinfo.h>
#include <fcntl.h>
#include <stdatomic.h>
#include <stddef.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <sys/syscall.h>
#include <unistd.h>

void *__libc_malloc(size_t size);
void *__libc_calloc(size_t count, size_t size);
void *__libc_realloc(void *old, size_t size);
void *__libc_memalign(size_t alignment, size_t size);

enum { threads_limit = 256, stacks_limit = 65536, frames_limit = 40 };

struct thread {
    _Atomic uint64_t calls;
    _Atomic uint64_t bytes;
    uint32_t id;
    uint32_t unused;
};

struct stack {
    uint32_t thread;
    uint32_t depth;
    uint64_t bytes;
    void *frames[frames_limit];
};

struct page {
    _Atomic uint32_t threads_count;
    // One call in so many leaves its stack; 0 for none.
    _Atomic uint32_t sample_every;
    _Atomic uint32_t stacks_count;
    uint32_t unused;
    struct thread threads[threads_limit];
    struct stack stacks[stacks_limit];
};

static struct page in_process;
static struct page *_Atomic page = &in_process;
// From 1 on; 0 before the thread's first call. What comes after the last place shares it.
static __thread uint32_t place __attribute__((tls_model("initial-exec")));
static __thread uint32_t is_sampling __attribute__((tls_model("initial-exec")));

static void sample(struct page *p, uint64_t calls, size_t bytes) {
    uint32_t every = atomic_load_explicit(&p->sample_every, memory_order_relaxed);
    if (every == 0 || calls % every != 0 || is_sampling) return;
    // What the unwinder itself allocates is not looked into.
    is_sampling = 1;
    uint32_t index = atomic_fetch_add_explicit(&p->stacks_count, 1, memory_order_relaxed);
    if (index < stacks_limit) {
        struct stack *stack = &p->stacks[index];
        stack->thread = place - 1;
        stack->bytes = bytes;
        stack->depth = (uint32_t)backtrace(stack->frames, frames_limit);
    }
    is_sampling = 0;
}

static void count(size_t bytes) {
    struct page *p = atomic_load_explicit(&page, memory_order_relaxed);
    if (place == 0) {
        uint32_t index = atomic_fetch_add_explicit(&p->threads_count, 1, memory_order_relaxed);
        place = (index < threads_limit ? index : threads_limit - 1) + 1;
        p->threads[place - 1].id = (uint32_t)syscall(SYS_gettid);
    }
    struct thread *thread = &p->threads[place - 1];
    uint64_t calls = atomic_fetch_add_explicit(&thread->calls, 1, memory_order_relaxed);
    atomic_fetch_add_explicit(&thread->bytes, bytes, memory_order_relaxed);
    sample(p, calls, bytes);
}

__attribute__((constructor)) static void share(void) {
    const char *path = getenv("ALLOCATIONS_PAGE");
    if (path == NULL) return;
    int file = open(path, O_RDWR | O_CREAT | O_CLOEXEC, 0600);
    if (file < 0 || ftruncate(file, sizeof(struct page)) != 0) return;
    void *shared = mmap(NULL, sizeof(struct page), PROT_READ | PROT_WRITE, MAP_SHARED, file, 0);
    close(file);
    if (shared == MAP_FAILED) return;
    // The unwinder loads itself now, not in the midst of somebody's malloc.
    void *frames[2];
    backtrace(frames, 2);
    place = 0;
    atomic_store(&page, (struct page *)shared);
}

void *malloc(size_t size) {
    count(size);
    return __libc_malloc(size);
}

void *calloc(size_t number, size_t size) {
    count(number * size);
    return __libc_calloc(number, size);
}

void *realloc(void *old, size_t size) {
    count(size);
    return __libc_realloc(old, size);
}

void *memalign(size_t alignment, size_t size) {
    count(size);
    return __libc_memalign(alignment, size);
}

void *aligned_alloc(size_t alignment, size_t size) {
    count(size);
    return __libc_memalign(alignment, size);
}

int posix_memalign(void **out, size_t alignment, size_t size) {
    if (alignment % sizeof(void *) != 0 || alignment == 0 || (alignment & (alignment - 1)) != 0) return EINVAL;
    count(size);
    void *memory = __libc_memalign(alignment, size);
    if (memory == NULL) return ENOMEM;
    *out = memory;
    return 0;
}

uint64_t allocations_of_this_thread(void) {
    struct page *p = atomic_load_explicit(&page, memory_order_relaxed);
    return place == 0 ? 0 : atomic_load_explicit(&p->threads[place - 1].calls, memory_order_relaxed);
}

uint64_t allocations_of_this_process(void) {
    struct page *p = atomic_load_explicit(&page, memory_order_relaxed);
    uint32_t number = atomic_load(&p->threads_count);
    uint64_t sum = 0;
    for (uint32_t i = 0; i < number && i < threads_limit; i++) sum += atomic_load_explicit(&p->threads[i].calls, memory_order_relaxed);
    return sum;
}
