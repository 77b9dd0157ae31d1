internal import Wire

/// What is said to a carrier, as whole text messages in UTF-8.
extension Carrier {
    /// Audio to be played behind what was sent before; not for a carrier that takes it in binary messages.
    func media(_ payload: [UInt8], stream: String, format: AudioFormat) -> [UInt8] {
        var out: [UInt8] = []
        switch self {
        case .twilio: out += #"{"event":"media","streamSid":\#(JSONValue.string(stream).text),"media":{"payload":""#.utf8
        case .telnyx: out += #"{"event":"media","stream_id":\#(JSONValue.string(stream).text),"media":{"payload":""#.utf8
        case .plivo:
            let type = format.codec == .pcm16 ? "audio/x-l16" : "audio/x-mulaw"
            out += #"{"event":"playAudio","streamId":\#(JSONValue.string(stream).text),"media":"#.utf8
            out += #"{"contentType":"\#(type)","sampleRate":\#(format.sampleRate),"payload":""#.utf8
        case .vonage: preconditionFailure("audio goes in binary messages")
        }
        Base64.append(payload, to: &out)
        out += #""}}"#.utf8
        return out
    }

    /// Comes back when everything sent before it has been played.
    func mark(_ name: String, stream: String) -> [UInt8] {
        let message: JSONValue =
            switch self {
            case .twilio: ["event": "mark", "streamSid": .string(stream), "mark": ["name": .string(name)]]
            case .telnyx: ["event": "mark", "stream_id": .string(stream), "mark": ["name": .string(name)]]
            case .plivo: ["event": "checkpoint", "streamId": .string(stream), "name": .string(name)]
            case .vonage: ["action": "notify", "payload": ["mark": .string(name)]]
            }
        return message.bytes
    }

    /// Drops what was sent and not played yet.
    func clear(stream: String) -> [UInt8] {
        let message: JSONValue =
            switch self {
            case .twilio: ["event": "clear", "streamSid": .string(stream)]
            case .telnyx: ["event": "clear", "stream_id": .string(stream)]
            case .plivo: ["event": "clearAudio", "streamId": .string(stream)]
            case .vonage: ["action": "clear"]
            }
        return message.bytes
    }

    /// The name of a message that holds an event of the native protocol, and of its member that does.
    static let eventName = "parley"

    /// An event of the native protocol in one of Twilio's messages.
    static func event(_ json: [UInt8], stream: String) -> [UInt8] {
        Array(#"{"event":"\#(eventName)","streamSid":\#(JSONValue.string(stream).text),"\#(eventName)":"#.utf8) + json + Array("}".utf8)
    }
}
