// The pass itself, compiled once for each kind of processor: whoever includes this defines SILERO_STEP, the function's name, and
// SILERO_BLOCKS, how many blocks of LANES outputs are worked on at once (accumulators must fit into the registers).

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

// A block's outputs of all frames: sums[block][frame] += weight * values[frame][tap], over all taps of a folded frame.
static INLINE void SILERO_NAME(transform)(
    const float (*weights)[FOLDED][LANES], const float (*values)[FOLDED], lanes sums[SILERO_BLOCKS][FRAMES]) {
    for (int block = 0; block < SILERO_BLOCKS; block++)
        for (int frame = 0; frame < FRAMES; frame++) sums[block][frame] = splat(0);
    for (int tap = 0; tap < FOLDED; tap++)
        for (int block = 0; block < SILERO_BLOCKS; block++) {
            lanes weight = load(weights[block][tap]);
            for (int frame = 0; frame < FRAMES; frame++) sums[block][frame] += weight * splat(values[frame][tap]);
        }
}

static INLINE void SILERO_NAME(magnitudes)(
    const float (*cosines)[FOLDED][LANES], const float (*sines)[FOLDED][LANES], const float (*for_cos)[FOLDED], const float (*for_sin)[FOLDED],
    float (*bins)[BINS + LANES - 1], int first) {
    for (int start = 0; start < HALF_BINS / LANES; start += SILERO_BLOCKS) {
        lanes real[SILERO_BLOCKS][FRAMES], imaginary[SILERO_BLOCKS][FRAMES];
        SILERO_NAME(transform)(cosines + start, for_cos, real);
        SILERO_NAME(transform)(sines + start, for_sin, imaginary);
        for (int block = 0; block < SILERO_BLOCKS; block++)
            for (int frame = 0; frame < FRAMES; frame++) {
                lanes power = real[block][frame] * real[block][frame] + imaginary[block][frame] * imaginary[block][frame];
                store(bins[frame] + first + (start + block) * LANES, __builtin_elementwise_sqrt(power));
            }
    }
}

