internal import RecordingArchive

/// What a verification came to, for people.
struct VerificationText {
    let summary: VerificationSummary
    let wasInterrupted: Bool
    var arguments = CommandLine.arguments

    func lines(style: TerminalStyle) -> [String] {
        var counts = [
            Quantities.count(Int(clamping: summary.entries), "entry", "entries") + " of the log",
            Quantities.count(summary.recordings, "recording"),
        ]
        if summary.copies > 0 { counts.append(Quantities.count(summary.copies, "copy", "copies")) }
        if summary.erased > 0 { counts.append("\(summary.erased) erased") }
        var lines = [
            "\(wasInterrupted ? "Interrupted. Verified" : "Verified"): " + counts.joined(separator: ", ")
                + "."
        ]
        let kinds = summary.findings.sorted { $0.key.rawValue < $1.key.rawValue }
        for (kind, count) in kinds {
            let text = "  \(String(count).leftPadded(to: 6))  \(kind.rawValue)"
            lines.append(kind.isDamage ? style.red(text) : style.yellow(text))
        }
        switch (summary.damage, summary.unfinished) {
        case (0, 0): lines.append(style.green("No damage."))
        case (0, let unfinished):
            lines.append(
                style.green("No damage; ") + Quantities.count(unfinished, "thing")
                    + " for the next run to complete.")
        case (let damage, _): lines.append(style.red("Damage: \(Quantities.count(damage, "finding"))."))
        }
        if let cursor = summary.cursor {
            lines.append("Not finished. To go on:")
            lines.append("  " + command(resumingAt: cursor))
        }
        return lines
    }

    /// The command as it was called, to go on where it stopped.
    private func command(resumingAt cursor: UInt64) -> String {
        var words: [String] = []
        var isValue = false
        for argument in arguments {
            if isValue {
                isValue = false
            } else if argument == "--resume" {
                isValue = true
            } else if !argument.hasPrefix("--resume=") {
                words.append(argument)
            }
        }
        return (words + ["--resume", "\(cursor)"]).map(Self.quoted).joined(separator: " ")
    }

    /// The argument as a shell reads it back.
    private static func quoted(_ argument: String) -> String {
        let isPlain =
            !argument.isEmpty
            && argument.utf8.allSatisfy { byte in
                switch byte {
                case 0x30...0x39, 0x41...0x5A, 0x61...0x7A: true
                default: "+,-./:=@_%".utf8.contains(byte)
                }
            }
        return isPlain ? argument : "'" + argument.replacing("'", with: #"'\''"#) + "'"
    }
}

extension String {
    fileprivate func leftPadded(to width: Int) -> String {
        String(repeating: " ", count: max(0, width - count)) + self
    }
}
