// The pass itself, compiled once for each kind of processor and for each number of streams: whoever includes this defines SILERO_STEP, the
// function's name; SILERO_STREAMS, how many streams go through at once; and how many accumulators fit into the registers, as SILERO_BLOCKS,
// blocks of LANES outputs worked on together, times SILERO_GROUP, streams worked on together. All four are undefined again at its end. Weights are
// read once for all streams: what one block needs stays in the nearest cache while the groups go through it.
//
// With SILERO_SHORT defined, convolutions and cell are computed in 16 bits (silero_short.h).

// x becomes 1 / (1 + e^(-scale * x)), in place. e^y is 2^n * e^r with |r| <= ln 2 / 2 and a polynomial for e^r; relative error 2e-7.
static INLINE void SILERO_NAME(sigmoid)(lanes *value, float scale) {
    lanes y = __builtin_elementwise_min(__builtin_elementwise_max(*value * splat(-scale), splat(-87)), splat(87));
    // Adding 1.5 * 2^23 rounds to the nearest integer and leaves it in the low bits.
    lanes shifted = y * splat(1.44269504f) + splat(12582912);
    lanes n = shifted - splat(12582912);
    lanes r = y - n * splat(0.693359375f) + n * splat(2.12194440e-4f);
    lanes p = splat(1.0f / 5040);
    p = p * r + splat(1.0f / 720);
    p = p * r + splat(1.0f / 120);
    p = p * r + splat(1.0f / 24);
    p = p * r + splat(1.0f / 6);
    p = p * r + splat(0.5f);
    p = p * r * r + r + splat(1);
    *value = splat(1) / (splat(1) + (lanes)((integer_lanes)p + ((integer_lanes)shifted << 23)));
}

static INLINE void SILERO_NAME(hyperbolic_tangent)(lanes *value) {
    SILERO_NAME(sigmoid)(value, 2);
    *value = splat(2) * *value - splat(1);
}

// A block's outputs of all frames of a group: sums[block][stream][frame] += weight * values[stream][frame][tap], over all taps of a folded frame.
static INLINE void SILERO_NAME(transform)(
    const float (*weights)[FOLDED][LANES], const float (*values)[FRAMES][FOLDED], lanes sums[SILERO_BLOCKS][SILERO_GROUP][FRAMES]) {
    for (int block = 0; block < SILERO_BLOCKS; block++)
        for (int stream = 0; stream < SILERO_GROUP; stream++)
            for (int frame = 0; frame < FRAMES; frame++) sums[block][stream][frame] = splat(0);
    for (int tap = 0; tap < FOLDED; tap++)
        for (int block = 0; block < SILERO_BLOCKS; block++) {
            lanes weight = load(weights[block][tap]);
            for (int stream = 0; stream < SILERO_GROUP; stream++)
                for (int frame = 0; frame < FRAMES; frame++) sums[block][stream][frame] += weight * splat(values[stream][frame][tap]);
        }
}

static INLINE void SILERO_NAME(magnitudes)(
    const float (*cosines)[FOLDED][LANES], const float (*sines)[FOLDED][LANES], const float (*for_cos)[FRAMES][FOLDED],
    const float (*for_sin)[FRAMES][FOLDED], float (*bins)[FRAMES][PADDED_BINS], int first) {
    for (int start = 0; start < HALF_BINS / LANES; start += SILERO_BLOCKS)
        for (int group = 0; group < SILERO_STREAMS; group += SILERO_GROUP) {
            lanes real[SILERO_BLOCKS][SILERO_GROUP][FRAMES], imaginary[SILERO_BLOCKS][SILERO_GROUP][FRAMES];
            SILERO_NAME(transform)(cosines + start, for_cos + group, real);
            SILERO_NAME(transform)(sines + start, for_sin + group, imaginary);
            for (int block = 0; block < SILERO_BLOCKS; block++)
                for (int stream = 0; stream < SILERO_GROUP; stream++)
                    for (int frame = 0; frame < FRAMES; frame++) {
                        lanes a = real[block][stream][frame], b = imaginary[block][stream][frame];
                        store(bins[group + stream][frame] + first + (start + block) * LANES, __builtin_elementwise_sqrt(a * a + b * b));
                    }
        }
}

