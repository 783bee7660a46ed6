internal import Digests
internal import DurableFiles
internal import Exporting
internal import Foundation
internal import RecordingArchive
internal import SpeechFeed
internal import Synchronization

/// Makes a corpus for speech tools, from an archive or from files.
struct SpeechExport {
    let format: CorpusFormat
    let output: String
    let options: SpeechOptions
    let console: Console

    /// The recordings of an archive; the texts are those of a hook, or of any where none is named.
    func run(
        _ items: [ExportedItem], in archive: RecordingArchive, hook: String?, leftOut: Int,
        note: ([String]) async throws -> Void
    ) async throws -> ExitStatus {
        var inputs: [CorpusInput] = []
        var ids: [String: String] = [:]
        for item in items {
            guard let recording = try await archive.recording(id: item.id) else {
                throw ExportError.erasedMeanwhile(id: item.id)
            }
            guard recording.state == .archived, !options.excludedVerdicts.contains(recording.facts.verdict)
            else { continue }
            let input = input(recording, hook, in: archive)
            ids[input.id] = recording.id
            inputs.append(input)
        }
        guard !inputs.isEmpty || leftOut == 0 else { throw SpeechFeedError.nothingLeft(count: leftOut) }
        let corpus = Corpus(
            format, settings: settings(inputs, facts: Self.archiveFacts),
            options: options.corpus(isArchive: true, durations: 0...Double.infinity), maker: Self.maker)
        return try await write(corpus, inputs, isIncomplete: leftOut > 0) { written in
            let exported = written.compactMap { ids[$0] }
            for id in exported where try await archive.recording(id: id) == nil {
                throw ExportError.erasedMeanwhile(id: id)
            }
            try await note(exported)
        }
    }

    /// WAV and FLAC files, and those in folders.
    func run(
        _ discovery: InputDiscovery, durations: ClosedRange<Double>, hook: HookOptions
    ) async throws -> ExitStatus {
        for failure in discovery.failures { try leaveOut(failure.path, failure.reason) }
        var seen: Set<String> = []
        var inputs = discovery.inputs.compactMap { found -> CorpusInput? in
            let id = CorpusInput.name(for: found.relativePath)
            // The same file named twice is one recording.
            guard seen.insert(id).inserted else { return nil }
            return CorpusInput(
                id: id, speaker: id,
                split: options.split.map { CorpusInput.split(of: id, shares: $0) },
                path: found.path, digest: nil,
                facts: options.pseudonymize ? [] : [.init("source", found.relativePath)])
        }
        guard !inputs.isEmpty else { throw SpeechFeedError.empty }
        var isIncomplete = !discovery.failures.isEmpty
        if hook.hook != nil {
            try PendingFolder.checkFree(output)
            let unanswered = try await ask(hook, about: &inputs)
            isIncomplete = isIncomplete || !unanswered.isEmpty
            guard unanswered.count < inputs.count else {
                throw SpeechFeedError.nothingLeft(count: inputs.count)
            }
            inputs.removeAll { unanswered.contains($0.id) }
        }
        let corpus = Corpus(
            format, settings: settings(inputs, facts: options.pseudonymize ? [] : ["source"]),
            options: options.corpus(isArchive: false, durations: durations), maker: Self.maker)
        return try await write(corpus, inputs, isIncomplete: isIncomplete) { _ in }
    }

    /// Shows files to a hook, and returns the ids of those that it has no answer for.
    private func ask(_ options: HookOptions, about inputs: inout [CorpusInput]) async throws -> Set<String> {
        let transcripts = Mutex<[String: String]>([:])
        let paths = inputs.reduce(into: [:]) { $0[$1.id] = URL(filePath: $1.path).path }
        let summary = try await HookRun(options, console: console, now: { Date() })
            .run(inputs.map(\.id)) { id in
                let path = paths[id] ?? ""
                return HookRun.Shown(
                    path: path, digest: nil, facts: try HookFacts(path: path, metadata: ["id": id]).encoded())
            } keep: { answers in
                transcripts.withLock { known in
                    for (id, answer) in answers { known[id] = answer.transcript }
                }
                return [:]
            }
        let known = transcripts.withLock { $0 }
        for index in inputs.indices { inputs[index].transcript = known[inputs[index].id] }
        return summary.failed
    }

