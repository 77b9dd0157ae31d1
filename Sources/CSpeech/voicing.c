#include "voicing.h"

#include <math.h>
#include <string.h>

// Sums may be taken in any order, so that they are taken in parallel.
#pragma clang fp reassociate(on) contract(fast)

enum {
    DECIMATION = 4,
    NEW = VOICING_WINDOW / DECIMATION,
    SHORTEST_LAG = 10, // of 4 kHz: 400 Hz
    LONGEST_LAG = 57,  // 70 Hz
};

static const float LOUDEST = 32768;
static const float FLOOR_POWER = 1e-10f;

// How well the history repeats after its best lag: the normalised correlation's peak.
static float periodicity(const float *x) {
    enum { LENGTH = VOICING_HISTORY - LONGEST_LAG };
    float early = 0, late = 0, best = 0;
    for (int i = 0; i < LENGTH; i++) {
        early += x[i] * x[i];
        late += x[i + SHORTEST_LAG] * x[i + SHORTEST_LAG];
    }
    for (int lag = SHORTEST_LAG; lag <= LONGEST_LAG; lag++) {
        float product = 0;
        for (int i = 0; i < LENGTH; i++) product += x[i] * x[i + lag];
        float power = early * late;
        float correlation = power > FLOOR_POWER * FLOOR_POWER ? product / sqrtf(power) : 0;
        best = correlation > best ? correlation : best;
        if (lag < LONGEST_LAG) late += x[lag + LENGTH] * x[lag + LENGTH] - x[lag] * x[lag];
    }
    return best < 1 ? best : 1;
}

voicing_cues voicing_measure(voicing_state *state, const float *window) {
    memmove(state->history, state->history + NEW, (VOICING_HISTORY - NEW) * sizeof *state->history);
    float power = 0, sum = 0;
    int crossings = 0;
    for (int i = 0; i < VOICING_WINDOW; i++) {
        float sample = window[i] >= -LOUDEST && window[i] <= LOUDEST ? window[i] : 0;
        // High pass at 120 Hz against hum and rumble, then two low passes at 2 kHz before every fourth sample is kept.
        float high = 0.955f * (state->last_high + sample - state->last_input);
        crossings += (high < 0) != (state->last_high < 0);
        state->last_input = sample;
        state->last_high = high;
        power += high * high;
        state->last_low[0] += 0.5f * (high - state->last_low[0]);
        state->last_low[1] += 0.5f * (state->last_low[0] - state->last_low[1]);
        sum += state->last_low[1];
        if (i % DECIMATION == DECIMATION - 1) {
            state->history[VOICING_HISTORY - NEW + i / DECIMATION] = sum / DECIMATION;
            sum = 0;
        }
    }
    voicing_cues cues = {
        .level = 10 * log10f(power / VOICING_WINDOW + FLOOR_POWER),
        .periodicity = periodicity(state->history),
        .crossings = (float)crossings / VOICING_WINDOW,
    };
    return cues;
}
