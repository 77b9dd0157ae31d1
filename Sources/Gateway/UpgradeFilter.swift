internal import NIOCore
internal import NIOHTTP1

/// Lets an `Upgrade` header pass only where it can lead to a call.
///
/// The upgrade handler behind it swallows the head of a request that it tries to upgrade in vain; a client that offers `h2c`, or a
/// WebSocket in the wrong place, must get its answer all the same.
final class UpgradeFilter: ChannelInboundHandler, RemovableChannelHandler {
    typealias InboundIn = HTTPServerRequestPart
    typealias InboundOut = HTTPServerRequestPart

    /// Where calls are taken; none lets nothing pass.
    private let paths: Set<String>

    init(paths: Set<String>) { self.paths = paths }

    func channelRead(context: ChannelHandlerContext, data: NIOAny) {
        guard case .head(var head) = Self.unwrapInboundIn(data), !mayUpgrade(head) else { return context.fireChannelRead(data) }
        head.headers.remove(name: "upgrade")
        context.fireChannelRead(Self.wrapInboundOut(.head(head)))
    }

    /// Only the decoder stands before this; the 400 for what it could not read is sent already.
    func errorCaught(context: ChannelHandlerContext, error: any Error) { context.close(promise: nil) }

    private func mayUpgrade(_ head: HTTPRequestHead) -> Bool {
        func tokens(_ name: String) -> [String] { head.headers[canonicalForm: name].map { $0.lowercased() } }
        return head.method == .GET && head.version == .http1_1 && paths.contains(RequestTarget(head.uri).path)
            && tokens("upgrade") == ["websocket"] && tokens("connection").contains("upgrade") && tokens("sec-websocket-version") == ["13"]
            && tokens("sec-websocket-key").count == 1
    }
}
