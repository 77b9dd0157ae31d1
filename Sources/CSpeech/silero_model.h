// How the net lies in memory: weights in blocks of LANES outputs, one row of LANES for every input that feeds them.
#pragma once
#include "silero.h"
#include <stdint.h>

enum {
    LANES = 16,
    FRAMES = 4,        // of the transform in one window
    FRAME = 256,       // samples a frame
    HOP = 128,         // samples from frame to frame
    FOLDED = 65,       // taps that are left of FRAME after folding it twice
    HALF_BINS = 64,    // even bins 0...126, and odd bins 1...127; bin 128 goes by itself
    BINS = 129,
    PADDED_BINS = 144, // whole lanes of them; the rest is zero
    WIDE = 128,        // channels of the first and last convolution
    NARROW = 64,       // channels of the middle two
    GATES = 4 * SILERO_UNITS,
    GATE_BLOCK = 64,   // gate outputs that share one sweep over the inputs
    SHORT_LOUDEST = 8191, // what the loudest value of a layer becomes in 16 bits
};

// A layer in 16 bits: [block][pair of inputs][tap][lane][input of the pair], and what one step of each output's weights is worth.
#define SHORT_LAYER(outputs, pairs, taps)                                                                                                      \
    struct {                                                                                                                                   \
        int16_t weights[(outputs) / LANES][pairs][taps][LANES][2];                                                                             \
        float step[outputs];                                                                                                                   \
    }

struct silero_model {
    float window[FRAME];
    // Bins: [block][tap][lane].
    float even_cos[HALF_BINS / LANES][FOLDED][LANES], odd_cos[HALF_BINS / LANES][FOLDED][LANES];
    float even_sin[HALF_BINS / LANES][FOLDED][LANES], odd_sin[HALF_BINS / LANES][FOLDED][LANES];
    // Convolutions: [block][input][tap][lane]. Bins come as even ones, odd ones, bin 128. Taps that only ever meet padding are left out.
    float conv1[WIDE / LANES][BINS][3][LANES];
    float conv2[NARROW / LANES][WIDE][3][LANES];
    float conv3[NARROW / LANES][NARROW][2][LANES];
    float conv4[WIDE / LANES][NARROW][1][LANES];
    float bias1[WIDE], bias2[NARROW], bias3[NARROW], bias4[WIDE];
    // The recurrent cell: [block][input, then hidden][output].
    float gates[GATES / GATE_BLOCK][WIDE + SILERO_UNITS][GATE_BLOCK];
    float gate_bias[GATES];
    float final_weight[SILERO_UNITS], final_bias;
    // The convolutions and the cell's two halves again.
    SHORT_LAYER(WIDE, (BINS + 1) / 2, 3) short1;
    SHORT_LAYER(NARROW, WIDE / 2, 3) short2;
    SHORT_LAYER(NARROW, NARROW / 2, 2) short3;
    SHORT_LAYER(WIDE, NARROW / 2, 1) short4;
    SHORT_LAYER(GATES, WIDE / 2, 1) short_input;
    SHORT_LAYER(GATES, SILERO_UNITS / 2, 1) short_hidden;
};
