#include "pcm.h"

#include <math.h>
#include <string.h>

float pcm_clean(float *samples, size_t count) {
    float peak = 0;
    for (size_t i = 0; i < count; i++) {
        float x = isfinite(samples[i]) ? samples[i] : 0;
        x = x > 1 ? 1 : x < -1 ? -1 : x;
        samples[i] = x;
        peak = fmaxf(peak, fabsf(x));
    }
    return peak;
}

void pcm_energies(const float *samples, size_t count, size_t hop, float *energies) {
    for (size_t frame = 0; hop > 0 && (frame + 1) * hop <= count; frame++) {
        const float *x = samples + frame * hop;
        // Several sums, so that the loop becomes vector code.
        float sums[8] = {0}, sum = 0;
        size_t i = 0;
        for (; i + 8 <= hop; i += 8)
            for (size_t lane = 0; lane < 8; lane++) sums[lane] += x[i + lane] * x[i + lane];
        for (; i < hop; i++) sum += x[i] * x[i];
        for (size_t lane = 0; lane < 8; lane++) sum += sums[lane];
        energies[frame] = sum / (float)hop;
    }
}

void pcm_amplify(float *samples, size_t count, float gain) {
    const float knee = 0.7f, room = 0.29f;
    for (size_t i = 0; i < count; i++) {
        float x = samples[i] * gain, size = fabsf(x);
        samples[i] = size <= knee ? x : copysignf(knee + room * tanhf((size - knee) / room), x);
    }
}

void pcm_fade(float *samples, size_t count, float from, float to) {
    for (size_t i = 0; i < count; i++) samples[i] *= from + (to - from) * (float)i / (float)count;
}

void pcm_columns(const float *matrix, size_t rows, size_t columns, size_t start, size_t width, float *out) {
    for (size_t row = 0; row < rows; row++) memcpy(out + row * width, matrix + row * columns + start, width * sizeof *out);
}
