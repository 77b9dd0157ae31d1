internal import Crypto
internal import NIOHTTP1
internal import Wire

/// The page on which a person talks with an agent, and the module that other pages embed: `GET /` and the files beside it.
///
/// The files are part of the program. They name no other machine, and the page may load and reach nothing but this server.
package enum PageRoutes {
    package static var all: [any HTTPRoute] { files.map { PageFileRoute(file: $0) } }

    private static let files: [PageFile] = [
        PageFile("/", .page, PackageResources.index_html),
        PageFile("/page.css", .style, PackageResources.page_css),
        PageFile("/page.js", .script, PackageResources.page_js),
        PageFile("/transcript.js", .script, PackageResources.transcript_js),
        PageFile("/parley.js", .module, PackageResources.parley_js),
        PageFile("/parley-link.js", .module, PackageResources.parley_link_js),
        PageFile("/parley-sound.js", .module, PackageResources.parley_sound_js),
        PageFile("/parley-worklet.js", .module, PackageResources.parley_worklet_js),
        PageFile("/icon.svg", .picture, PackageResources.icon_svg),
    ]
}

/// One file of the page.
struct PageFile: Sendable {
    enum Kind {
        case page, style, script, picture
        /// A script that pages of other origins may load.
        case module
    }

    let path: String
    let kind: Kind
    let bytes: [UInt8]
    /// Strong: the same for the same bytes only.
    let tag: String

    init(_ path: String, _ kind: Kind, _ bytes: [UInt8]) {
        (self.path, self.kind, self.bytes) = (path, kind, bytes)
        let digits = Array("0123456789abcdef")
        tag = "\"" + String(SHA256.hash(data: bytes).prefix(16).flatMap { [digits[Int($0 >> 4)], digits[Int($0 & 15)]] }) + "\""
    }

    var headers: HTTPHeaders {
        // A browser asks each time and is told that nothing has changed: a new server is seen at once.
        var headers: HTTPHeaders = ["Content-Type": contentType, "Cache-Control": "no-cache", "ETag": tag, "Referrer-Policy": "no-referrer"]
        switch kind {
        case .page:
            headers.add(name: "Content-Security-Policy", value: Self.policy)
            headers.add(name: "Permissions-Policy", value: "microphone=(self), camera=(), geolocation=()")
        case .module:
            headers.add(name: "Access-Control-Allow-Origin", value: "*")
            headers.add(name: "Cross-Origin-Resource-Policy", value: "cross-origin")
        case .style, .script, .picture: break
        }
        return headers
    }

    private var contentType: String {
        switch kind {
        case .page: "text/html; charset=utf-8"
        case .style: "text/css; charset=utf-8"
        case .script, .module: "text/javascript; charset=utf-8"
        case .picture: "image/svg+xml"
        }
    }

    private static let policy = [
        "default-src 'none'", "script-src 'self'", "style-src 'self'", "img-src 'self'", "connect-src 'self'", "base-uri 'none'",
        "form-action 'none'", "frame-ancestors 'none'",
    ].joined(separator: "; ")

    /// Whether a client that sent `If-None-Match` has these bytes already.
    func isKnown(by condition: [String]) -> Bool {
        condition.joined(separator: ",").split(separator: ",").contains { candidate in
            let candidate = candidate.trimmed
            return candidate == "*" || candidate == tag || candidate == "W/" + tag
        }
    }
}

extension Substring {
    fileprivate var trimmed: Substring {
        var text = drop { $0 == " " || $0 == "\t" }
        while text.last == " " || text.last == "\t" { text.removeLast() }
        return text
    }
}

private struct PageFileRoute: HTTPRoute {
    let method = HTTPMethod.GET
    var path: String { file.path }
    let bodyLimit = 0
    let file: PageFile

    func respond(to request: HTTPDoorRequest, writer: HTTPDoorWriter) async throws {
        if file.isKnown(by: request.headers["if-none-match"]) { return try await writer.respond(.notModified, file.headers) }
        try await writer.respond(.ok, file.headers, body: file.bytes)
    }
}
