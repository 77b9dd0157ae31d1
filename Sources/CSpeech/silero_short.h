// Convolutions and cell in 16 bits, two inputs an instruction: half the memory and half the instructions of floats. Part of silero_kernel.h.
//
// The loudest value of a layer in a window becomes SHORT_LOUDEST, the others lie below it in proportion; weights are scaled by output, once
// (lay_out_short). Sums are exact and fit into 32 bits; all that is lost is what rounding takes from values and weights.
//
// With SILERO_HALVES defined a vector is two registers of 256 bits (AVX2), else one of 512 (VNNI).

// sum += the pair of weights of each lane times a pair of values.
static INLINE void SILERO_NAME(add_pair)(integer_lanes *sum, const int16_t (*weights)[2], const int16_t *values) {
    int both;
    memcpy(&both, values, sizeof both);
#ifdef SILERO_HALVES
    __m256i halves[2];
    memcpy(halves, sum, sizeof halves);
    for (int half = 0; half < 2; half++) {
        __m256i products = _mm256_madd_epi16(_mm256_loadu_si256((const __m256i *)weights + half), _mm256_set1_epi32(both));
        halves[half] = _mm256_add_epi32(halves[half], products);
    }
    memcpy(sum, halves, sizeof halves);
#else
    *sum = (integer_lanes)_mm512_dpwssd_epi32((__m512i)*sum, _mm512_loadu_si512(weights), _mm512_set1_epi32(both));
#endif
}

static INLINE void SILERO_NAME(round)(const float *values, int count, float scale, int16_t *into) {
    for (int i = 0; i < count; i += LANES) {
#ifdef SILERO_HALVES
        __m256i low = _mm256_cvtps_epi32(_mm256_mul_ps(_mm256_loadu_ps(values + i), _mm256_set1_ps(scale)));
        __m256i high = _mm256_cvtps_epi32(_mm256_mul_ps(_mm256_loadu_ps(values + i + 8), _mm256_set1_ps(scale)));
        // Packed within each half of the register: the middle quarters change places.
        _mm256_storeu_si256((__m256i *)(into + i), _mm256_permute4x64_epi64(_mm256_packs_epi32(low, high), 0xD8));
#else
        _mm256_storeu_si256((__m256i *)(into + i), _mm512_cvtepi32_epi16(_mm512_cvtps_epi32((__m512)(load(values + i) * splat(scale)))));
#endif
    }
}

// Values in 16 bits. Returns what one step of them is worth.
static INLINE float SILERO_NAME(shorten)(const float *values, int count, int16_t *into) {
    lanes loudest = splat(0);
    for (int i = 0; i < count; i += LANES) loudest = __builtin_elementwise_max(loudest, __builtin_elementwise_abs(load(values + i)));
    // What is softer than this is silence, and its reciprocal no number.
    float peak = fmaxf(__builtin_reduce_max(loudest), 1e-30f);
    SILERO_NAME(round)(values, count, SHORT_LOUDEST / peak, into);
    return peak / SHORT_LOUDEST;
}

// What a block's sums are worth is added to its outputs.
static INLINE void SILERO_NAME(add_sums)(lanes *outputs, const integer_lanes *sums, const float *weight_step, float value_step) {
    *outputs += __builtin_convertvector(*sums, lanes) * (load(weight_step) * splat(value_step));
}

