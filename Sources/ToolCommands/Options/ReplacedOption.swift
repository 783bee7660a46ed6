internal import ArgumentParser
internal import RecordingArchive

/// Whether recordings are meant in whose place better ones of the same message have come.
struct ReplacedOption: ParsableArguments {
    @Flag(
        name: .customLong("replaced"),
        help: "With recordings in whose place better audio of the same message has come.")
    var includesReplaced = false

    /// A filter that has those only where they are wanted.
    func applied(to filter: RecordingFilter) -> RecordingFilter {
        var filter = filter
        if !includesReplaced { filter.isReplaced = false }
        return filter
    }
}
