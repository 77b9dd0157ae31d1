#include "silero_model.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

#pragma clang fp contract(fast)

// MARK: Making the model

static const double PI = 3.14159265358979323846;

// How far a weight of the basis may lie from the transform that is computed in its place.
static const double BASIS_TOLERANCE = 1e-5;

static bool is_windowed_transform(const float *basis) {
    for (int bin = 0; bin < BINS; bin++)
        for (int n = 0; n < FRAME; n++) {
            double angle = 2 * PI * ((bin * n) % FRAME) / FRAME, window = basis[n];
            double real = basis[bin * FRAME + n] - window * cos(angle);
            // Sines may have either sign: only magnitudes are used.
            double imaginary = fabs((double)basis[(BINS + bin) * FRAME + n]) - fabs(window * sin(angle));
            if (!(fabs(real) <= BASIS_TOLERANCE && fabs(imaginary) <= BASIS_TOLERANCE)) return false;
        }
    return true;
}

static void lay_out_transform(silero_model *model, const float *basis) {
    memcpy(model->window, basis, sizeof model->window);
    for (int i = 0; i < HALF_BINS; i++)
        for (int tap = 0; tap < FOLDED; tap++) {
            double even = 2 * PI * ((2 * i * tap) % FRAME) / FRAME, odd = 2 * PI * (((2 * i + 1) * tap) % FRAME) / FRAME;
            model->even_cos[i / LANES][tap][i % LANES] = (float)cos(even);
            model->odd_cos[i / LANES][tap][i % LANES] = (float)cos(odd);
            model->even_sin[i / LANES][tap][i % LANES] = (float)sin(even);
            model->odd_sin[i / LANES][tap][i % LANES] = (float)sin(odd);
        }
}

// Where a bin stands among the inputs of the first convolution.
static int place_of_bin(int bin) { return bin == BINS - 1 ? bin : bin % 2 == 0 ? bin / 2 : HALF_BINS + bin / 2; }

static void lay_out_convolution(float *into, const float *from, int outputs, int inputs, int first_tap, int taps, bool is_from_bins) {
    for (int output = 0; output < outputs; output++)
        for (int input = 0; input < inputs; input++)
            for (int tap = 0; tap < taps; tap++) {
                int place = is_from_bins ? place_of_bin(input) : input;
                into[((output / LANES * inputs + place) * taps + tap) * LANES + output % LANES] =
                    from[(output * inputs + input) * 3 + first_tap + tap];
            }
}

// A layer whose file has `kernel` taps of which some are used. An output's weights are as fine as they can be with no sum of products beyond 32 bits,
// whatever the values: the sum of their amounts times the loudest value stays below 2^31.
static void lay_out_short(
    int16_t *into, float *steps, const float *from, int outputs, int inputs, int kernel, int first_tap, int taps, bool is_from_bins) {
    int pairs = (inputs + 1) / 2;
    for (int output = 0; output < outputs; output++) {
        double sum = 0, largest = 0;
        for (int input = 0; input < inputs; input++)
            for (int tap = 0; tap < taps; tap++) {
                double amount = fabs((double)from[(output * inputs + input) * kernel + first_tap + tap]);
                sum += amount;
                largest = fmax(largest, amount);
            }
        // Rounding may add a half to each.
        double room = (double)INT32_MAX / SHORT_LOUDEST - 0.5 * inputs * taps - 1;
        double scale = sum > 0 ? fmin(room / sum, INT16_MAX / largest) : 0;
        steps[output] = scale > 0 ? (float)(1 / scale) : 0;
        for (int input = 0; input < inputs; input++)
            for (int tap = 0; tap < taps; tap++) {
                int place = is_from_bins ? place_of_bin(input) : input;
                into[(((output / LANES * pairs + place / 2) * taps + tap) * LANES + output % LANES) * 2 + place % 2] =
                    (int16_t)lrint(scale * from[(output * inputs + input) * kernel + first_tap + tap]);
            }
    }
}

static void lay_out_cell(silero_model *model, const silero_weights *weights) {
    for (int gate = 0; gate < GATES; gate++) {
        for (int unit = 0; unit < SILERO_UNITS; unit++) {
            model->gates[gate / GATE_BLOCK][unit][gate % GATE_BLOCK] = weights->input_weight[gate * WIDE + unit];
            model->gates[gate / GATE_BLOCK][WIDE + unit][gate % GATE_BLOCK] = weights->hidden_weight[gate * SILERO_UNITS + unit];
        }
        model->gate_bias[gate] = weights->input_bias[gate] + weights->hidden_bias[gate];
    }
}

