internal import ArgumentParser
internal import DurableFiles

/// A person's own program that is shown each recording.
struct HookOptions: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "A program of yours, as a command for sh, to be shown each recording before the export.",
            valueName: "command"))
    var hook: String?

    @Option(
        name: .customLong("hook-name"),
        help: ArgumentHelp(
            "What its answers are called; by default the last part of the command's first word.",
            valueName: "name"))
    var givenName: String?

    @Option(
        name: .customLong("hook-timeout"),
        help: ArgumentHelp("How long it may take for one recording.", valueName: "10m"),
        transform: DurationText.seconds)
    var timeout: Int64 = 600

    @Option(
        name: .customLong("hook-retries"),
        help: ArgumentHelp("How often it is tried again after a failure, 0 to 10.", valueName: "N"))
    var retries = 2

    @Option(
        name: .customLong("hook-jobs"),
        help: ArgumentHelp("How many of it run at once, 1 to 256.", valueName: "N"))
    var jobs = 1

    @Flag(name: .customLong("hook-again"), help: "Show it also recordings that it has answered about before.")
    var again = false

    /// What its answers are called; nil where there is no hook.
    var name: String? { givenName ?? hook.map(Self.name) }

    func validate() throws {
        guard let hook else {
            guard givenName == nil, timeout == 600, retries == 2, jobs == 1, !again else {
                throw ValidationError("The options of a hook need one; give it with --hook.")
            }
            return
        }
        guard hook.contains(where: { !$0.isWhitespace }) else {
            throw ValidationError("--hook takes a command, not an empty text.")
        }
        guard name?.wholeMatch(of: /[A-Za-z0-9][A-Za-z0-9._\-]{0,63}/) != nil else {
            throw ValidationError(
                givenName == nil
                    ? "The hook needs a name for its answers; give one with --hook-name."
                    : "--hook-name takes up to 64 letters, digits, dots, hyphens and underscores.")
        }
        guard (1...86_400).contains(timeout) else {
            throw ValidationError("--hook-timeout takes 1s to 24h.")
        }
        guard (0...10).contains(retries) else {
            throw ValidationError("--hook-retries takes a number from 0 to 10, not \(retries).")
        }
        guard (1...256).contains(jobs) else {
            throw ValidationError("--hook-jobs takes a number from 1 to 256, not \(jobs).")
        }
    }

    private static func name(of command: String) -> String {
        let word = command.split(whereSeparator: \.isWhitespace).first ?? ""
        return Folder.name(of: String(word))
    }
}
