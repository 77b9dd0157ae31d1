#include "mel.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#pragma clang fp contract(fast)

enum {
    LANES = 8,
    FRAME = 400,  // samples a frame; also the length of the transform
    HOP = 160,    // samples from frame to frame
    EDGE = 200,   // samples mirrored at either end
    BINS = 201,
    TAPS = 101,   // taps that are left of FRAME after folding it twice
    PAIRS = 104,  // even and odd bins in pairs: 101, rounded up to whole lanes
    WIDEST = 64,  // bins of the widest band, with room
};

typedef float lanes __attribute__((vector_size(4 * LANES)));
typedef float unaligned_lanes __attribute__((vector_size(4 * LANES), aligned(4), may_alias));
#define load(address) ((lanes)(*(const unaligned_lanes *)(address)))

static const double PI = 3.14159265358979323846;
static const float LOUDEST = 32768;

struct mel_tables {
    float window[FRAME];
    // [tap][pair]: bins 2 * pair and 2 * pair + 1.
    float even_cos[TAPS][PAIRS], odd_cos[TAPS][PAIRS], even_sin[TAPS][PAIRS], odd_sin[TAPS][PAIRS];
    int first_bin[MEL_BANDS], bin_count[MEL_BANDS];
    float weight[MEL_BANDS][WIDEST];
};

// Slaney's scale: linear to 1 kHz, logarithmic above.
static double mel_of(double hertz) { return hertz < 1000 ? 3 * hertz / 200 : 15 + 27 * log(hertz / 1000) / log(6.4); }
static double hertz_of(double mel) { return mel < 15 ? 200 * mel / 3 : 1000 * exp(log(6.4) / 27 * (mel - 15)); }

static void make_bands(mel_tables *tables) {
    double corners[MEL_BANDS + 2];
    for (int i = 0; i < MEL_BANDS + 2; i++) corners[i] = hertz_of(mel_of(8000) * i / (MEL_BANDS + 1));
    for (int band = 0; band < MEL_BANDS; band++) {
        double low = corners[band], middle = corners[band + 1], high = corners[band + 2];
        for (int bin = 0; bin < BINS; bin++) {
            double hertz = bin * 40.0, weight = fmin((hertz - low) / (middle - low), (high - hertz) / (high - middle));
            if (weight <= 0) continue;
            if (tables->bin_count[band] == 0) tables->first_bin[band] = bin;
            int place = bin - tables->first_bin[band];
            if (place >= WIDEST) break;
            tables->weight[band][place] = (float)(weight * 2 / (high - low));
            tables->bin_count[band] = place + 1;
        }
    }
}

mel_tables *mel_create(void) {
    void *memory = NULL;
    if (posix_memalign(&memory, 64, sizeof(mel_tables)) != 0) return NULL;
    mel_tables *tables = memory;
    memset(tables, 0, sizeof *tables);
    for (int n = 0; n < FRAME; n++) tables->window[n] = (float)(0.5 - 0.5 * cos(2 * PI * n / FRAME));
    for (int tap = 0; tap < TAPS; tap++)
        for (int pair = 0; pair < TAPS; pair++) {
            double even = 2 * PI * ((2 * pair * tap) % FRAME) / FRAME, odd = 2 * PI * (((2 * pair + 1) * tap) % FRAME) / FRAME;
            tables->even_cos[tap][pair] = (float)cos(even);
            tables->even_sin[tap][pair] = (float)sin(even);
            tables->odd_cos[tap][pair] = (float)cos(odd);
            tables->odd_sin[tap][pair] = (float)sin(odd);
        }
    make_bands(tables);
    return tables;
}

void mel_destroy(mel_tables *tables) { free(tables); }

