internal import CCurl

/// libcurl's multi handle. Swift sees every handle of libcurl as one pointer type; these keep them apart.
struct MultiHandle {
    let pointer: OpaquePointer
}

/// One of libcurl's easy handles.
struct EasyHandle {
    let pointer: OpaquePointer

    func set(_ option: CURLoption, _ value: Int) throws(HTTPStreamError) {
        try Self.check(parley_set_long(pointer, option, value))
    }

    func set(_ option: CURLoption, _ value: String) throws(HTTPStreamError) {
        try Self.check(parley_set_string(pointer, option, value))
    }

    func set(_ option: CURLoption, pointer value: UnsafeMutableRawPointer?) throws(HTTPStreamError) {
        try Self.check(parley_set_pointer(pointer, option, value))
    }

    static func check(_ code: CURLcode) throws(HTTPStreamError) {
        guard code == CURLE_OK else { throw HTTPStreamError(.badRequest, String(cString: curl_easy_strerror(code))) }
    }
}
