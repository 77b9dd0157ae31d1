// The log-mel spectrum of Whisper's front end, over a fixed 8 seconds.
#pragma once
#include <stdbool.h>
#include <stddef.h>

#pragma clang assume_nonnull begin

enum { MEL_BANDS = 80, MEL_FRAMES = 800, MEL_SAMPLES = 128000 };

/// Constants of the transform; shared by any number of threads.
typedef struct mel_tables mel_tables;

/// NULL when memory runs out.
mel_tables *_Nullable mel_create(void);
void mel_destroy(mel_tables *_Nullable tables);

/// The spectrum of the last MEL_SAMPLES of `count` samples (16 kHz, -1...1), silence put before them when there are fewer, brought to zero
/// mean and unit variance: MEL_BANDS rows of MEL_FRAMES values, 10 ms each. Samples that are no number or lie beyond -32768...32768 count
/// as 0. Returns false when memory runs out.
bool mel_compute(const mel_tables *tables, const float *samples, size_t count, float *spectrum);

#pragma clang assume_nonnull end
