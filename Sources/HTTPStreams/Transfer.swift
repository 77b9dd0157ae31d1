internal import CCurl

/// The earliest moment at which a limit may run out, shared by the transfers of one curl thread. Limits that move back
/// do not move it; a scan does, so that a chunk costs nothing here.
final class Alarm {
    var next = Int64.max
}

/// One exchange on the curl thread: the easy handle, what it borrows, and its time limits. Never leaves that thread.
final class Transfer {
    let easy: EasyHandle
    let exchange: Exchange
    private let limits: TimeLimits
    private let started: Int64
    private let alarm: Alarm
    private let errorText: UnsafeMutablePointer<CChar>
    var headerList: UnsafeMutablePointer<curl_slist>?
    var form: OpaquePointer?

    private var head = Exchange.Head()
    private var headBytes = 0
    private(set) var hasAnswered = false
    private var isPaused = false
    private var lastByte: Int64
    /// Nobody reads any more, and at this moment the transfer is removed.
    private var lingersUntil: Int64?

    init?(_ exchange: Exchange, _ limits: TimeLimits, started: Int64, alarm: Alarm) {
        guard let easy = curl_easy_init() else { return nil }
        self.easy = EasyHandle(pointer: easy)
        (self.exchange, self.limits, self.started, self.alarm) = (exchange, limits, started, alarm)
        lastByte = started
        errorText = .allocate(capacity: Int(CURL_ERROR_SIZE))
        errorText.initialize(repeating: 0, count: Int(CURL_ERROR_SIZE))
    }

    /// The handle must not be in the multi handle any more.
    deinit {
        curl_easy_cleanup(easy.pointer)
        curl_slist_free_all(headerList)
        curl_mime_free(form)
        errorText.deallocate()
    }

    /// The error of a failed transfer: what libcurl says of it, with its number.
    func error(_ result: CURLcode) -> HTTPStreamError {
        let text = errorText.pointee == 0 ? String(cString: curl_easy_strerror(result)) : String(cString: errorText)
        return HTTPStreamError(result, answered: hasAnswered, detail: "\(text) (\(result.rawValue))")
    }

    /// Has libcurl call this transfer, which must outlive the handle's place in the multi handle.
    func attachCallbacks() throws(HTTPStreamError) {
        let myself = Unmanaged.passUnretained(self).toOpaque()
        try easy.set(CURLOPT_PRIVATE, pointer: myself)
        try easy.set(CURLOPT_ERRORBUFFER, pointer: errorText)
        try EasyHandle.check(parley_set_header(easy.pointer, Self.onHeader, myself))
        try EasyHandle.check(parley_set_write(easy.pointer, Self.onBody, myself))
    }

    // MARK: Time

    /// When the next of the limits runs out, and which.
    var deadline: (at: Int64, error: HTTPStreamError.Code, name: String)? {
        if let lingersUntil { return (lingersUntil, .shutDown, "lingering") }
        var first: (at: Int64, error: HTTPStreamError.Code, name: String)?
        func consider(_ limit: Duration?, from: Int64, _ code: HTTPStreamError.Code, _ name: String) {
            guard let limit else { return }
            let at = from + limit.inNanoseconds
            if at < first?.at ?? .max { first = (at, code, name) }
        }
        consider(limits.total, from: started, .totalTimeout, "total")
        if limits.firstContent != nil, !exchange.hasContent {
            consider(limits.firstContent, from: started, .firstContentTimeout, "first content")
        }
        if !hasAnswered {
            consider(limits.firstByte, from: started, .firstByteTimeout, "first byte")
        } else if !isPaused {
            consider(limits.idle, from: lastByte, .idleTimeout, "idle")
        }
        return first
    }

    /// To be called whenever a limit begins to run.
    func watchLimits() {
        if let deadline { alarm.next = min(alarm.next, deadline.at) }
    }

    /// Lets an answer that nobody reads any more end by itself, for 250 ms.
    func linger() {
        lingersUntil = monotonicNow() + 250_000_000
        watchLimits()
        unpause()
    }

    /// May call `onBody` before it returns, and that may pause again.
    func unpause() {
        guard isPaused else { return }
        isPaused = false
        lastByte = monotonicNow()
        watchLimits()
        curl_easy_pause(easy.pointer, CURLPAUSE_CONT)
    }

    // MARK: Callbacks; on the curl thread, inside libcurl: no call into libcurl from here

    private static let onHeader: parley_curl_write = { bytes, one, count, context in
        guard let bytes, let context else { return 0 }
        let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
        return transfer.take(header: UnsafeRawBufferPointer(start: bytes, count: one * count)) ? one * count : 0
    }

    private static let onBody: parley_curl_write = { bytes, one, count, context in
        guard let bytes, let context else { return 0 }
        let transfer = Unmanaged<Transfer>.fromOpaque(context).takeUnretainedValue()
        guard transfer.exchange.offer(UnsafeRawBufferPointer(start: bytes, count: one * count)) else {
            transfer.isPaused = true
            return parley_writefunc_pause()
        }
        transfer.lastByte = monotonicNow()
        return one * count
    }

    /// One line with its end; an empty one ends the head, a status line begins one. After the head come trailers only.
    private func take(header line: UnsafeRawBufferPointer) -> Bool {
        headBytes += line.count
        guard headBytes <= 256 * 1024 else { return false }
        guard !hasAnswered else { return true }
        let text = line.prefix { $0 != 0x0D && $0 != 0x0A }
        if text.isEmpty {
            if head.status >= 200 {
                hasAnswered = true
                lastByte = monotonicNow()
                watchLimits()  // the limit on silence may be nearer than the one on the first byte was
                exchange.answered(head)
            }
        } else if text.starts(with: "HTTP/".utf8) {
            let status = text.split(separator: 0x20, maxSplits: 2).dropFirst().first ?? text[text.endIndex...]
            head = Exchange.Head(status: Int(String(decoding: status, as: UTF8.self)) ?? 0)
        } else if let colon = text.firstIndex(of: 0x3A) {
            let value = text[(colon + 1)...].drop { $0 == 0x20 || $0 == 0x09 }
            let name = String(decoding: text[..<colon], as: UTF8.self).lowercased()
            head.headers.append((name, String(decoding: value, as: UTF8.self)))
        }
        return true
    }
}