// A window with its context, folded: the cosine of tap n equals that of 256 - n, and up to its sign (even bins +, odd bins -) that of 128 - n;
// sines the other way round. `last` is bin 128 of each frame.
static INLINE void SILERO_NAME(fold)(
    const silero_model *model, silero_state *state, const float *window, float (*even_cos)[FOLDED], float (*odd_cos)[FOLDED],
    float (*even_sin)[FOLDED], float (*odd_sin)[FOLDED], float *last) {
    // Context, window, and its end mirrored.
    float samples[SILERO_CONTEXT + SILERO_WINDOW + SILERO_CONTEXT];
    for (int i = 0; i < SILERO_CONTEXT; i++) samples[i] = state->context[i];
    for (int i = 0; i < SILERO_WINDOW; i++) samples[SILERO_CONTEXT + i] = audible(window[i]);
    for (int i = 0; i < SILERO_CONTEXT; i++) {
        samples[SILERO_CONTEXT + SILERO_WINDOW + i] = samples[SILERO_CONTEXT + SILERO_WINDOW - 2 - i];
        state->context[i] = samples[SILERO_WINDOW + i];
    }
    for (int frame = 0; frame < FRAMES; frame++) {
        float even[HOP + 1], odd[HOP + 1], alternating = 0;
        const float *x = samples + HOP * frame, *w = model->window;
        even[0] = x[0] * w[0];
        even[HOP] = x[HOP] * w[HOP];
        odd[0] = odd[HOP] = 0;
        for (int n = 1; n < HOP; n++) {
            float near = x[n] * w[n], far = x[FRAME - n] * w[FRAME - n];
            even[n] = near + far;
            odd[n] = near - far;
        }
        for (int n = 0; n < HOP / 2; n++) {
            even_cos[frame][n] = even[n] + even[HOP - n];
            odd_cos[frame][n] = even[n] - even[HOP - n];
            even_sin[frame][n] = odd[n] - odd[HOP - n];
            odd_sin[frame][n] = odd[n] + odd[HOP - n];
        }
        even_cos[frame][HOP / 2] = even[HOP / 2];
        odd_sin[frame][HOP / 2] = odd[HOP / 2];
        odd_cos[frame][HOP / 2] = even_sin[frame][HOP / 2] = 0;
        for (int n = 0; n <= HOP / 2; n += 2) alternating += even_cos[frame][n];
        for (int n = 1; n < HOP / 2; n += 2) alternating -= even_cos[frame][n];
        last[frame] = alternating < 0 ? -alternating : alternating;
    }
}

// The magnitudes of the windows' frames.
static INLINE void SILERO_NAME(spectra)(
    const silero_model *model, silero_state *const *states, const float *windows, float (*bins)[FRAMES][PADDED_BINS]) {
    float even_cos[SILERO_STREAMS][FRAMES][FOLDED], odd_cos[SILERO_STREAMS][FRAMES][FOLDED];
    float even_sin[SILERO_STREAMS][FRAMES][FOLDED], odd_sin[SILERO_STREAMS][FRAMES][FOLDED], last[SILERO_STREAMS][FRAMES];
    for (int stream = 0; stream < SILERO_STREAMS; stream++)
        SILERO_NAME(fold)(
            model, states[stream], windows + stream * SILERO_WINDOW, even_cos[stream], odd_cos[stream], even_sin[stream], odd_sin[stream], last[stream]);
    SILERO_NAME(magnitudes)(model->even_cos, model->even_sin, even_cos, even_sin, bins, 0);
    SILERO_NAME(magnitudes)(model->odd_cos, model->odd_sin, odd_cos, odd_sin, bins, HALF_BINS);
    for (int stream = 0; stream < SILERO_STREAMS; stream++)
        for (int frame = 0; frame < FRAMES; frame++) {
            bins[stream][frame][BINS - 1] = last[stream][frame];
            for (int pad = BINS; pad < PADDED_BINS; pad++) bins[stream][frame][pad] = 0;
        }
}

