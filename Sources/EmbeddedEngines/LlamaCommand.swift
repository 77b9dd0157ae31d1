/// How to start a language model server as a child process.
///
/// The child says on its output, in a line of its own, `PARLEY-LISTENING` and the URL it serves, and ends when its standard input does.
package struct LlamaCommand: Sendable, Equatable {
    /// What a child says before its URL.
    static let announcement = "PARLEY-LISTENING "

    /// A name looked up in PATH, or a path.
    package let program: String
    package let arguments: [String]

    package init(program: String, arguments: [String]) { (self.program, self.arguments) = (program, arguments) }

    /// llama.cpp in a Python process, on a port of 127.0.0.1 that the system picks.
    ///
    /// - Parameters:
    ///   - python: An interpreter of version 3.10 or newer; nothing is installed into it.
    ///   - files: The module and the weights; see ``ModelPaths/languageModel()``.
    ///   - context: Tokens of one conversation with its answer; 256 or more.
    ///   - slots: Answers written at the same time; further ones wait. 1 or more.
    ///   - threads: Processor threads for all of them together; 1 or more. Threads wait for each other at every step, so more than
    ///     one gains only on cores that nobody else uses, and is many times slower than one on cores that are shared.
    package init(python: String = "python3", files: ModelPaths.LanguageModel, context: Int = 2048, slots: Int = 2, threads: Int = 1) {
        precondition(context >= 256 && slots >= 1 && threads >= 1, "a model server needs context, slots and threads")
        program = python
        arguments = ["-I", "-B", "-c", Self.script, files.modules, files.weights, "\(context * slots)", "\(slots)", "\(threads)"]
    }

    /// Speech must not wait for text, so the child is a little less urgent than its parent. Its prompt cache is bounded, and no web page may call it.
    private static let script = """
        import os, sys, threading
        if sys.version_info < (3, 10):
            sys.exit("the local model server needs Python 3.10 or newer, this is " + sys.version.split()[0])
        def end_with_parent():
            while os.read(0, 64):
                pass
            os._exit(0)
        threading.Thread(target=end_with_parent, daemon=True).start()
        os.nice(5)
        modules, weights, context, slots, threads = sys.argv[1:]
        sys.path.insert(0, modules)
        import xllamacpp
        settings = xllamacpp.CommonParams()
        settings.model.path = weights
        settings.model_alias = {"local"}
        settings.n_ctx = int(context)
        settings.n_parallel = int(slots)
        settings.n_gpu_layers = 0
        settings.cpuparams.n_threads = int(threads)
        settings.cpuparams_batch.n_threads = int(threads)
        settings.cache_ram_mib = 128
        settings.hostnames = ["127.0.0.1"]
        settings.port = 0
        settings.ui = False
        settings.cors_origins = "http://127.0.0.1"
        settings.verbosity = 2
        try:
            server = xllamacpp.Server(settings)
        except RuntimeError as error:
            sys.exit("the model server did not start: " + str(error))
        print("\(announcement)" + server.listening_address, flush=True)
        threading.Event().wait()
        """
}