silero_model *silero_create(const silero_weights *weights, bool *is_other_net) {
    *is_other_net = !is_windowed_transform(weights->basis);
    if (*is_other_net) return NULL;
    void *memory = NULL;
    if (posix_memalign(&memory, 64, sizeof(silero_model)) != 0) return NULL;
    silero_model *model = memory;
    // The last bin has no pair; the weights beside its own stay zero.
    memset(model, 0, sizeof *model);
    lay_out_transform(model, weights->basis);
    lay_out_convolution(&model->conv1[0][0][0][0], weights->conv1, WIDE, BINS, 0, 3, true);
    lay_out_convolution(&model->conv2[0][0][0][0], weights->conv2, NARROW, WIDE, 0, 3, false);
    lay_out_convolution(&model->conv3[0][0][0][0], weights->conv3, NARROW, NARROW, 1, 2, false);
    lay_out_convolution(&model->conv4[0][0][0][0], weights->conv4, WIDE, NARROW, 1, 1, false);
    lay_out_short(&model->short1.weights[0][0][0][0][0], model->short1.step, weights->conv1, WIDE, BINS, 3, 0, 3, true);
    lay_out_short(&model->short2.weights[0][0][0][0][0], model->short2.step, weights->conv2, NARROW, WIDE, 3, 0, 3, false);
    lay_out_short(&model->short3.weights[0][0][0][0][0], model->short3.step, weights->conv3, NARROW, NARROW, 3, 1, 2, false);
    lay_out_short(&model->short4.weights[0][0][0][0][0], model->short4.step, weights->conv4, WIDE, NARROW, 3, 1, 1, false);
    lay_out_short(
        &model->short_input.weights[0][0][0][0][0], model->short_input.step, weights->input_weight, GATES, WIDE, 1, 0, 1, false);
    lay_out_short(
        &model->short_hidden.weights[0][0][0][0][0], model->short_hidden.step, weights->hidden_weight, GATES, SILERO_UNITS, 1, 0, 1, false);
    memcpy(model->bias1, weights->bias1, sizeof model->bias1);
    memcpy(model->bias2, weights->bias2, sizeof model->bias2);
    memcpy(model->bias3, weights->bias3, sizeof model->bias3);
    memcpy(model->bias4, weights->bias4, sizeof model->bias4);
    lay_out_cell(model, weights);
    memcpy(model->final_weight, weights->final_weight, sizeof model->final_weight);
    model->final_bias = *weights->final_bias;
    return model;
}

void silero_destroy(silero_model *model) { free(model); }

// MARK: Lanes

typedef float lanes __attribute__((vector_size(4 * LANES)));
typedef int integer_lanes __attribute__((vector_size(4 * LANES)));
typedef float unaligned_lanes __attribute__((vector_size(4 * LANES), aligned(4), may_alias));

static const float LOUDEST = 32768;

#define INLINE inline __attribute__((always_inline))
#define JOIN(a, b) a##_##b
#define JOIN_EXPANDED(a, b) JOIN(a, b)
#define SILERO_NAME(part) JOIN_EXPANDED(SILERO_STEP, part)

// A sample as the net may hear it.
static INLINE float audible(float sample) { return sample >= -LOUDEST && sample <= LOUDEST ? sample : 0; }

#define load(address) ((lanes)(*(const unaligned_lanes *)(address)))
#define store(address, value) (*(unaligned_lanes *)(address) = (value))
// Every lane the same. Not `{} + x`: adding zero is work, since it changes the sign of a negative zero.
#define splat(x)                                                                                                                               \
    ({                                                                                                                                         \
        float each = (x);                                                                                                                      \
        (lanes){each, each, each, each, each, each, each, each, each, each, each, each, each, each, each, each};                               \
    })
#define positive(x) __builtin_elementwise_max((x), splat(0))

// MARK: Paths

// Each for one stream, and for SILERO_TOGETHER of them.

#define SILERO_STEP step_portable
#define SILERO_STREAMS 1
#define SILERO_GROUP 1
#define SILERO_BLOCKS 1
#include "silero_kernel.h"