    private func settings(_ inputs: [CorpusInput], facts: [String]) -> CorpusSettings {
        CorpusSettings(
            facts: facts, hasTranscripts: inputs.contains { $0.transcript != nil },
            shardSize: options.shardSize ?? 1 << 30)
    }

    private static let maker = "voxkeep \(Voxkeep.version)"

    private static let archiveFacts = [
        "pbx", "extension", "caller", "date", "verdict", "source_sha256",
    ]

    private func input(_ recording: Recording, _ hook: String?, in archive: RecordingArchive) -> CorpusInput {
        let identity = recording.facts.identity
        var (`extension`, caller) = (identity.extension, identity.caller)
        // Nobody is known to be the same person as another whom the PBX cannot name either.
        var speaker = caller.isEmpty ? recording.id : CorpusInput.name(for: caller)
        if options.pseudonymize {
            `extension` = archive.pseudonym(of: "extension", "\(identity.pbx)\n\(`extension`)")
            caller = caller.isEmpty ? "" : archive.pseudonym(of: "caller", "\(identity.pbx)\n\(caller)")
            speaker = caller.isEmpty ? recording.id : caller
        }
        return CorpusInput(
            id: recording.id, speaker: speaker,
            split: options.split.map { CorpusInput.split(of: speaker, shares: $0) },
            path: archive.absolutePath(of: recording), digest: recording.facts.stored.sha256,
            transcript: hook.map { hook in recording.answers.first { $0.hook == hook }?.transcript }
                ?? recording.transcript,
            facts: [
                .init("pbx", identity.pbx), .init("extension", `extension`), .init("caller", caller),
                .init("date", recording.facts.date ?? ""), .init("verdict", recording.facts.verdict),
                .init("source_sha256", recording.facts.source.sha256.hexadecimal),
            ])
    }

    private func write(
        _ corpus: Corpus, _ inputs: [CorpusInput], isIncomplete: Bool,
        confirm: ([String]) async throws -> Void
    ) async throws -> ExitStatus {
        let bar = ProgressBar(on: console)
        defer { bar.remove() }
        bar.begin(files: inputs.count, bytes: nil)
        var isIncomplete = isIncomplete
        let observer = Corpus.Observer { id, reason in
            isIncomplete = true
            try? leaveOut(id, reason)
        } finish: { _, duration in
            bar.finished(bytes: 0, duration: duration)
        }
        let summary: Corpus.Summary
        do {
            summary = try await corpus.write(inputs, to: output, observer: observer, confirm: confirm)
        } catch let left as Corpus.Interrupted {
            bar.remove()
            // What has left an archive, its audit trail tells of.
            if !left.ids.isEmpty { try await confirm(left.ids) }
            console.alert(
                "\(left.ids.count) of \(Quantities.count(left.of, "recording")) are made, in \(left.path.printable); "
                    + "the same command goes on with them.")
            throw CancellationError()
        }
        bar.remove()
        try console.row(
            CorpusRow(
                output: output, format: format.rawValue, recordings: summary.recordings,
                unlisted: summary.unlisted, takenOver: summary.takenOver, duration: summary.duration,
                size: summary.size))
        var line =
            "\(output.printable)  \(Quantities.count(summary.recordings, "recording")), "
            + "\(Quantities.time(summary.duration)), \(Quantities.size(summary.size)) of audio"
        if summary.unlisted > 0 {
            line += "; \(summary.unlisted) without speech, which \(format.rawValue) cannot list"
        }
        if summary.takenOver > 0 { line += "; \(summary.takenOver) from the run that was interrupted" }
        console.line(line)
        return isIncomplete ? .itemsNeedAttention : .success
    }

    private func leaveOut(_ id: String, _ reason: String) throws {
        try console.row(LeftOutRow(id: id, leftOut: true, problem: reason))
        console.alert("\(id.printable) is left out: \(reason.printable)")
    }
}

/// What `export --json` prints last of a corpus.
private struct CorpusRow: Encodable {
    let output: String
    let format: String
    let recordings: Int
    let unlisted: Int
    let takenOver: Int
    let duration: Double
    let size: Int64
}

/// What `export --json` prints of a recording that is not in a corpus.
private struct LeftOutRow: Encodable {
    let id: String
    let leftOut: Bool
    let problem: String
}
