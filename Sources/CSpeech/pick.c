#include "pick.h"
#include <math.h>

enum { LANES = 16 };

ptrdiff_t pick_largest(const float *values, size_t count, float *log_probability) {
    float lanes[LANES];
    for (int lane = 0; lane < LANES; lane++) lanes[lane] = -INFINITY;
    size_t i = 0;
    for (; i + LANES <= count; i += LANES)
        for (int lane = 0; lane < LANES; lane++) lanes[lane] = values[i + lane] > lanes[lane] ? values[i + lane] : lanes[lane];
    for (; i < count; i++) lanes[0] = values[i] > lanes[0] ? values[i] : lanes[0];
    float largest = lanes[0];
    for (int lane = 1; lane < LANES; lane++) largest = lanes[lane] > largest ? lanes[lane] : largest;
    ptrdiff_t best = -1;
    for (i = 0; i < count && best < 0; i++)
        if (values[i] == largest) best = (ptrdiff_t)i;
    if (best < 0) return -1;
    // Terms below e^-16 of the largest change nothing in single precision.
    double sum = 0;
    for (i = 0; i < count; i++)
        if (values[i] > largest - 16) sum += exp((double)(values[i] - largest));
    *log_probability = sum > 0 ? (float)-log(sum) : 0;
    return best;
}
