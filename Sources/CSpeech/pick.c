#include "pick.h"
#include <math.h>

size_t pick_largest(const float *values, size_t count, size_t wanted, ptrdiff_t *indices, float *log_probabilities) {
    size_t found = 0;
    for (size_t i = 0; i < count && wanted > 0; i++) {
        if (isnan(values[i]) || (found == wanted && values[i] <= values[indices[found - 1]])) continue;
        size_t place = found < wanted ? found++ : found - 1;
        for (; place > 0 && values[indices[place - 1]] < values[i]; place--) indices[place] = indices[place - 1];
        indices[place] = (ptrdiff_t)i;
    }
    if (found == 0) return 0;
    float largest = values[indices[0]];
    // Terms below e^-16 of the largest change nothing in single precision.
    double sum = 0;
    for (size_t i = 0; i < count; i++)
        if (values[i] > largest - 16) sum += exp((double)(values[i] - largest));
    for (size_t i = 0; i < found; i++) log_probabilities[i] = sum > 0 ? (float)((double)(values[indices[i]] - largest) - log(sum)) : 0;
    return found;
}
