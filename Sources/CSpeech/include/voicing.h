// What tells a voice from steady sound without a net: its level in the speech band, and its pitch.
#pragma once
#include <stddef.h>

#pragma clang assume_nonnull begin

enum { VOICING_WINDOW = 512, VOICING_HISTORY = 256 };

/// One stream of 16 kHz; all zero is its beginning.
typedef struct voicing_state {
    float last_input, last_high, last_low[2];
    float history[VOICING_HISTORY]; // at 4 kHz, 64 ms
} voicing_state;

typedef struct voicing_cues {
    float level;       // of the speech band, decibels below full scale, at least -100
    float periodicity; // 0...1: how well the last 64 ms repeat at a pitch of 70...400 Hz
    float crossings;   // 0...1: zero crossings per sample
} voicing_cues;

/// The cues of the next VOICING_WINDOW samples (-1...1). Samples that are no number or lie beyond -32768...32768 count as 0. Allocates nothing.
voicing_cues voicing_measure(voicing_state *state, const float *window);

#pragma clang assume_nonnull end
