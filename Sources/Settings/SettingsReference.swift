/// The settings as a page of the documentation.
package enum SettingsReference {
    /// A Markdown table with every setting, then what holds for all of them.
    package static func markdown() -> String {
        let standard = ParleySettings()
        var out = "| setting | variable | takes | default | meaning |\n|---|---|---|---|---|\n"
        for setting in SettingsTable.all {
            let fallback = setting.fallbacks.isEmpty ? "" : ", else `\(setting.fallbacks.joined(separator: "`, `"))`"
            let cells = [
                "`\(setting.name)`", "`\(setting.environment)`\(fallback)", setting.takes, setting.shown(in: standard), setting.note,
            ]
            out += "| " + cells.map { $0.split(separator: "|").joined(separator: "\\|") }.joined(separator: " | ") + " |\n"
        }
        return out + """

            Defaults give way to the file named by `--settings` or `PARLEY_SETTINGS`, the file to the environment, and the environment to
            `--set name=value`. The file is JSON; names may be nested or dotted. An empty value takes the default. Unknown names,
            wrong types and values out of range are errors, and all of them are reported at once.

            `OPENAI_BASE_URL` and `OPENAI_API_KEY` are looked at only where `llm.engine` is `auto` or `openai` and no other source names
            the setting; the key moreover only where no other source names `llm.url`, so that it is never sent to another service.

            """
    }
}
