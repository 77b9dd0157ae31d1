#include "ortshim.h"

#include <dlfcn.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum { API_VERSION = 16, LOG_FATAL_ONLY = 4, OPTIMIZE_ALL = 99, CPU_ARENA_ALLOCATOR = 1, DEFAULT_MEMORY = 0 };

// Places in the table of API_VERSION.
enum {
    GET_ERROR_MESSAGE = 2,
    CREATE_ENV = 3,
    CREATE_SESSION = 7,
    RUN = 9,
    CREATE_SESSION_OPTIONS = 10,
    DISABLE_MEMORY_PATTERN = 17,
    DISABLE_CPU_ARENA = 19,
    SET_OPTIMIZATION = 23,
    SET_INTRA_THREADS = 24,
    SET_INTER_THREADS = 25,
    INPUT_COUNT = 30,
    OUTPUT_COUNT = 31,
    INPUT_NAME = 36,
    OUTPUT_NAME = 37,
    CREATE_RUN_OPTIONS = 39,
    SET_TERMINATE = 46,
    CREATE_TENSOR_OVER = 49,
    IS_TENSOR = 50,
    TENSOR_DATA = 51,
    ELEMENT_TYPE = 60,
    RANK = 61,
    DIMENSIONS = 62,
    TYPE_AND_SHAPE = 65,
    CREATE_CPU_MEMORY_INFO = 69,
    ALLOCATOR_FREE = 76,
    DEFAULT_ALLOCATOR = 78,
    RELEASE_ENV = 92,
    RELEASE_STATUS = 93,
    RELEASE_MEMORY_INFO = 94,
    RELEASE_SESSION = 95,
    RELEASE_VALUE = 96,
    RELEASE_RUN_OPTIONS = 97,
    RELEASE_TYPE_AND_SHAPE = 99,
    RELEASE_SESSION_OPTIONS = 100,
};

typedef struct {
    const void *(*get_api)(uint32_t version);
    const char *(*version)(void);
} api_base;

struct ort_runtime {
    const api_base *base;
    void *const *table;
    void *environment, *memory, *allocator;
};

struct ort_model {
    ort_runtime *runtime;
    void *session;
    size_t input_count, output_count;
    char **input_names, **output_names;
};

#define CALL(runtime, place, result, ...) ((result(*)(__VA_ARGS__))(runtime)->table[place])

static void say(char *message, size_t capacity, const char *text) {
    if (capacity > 0) snprintf(message, capacity, "%s", text);
}

// Turns a status into true (none) or false and its text.
static bool passed(ort_runtime *runtime, void *status, char *message, size_t capacity) {
    if (!status) return true;
    say(message, capacity, CALL(runtime, GET_ERROR_MESSAGE, const char *, const void *)(status));
    CALL(runtime, RELEASE_STATUS, void, void *)(status);
    return false;
}

ort_runtime *ort_open(const char *library, char *message, size_t capacity) {
    void *handle = dlopen(library, RTLD_NOW | RTLD_LOCAL);
    if (!handle) {
        const char *reason = dlerror();
        say(message, capacity, reason ? reason : "cannot be opened");
        return NULL;
    }
    const api_base *(*get_base)(void) = (const api_base *(*)(void))dlsym(handle, "OrtGetApiBase");
    const api_base *base = get_base ? get_base() : NULL;
    void *const *table = base ? (void *const *)base->get_api(API_VERSION) : NULL;
    ort_runtime *runtime = table ? calloc(1, sizeof *runtime) : NULL;
    if (!runtime) {
        say(message, capacity, !base ? "not ONNX Runtime" : !table ? "an ONNX Runtime older than 1.16" : "out of memory");
        return NULL;
    }
    runtime->base = base;
    runtime->table = table;
    if (!passed(
            runtime, CALL(runtime, CREATE_ENV, void *, int, const char *, void **)(LOG_FATAL_ONLY, "parley", &runtime->environment), message,
            capacity)
        || !passed(
            runtime, CALL(runtime, CREATE_CPU_MEMORY_INFO, void *, int, int, void **)(CPU_ARENA_ALLOCATOR, DEFAULT_MEMORY, &runtime->memory), message,
            capacity)
        || !passed(runtime, CALL(runtime, DEFAULT_ALLOCATOR, void *, void **)(&runtime->allocator), message, capacity)) {
        ort_close(runtime);
        return NULL;
    }
    return runtime;
}

