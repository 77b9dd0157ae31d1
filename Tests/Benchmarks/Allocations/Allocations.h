#pragma once
#include <stdint.h>

/// How often this thread has asked for memory so far: malloc, calloc, realloc and the aligned ones. Never falls.
uint64_t allocations_of_this_thread(void);

/// The same for all threads together.
uint64_t allocations_of_this_process(void);
