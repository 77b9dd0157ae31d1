/// How audio travels in one direction.
package struct AudioFormat: Sendable, Hashable, Codable {
    package enum Codec: String, Sendable, Codable, CaseIterable {
        /// One Opus packet a message, mono or stereo, 2.5...60 ms.
        case opus
        /// 16-bit little-endian linear PCM, mono.
        case pcm16
        /// G.711 mu-law, mono, 8000 Hz: one byte a sample.
        case muLaw = "pcmu"
        /// G.711 A-law, mono, 8000 Hz: one byte a sample.
        case aLaw = "pcma"
    }

    package var codec: Codec
    /// Hertz; 8000 with G.711, else 8000, 12000, 16000, 24000 or 48000.
    package var sampleRate: Int
    /// Milliseconds a packet; 20, 40 or 60 from the server, 2.5...60 from a client.
    package var packetMilliseconds: Int

    package init(codec: Codec = .opus, sampleRate: Int, packetMilliseconds: Int = 20) {
        (self.codec, self.sampleRate, self.packetMilliseconds) = (codec, sampleRate, packetMilliseconds)
    }

    /// Bytes a sample where every sample has as many; nil for Opus.
    package var bytesPerSample: Int? {
        switch codec {
        case .opus: nil
        case .pcm16: 2
        case .muLaw, .aLaw: 1
        }
    }
}