void ort_close(ort_runtime *runtime) {
    if (!runtime) return;
    if (runtime->memory) CALL(runtime, RELEASE_MEMORY_INFO, void, void *)(runtime->memory);
    if (runtime->environment) CALL(runtime, RELEASE_ENV, void, void *)(runtime->environment);
    free(runtime);
}

const char *ort_version(const ort_runtime *runtime) { return runtime->base->version(); }

// Copies the names, so that a model releases them without the runtime's allocator.
static char **read_names(ort_model *model, int place, size_t count, char *message, size_t capacity) {
    ort_runtime *runtime = model->runtime;
    char **names = calloc(count + 1, sizeof *names);
    if (!names) say(message, capacity, "out of memory");
    for (size_t i = 0; names && i < count; i++) {
        char *name = NULL;
        bool ok = passed(
            runtime, CALL(runtime, place, void *, void *, size_t, void *, char **)(model->session, i, runtime->allocator, &name), message, capacity);
        if (ok) names[i] = strdup(name);
        if (name) passed(runtime, CALL(runtime, ALLOCATOR_FREE, void *, void *, void *)(runtime->allocator, name), message, capacity);
        if (names[i]) continue;
        if (ok) say(message, capacity, "out of memory");
        while (i-- > 0) free(names[i]);
        free(names);
        names = NULL;
    }
    return names;
}

static void *make_options(ort_runtime *runtime, bool lean, char *message, size_t capacity) {
    void *options = NULL;
    if (!passed(runtime, CALL(runtime, CREATE_SESSION_OPTIONS, void *, void **)(&options), message, capacity)) return NULL;
    bool ok = passed(runtime, CALL(runtime, SET_INTRA_THREADS, void *, void *, int)(options, 1), message, capacity)
        && passed(runtime, CALL(runtime, SET_INTER_THREADS, void *, void *, int)(options, 1), message, capacity)
        && passed(runtime, CALL(runtime, SET_OPTIMIZATION, void *, void *, int)(options, OPTIMIZE_ALL), message, capacity);
    if (ok && lean)
        ok = passed(runtime, CALL(runtime, DISABLE_CPU_ARENA, void *, void *)(options), message, capacity)
            && passed(runtime, CALL(runtime, DISABLE_MEMORY_PATTERN, void *, void *)(options), message, capacity);
    if (ok) return options;
    CALL(runtime, RELEASE_SESSION_OPTIONS, void, void *)(options);
    return NULL;
}

ort_model *ort_load(ort_runtime *runtime, const char *path, bool lean, char *message, size_t capacity) {
    void *options = make_options(runtime, lean, message, capacity);
    if (!options) return NULL;
    ort_model *model = calloc(1, sizeof *model);
    if (!model) {
        say(message, capacity, "out of memory");
        CALL(runtime, RELEASE_SESSION_OPTIONS, void, void *)(options);
        return NULL;
    }
    model->runtime = runtime;
    bool ok = passed(
        runtime,
        CALL(runtime, CREATE_SESSION, void *, void *, const char *, const void *, void **)(
            runtime->environment, path, options, &model->session),
        message, capacity);
    CALL(runtime, RELEASE_SESSION_OPTIONS, void, void *)(options);
    ok = ok && passed(runtime, CALL(runtime, INPUT_COUNT, void *, void *, size_t *)(model->session, &model->input_count), message, capacity)
        && passed(runtime, CALL(runtime, OUTPUT_COUNT, void *, void *, size_t *)(model->session, &model->output_count), message, capacity);
    if (ok) model->input_names = read_names(model, INPUT_NAME, model->input_count, message, capacity);
    if (model->input_names) model->output_names = read_names(model, OUTPUT_NAME, model->output_count, message, capacity);
    if (model->output_names) return model;
    ort_unload(model);
    return NULL;
}

static void free_names(char **names, size_t count) {
    for (size_t i = 0; names && i < count; i++) free(names[i]);
    free(names);
}

