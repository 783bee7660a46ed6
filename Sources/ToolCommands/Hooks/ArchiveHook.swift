internal import Exporting
internal import Foundation
internal import RecordingArchive

/// Shows recordings of an archive to a hook, and keeps what it answers with them.
struct ArchiveHook {
    let options: HookOptions
    let writer: BriefWriter
    let console: Console

    /// Asks about each recording that has audio, and no answer of this hook yet.
    ///
    /// - Parameters:
    ///   - ids: The recordings.
    ///   - note: Tells the audit trail which recordings are given out, before any is.
    /// - Returns: The ids of those that have no answer; each was told of.
    /// - Throws: `Failure`, `ArchiveError`.
    func run(_ ids: [String], note: ([String]) async throws -> Void) async throws -> Set<String> {
        let (reader, writer, console) = (writer.reader, writer, console)
        let hook = HookRun(options, console: console, now: writer.context.now)
        var (asked, known): ([String], Int) = ([], 0)
        for id in ids {
            guard let recording = try await reader.recording(id: id), recording.state == .archived else {
                continue
            }
            if !options.again, recording.answers.contains(where: { $0.hook == hook.name }) {
                known += 1
            } else {
                asked.append(id)
            }
        }
        if !asked.isEmpty {
            // What cannot be kept is not asked for.
            if case .readOnly = try await writer.attempt({ _ in }) {
                throw Failure(
                    .cannotWriteOutput,
                    "The archive at \(reader.path.printable) cannot be written to, or its key is not there, so that it can keep no "
                        + "answers."
                )
            }
            try await note(asked)
        }
        let summary = try await hook.run(asked) { id in
            guard let recording = try await reader.recording(id: id) else {
                throw Failure(.itemsNeedAttention, Self.erased)
            }
            let path = reader.absolutePath(of: recording)
            return HookRun.Shown(
                path: path, digest: recording.facts.stored.sha256,
                facts: try HookFacts(path: path, metadata: RecordingMetadata(recording, path: path)).encoded()
            )
        } keep: { answers in
            try await Self.keep(answers, writer, console)
        }
        console.line(
            "hook \(hook.name)  \(Quantities.count(summary.answered, "recording")) answered, \(known) before, "
                + "\(summary.failed.count) without an answer")
        return summary.failed
    }

    private static let erased = "it was erased meanwhile, and can have no answer"

    /// Keeps answers as soon as nobody else is writing to the archive.
    private static func keep(
        _ answers: [String: HookAnswer], _ writer: BriefWriter, _ console: Console
    ) async throws -> [String: String] {
        while true {
            var gone: [String] = []
            let outcome = try await writer.attempt { gone = try await $0.store(answers) }
            switch outcome {
            case .written:
                return gone.reduce(into: [:]) { $0[$1] = erased }
            case .readOnly:
                throw Failure(
                    .cannotWriteOutput, "The archive cannot be written to any more; check its disk.")
            case .inUse:
                console.show(bar: "Answers wait for the archive, to which another process is writing.")
                try await Task.sleep(for: .milliseconds(500))
            }
        }
    }
}

/// What a hook is told of a recording: all that `list --json` tells of it, and `path`, its audio file.
struct HookFacts: Encodable {
    let path: String
    let metadata: any Encodable

    private enum Key: String, CodingKey {
        case path
    }

    func encode(to encoder: any Encoder) throws {
        try metadata.encode(to: encoder)
        var object = encoder.container(keyedBy: Key.self)
        try object.encode(path, forKey: .path)
    }

    /// One line of JSON, without a line feed.
    func encoded() throws -> [UInt8] {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return Array(try encoder.encode(self))
    }
}
