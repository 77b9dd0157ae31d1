internal import Audio
internal import Dialogue
internal import Engines
internal import Wire

/// A recording as files: `call.json`, `caller.opus`, `packets.tsv`, `events.jsonl`, `voice.txt` and `timeline.txt`.
extension RecordedCall {
    private static let format = 1

    /// The recording's files by name; `timeline.txt` only where a timeline is given.
    ///
    /// - Throws: `recording.malformed` where the caller's packets cannot be kept as Ogg Opus.
    package func files(timeline: CallTimeline?) throws(RecordingError) -> [String: [UInt8]] {
        let call: JSONValue = .object([
            "format": .int(Self.format), "phase": .int(phase),
            "engines": .object(engines.sorted { $0.key < $1.key }.map { JSONValue.Member($0.key, .string($0.value)) }), "plan": plan.record,
        ])
        let (opus, table) = try packetFiles()
        var files: [String: [UInt8]] = [
            "call.json": call.bytes + [10], "caller.opus": opus, "packets.tsv": Array(table.utf8),
            "events.jsonl": moments.flatMap { $0.record.bytes + [10] } + answers.flatMap { $0.record.bytes + [10] },
            "voice.txt": Array(voice.map { "\($0)\n" }.joined().utf8),
        ]
        if let timeline { files["timeline.txt"] = Array(timeline.lines.map { $0 + "\n" }.joined().utf8) }
        return files
    }

    /// - Parameter read: Gives a file's bytes, or nil where there is none.
    /// - Throws: ``RecordingError`` naming file and line.
    package init(reading read: (String) -> [UInt8]?) throws(RecordingError) {
        func file(_ name: String) throws(RecordingError) -> [UInt8] {
            guard let bytes = read(name) else { throw .missing(name) }
            return bytes
        }
        let call: JSONValue
        do { call = try JSONValue(parsing: try file("call.json")) } catch let error as RecordingError { throw error } catch {
            throw .malformed("call.json", "not JSON")
        }
        guard call["format"]?.int == Self.format else { throw .malformed("call.json", "unknown format") }
        var engines: [String: String] = [:]
        for member in call["engines"]?.members ?? [] { engines[member.name] = member.value.string }
        let fields = RecordFields(call)
        self.init(
            plan: try CallPlan(record: try fields.value("plan")), engines: engines,
            phase: try fields.int("phase", in: 0...VoiceDetection.windowSamples - 1))
        packets = try Self.packets(opus: try file("caller.opus"), table: try file("packets.tsv"))
        let lines = String(decoding: try file("events.jsonl"), as: UTF8.self).split(separator: "\n")
        for (index, line) in lines.enumerated() { try take(Array(line.utf8), line: index + 1) }
        let numbers = String(decoding: try file("voice.txt"), as: UTF8.self).split(separator: "\n")
        for (index, number) in numbers.enumerated() {
            guard let thousandths = Int(number), (0...1000).contains(thousandths) else {
                throw .malformed("voice.txt", line: index + 1, "not a number of thousandths")
            }
            voice.append(thousandths)
        }
    }

    private mutating func take(_ bytes: [UInt8], line: Int) throws(RecordingError) {
        let value: JSONValue
        do { value = try JSONValue(parsing: bytes) } catch { throw .malformed("events.jsonl", line: line, "not JSON") }
        let fields = RecordFields(value, file: "events.jsonl", line: line)
        if value["request"] != nil {
            answers.append(try Answer(fields))
        } else {
            moments.append(try Moment(fields))
        }
    }

    // MARK: packets

    /// Valid packets lie in the Ogg file in order of arrival; the others stand in the table as hexadecimal digits.
    private func packetFiles() throws(RecordingError) -> (opus: [UInt8], table: String) {
        var writer = OggOpusWriter(
            head: OpusHead(channelCount: 1, preSkip: 0, inputSampleRate: plan.input.sampleRate), serial: 1)
        var table = "at_us\tsequence\ttime\tflags\tpayload\n"
        for packet in packets {
            var payload = "opus"
            do { try writer.append(packet.payload) } catch { payload = Self.hex(packet.payload) }
            table += "\(packet.at)\t\(packet.header.sequence)\t\(packet.header.time)\t\(packet.header.flags.rawValue)\t\(payload)\n"
        }
        writer.finish()
        return (writer.drain(), table)
    }

    private static func packets(opus: [UInt8], table: [UInt8]) throws(RecordingError) -> [Packet] {
        var reader = OggOpusReader()
        var valid = reader.read(opus).compactMap { event -> [UInt8]? in
            if case .packet(let packet) = event { packet.bytes } else { nil }
        }[...]
        var packets: [Packet] = []
        for (index, row) in String(decoding: table, as: UTF8.self).split(separator: "\n").enumerated().dropFirst() {
            let columns = row.split(separator: "\t")
            guard columns.count == 5, let at = Int(columns[0]), (0...RecordFields.largest).contains(at),
                let sequence = UInt32(columns[1]), let time = UInt32(columns[2]), let flags = UInt8(columns[3])
            else { throw .malformed("packets.tsv", line: index + 1, "not a packet") }
            let header = AudioPacketHeader(flags: .init(rawValue: flags), sequence: sequence, time: time)
            guard let payload = columns[4] == "opus" ? valid.popFirst() : bytes(hex: columns[4]) else {
                throw .malformed("packets.tsv", line: index + 1, "its payload is not there")
            }
            packets.append(Packet(at: at, header: header, payload: payload))
        }
        return packets
    }

    private static func hex(_ bytes: [UInt8]) -> String {
        bytes.isEmpty ? "-" : bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }

    private static func bytes(hex: Substring) -> [UInt8]? {
        if hex == "-" { return [] }
        let digits = hex.compactMap(\.hexDigitValue)
        guard digits.count == hex.count, digits.count.isMultiple(of: 2) else { return nil }
        return stride(from: 0, to: digits.count, by: 2).map { UInt8(digits[$0] << 4 | digits[$0 + 1]) }
    }
}
