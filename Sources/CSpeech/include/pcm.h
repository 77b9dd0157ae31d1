// Loops over single samples that the recogniser and the synthesiser need.
#pragma once
#include <stddef.h>

#pragma clang assume_nonnull begin

/// Makes samples harmless: what is no number becomes 0, what is beyond -1...1 is clipped. Returns the largest magnitude left.
float pcm_clean(float *samples, size_t count);

/// Mean square of each whole run of `hop` samples; `energies` has room for count / hop.
void pcm_energies(const float *samples, size_t count, size_t hop, float *energies);

/// Multiplies by `gain` and bends what would pass 0.7 so that it stays below 1; each sample on its own, so pieces join without a seam.
void pcm_amplify(float *samples, size_t count, float gain);

/// Multiplies by a straight line from `from` (first sample) towards `to` (one past the last).
void pcm_fade(float *samples, size_t count, float from, float to);

/// Copies columns `start` ..< `start + width` of a matrix of `rows` rows and `columns` columns, row by row.
void pcm_columns(const float *matrix, size_t rows, size_t columns, size_t start, size_t width, float *out);

#pragma clang assume_nonnull end
