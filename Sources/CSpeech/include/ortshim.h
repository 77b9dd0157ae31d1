// ONNX Runtime without its headers or a link-time dependency: the library is opened by path, and the functions that are
// needed are reached by their place in its table. The table is versioned and only ever grows, so places never change.
//
// Every function that can fail writes a zero-terminated text of at most `capacity` bytes to `message`.
#pragma once
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#pragma clang assume_nonnull begin

typedef struct ort_runtime ort_runtime;
typedef struct ort_model ort_model;
/// A tensor; borrowed memory (`ort_wrap`) or the runtime's own (`ort_run`).
typedef struct ort_value ort_value;
/// A handle by which another thread ends a run.
typedef struct ort_stop ort_stop;

/// Element types, numbered as in the ONNX format.
typedef enum ort_type { ORT_FLOAT = 1, ORT_INT32 = 6, ORT_INT64 = 7, ORT_BOOL = 9 } ort_type;

enum { ORT_MAXIMUM_RANK = 8 };

/// Opens the library. It stays mapped until the process ends, also after `ort_close`. NULL on failure.
ort_runtime *_Nullable ort_open(const char *library, char *message, size_t capacity);
/// Nothing that came from the runtime may be used or released any more.
void ort_close(ort_runtime *_Nullable runtime);
const char *ort_version(const ort_runtime *runtime);

/// Loads a model file with one thread of its own, the caller's. `lean` trades some 10 % of speed for less memory. NULL on failure.
ort_model *_Nullable ort_load(ort_runtime *runtime, const char *path, bool lean, char *message, size_t capacity);
void ort_unload(ort_model *_Nullable model);
size_t ort_input_count(const ort_model *model);
size_t ort_output_count(const ort_model *model);
/// Valid while the model is.
const char *ort_input_name(const ort_model *model, size_t index);
const char *ort_output_name(const ort_model *model, size_t index);

/// A tensor over memory that must outlive it. NULL on failure.
ort_value *_Nullable ort_wrap(
    ort_runtime *runtime, ort_type type, void *data, size_t bytes, const int64_t *shape, size_t rank, char *message, size_t capacity);
void ort_release(ort_runtime *runtime, ort_value *_Nullable value);

/// What a tensor is: its element type, its shape (of at most ORT_MAXIMUM_RANK), and its elements, which stay the tensor's.
/// Returns false when the value is no tensor or has a higher rank.
bool ort_inspect(
    ort_runtime *runtime, ort_value *value, int *type, int64_t *shape, size_t *rank, void *_Nullable *_Nonnull data, char *message,
    size_t capacity);

ort_stop *_Nullable ort_stop_create(ort_runtime *runtime, char *message, size_t capacity);
void ort_stop_release(ort_runtime *runtime, ort_stop *_Nullable stop);
/// Ends the runs that were given this handle at their next operator; from any thread, any number of times.
void ort_stop_now(ort_runtime *runtime, ort_stop *stop);

/// Runs a model; any number of threads may run one model at once. `inputs` and `outputs` are in the model's order and as long as
/// its counts say. Returns false on failure, and then every output is NULL; otherwise the caller releases the outputs.
bool ort_run(
    ort_model *model, ort_value *_Nullable const *_Nonnull inputs, ort_value *_Nullable *_Nonnull outputs, ort_stop *_Nullable stop,
    char *message, size_t capacity);

#pragma clang assume_nonnull end
