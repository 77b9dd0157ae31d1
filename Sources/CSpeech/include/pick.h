#pragma once
#include <stddef.h>

/// The indices of the `wanted` largest of `count` values, largest first (of equals the first), and the natural logarithms of their softmax over all.
/// Values that are no number are passed over. Returns how many were found.
size_t pick_largest(const float *_Nonnull values, size_t count, size_t wanted, ptrdiff_t *_Nonnull indices, float *_Nonnull log_probabilities);
