internal import CCurl

extension Transfer {
    /// Makes the handle ready for one request.
    ///
    /// - Throws: `.badRequest` for what cannot be sent; the request's own strings are not repeated in it.
    func prepare(_ request: HTTPRequest, _ configuration: HTTPClient.Configuration, share: OpaquePointer?) throws(HTTPStreamError) {
        try attachCallbacks()
        let scheme = request.url.prefix(8).lowercased()
        guard scheme.hasPrefix("http://") || scheme == "https://", !request.url.utf8.contains(0) else {
            throw HTTPStreamError(.badRequest, "an address cannot be sent")
        }
        try easy.set(CURLOPT_URL, request.url)
        try easy.set(CURLOPT_PROTOCOLS_STR, "http,https")
        try easy.set(CURLOPT_NOSIGNAL, 1)
        // Without it, taking a handle away while its name is looked up waits for getaddrinfo and stops every stream.
        try easy.set(CURLOPT_QUICK_EXIT, 1)
        try easy.set(CURLOPT_CONNECTTIMEOUT_MS, max(1, request.limits.connect.inMilliseconds))
        try easy.set(CURLOPT_SUPPRESS_CONNECT_HEADERS, 1)
        try easy.set(CURLOPT_TCP_KEEPALIVE, 1)
        try easy.set(CURLOPT_PIPEWAIT, request.waitsForMultiplexing ? 1 : 0)
        switch request.version {
        case .automatic: try easy.set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_2TLS))
        case .http1: try easy.set(CURLOPT_HTTP_VERSION, Int(CURL_HTTP_VERSION_1_1))
        }
        switch configuration.proxy {
        case .environment: break
        case .direct: try easy.set(CURLOPT_PROXY, "")
        case .url(let proxy): try easy.set(CURLOPT_PROXY, proxy)
        }
        if let file = configuration.certificateAuthorities { try easy.set(CURLOPT_CAINFO, file) }
        if let share { try EasyHandle.check(parley_set_share(easy.pointer, share)) }
        try setBody(request)
        try setHeaders(request)
    }

    private func setBody(_ request: HTTPRequest) throws(HTTPStreamError) {
        let implied: String
        switch request.body {
        case .none:
            implied = request.method == "HEAD" ? "HEAD" : "GET"
            if request.method == "HEAD" { try easy.set(CURLOPT_NOBODY, 1) }
        case .bytes(let bytes):
            implied = "POST"
            try easy.set(CURLOPT_POST, 1)
            try EasyHandle.check(parley_set_offset(easy.pointer, CURLOPT_POSTFIELDSIZE_LARGE, curl_off_t(bytes.count)))  // before the copy
            if bytes.isEmpty {
                try easy.set(CURLOPT_COPYPOSTFIELDS, "")  // with no pointer at all libcurl would read the standard input
            } else {
                let code = bytes.withUnsafeBytes {
                    parley_set_pointer(easy.pointer, CURLOPT_COPYPOSTFIELDS, UnsafeMutableRawPointer(mutating: $0.baseAddress))
                }
                try EasyHandle.check(code)
            }
        case .form(let parts):
            implied = "POST"
            form = curl_mime_init(easy.pointer)
            for part in parts {
                guard let slot = curl_mime_addpart(form) else { throw HTTPStreamError(.protocolError, "no memory for a form") }
                try EasyHandle.check(curl_mime_name(slot, part.name))
                try EasyHandle.check(part.bytes.withUnsafeBytes { curl_mime_data(slot, $0.baseAddress, $0.count) })
                if let name = part.fileName { try EasyHandle.check(curl_mime_filename(slot, name)) }
                if let type = part.contentType { try EasyHandle.check(curl_mime_type(slot, type)) }
            }
            try EasyHandle.check(parley_set_mime(easy.pointer, form))
        }
        guard Self.isToken(request.method) else { throw HTTPStreamError(.badRequest, "a method cannot be sent") }
        if request.method != implied { try easy.set(CURLOPT_CUSTOMREQUEST, request.method) }
    }

    private func setHeaders(_ request: HTTPRequest) throws(HTTPStreamError) {
        var lines = ["Expect:"]  // else libcurl waits a second for 100-continue before a large body
        for (name, value) in request.headers {
            guard Self.isToken(name), !value.utf8.contains(where: { $0 == 0x0D || $0 == 0x0A || $0 == 0 }) else {
                throw HTTPStreamError(.badRequest, "a header cannot be sent")
            }
            lines.append(value.isEmpty ? "\(name);" : "\(name): \(value)")
        }
        for line in lines {
            guard let longer = curl_slist_append(headerList, line) else { throw HTTPStreamError(.protocolError, "no memory for headers") }
            headerList = longer
        }
        try EasyHandle.check(parley_set_list(easy.pointer, CURLOPT_HTTPHEADER, headerList))
    }

    /// Printable ASCII without blanks, colons and semicolons: what a method or a header's name may hold without being taken apart.
    private static func isToken(_ text: String) -> Bool {
        !text.isEmpty && text.utf8.allSatisfy { (0x21...0x7E).contains($0) && $0 != 0x3A && $0 != 0x3B }
    }
}