void ort_unload(ort_model *model) {
    if (!model) return;
    free_names(model->input_names, model->input_count);
    free_names(model->output_names, model->output_count);
    if (model->session) CALL(model->runtime, RELEASE_SESSION, void, void *)(model->session);
    free(model);
}

size_t ort_input_count(const ort_model *model) { return model->input_count; }
size_t ort_output_count(const ort_model *model) { return model->output_count; }
const char *ort_input_name(const ort_model *model, size_t index) { return model->input_names[index]; }
const char *ort_output_name(const ort_model *model, size_t index) { return model->output_names[index]; }

ort_value *ort_wrap(
    ort_runtime *runtime, ort_type type, void *data, size_t bytes, const int64_t *shape, size_t rank, char *message, size_t capacity) {
    ort_value *value = NULL;
    bool ok = passed(
        runtime,
        CALL(runtime, CREATE_TENSOR_OVER, void *, const void *, void *, size_t, const int64_t *, size_t, int, ort_value **)(
            runtime->memory, data, bytes, shape, rank, (int)type, &value),
        message, capacity);
    return ok ? value : NULL;
}

void ort_release(ort_runtime *runtime, ort_value *value) {
    if (value) CALL(runtime, RELEASE_VALUE, void, void *)(value);
}

bool ort_inspect(
    ort_runtime *runtime, ort_value *value, int *type, int64_t *shape, size_t *rank, void **data, char *message, size_t capacity) {
    int is_tensor = 0;
    if (!passed(runtime, CALL(runtime, IS_TENSOR, void *, const void *, int *)(value, &is_tensor), message, capacity)) return false;
    if (!is_tensor) {
        say(message, capacity, "the value is no tensor");
        return false;
    }
    void *information = NULL;
    if (!passed(runtime, CALL(runtime, TYPE_AND_SHAPE, void *, const void *, void **)(value, &information), message, capacity)) return false;
    bool ok = passed(runtime, CALL(runtime, ELEMENT_TYPE, void *, const void *, int *)(information, type), message, capacity)
        && passed(runtime, CALL(runtime, RANK, void *, const void *, size_t *)(information, rank), message, capacity);
    if (ok && *rank > ORT_MAXIMUM_RANK) {
        say(message, capacity, "the tensor has too many dimensions");
        ok = false;
    }
    ok = ok && passed(runtime, CALL(runtime, DIMENSIONS, void *, const void *, int64_t *, size_t)(information, shape, *rank), message, capacity);
    CALL(runtime, RELEASE_TYPE_AND_SHAPE, void, void *)(information);
    return ok && passed(runtime, CALL(runtime, TENSOR_DATA, void *, void *, void **)(value, data), message, capacity);
}

ort_stop *ort_stop_create(ort_runtime *runtime, char *message, size_t capacity) {
    ort_stop *stop = NULL;
    return passed(runtime, CALL(runtime, CREATE_RUN_OPTIONS, void *, ort_stop **)(&stop), message, capacity) ? stop : NULL;
}

void ort_stop_release(ort_runtime *runtime, ort_stop *stop) {
    if (stop) CALL(runtime, RELEASE_RUN_OPTIONS, void, void *)(stop);
}

void ort_stop_now(ort_runtime *runtime, ort_stop *stop) { passed(runtime, CALL(runtime, SET_TERMINATE, void *, void *)(stop), NULL, 0); }

bool ort_run(ort_model *model, ort_value *const *inputs, ort_value **outputs, ort_stop *stop, char *message, size_t capacity) {
    ort_runtime *runtime = model->runtime;
    for (size_t i = 0; i < model->output_count; i++) outputs[i] = NULL;
    void *status =
        CALL(runtime, RUN, void *, void *, const void *, char *const *, ort_value *const *, size_t, char *const *, size_t, ort_value **)(
            model->session, stop, model->input_names, inputs, model->input_count, model->output_names, model->output_count, outputs);
    if (passed(runtime, status, message, capacity)) return true;
    for (size_t i = 0; i < model->output_count; i++) {
        ort_release(runtime, outputs[i]);
        outputs[i] = NULL;
    }
    return false;
}
