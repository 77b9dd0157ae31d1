// The forward pass of the Silero voice activity net, version 6, for 16 kHz.
#pragma once
#include <stdbool.h>
#include <stddef.h>

#pragma clang assume_nonnull begin

enum { SILERO_WINDOW = 512, SILERO_CONTEXT = 64, SILERO_UNITS = 128, SILERO_TOGETHER = 4 };

/// The net, laid out for the processor; 1.4 MB, of which a path reads 0.95 or, in 16 bits, 0.55; shared by all streams and threads.
typedef struct silero_model silero_model;

/// One stream; all zero is its beginning. Has one user at a time.
typedef struct silero_state {
    float hidden[SILERO_UNITS], cell[SILERO_UNITS], context[SILERO_CONTEXT];
} silero_state;

/// The tensors of the net as its file holds them, slowest dimension first. Only read while the model is made.
typedef struct silero_weights {
    const float *basis;                       // [258][256]: windowed cosines of bins 0...128, then sines
    const float *conv1, *bias1;               // [128][129][3], [128]
    const float *conv2, *bias2;               // [64][128][3], [64]
    const float *conv3, *bias3;               // [64][64][3], [64]
    const float *conv4, *bias4;               // [128][64][3], [128]
    const float *input_weight, *input_bias;   // [512][128], [512]; gates in the order input, forget, cell, output
    const float *hidden_weight, *hidden_bias; // [512][128], [512]
    const float *final_weight, *final_bias;   // [128], [1]
} silero_weights;

/// Ways to compute the same. `SILERO_PORTABLE` is there on every machine; on arm64 it compiles to NEON. `SILERO_AVX2` and
/// `SILERO_VNNI` multiply in 16 bits, which moves a probability by some ten-thousandths on average; the others agree to within 1e-4.
typedef enum silero_path { SILERO_PORTABLE = 0, SILERO_AVX2 = 1, SILERO_AVX512 = 2, SILERO_VNNI = 3 } silero_path;

/// NULL when memory runs out, or when `basis` is not the transform this pass computes in its own way (`*is_other_net` is true then).
silero_model *_Nullable silero_create(const silero_weights *weights, bool *is_other_net);
void silero_destroy(silero_model *_Nullable model);

/// Whether this processor can go the path.
bool silero_has_path(silero_path path);
/// The fastest one this processor has.
silero_path silero_best_path(void);

/// The probability of speech, 0...1, in the next SILERO_WINDOW samples of the stream (-1...1). Samples that are no number or lie beyond
/// -32768...32768 count as 0. The processor must have the path. Allocates nothing.
float silero_step(const silero_model *model, silero_path path, silero_state *state, const float *window);

/// Goes past the next SILERO_WINDOW samples of the stream without hearing them: what the net remembers stays as it is.
void silero_pass(silero_state *state, const float *window);

/// What `silero_step` does for the next window of each of SILERO_TOGETHER streams, of which no two may be the same, one window after the other in
/// memory: the weights are read once for all, which takes half to two thirds of the time by SILERO_AVX512, and hardly less by the other paths. To within
/// rounding as one stream after the other.
void silero_steps(
    const silero_model *model, silero_path path, silero_state *_Nonnull const *_Nonnull states, const float *windows, float *probabilities);

#pragma clang assume_nonnull end