static float SILERO_STEP(const silero_model *model, silero_state *state, const float *window) {
    // Context, window, and its end mirrored.
    float samples[SILERO_CONTEXT + SILERO_WINDOW + SILERO_CONTEXT];
    for (int i = 0; i < SILERO_CONTEXT; i++) samples[i] = state->context[i];
    for (int i = 0; i < SILERO_WINDOW; i++) {
        float sample = window[i];
        samples[SILERO_CONTEXT + i] = sample >= -LOUDEST && sample <= LOUDEST ? sample : 0;
    }
    for (int i = 0; i < SILERO_CONTEXT; i++) {
        samples[SILERO_CONTEXT + SILERO_WINDOW + i] = samples[SILERO_CONTEXT + SILERO_WINDOW - 2 - i];
        state->context[i] = samples[SILERO_WINDOW + i];
    }

    // The cosine of tap n equals that of 256 - n, and up to its sign (even bins +, odd bins -) that of 128 - n; sines the other way round.
    float even_cos[FRAMES][FOLDED], odd_cos[FRAMES][FOLDED], even_sin[FRAMES][FOLDED], odd_sin[FRAMES][FOLDED];
    float bins[FRAMES][BINS + LANES - 1];
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
        bins[frame][BINS - 1] = alternating < 0 ? -alternating : alternating;
    }
    float last[FRAMES];
    for (int frame = 0; frame < FRAMES; frame++) last[frame] = bins[frame][BINS - 1];
    SILERO_NAME(magnitudes)(model->even_cos, model->even_sin, even_cos, even_sin, bins, 0);
    SILERO_NAME(magnitudes)(model->odd_cos, model->odd_sin, odd_cos, odd_sin, bins, HALF_BINS);
    for (int frame = 0; frame < FRAMES; frame++) bins[frame][BINS - 1] = last[frame];

    // Convolutions over the frames, one frame of padding on either side that is left out of the sums.
    float first[FRAMES][WIDE];
    for (int start = 0; start < WIDE / LANES; start += SILERO_BLOCKS) {
        lanes sums[SILERO_BLOCKS][FRAMES];
        for (int block = 0; block < SILERO_BLOCKS; block++)
            for (int frame = 0; frame < FRAMES; frame++) sums[block][frame] = load(model->bias1 + (start + block) * LANES);
        for (int bin = 0; bin < BINS; bin++)
            for (int block = 0; block < SILERO_BLOCKS; block++) {
                const float(*weight)[LANES] = model->conv1[start + block][bin];
                lanes before = load(weight[0]), at = load(weight[1]), after = load(weight[2]);
                sums[block][0] += at * splat(bins[0][bin]) + after * splat(bins[1][bin]);
                sums[block][1] += before * splat(bins[0][bin]) + at * splat(bins[1][bin]) + after * splat(bins[2][bin]);
                sums[block][2] += before * splat(bins[1][bin]) + at * splat(bins[2][bin]) + after * splat(bins[3][bin]);
                sums[block][3] += before * splat(bins[2][bin]) + at * splat(bins[3][bin]);
            }
        for (int block = 0; block < SILERO_BLOCKS; block++)
            for (int frame = 0; frame < FRAMES; frame++) store(first[frame] + (start + block) * LANES, positive(sums[block][frame]));
    }
    float second[2][NARROW];
    for (int start = 0; start < NARROW / LANES; start += 2) {
        lanes sums[2][2];
        for (int block = 0; block < 2; block++) sums[block][0] = sums[block][1] = load(model->bias2 + (start + block) * LANES);
        for (int input = 0; input < WIDE; input++)
            for (int block = 0; block < 2; block++) {
                const float(*weight)[LANES] = model->conv2[start + block][input];
                lanes before = load(weight[0]), at = load(weight[1]), after = load(weight[2]);
                sums[block][0] += at * splat(first[0][input]) + after * splat(first[1][input]);
                sums[block][1] += before * splat(first[1][input]) + at * splat(first[2][input]) + after * splat(first[3][input]);
            }
        for (int block = 0; block < 2; block++)
            for (int frame = 0; frame < 2; frame++) store(second[frame] + (start + block) * LANES, positive(sums[block][frame]));
    }
    float third[NARROW];
    {
        lanes sums[NARROW / LANES];
        for (int block = 0; block < NARROW / LANES; block++) sums[block] = load(model->bias3 + block * LANES);
        for (int input = 0; input < NARROW; input++)
            for (int block = 0; block < NARROW / LANES; block++)
                sums[block] += load(model->conv3[block][input][0]) * splat(second[0][input])
                    + load(model->conv3[block][input][1]) * splat(second[1][input]);
        for (int block = 0; block < NARROW / LANES; block++) store(third + block * LANES, positive(sums[block]));
    }
    float inputs[WIDE + SILERO_UNITS];
    for (int start = 0; start < WIDE / LANES; start += 4) {
        lanes sums[4];
        for (int block = 0; block < 4; block++) sums[block] = load(model->bias4 + (start + block) * LANES);
        for (int input = 0; input < NARROW; input++)
            for (int block = 0; block < 4; block++) sums[block] += load(model->conv4[start + block][input][0]) * splat(third[input]);
        for (int block = 0; block < 4; block++) store(inputs + (start + block) * LANES, positive(sums[block]));
    }

    // The recurrent cell.
    for (int i = 0; i < SILERO_UNITS; i++) inputs[WIDE + i] = state->hidden[i];
    float gates[GATES];
    for (int block = 0; block < GATES / GATE_BLOCK; block++) {
        lanes sums[GATE_BLOCK / LANES];
        for (int part = 0; part < GATE_BLOCK / LANES; part++) sums[part] = load(model->gate_bias + block * GATE_BLOCK + part * LANES);
        for (int input = 0; input < WIDE + SILERO_UNITS; input++) {
            lanes value = splat(inputs[input]);
            for (int part = 0; part < GATE_BLOCK / LANES; part++) sums[part] += load(model->gates[block][input] + part * LANES) * value;
        }
        for (int part = 0; part < GATE_BLOCK / LANES; part++) store(gates + block * GATE_BLOCK + part * LANES, sums[part]);
    }
    lanes sum = splat(0);
    for (int i = 0; i < SILERO_UNITS; i += LANES) {
        lanes input = load(gates + i), forget = load(gates + SILERO_UNITS + i), candidate = load(gates + 2 * SILERO_UNITS + i);
        lanes output = load(gates + 3 * SILERO_UNITS + i);
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
    return 1 / (1 + expf(-total));
}
