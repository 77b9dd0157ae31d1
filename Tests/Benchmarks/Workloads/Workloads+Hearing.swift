import Audio
import EmbeddedEngines
import Engines
import Foundation
import OpusCodec
import Sessions
import Turns
import Wire

/// The way of one packet of 20 ms from its payload to what was decided on it.
func addHearing(to all: inout Workloads) {
    all.measure("Opus decoding of a packet, speech") {
        let packets = try Sounds.speech()
        let decoder = try Decoding()
        var place = 0
        return {
            decoder.decode(packets[place % packets.count], number: place)
            place += 1
        }
    }
    for maker in detectors() {
        let name = maker.name
        all.measure("\(name) on a window of 32 ms, speech") {
            let samples = try Sounds.recording(Sounds.rate).samples
            let detector = maker.makeDetector()
            var place = 0
            return {
                if place + VoiceDetection.windowSamples > samples.count { place = 0 }
                swallow(detector.probability(of: samples.span.extracting(place..<place + VoiceDetection.windowSamples)))
                place += VoiceDetection.windowSamples
            }
        }
        if maker.streamsTogether > 1 {
            all.measure("\(name) on a window of each of \(maker.streamsTogether) callers together, speech") {
                let samples = try Sounds.recording(Sounds.rate).samples
                let size = maker.streamsTogether * VoiceDetection.windowSamples
                let detectors = (0..<maker.streamsTogether).map { _ in maker.makeDetector() }
                var probabilities = [Float](repeating: 0, count: detectors.count)
                var place = 0
                return {
                    if place + size > samples.count { place = 0 }
                    maker.judge(samples.span.extracting(place..<place + size), by: detectors, into: &probabilities)
                    swallow(probabilities[0])
                    place += VoiceDetection.windowSamples
                }
            }
        }
        all.measure("Ear on a packet, \(name), quiet") { try hearing(try Sounds.quiet(), maker) }
        all.measure("Ear on a packet, \(name), speech") { try hearing(try Sounds.speech(), maker) }
    }
}

private func detectors() -> [any VoiceDetectorMaker] {
    do { return [EnergyDetectorMaker(), try Sounds.silero()] } catch {
        FileHandle.standardError.write(Data("left out what needs Silero's model: \(error)\n".utf8))
        return [EnergyDetectorMaker()]
    }
}

/// A caller who says the same again and again, with the turn over each time.
private func hearing(_ packets: [[UInt8]], _ maker: any VoiceDetectorMaker) throws -> (() -> Void) {
    let ear = try Ear(plan: CallPlan(agent: "benchmark"), detector: maker.makeDetector())
    var number = 0
    return {
        let place = number % packets.count
        if place == 0 { ear.dropUtterance() }
        let header = AudioPacketHeader(sequence: UInt32(number), time: UInt32(number * 960))
        let packet = packets[place]
        swallow(ear.hear(header, payload: packet.span, at: Instant(.milliseconds(20 * number))))
        number += 1
    }
}

/// Holds what cannot be copied.
private final class Decoding {
    private var decoder: OpusStreamDecoder
    private var last: Float = 0

    init() throws { decoder = try OpusStreamDecoder(sampleRate: Sounds.rate) }

    func decode(_ packet: [UInt8], number: Int) {
        _ = try? decoder.decode(sequence: UInt32(number), time: UInt32(number * 960), packet: packet.span, longestGap: 0) { last = $0[0] }
        swallow(last)
    }
}