#ifdef SILERO_SHORT
#include "silero_short.h"
#else
// What the gates of the cell are given, from magnitudes and what the cell last said.
static INLINE void SILERO_NAME(convolve)(
    const silero_model *model, silero_state *const *states, const float (*bins)[FRAMES][PADDED_BINS], float (*gates)[GATES]) {
    // Convolutions over the frames, one frame of padding on either side that is left out of the sums.
    float first[SILERO_STREAMS][FRAMES][WIDE];
    for (int start = 0; start < WIDE / LANES; start += SILERO_BLOCKS)
        for (int group = 0; group < SILERO_STREAMS; group += SILERO_GROUP) {
            lanes sums[SILERO_BLOCKS][SILERO_GROUP][FRAMES];
            for (int block = 0; block < SILERO_BLOCKS; block++)
                for (int stream = 0; stream < SILERO_GROUP; stream++)
                    for (int frame = 0; frame < FRAMES; frame++) sums[block][stream][frame] = load(model->bias1 + (start + block) * LANES);
            for (int bin = 0; bin < BINS; bin++)
                for (int block = 0; block < SILERO_BLOCKS; block++) {
                    const float(*weight)[LANES] = model->conv1[start + block][bin];
                    lanes before = load(weight[0]), at = load(weight[1]), after = load(weight[2]);
                    for (int stream = 0; stream < SILERO_GROUP; stream++) {
                        const float(*input)[PADDED_BINS] = bins[group + stream];
                        lanes *sum = sums[block][stream];
                        sum[0] += at * splat(input[0][bin]);
                        sum[0] += after * splat(input[1][bin]);
                        sum[1] += before * splat(input[0][bin]);
                        sum[1] += at * splat(input[1][bin]);
                        sum[1] += after * splat(input[2][bin]);
                        sum[2] += before * splat(input[1][bin]);
                        sum[2] += at * splat(input[2][bin]);
                        sum[2] += after * splat(input[3][bin]);
                        sum[3] += before * splat(input[2][bin]);
                        sum[3] += at * splat(input[3][bin]);
                    }
                }
            for (int block = 0; block < SILERO_BLOCKS; block++)
                for (int stream = 0; stream < SILERO_GROUP; stream++)
                    for (int frame = 0; frame < FRAMES; frame++)
                        store(first[group + stream][frame] + (start + block) * LANES, positive(sums[block][stream][frame]));
        }
    float second[SILERO_STREAMS][2][NARROW];
    for (int start = 0; start < NARROW / LANES; start += 2)
        for (int group = 0; group < SILERO_STREAMS; group += SILERO_GROUP) {
            lanes sums[2][SILERO_GROUP][2];
            for (int block = 0; block < 2; block++)
                for (int stream = 0; stream < SILERO_GROUP; stream++)
                    sums[block][stream][0] = sums[block][stream][1] = load(model->bias2 + (start + block) * LANES);
            for (int input = 0; input < WIDE; input++)
                for (int block = 0; block < 2; block++) {
                    const float(*weight)[LANES] = model->conv2[start + block][input];
                    lanes before = load(weight[0]), at = load(weight[1]), after = load(weight[2]);
                    for (int stream = 0; stream < SILERO_GROUP; stream++) {
                        const float(*from)[WIDE] = first[group + stream];
                        lanes *sum = sums[block][stream];
                        sum[0] += at * splat(from[0][input]);
                        sum[0] += after * splat(from[1][input]);
                        sum[1] += before * splat(from[1][input]);
                        sum[1] += at * splat(from[2][input]);
                        sum[1] += after * splat(from[3][input]);
                    }
                }
            for (int block = 0; block < 2; block++)
                for (int stream = 0; stream < SILERO_GROUP; stream++)
                    for (int frame = 0; frame < 2; frame++)
                        store(second[group + stream][frame] + (start + block) * LANES, positive(sums[block][stream][frame]));
        }
    float third[SILERO_STREAMS][NARROW];
    for (int group = 0; group < SILERO_STREAMS; group += SILERO_GROUP) {
        lanes sums[NARROW / LANES][SILERO_GROUP];
        for (int block = 0; block < NARROW / LANES; block++)
            for (int stream = 0; stream < SILERO_GROUP; stream++) sums[block][stream] = load(model->bias3 + block * LANES);
        for (int input = 0; input < NARROW; input++)
            for (int block = 0; block < NARROW / LANES; block++) {
                lanes at = load(model->conv3[block][input][0]), after = load(model->conv3[block][input][1]);
                for (int stream = 0; stream < SILERO_GROUP; stream++) {
                    sums[block][stream] += at * splat(second[group + stream][0][input]);
                    sums[block][stream] += after * splat(second[group + stream][1][input]);
                }
            }
        for (int block = 0; block < NARROW / LANES; block++)
            for (int stream = 0; stream < SILERO_GROUP; stream++) store(third[group + stream] + block * LANES, positive(sums[block][stream]));
    }
    float inputs[SILERO_STREAMS][WIDE + SILERO_UNITS];
    for (int start = 0; start < WIDE / LANES; start += 4)
        for (int group = 0; group < SILERO_STREAMS; group += SILERO_GROUP) {
            lanes sums[4][SILERO_GROUP];
            for (int block = 0; block < 4; block++)
                for (int stream = 0; stream < SILERO_GROUP; stream++) sums[block][stream] = load(model->bias4 + (start + block) * LANES);
            for (int input = 0; input < NARROW; input++)
                for (int block = 0; block < 4; block++) {
                    lanes weight = load(model->conv4[start + block][input][0]);
                    for (int stream = 0; stream < SILERO_GROUP; stream++) sums[block][stream] += weight * splat(third[group + stream][input]);
                }
            for (int block = 0; block < 4; block++)
                for (int stream = 0; stream < SILERO_GROUP; stream++)
                    store(inputs[group + stream] + (start + block) * LANES, positive(sums[block][stream]));
        }

    // The recurrent cell.
    for (int stream = 0; stream < SILERO_STREAMS; stream++)
        for (int i = 0; i < SILERO_UNITS; i++) inputs[stream][WIDE + i] = states[stream]->hidden[i];
    for (int block = 0; block < GATES / GATE_BLOCK; block++)
        for (int group = 0; group < SILERO_STREAMS; group += SILERO_GROUP) {
            lanes sums[GATE_BLOCK / LANES][SILERO_GROUP];
            for (int part = 0; part < GATE_BLOCK / LANES; part++)
                for (int stream = 0; stream < SILERO_GROUP; stream++)
                    sums[part][stream] = load(model->gate_bias + block * GATE_BLOCK + part * LANES);
            for (int input = 0; input < WIDE + SILERO_UNITS; input++)
                for (int part = 0; part < GATE_BLOCK / LANES; part++) {
                    lanes weight = load(model->gates[block][input] + part * LANES);
                    for (int stream = 0; stream < SILERO_GROUP; stream++) sums[part][stream] += weight * splat(inputs[group + stream][input]);
                }
            for (int part = 0; part < GATE_BLOCK / LANES; part++)
                for (int stream = 0; stream < SILERO_GROUP; stream++)
                    store(gates[group + stream] + block * GATE_BLOCK + part * LANES, sums[part][stream]);
        }
}
#endif

