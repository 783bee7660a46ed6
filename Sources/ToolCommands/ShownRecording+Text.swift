internal import Digests
internal import Exporting
internal import Leveling
internal import PCM
internal import RecordingArchive
internal import Transcoding

extension ShownRecording {
    private static let labelWidth = 9

    /// What is printed for people, for a terminal of 80 columns.
    func lines(style: TerminalStyle) throws -> [String] {
        let facts = recording.facts
        let verdict = facts.verdict.printable
        let painted =
            switch facts.verdict {
            case "valid": style.green(verdict)
            case "flawed": style.yellow(verdict)
            default: style.red(verdict)
            }
        var lines = ["\(style.bold(recording.id))  \(painted)"]
        lines += message
        if let replacedBy {
            lines += Self.fact("replaced", style.yellow("better audio of this message is \(replacedBy)"))
        }
        for id in replaces { lines += Self.fact("replaces", "worse audio of this message, \(id)") }
        lines += Self.fact("stored", metadata.path.printable)
        lines += Self.fact("", storedText)
        lines += Self.fact("SHA-256", facts.stored.sha256.hexadecimal)
        lines += Self.fact("original", originalText)
        lines += Self.fact("SHA-256", facts.source.sha256.hexadecimal)
        if let audio = facts.audio {
            lines += Self.fact(
                "audio",
                "\(audio.sampleRate) Hz, \(Quantities.count(audio.channels, "channel")), \(audio.bitsPerSample) bits, "
                    + "\(Quantities.time(audio.duration)), \(audio.frames) frames")
        }
        if let level = facts.level { lines += Self.fact("level", Self.text(of: level)) }
        if let speech = facts.speech { lines += Self.fact("speech", Self.text(of: speech)) }
        for finding in try metadata.findings() {
            let place = finding.offset.map { ", byte \($0)" } ?? ""
            lines += Self.fact("finding", "\(finding.code.printable)\(place): \(finding.message.printable)")
        }
        for warning in facts.warnings { lines += Self.fact("warning", warning.printable) }
        for answer in recording.answers { lines += Self.lines(of: answer) }
        lines += Self.fact("kept", retentionText)
        lines += holdLines(style: style)
        lines += Self.fact("proof", proofText)
        lines += copyLines(style: style)
        return lines + Self.lines(of: audit)
    }

    /// The newest lines of the audit trail.
    static func lines(of audit: [ShownAuditLine]) -> [String] {
        audit.enumerated().flatMap { index, line in
            let note = line.note.map { ": \($0.printable)" } ?? ""
            return fact(
                index == 0 ? "audit" : "", "\(line.at)  \(line.event) by \(line.actor.printable)\(note)")
        }
    }

    /// A name and what belongs to it, in lines of at most 80 columns; a path may be longer.
    static func fact(_ name: String, _ text: String) -> [String] {
        text.wrapped(to: 78 - labelWidth).enumerated().map { index, line in
            "  \((index == 0 ? name : "").fitted(to: labelWidth))\(line)"
        }
    }

    private var message: [String] {
        let facts = recording.facts
        let identity = facts.identity
        let listed = identity.listedDate.printable
        let status = facts.readStatus.isEmpty ? "" : ", \(facts.readStatus.printable)"
        return Self.fact(
            "message",
            "from \(identity.caller.printable) to \(identity.extension.printable) at \(identity.pbx.printable)"
        )
            + Self.fact(
                "date",
                (facts.date.map { "\($0.printable), listed as \(listed)" } ?? "listed as \(listed)")
                    + ", \(identity.listedLength.printable) s" + status)
            + (recording.ordinal > 1
                ? Self.fact("", "number \(recording.ordinal) of messages that agree in all of this") : [])
    }

    private var storedText: String {
        let facts = recording.facts
        let size = Quantities.size(facts.stored.size)
        return switch recording.state {
        case .archived: "FLAC, \(size), at \(facts.archivedAt.printable)"
        case .quarantined: "in quarantine as it came, \(size), at \(facts.archivedAt.printable)"
        }
    }

    private var originalText: String {
        let source = recording.facts.source
        let form = [source.container, source.codec].compactMap { $0?.printable }.joined(separator: " ")
        let restore = recording.facts.restore.map { ", \($0.printable) from the FLAC file" } ?? ""
        return
            "\(source.name.printable), \(form.isEmpty ? "" : form + ", ")\(Quantities.size(source.size))\(restore)"
    }

    private static func text(of level: RecordingFacts.Level) -> String {
        let unit = LevelMethod(rawValue: level.method)?.unit ?? ""
        let measured = level.measured.map { "\(Quantities.fixed($0, 1)) \(unit)" } ?? "none measured"
        guard let gain = level.gain else { return "\(measured), left as it is" }
        let target = level.target.map { " toward \(Quantities.fixed($0, 1)) \(unit)" } ?? ""
        let limit = level.limitedBy.map { ", limited by \($0.printable)" } ?? ""
        return
            "\(measured), gain \(Quantities.fixed(gain, 1, signed: true)) dB \(level.mode.printable)\(target)\(limit)"
    }

    private static func text(of speech: RecordingFacts.Speech) -> String {
        let level = speech.activeLevel.map { ", active level \(Quantities.fixed($0, 1)) dBov" } ?? ""
        let noise = speech.signalToNoise.map { ", \(Quantities.fixed($0, 0)) dB above the rest" } ?? ""
        return
            "\(Quantities.fixed(speech.activity, 0)) % of the time, in "
            + "\(Quantities.count(speech.segments.count, "stretch", "stretches"))\(level)\(noise)"
    }

    /// What was said, or else the answer as it is; so much of it as a screen holds.
    private static func lines(of answer: HookAnswer) -> [String] {
        let text = answer.transcript ?? answer.json
        let lines = fact("answer", "\(answer.hook) at \(answer.at)") + fact("", text.printable)
        return lines.count <= 12 ? lines : Array(lines.prefix(11)) + fact("", "… (whole with --json)")
    }

    private var retentionText: String {
        let retention = recording.retention
        let policy = retention.policy == .forever ? "" : " (\(retention.policy))"
        let event = retention.event.map { ", event on \($0)" } ?? ""
        if retention.policy == .undecided { return "for ever, until somebody decides otherwise (undecided)" }
        guard let until = retention.untilText else {
            if case .sinceEvent = retention.policy { return "for ever while its event has no date\(policy)" }
            return "for ever\(policy)"
        }
        return "until \(until)\(policy)\(event)"
    }

    private func holdLines(style: TerminalStyle) -> [String] {
        guard !holds.isEmpty else { return Self.fact("holds", "none") }
        return holds.enumerated().flatMap { index, hold in
            Self.fact(
                index == 0 ? "holds" : "",
                "case \(hold.caseID.printable) since \(hold.placedAt), hold \(hold.id)")
        }
    }

    private var proofText: String {
        guard let logSize else { return "waits in the journal; the archive has no log yet" }
        return isLogged
            ? "entry \(recording.ingestEntry) of the log, which has \(logSize)"
            : "waits in the journal to be entry \(recording.ingestEntry) of the log, which has \(logSize)"
    }

    private func copyLines(style: TerminalStyle) -> [String] {
        guard !copies.isEmpty else { return Self.fact("copies", "none: the archive has no replica") }
        return copies.enumerated().flatMap { index, copy in
            let state =
                switch copy.state {
                case .present: "there"
                case .missing: "not there yet; run replicate"
                case .differs: "of another size; run verify"
                case .unreachable: "unknown, the replica is not mounted"
                }
            return Self.fact(index == 0 ? "copies" : "", "\(copy.replica.printable): \(state)")
        }
    }
}
