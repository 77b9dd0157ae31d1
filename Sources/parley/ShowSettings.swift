import ArgumentParser
import Settings

struct ShowSettings: AsyncParsableCommand {
    static let configuration = CommandConfiguration(commandName: "settings", abstract: "Print every setting in force and where it comes from.")

    @OptionGroup var options: SettingsOptions
    @Flag(help: "Print the reference as Markdown instead.") var reference = false

    func run() async throws {
        output(reference ? SettingsReference.markdown() : try options.load().describe())
    }
}