static void SILERO_STEP(
    const silero_model *model, silero_state *const *states, const float *windows, float *probabilities) {
    float bins[SILERO_STREAMS][FRAMES][PADDED_BINS], gates[SILERO_STREAMS][GATES];
    SILERO_NAME(spectra)(model, states, windows, bins);
    SILERO_NAME(convolve)(model, states, bins, gates);
    for (int stream = 0; stream < SILERO_STREAMS; stream++) {
        silero_state *state = states[stream];
        const float *gate = gates[stream];
        lanes sum = splat(0);
        for (int i = 0; i < SILERO_UNITS; i += LANES) {
            lanes input = load(gate + i), forget = load(gate + SILERO_UNITS + i), candidate = load(gate + 2 * SILERO_UNITS + i);
            lanes output = load(gate + 3 * SILERO_UNITS + i);
            SILERO_NAME(sigmoid)(&input, 1);
            SILERO_NAME(sigmoid)(&forget, 1);
            SILERO_NAME(sigmoid)(&output, 1);
            SILERO_NAME(hyperbolic_tangent)(&candidate);
            lanes cell = forget * load(state->cell + i) + input * candidate, hidden = cell;
            SILERO_NAME(hyperbolic_tangent)(&hidden);
            hidden *= output;
            store(state->cell + i, cell);
            store(state->hidden + i, hidden);
            sum += positive(hidden) * load(model->final_weight + i);
        }
        float total = model->final_bias;
        for (int lane = 0; lane < LANES; lane++) total += sum[lane];
        probabilities[stream] = 1 / (1 + expf(-total));
    }
}

#undef SILERO_STEP
#undef SILERO_STREAMS
#undef SILERO_GROUP
#undef SILERO_BLOCKS
