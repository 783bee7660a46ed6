internal import RecordingArchive

/// What a verification came to, for people.
struct VerificationText {
    let summary: VerificationSummary
    let wasInterrupted: Bool
    /// Whether what is left is what a repair could not bring back.
    var isRepaired = false
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
        if summary.unsettled > 0 {
            lines.append(
                style.yellow("Not settled: \(Quantities.count(summary.unsettled, "finding"))")
                    + ", as a writer was about; run verify again.")
        }
        if summary.damage > 0 { lines += remedy() }
        if let cursor = summary.cursor {
            lines.append("Not finished. To go on:")
            lines.append("  " + command(without: ["--resume"], adding: ["--resume", "\(cursor)"]))
        }
        return lines
    }

    /// What can be done about the damage.
    private func remedy() -> [String] {
        let sources = summary.findings.keys.filter(\.isDamage).map(\.source)
        guard sources.contains(where: { $0 != nil }) else {
            return ["Nothing of this can be repaired by itself; each finding says what to do."]
        }
        if isRepaired { return ["Nothing that can be reached has a good copy of what is left."] }
        guard sources.contains(.archive) || summary.copies > 0 else {
            return [
                "Nothing has a good copy: no other copy of the archive can be reached. Mount its disk, or name it with "
                    + "--replica, and verify again."
            ]
        }
        return [
            "To bring back what has a good copy:",
            "  " + command(without: ["--resume", "--budget"], adding: ["--repair"]),
        ]
    }

    /// The command as it was called, with some options, which have values, taken out and others put in.
    private func command(without options: [String], adding others: [String]) -> String {
        var words: [String] = []
        var isValue = false
        for argument in arguments {
            if isValue {
                isValue = false
            } else if options.contains(argument) {
                isValue = true
            } else if !options.contains(where: { argument.hasPrefix($0 + "=") }) {
                words.append(argument)
            }
        }
        return (words + others).map(Self.quoted).joined(separator: " ")
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
