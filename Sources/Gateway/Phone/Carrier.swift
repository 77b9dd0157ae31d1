internal import Wire

/// A telephone carrier whose media streams are understood. What they say differs in words, not in kind.
package enum Carrier: String, Sendable, CaseIterable {
    case twilio, telnyx, plivo, vonage

    /// Whether audio travels in binary messages, not as base64 in text.
    var isBinary: Bool { self == .vonage }
    /// Pieces of audio that may overtake each other on the way.
    var disorder: Int { self == .telnyx ? 3 : 0 }
}

/// What a carrier says in one message.
enum CarrierMessage: Equatable {
    /// The stream begins.
    case start(CarrierStart)
    /// Audio of the caller. `chunk` counts pieces, `time` is in milliseconds since the stream began; nil where the carrier does not say.
    case media(chunk: Int?, time: Int?, payload: [UInt8])
    /// A key of the telephone: 0-9, `*`, `#`, A-D.
    case key(Character)
    /// Everything before this mark has been played, or dropped by a clear.
    case mark(String)
    /// The call is over.
    case stop
    /// Something that is of no use here.
    case other
}

/// How a stream begins.
struct CarrierStart: Equatable {
    /// Names the stream in what is sent back; empty where nothing has to.
    var stream: String
    /// The carrier's name of the call, for logs.
    var call: String
    var format: AudioFormat
    /// What the call was set up with: `agent`, `language`, `variables.NAME`, and whatever else.
    var options: [String: String]
}

extension CarrierMessage {
    /// Reads a text message.
    ///
    /// - Throws: `wire.bad_json`; `wire.bad_field` for a start without a stream, a format that is not spoken, or a payload that is no base64.
    init(_ text: [UInt8], from carrier: Carrier) throws(WireError) {
        let message = try JSONValue(parsing: text)
        guard message.members != nil else { throw WireError(WireError.badJSON, "a message is a JSON object") }
        guard let event = message["event"]?.string else { throw WireError(WireError.badField, "event is missing") }
        switch (event, carrier) {
        case ("start", .twilio), ("start", .telnyx), ("start", .plivo): self = .start(try CarrierStart(message, carrier))
        case ("websocket:connected", .vonage): self = .start(try CarrierStart(vonage: message))
        case ("media", .twilio), ("media", .telnyx), ("media", .plivo): self = try Self.media(message["media"])
        case ("dtmf", .twilio), ("dtmf", .telnyx), ("dtmf", .plivo): self = Self.key(message["dtmf"]?["digit"])
        case ("websocket:dtmf", .vonage): self = Self.key(message["digit"])
        case ("mark", .twilio), ("mark", .telnyx): self = Self.mark(message["mark"]?["name"])
        case ("playedStream", .plivo): self = Self.mark(message["name"])
        case ("websocket:notify", .vonage): self = Self.mark(message["payload"]?["mark"])
        case ("stop", .twilio), ("stop", .telnyx), ("stop", .plivo): self = .stop
        default: self = .other
        }
    }

    private static func media(_ media: JSONValue?) throws(WireError) -> CarrierMessage {
        // Some send what the agent says as well.
        if let track = media?["track"]?.string, !track.hasPrefix("inbound") { return .other }
        guard let text = media?["payload"]?.string, let payload = Base64.bytes(text) else {
            throw WireError(WireError.badField, "media.payload must be base64")
        }
        return .media(chunk: media?["chunk"]?.number, time: media?["timestamp"]?.number, payload: payload)
    }

    private static func key(_ digit: JSONValue?) -> CarrierMessage {
        guard let text = digit?.string ?? digit?.int.map(String.init), text.count == 1, let key = text.first, "0123456789*#ABCD".contains(key)
        else { return .other }
        return .key(key)
    }

    private static func mark(_ name: JSONValue?) -> CarrierMessage { name?.string.map { .mark($0) } ?? .other }
}

extension CarrierStart {
    /// - Throws: `wire.bad_field`.
    fileprivate init(_ message: JSONValue, _ carrier: Carrier) throws(WireError) {
        let start = message["start"]
        let stream = message["streamSid"] ?? message["stream_id"] ?? start?["streamSid"] ?? start?["streamId"] ?? message["streamId"]
        guard let stream = stream?.string, !stream.isEmpty, stream.utf8.count <= 256 else {
            throw WireError(WireError.badField, "the stream has no name")
        }
        self.stream = stream
        call = start?["callSid"]?.string ?? start?["call_control_id"]?.string ?? start?["callId"]?.string ?? ""
        let media = start?["mediaFormat"] ?? start?["media_format"]
        let rate = (media?["sampleRate"] ?? media?["sample_rate"])?.number ?? 8_000
        format = try Self.format(media?["encoding"]?.string ?? "audio/x-mulaw", rate: rate)
        let parameters = start?["customParameters"] ?? start?["custom_parameters"]
        options = [:]
        for member in parameters?.members ?? [] { options[member.name] = member.value.string }
        // `a=b,c=d`
        for pair in message["extra_headers"]?.string?.split(separator: ",") ?? [] {
            let parts = pair.split(separator: "=", maxSplits: 1)
            if parts.count == 2 { options[String(parts[0])] = String(parts[1]) }
        }
    }

    /// - Throws: `wire.bad_field`.
    fileprivate init(vonage message: JSONValue) throws(WireError) {
        let type = (message["content-type"]?.string ?? "").split(separator: ";")
        let rate = type.dropFirst().compactMap { part in part.split(separator: "=").last.flatMap { Int($0) } }.first
        format = try Self.format(type.first.map(String.init) ?? "", rate: rate ?? 16_000)
        stream = ""
        call = message["uuid"]?.string ?? message["call_uuid"]?.string ?? ""
        options = [:]
        for member in message.members ?? [] where member.name != "event" && member.name != "content-type" {
            options[member.name] = member.value.string
        }
    }

    private static func format(_ encoding: String, rate: Int) throws(WireError) -> AudioFormat {
        switch (encoding.lowercased(), rate) {
        case ("audio/x-mulaw", 8_000), ("audio/pcmu", 8_000), ("pcmu", 8_000): AudioFormat(codec: .muLaw, sampleRate: 8_000)
        case ("audio/x-alaw", 8_000), ("audio/pcma", 8_000), ("pcma", 8_000): AudioFormat(codec: .aLaw, sampleRate: 8_000)
        case ("audio/l16", 8_000), ("audio/l16", 16_000), ("audio/l16", 24_000), ("audio/x-l16", 8_000), ("audio/x-l16", 16_000):
            AudioFormat(codec: .pcm16, sampleRate: rate)
        default: throw WireError(WireError.badField, "audio of this encoding and rate is not spoken")
        }
    }
}

extension JSONValue {
    /// An integer, or a text of one: carriers write numbers either way.
    fileprivate var number: Int? { int ?? string.flatMap { Int($0) } }
}