// The power of every bin of one frame.
static void transform(const mel_tables *tables, const float *x, float *power) {
    const float *w = tables->window;
    float even[EDGE + 1], odd[EDGE + 1];
    even[0] = x[0] * w[0];
    even[EDGE] = x[EDGE] * w[EDGE];
    odd[0] = odd[EDGE] = 0;
    for (int n = 1; n < EDGE; n++) {
        float near = x[n] * w[n], far = x[FRAME - n] * w[FRAME - n];
        even[n] = near + far;
        odd[n] = near - far;
    }
    // The cosine of tap 200 - n is that of n, with the other sign for odd bins; sines the other way round.
    float even_cos[TAPS], odd_cos[TAPS], even_sin[TAPS], odd_sin[TAPS];
    for (int n = 0; n < TAPS - 1; n++) {
        even_cos[n] = even[n] + even[EDGE - n];
        odd_cos[n] = even[n] - even[EDGE - n];
        even_sin[n] = odd[n] - odd[EDGE - n];
        odd_sin[n] = odd[n] + odd[EDGE - n];
    }
    even_cos[TAPS - 1] = odd_cos[TAPS - 1] = even[TAPS - 1];
    even_sin[TAPS - 1] = odd_sin[TAPS - 1] = odd[TAPS - 1];
    for (int pair = 0; pair < PAIRS; pair += LANES) {
        lanes even_real = {}, even_imaginary = {}, odd_real = {}, odd_imaginary = {};
        for (int tap = 0; tap < TAPS; tap++) {
            even_real += load(&tables->even_cos[tap][pair]) * even_cos[tap];
            even_imaginary += load(&tables->even_sin[tap][pair]) * even_sin[tap];
            odd_real += load(&tables->odd_cos[tap][pair]) * odd_cos[tap];
            odd_imaginary += load(&tables->odd_sin[tap][pair]) * odd_sin[tap];
        }
        lanes of_even = even_real * even_real + even_imaginary * even_imaginary;
        lanes of_odd = odd_real * odd_real + odd_imaginary * odd_imaginary;
        for (int lane = 0; lane < LANES; lane++) {
            power[2 * (pair + lane)] = of_even[lane];
            power[2 * (pair + lane) + 1] = of_odd[lane];
        }
    }
}

static float usable(float sample) { return sample >= -LOUDEST && sample <= LOUDEST ? sample : 0; }

// The samples with silence before them, normalised, and mirrored at both ends. NULL when memory runs out.
static float *prepare(const float *samples, size_t count, size_t silence) {
    float *x = malloc((MEL_SAMPLES + 2 * EDGE) * sizeof *x);
    if (!x) return NULL;
    double mean = 0, variance = 0;
    for (size_t i = 0; i < count; i++) mean += usable(samples[i]);
    mean /= MEL_SAMPLES;
    for (size_t i = 0; i < count; i++) variance += (usable(samples[i]) - mean) * (usable(samples[i]) - mean);
    variance = (variance + (double)silence * mean * mean) / MEL_SAMPLES;
    double gain = 1 / sqrt(variance + 1e-7);
    for (size_t i = 0; i < silence; i++) x[EDGE + i] = (float)(-mean * gain);
    for (size_t i = 0; i < count; i++) x[EDGE + silence + i] = (float)((usable(samples[i]) - mean) * gain);
    for (int i = 0; i < EDGE; i++) {
        x[EDGE - 1 - i] = x[EDGE + 1 + i];
        x[EDGE + MEL_SAMPLES + i] = x[EDGE + MEL_SAMPLES - 2 - i];
    }
    return x;
}

bool mel_compute(const mel_tables *tables, const float *samples, size_t count, float *spectrum) {
    if (count > MEL_SAMPLES) {
        samples += count - MEL_SAMPLES;
        count = MEL_SAMPLES;
    }
    size_t silence = MEL_SAMPLES - count;
    float *x = prepare(samples, count, silence);
    if (!x) return false;
    // Frames of nothing but the silence before the samples are all alike.
    int alike = silence >= FRAME ? (int)((silence - EDGE) / HOP) : 0;
    float largest = -INFINITY, power[2 * PAIRS];
    for (int frame = 0; frame < MEL_FRAMES; frame++) {
        if (frame > 0 && frame < alike) {
            for (int band = 0; band < MEL_BANDS; band++) spectrum[band * MEL_FRAMES + frame] = spectrum[band * MEL_FRAMES];
            continue;
        }
        transform(tables, x + frame * HOP, power);
        for (int band = 0; band < MEL_BANDS; band++) {
            float sum = 0;
            for (int i = 0; i < tables->bin_count[band]; i++) sum += tables->weight[band][i] * power[tables->first_bin[band] + i];
            float value = log10f(sum > 1e-10f ? sum : 1e-10f);
            spectrum[band * MEL_FRAMES + frame] = value;
            largest = value > largest ? value : largest;
        }
    }
    free(x);
    for (int i = 0; i < MEL_BANDS * MEL_FRAMES; i++) {
        float value = spectrum[i] > largest - 8 ? spectrum[i] : largest - 8;
        spectrum[i] = (value + 4) / 4;
    }
    return true;
}
