#pragma once
#include <stddef.h>

/// The index of the largest of `count` values (the first of equals) and the natural logarithm of its softmax in `*log_probability`.
/// Returns -1, and leaves `*log_probability` alone, when `count` is 0 or no value is a number.
ptrdiff_t pick_largest(const float *_Nonnull values, size_t count, float *_Nonnull log_probability);