// What the gates of the cell are given, from magnitudes and what the cell last said.
static INLINE void SILERO_NAME(convolve)(
    const silero_model *model, silero_state *const *states, const float (*bins)[FRAMES][PADDED_BINS], float (*gates)[GATES]) {
    float step[SILERO_STREAMS];
    // Convolutions over the frames, one frame of padding on either side that is left out of the sums.
    int16_t zeroth[SILERO_STREAMS][FRAMES][PADDED_BINS];
    for (int stream = 0; stream < SILERO_STREAMS; stream++)
        step[stream] = SILERO_NAME(shorten)(bins[stream][0], FRAMES * PADDED_BINS, zeroth[stream][0]);
    float convolved[SILERO_STREAMS][FRAMES * WIDE];
    for (int start = 0; start < WIDE / LANES; start += SILERO_BLOCKS)
        for (int group = 0; group < SILERO_STREAMS; group += SILERO_GROUP) {
            integer_lanes sums[SILERO_BLOCKS][SILERO_GROUP][FRAMES] = {0};
            for (int pair = 0; pair < (BINS + 1) / 2; pair++)
                for (int block = 0; block < SILERO_BLOCKS; block++) {
                    const int16_t(*weight)[LANES][2] = model->short1.weights[start + block][pair];
                    for (int stream = 0; stream < SILERO_GROUP; stream++)
                        for (int frame = 0; frame < FRAMES; frame++)
                            for (int tap = 0; tap < 3; tap++) {
                                int from = frame + tap - 1;
                                if (from < 0 || from >= FRAMES) continue;
                                SILERO_NAME(add_pair)(&sums[block][stream][frame], weight[tap], zeroth[group + stream][from] + 2 * pair);
                            }
                }
            for (int block = 0; block < SILERO_BLOCKS; block++)
                for (int stream = 0; stream < SILERO_GROUP; stream++)
                    for (int frame = 0; frame < FRAMES; frame++) {
                        int output = (start + block) * LANES;
                        lanes value = load(model->bias1 + output);
                        SILERO_NAME(add_sums)(&value, &sums[block][stream][frame], model->short1.step + output, step[group + stream]);
                        store(convolved[group + stream] + frame * WIDE + output, positive(value));
                    }
        }
    int16_t first[SILERO_STREAMS][FRAMES][WIDE];
    for (int stream = 0; stream < SILERO_STREAMS; stream++)
        step[stream] = SILERO_NAME(shorten)(convolved[stream], FRAMES * WIDE, first[stream][0]);
    for (int start = 0; start < NARROW / LANES; start += 2)
        for (int group = 0; group < SILERO_STREAMS; group += SILERO_GROUP) {
            integer_lanes sums[2][SILERO_GROUP][2] = {0};
            for (int pair = 0; pair < WIDE / 2; pair++)
                for (int block = 0; block < 2; block++) {
                    const int16_t(*weight)[LANES][2] = model->short2.weights[start + block][pair];
                    for (int stream = 0; stream < SILERO_GROUP; stream++)
                        for (int frame = 0; frame < 2; frame++)
                            for (int tap = 0; tap < 3; tap++) {
                                int from = 2 * frame + tap - 1;
                                if (from < 0) continue;
                                SILERO_NAME(add_pair)(&sums[block][stream][frame], weight[tap], first[group + stream][from] + 2 * pair);
                            }
                }
            for (int block = 0; block < 2; block++)
                for (int stream = 0; stream < SILERO_GROUP; stream++)
                    for (int frame = 0; frame < 2; frame++) {
                        int output = (start + block) * LANES;
                        lanes value = load(model->bias2 + output);
                        SILERO_NAME(add_sums)(&value, &sums[block][stream][frame], model->short2.step + output, step[group + stream]);
                        store(convolved[group + stream] + frame * NARROW + output, positive(value));
                    }
        }
    int16_t second[SILERO_STREAMS][2][NARROW];
    for (int stream = 0; stream < SILERO_STREAMS; stream++)
        step[stream] = SILERO_NAME(shorten)(convolved[stream], 2 * NARROW, second[stream][0]);
    for (int group = 0; group < SILERO_STREAMS; group += SILERO_GROUP) {
        integer_lanes sums[NARROW / LANES][SILERO_GROUP] = {0};
        for (int pair = 0; pair < NARROW / 2; pair++)
            for (int block = 0; block < NARROW / LANES; block++)
                for (int stream = 0; stream < SILERO_GROUP; stream++)
                    for (int tap = 0; tap < 2; tap++)
                        SILERO_NAME(add_pair)(&sums[block][stream], model->short3.weights[block][pair][tap], second[group + stream][tap] + 2 * pair);
        for (int block = 0; block < NARROW / LANES; block++)
            for (int stream = 0; stream < SILERO_GROUP; stream++) {
                int output = block * LANES;
                lanes value = load(model->bias3 + output);
                SILERO_NAME(add_sums)(&value, &sums[block][stream], model->short3.step + output, step[group + stream]);
                store(convolved[group + stream] + output, positive(value));
            }
    }
    int16_t third[SILERO_STREAMS][NARROW];
    for (int stream = 0; stream < SILERO_STREAMS; stream++) step[stream] = SILERO_NAME(shorten)(convolved[stream], NARROW, third[stream]);
    for (int start = 0; start < WIDE / LANES; start += 4)
        for (int group = 0; group < SILERO_STREAMS; group += SILERO_GROUP) {
            integer_lanes sums[4][SILERO_GROUP] = {0};
            for (int pair = 0; pair < NARROW / 2; pair++)
                for (int block = 0; block < 4; block++)
                    for (int stream = 0; stream < SILERO_GROUP; stream++)
                        SILERO_NAME(add_pair)(&sums[block][stream], model->short4.weights[start + block][pair][0], third[group + stream] + 2 * pair);
            for (int block = 0; block < 4; block++)
                for (int stream = 0; stream < SILERO_GROUP; stream++) {
                    int output = (start + block) * LANES;
                    lanes value = load(model->bias4 + output);
                    SILERO_NAME(add_sums)(&value, &sums[block][stream], model->short4.step + output, step[group + stream]);
                    store(convolved[group + stream] + output, positive(value));
                }
        }

    // The recurrent cell. What it last said lies within -1...1.
    int16_t inputs[SILERO_STREAMS][WIDE], hidden[SILERO_STREAMS][SILERO_UNITS];
    for (int stream = 0; stream < SILERO_STREAMS; stream++) {
        step[stream] = SILERO_NAME(shorten)(convolved[stream], WIDE, inputs[stream]);
        SILERO_NAME(round)(states[stream]->hidden, SILERO_UNITS, SHORT_LOUDEST, hidden[stream]);
    }
    enum { blocks = SILERO_BLOCKS == 1 ? 2 : 4 };
    for (int start = 0; start < GATES / LANES; start += blocks)
        for (int group = 0; group < SILERO_STREAMS; group += SILERO_GROUP) {
            integer_lanes heard[blocks][SILERO_GROUP] = {0}, said[blocks][SILERO_GROUP] = {0};
            for (int pair = 0; pair < WIDE / 2; pair++)
                for (int block = 0; block < blocks; block++)
                    for (int stream = 0; stream < SILERO_GROUP; stream++) {
                        SILERO_NAME(add_pair)(
                            &heard[block][stream], model->short_input.weights[start + block][pair][0], inputs[group + stream] + 2 * pair);
                        SILERO_NAME(add_pair)(
                            &said[block][stream], model->short_hidden.weights[start + block][pair][0], hidden[group + stream] + 2 * pair);
                    }
            for (int block = 0; block < blocks; block++)
                for (int stream = 0; stream < SILERO_GROUP; stream++) {
                    int output = (start + block) * LANES;
                    lanes value = load(model->gate_bias + output);
                    SILERO_NAME(add_sums)(&value, &heard[block][stream], model->short_input.step + output, step[group + stream]);
                    SILERO_NAME(add_sums)(&value, &said[block][stream], model->short_hidden.step + output, 1.0f / SHORT_LOUDEST);
                    store(gates[group + stream] + output, value);
                }
        }
}
