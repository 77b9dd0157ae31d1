internal import CCurl
internal import Glibc
internal import Synchronization

/// A streaming HTTP client: any number of requests at once on one thread of its own. Make one per process.
package final class HTTPClient: Sendable {
    package enum Proxy: Sendable {
        /// `http_proxy`, `https_proxy`, `all_proxy` and `no_proxy`; read on the client's thread, so nothing may set them while it runs.
        case environment
        case direct
        case url(String)
    }

    package struct Configuration: Sendable {
        /// Bytes of one body that wait for a slow consumer before the server is held back.
        package var highWaterMark = 256 * 1024
        /// Path of a PEM file that replaces the system's certificate authorities.
        package var certificateAuthorities: String?
        package var proxy = Proxy.environment
        /// Requests under way at once; further ones are refused with `.overloaded`.
        package var maximumRequests = 4096
        /// Connections kept, idle ones included.
        package var maximumConnections = 256
        /// Connections to one server; further requests wait for one, within their time limits. 0: no bound.
        package var maximumConnectionsPerHost = 0
        /// HTTP/2 streams on one connection before a second is opened.
        package var maximumStreamsPerConnection = 100

        package init() {}
    }

    private static let isReady: Bool = curl_global_init(Int(CURL_GLOBAL_DEFAULT)) == CURLE_OK

    private let mailbox: Mailbox
    private let highWaterMark: Int
    private let ids = Atomic<UInt64>(1)
    /// Nil once joined or detached.
    private let thread: Mutex<pthread_t?>

    /// Starts the thread.
    ///
    /// - Throws: `.protocolError` if the process has no thread, descriptor or memory left.
    package init(_ configuration: Configuration = Configuration()) throws(HTTPStreamError) {
        guard Self.isReady, let mailbox = Mailbox(maximumRequests: configuration.maximumRequests) else {
            throw HTTPStreamError(.protocolError, "libcurl cannot start")
        }
        guard let loop = CurlLoop(mailbox, configuration) else {
            mailbox.freed()
            throw HTTPStreamError(.protocolError, "libcurl cannot start")
        }
        self.mailbox = mailbox
        highWaterMark = configuration.highWaterMark
        var started = pthread_t()
        let context = Unmanaged.passRetained(CurlThread(loop, mailbox)).toOpaque()
        let result = pthread_create(
            &started, nil,
            { context in
                guard let context else { return nil }
                Unmanaged<CurlThread>.fromOpaque(context).takeRetainedValue().run()
                return nil
            }, context)
        guard result == 0 else {
            Unmanaged<CurlThread>.fromOpaque(context).release()
            mailbox.freed()
            throw HTTPStreamError(.protocolError, "no thread")
        }
        thread = Mutex(started)
    }

    /// A client that was not shut down ends its thread as well, only without waiting for it.
    deinit {
        mailbox.post(.stop)
        let left = thread.withLock { $0.take() }
        if let left { pthread_detach(left) }
    }

    /// Sends a request and waits for the head of the answer. Every status is an answer.
    ///
    /// Cancelling the task ends the request on the wire too, whether it waits here or later in the body. libcurl sends a request again
    /// that a kept connection swallowed: the server may see it twice.
    /// - Throws: `HTTPStreamError`, or `CancellationError`.
    package func send(_ request: HTTPRequest) async throws -> HTTPResponse {
        try Task.checkCancellation()
        let id = ids.wrappingAdd(1, ordering: .relaxed).newValue
        let exchange = Exchange(id: id, mailbox: mailbox, highWaterMark: highWaterMark)
        switch mailbox.post(.start(exchange, request, at: monotonicNow())) {
        case .taken: break
        case .full: throw HTTPStreamError(.overloaded, "as many requests are under way as are taken")
        case .closed: throw HTTPStreamError(.shutDown, "the client is shut down")
        }
        let head = try await exchange.head()
        return HTTPResponse(status: head.status, headers: head.headers, body: HTTPBody(holder: BodyHolder(exchange)))
    }

    /// Ends every request with `.shutDown`, frees all handles and joins the thread; later requests fail. Cancelling changes nothing.
    package func shutdown() async {
        mailbox.post(.stop)
        await mailbox.waitUntilFreed()
        let mine = thread.withLock { $0.take() }
        if let mine { pthread_join(mine, nil) }  // the thread's last act was to wake us
    }
}

/// What the new thread is handed: it owns the loop from then on.
private final class CurlThread {
    private var loop: CurlLoop?
    private let mailbox: Mailbox

    init(_ loop: CurlLoop, _ mailbox: Mailbox) { (self.loop, self.mailbox) = (loop, mailbox) }

    func run() {
        parley_name_thread("http-streams")
        parley_block_sigpipe()
        loop?.run()
        loop = nil  // its descriptors are closed before anyone is told
        mailbox.freed()
    }
}
