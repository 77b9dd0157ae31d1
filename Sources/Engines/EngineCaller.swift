/// For whom engine work is done, so that an engine that is shared can be fair.
package enum EngineCaller {
    /// Name of the session whose work runs in this task; nil where it belongs to none.
    @TaskLocal package static var session: String?
}
