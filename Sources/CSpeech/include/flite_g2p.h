// English letters to sounds by Flite's front end, reached with dlopen: no header of it is needed to build and its absence is an answer.
#ifndef FLITE_G2P_H
#define FLITE_G2P_H
#include <stddef.h>
#include <stdint.h>

/// An open front end. Its functions must not be called from two threads at once.
typedef struct flite_g2p flite_g2p;

/// One sound.
typedef struct {
    int32_t token;     ///< Index of the whitespace-delimited word it belongs to.
    int32_t stressed;  ///< 1 in a stressed syllable.
    char phone[8];     ///< Flite's own name: "aa", "ch", ...
    char word[24];     ///< The word as it is read, in lower case; cut when longer.
} flite_g2p_sound;

/// Opens libflite, its English rules and its lexicon; NULL with a message when one is missing. Never freed: the library keeps global state.
flite_g2p *flite_g2p_open(char *error, size_t error_size);

/// Sounds of `text` (ASCII, words apart by spaces, no punctuation). Returns how many were written to `out`, at most `capacity`;
/// -1 when the library gave none. `tokens` receives how many words the library saw.
int flite_g2p_sounds(flite_g2p *, const char *text, flite_g2p_sound *out, int capacity, int *tokens);
#endif
