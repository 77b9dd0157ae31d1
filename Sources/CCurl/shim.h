// libcurl for Swift. The variadic setters and getters get one typed inline function per argument type, since Swift
// cannot call variadic C and the type an option wants is decided by its number (long < 10000 <= pointer < 20000 <= function).
#ifndef PARLEY_CCURL_SHIM_H
#define PARLEY_CCURL_SHIM_H

#define CURL_NO_OLDIES 1
#define CURL_STRICTER 1  // different structs for the handles, so that the C below is checked; Swift sees OpaquePointer
#include <curl/curl.h>
#include <pthread.h>
#include <signal.h>
#include <stddef.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/prctl.h>

typedef size_t (*parley_curl_write)(char *bytes, size_t one, size_t count, void *context);

static inline CURLcode parley_set_long(CURL *easy, CURLoption option, long value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode parley_set_offset(CURL *easy, CURLoption option, curl_off_t value) {
    return curl_easy_setopt(easy, option, value);
}
/// libcurl copies strings, except those of CURLOPT_POSTFIELDS.
static inline CURLcode parley_set_string(CURL *easy, CURLoption option, const char *value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode parley_set_pointer(CURL *easy, CURLoption option, void *value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode parley_set_list(CURL *easy, CURLoption option, struct curl_slist *value) {
    return curl_easy_setopt(easy, option, value);
}
static inline CURLcode parley_set_mime(CURL *easy, curl_mime *value) {
    return curl_easy_setopt(easy, CURLOPT_MIMEPOST, value);
}
static inline CURLcode parley_set_share(CURL *easy, CURLSH *value) {
    return curl_easy_setopt(easy, CURLOPT_SHARE, value);
}
static inline CURLcode parley_set_write(CURL *easy, parley_curl_write callback, void *context) {
    CURLcode code = curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, callback);
    return code == CURLE_OK ? curl_easy_setopt(easy, CURLOPT_WRITEDATA, context) : code;
}
static inline CURLcode parley_set_header(CURL *easy, parley_curl_write callback, void *context) {
    CURLcode code = curl_easy_setopt(easy, CURLOPT_HEADERFUNCTION, callback);
    return code == CURLE_OK ? curl_easy_setopt(easy, CURLOPT_HEADERDATA, context) : code;
}
static inline CURLcode parley_get_pointer(CURL *easy, CURLINFO info, void **value) {
    return curl_easy_getinfo(easy, info, value);
}

static inline CURLMcode parley_multi_set_long(CURLM *multi, CURLMoption option, long value) {
    return curl_multi_setopt(multi, option, value);
}
typedef int (*parley_curl_socket)(CURL *easy, curl_socket_t socket, int what, void *context, void *socket_context);
typedef int (*parley_curl_timer)(CURLM *multi, long milliseconds, void *context);
static inline CURLMcode parley_multi_set_socket(CURLM *multi, parley_curl_socket callback, void *context) {
    CURLMcode code = curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, callback);
    return code == CURLM_OK ? curl_multi_setopt(multi, CURLMOPT_SOCKETDATA, context) : code;
}
static inline CURLMcode parley_multi_set_timer(CURLM *multi, parley_curl_timer callback, void *context) {
    CURLMcode code = curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, callback);
    return code == CURLM_OK ? curl_multi_setopt(multi, CURLMOPT_TIMERDATA, context) : code;
}
static inline CURLSHcode parley_share_lock_data(CURLSH *share, curl_lock_data data) {
    return curl_share_setopt(share, CURLSHOPT_SHARE, data);
}

/// CURLMsg holds a union that Swift sees as two overlapping fields; only the result is wanted.
static inline CURLcode parley_message_result(const CURLMsg *message) { return message->data.result; }

static inline size_t parley_writefunc_pause(void) { return CURL_WRITEFUNC_PAUSE; }

/// Blocks SIGPIPE on the calling thread: with CURLOPT_NOSIGNAL libcurl no longer does so around each call.
static inline void parley_block_sigpipe(void) {
    sigset_t set;
    sigemptyset(&set);
    sigaddset(&set, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &set, NULL);
}

/// At most 15 bytes.
static inline void parley_name_thread(const char *name) { prctl(PR_SET_NAME, name, 0, 0, 0); }

#endif
