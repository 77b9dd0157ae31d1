/// The head of an answer and its body still to come.
package struct HTTPResponse: Sendable {
    package let status: Int
    /// In the order received, names in lower case. At most 256 kB in all.
    package let headers: [(name: String, value: String)]
    package let body: HTTPBody

    /// The first value of a header, by its name in lower case.
    package func header(_ name: String) -> String? { headers.first { $0.name == name }?.value }

    /// How long the server asks to wait before the next request, in whichever form it says so.
    package var retryAfter: Duration? { RetryAfter.parse(header) }

    package var isSuccess: Bool { (200..<300).contains(status) }
}