#define SILERO_STEP steps_portable
#define SILERO_STREAMS SILERO_TOGETHER
#define SILERO_GROUP 1
#define SILERO_BLOCKS 1
#include "silero_kernel.h"

#if defined(__x86_64__)
#define SILERO_SHORT
#define SILERO_HALVES
#pragma clang attribute push(__attribute__((target("avx2,fma"))), apply_to = function)
#define SILERO_STEP step_avx2
#define SILERO_STREAMS 1
#define SILERO_GROUP 1
#define SILERO_BLOCKS 1
#include "silero_kernel.h"

#define SILERO_STEP steps_avx2
#define SILERO_STREAMS SILERO_TOGETHER
#define SILERO_GROUP 1
#define SILERO_BLOCKS 1
#include "silero_kernel.h"
#pragma clang attribute pop
#undef SILERO_HALVES
#undef SILERO_SHORT

#pragma clang attribute push(__attribute__((target("avx512f,avx512vl,avx512bw,avx512dq,avx2,fma"))), apply_to = function)
#define SILERO_STEP step_avx512
#define SILERO_STREAMS 1
#define SILERO_GROUP 1
#define SILERO_BLOCKS 2
#include "silero_kernel.h"

#define SILERO_STEP steps_avx512
#define SILERO_STREAMS SILERO_TOGETHER
#define SILERO_GROUP SILERO_TOGETHER
#define SILERO_BLOCKS 1
#include "silero_kernel.h"
#pragma clang attribute pop

#define SILERO_SHORT
#pragma clang attribute push(__attribute__((target("avx512vnni,avx512f,avx512vl,avx512bw,avx512dq,avx2,fma"))), apply_to = function)
#define SILERO_STEP step_vnni
#define SILERO_STREAMS 1
#define SILERO_GROUP 1
#define SILERO_BLOCKS 2
#include "silero_kernel.h"

#define SILERO_STEP steps_vnni
#define SILERO_STREAMS SILERO_TOGETHER
#define SILERO_GROUP SILERO_TOGETHER
#define SILERO_BLOCKS 1
#include "silero_kernel.h"
#pragma clang attribute pop
#undef SILERO_SHORT
#endif

bool silero_has_path(silero_path path) {
    switch (path) {
    case SILERO_PORTABLE: return true;
#if defined(__x86_64__)
    case SILERO_AVX2: return __builtin_cpu_supports("avx2") && __builtin_cpu_supports("fma");
    case SILERO_AVX512:
        return silero_has_path(SILERO_AVX2) && __builtin_cpu_supports("avx512f") && __builtin_cpu_supports("avx512vl")
            && __builtin_cpu_supports("avx512bw") && __builtin_cpu_supports("avx512dq");
    case SILERO_VNNI: return silero_has_path(SILERO_AVX512) && __builtin_cpu_supports("avx512vnni");
#endif
    default: return false;
    }
}

silero_path silero_best_path(void) {
    for (silero_path path = SILERO_VNNI; path > SILERO_PORTABLE; path--)
        if (silero_has_path(path)) return path;
    return SILERO_PORTABLE;
}

float silero_step(const silero_model *model, silero_path path, silero_state *state, const float *window) {
    float probability = 0;
    switch (path) {
#if defined(__x86_64__)
    case SILERO_VNNI: step_vnni(model, &state, window, &probability); break;
    case SILERO_AVX512: step_avx512(model, &state, window, &probability); break;
    case SILERO_AVX2: step_avx2(model, &state, window, &probability); break;
#endif
    default: step_portable(model, &state, window, &probability);
    }
    return probability;
}

void silero_pass(silero_state *state, const float *window) {
    for (int i = 0; i < SILERO_CONTEXT; i++) state->context[i] = audible(window[SILERO_WINDOW - SILERO_CONTEXT + i]);
}

void silero_steps(
    const silero_model *model, silero_path path, silero_state *const *states, const float *windows, float *probabilities) {
    switch (path) {
#if defined(__x86_64__)
    case SILERO_VNNI: return steps_vnni(model, states, windows, probabilities);
    case SILERO_AVX512: return steps_avx512(model, states, windows, probabilities);
    case SILERO_AVX2: return steps_avx2(model, states, windows, probabilities);
#endif
    default: return steps_portable(model, states, windows, probabilities);
    }
}
