package import Wire

/// Cuts audio that comes in pieces of any size into packets of whole samples, and numbers them.
///
/// A sample whose bytes stand in two pieces waits for its second half; nothing else waits. An object, confined to its owner: whoever is handed a packet
/// may answer in the middle of the cutting, and its owner may then look at it or put another in its place.
package final class RawAudioSlicer {
    private let sampleRate: Int
    private let bytesPerSample: Int
    private let packetBytes: Int
    private var carry: [UInt8] = []
    private var sequence: UInt32 = 0
    /// Samples before the next packet.
    private(set) var samples = 0

    /// - Parameters:
    ///   - format: Not Opus, whose packets are what they are.
    ///   - longest: Milliseconds of the longest packet.
    package init(_ format: AudioFormat, longest: Int = 60) {
        precondition(format.bytesPerSample != nil, "Opus packets are not cut")
        sampleRate = format.sampleRate
        bytesPerSample = format.bytesPerSample ?? 1
        packetBytes = format.sampleRate * longest / 1000 * bytesPerSample
    }

    /// Milliseconds of everything that was taken.
    package var milliseconds: Int { samples * 1000 / sampleRate }

    /// Takes the next bytes and hands on the packets they make. A packet is only read during the call.
    package func take(_ bytes: Span<UInt8>, packet: (AudioPacketHeader, Span<UInt8>) -> Void) {
        var start = 0
        if !carry.isEmpty {
            while carry.count < bytesPerSample, start < bytes.count {
                carry.append(bytes[start])
                start += 1
            }
            guard carry.count == bytesPerSample else { return }
            let whole = carry
            carry.removeAll()
            hand(whole.span, packet)
        }
        let end = bytes.count - (bytes.count - start) % bytesPerSample
        while start < end {
            let next = min(start + packetBytes, end)
            hand(bytes.extracting(start..<next), packet)
            start = next
        }
        while start < bytes.count {
            carry.append(bytes[start])
            start += 1
        }
    }

    private func hand(_ bytes: Span<UInt8>, _ packet: (AudioPacketHeader, Span<UInt8>) -> Void) {
        let time = UInt32(truncatingIfNeeded: samples * 48_000 / sampleRate)
        packet(AudioPacketHeader(flags: sequence == 0 ? .start : [], sequence: sequence, time: time), bytes)
        sequence &+= 1
        samples += bytes.count / bytesPerSample
    }
}
