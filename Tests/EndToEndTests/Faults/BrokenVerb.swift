import Foundation
import PBXEmulator
import TestSupport
import Testing

/// A verb that a fault breaks off, the archive that it works on, and what must hold afterwards.
struct BrokenVerb {
    enum Verb: String, CaseIterable {
        case hold, release, retain, erase, expire, replicate, anchor, export
        /// `export` of a corpus, and of an answer into the archive.
        case corpus, hook
    }

    let scratch: ScratchFolder

    /// The arguments of the verb, with absolute paths.
    let arguments: [String]

    private let verb: Verb

    /// How many recordings the archive holds when the verb is done.
    private let recordings: Int

    /// What the names of the files of erased recordings begin with.
    private let erased: [String]

    /// Prepares an archive, and all that the verb needs: a hold, a dry run, a replica.
    ///
    /// - Throws: `UnexpectedEnd`, where a verb that prepares it fails.
    init(_ verb: Verb) async throws {
        self.verb = verb
        guard verb != .replicate else {
            (scratch, recordings) = try await (Self.behind(), 4)
            (arguments, erased) = (Self.begin("replicate", in: scratch), [])
            return
        }
        let kept = try await KeptArchive()
        scratch = kept.scratch
        let ids = kept.rows.map(\.id)
        func prepare(_ verb: String, _ arguments: String..., as actor: String = "alice") async throws {
            let command = Self.begin(verb, in: kept.scratch, as: actor) + arguments
            let result = try await Tool.voxkeep.run(command, environment: kept.environment)
            guard result.status == 0 else { throw UnexpectedEnd(result) }
        }
        var names: [String] = []
        let end: [String]
        switch verb {
        case .hold: end = ["--case", "C", "--reason", "suit", ids[0]]
        case .release:
            try await prepare("hold", "--case", "C", "--reason", "suit", ids[0])
            try await prepare("release", "--case", "C", "--reason", "settled", as: "bob")
            end = ["--case", "C", "--reason", "settled"]
        case .retain: end = ["--policy", "20y", "--reason", "contract", ids[0], ids[1]]
        case .erase:
            try await prepare("replicate", "--replica", scratch("replica"))
            end = ["--ground", "request", ids[2], ids[4]]
            names = [kept.rows[2].output, kept.rows[4].output]
        case .expire:
            try await prepare("replicate", "--replica", scratch("replica"))
            try await prepare("expire", "--dry-run")
            end = []
            names = [kept.rows[0].output, kept.rows[1].output]
        case .export: end = ["--format", "bagit", "--output", scratch("bag"), "--originals"]
        case .corpus: end = ["--format", "kaldi", "--output", scratch("corpus")]
        case .hook: end = ["--hook", "cat >&2; echo '{}'", "--hook-name", "test", ids[0]]
        case .anchor, .replicate:
            let folder = try await Self.authority.value.folder.path
            end = [
                "--tsa-ca", folder + "/root.pem", "--through",
                "cd \(folder) && openssl ts -reply -config openssl.cnf -queryfile /dev/stdin "
                    + "-inkey signer.key -signer signer.pem 2>/dev/null",
            ]
        }
        let name = [.corpus, .hook].contains(verb) ? "export" : verb.rawValue
        arguments = Self.begin(name, in: scratch) + end
        recordings = ids.count - names.count
        erased = names.map { URL(filePath: $0).deletingPathExtension().lastPathComponent }
    }

    private static let authority = Task { try await LocalTimestampAuthority() }

    /// An archive of four recordings, and a replica that has the first of them alone.
    private static func behind() async throws -> ScratchFolder {
        let pbx = try await SyncedPBX(SyncedPBX.mailboxes(messages: 1), inMemory: true)
        let replica = pbx.scratch("replica")
        let options = ["--key-file", pbx.scratch("log.key")]
        var result = try await pbx.sync(options + ["--replica", replica])
        guard result.status == 0 else { throw UnexpectedEnd(result) }
        try FileManager.default.moveItem(atPath: replica, toPath: replica + " away")
        await pbx.emulator.mutate { $0 = SyncedPBX.mailboxes(messages: 4) }
        result = try await pbx.sync(options)
        // 1: the replica is not there.
        guard [0, 1].contains(result.status) else { throw UnexpectedEnd(result) }
        try FileManager.default.moveItem(atPath: replica + " away", toPath: replica)
        try await pbx.emulator.stop()
        return pbx.scratch
    }

    var environment: [String: String] { ["XDG_CONFIG_HOME": scratch("configuration")] }

    private static func begin(_ verb: String, in scratch: ScratchFolder, as actor: String = "alice")
        -> [String]
    {
        [
            verb, "--archive", scratch("archive"), "--key-file", scratch("log.key"), "--actor", actor,
        ]
    }

    /// Checks the archive as it was left, runs the verb again, and checks that all is done and nothing twice.
    func check(_ result: ToolResult, after fault: Comment) async throws {
        let left = try await voxkeep("verify", "--json")
        #expect(left.status == 0, "\(fault); \(left.text)")
        let before = try await effects()
        if result.status == 0 {
            #expect(before == 1, fault)
            expectNothingErased(in: "archive", fault)
        }

        let again = try await Tool.voxkeep.run(arguments, environment: environment)
        // 66, 73: it was done before.
        let isDone = before > 0 && again.status == doneBefore
        #expect(again.status == 0 || isDone, "\(fault); \(again.status) \(again.diagnostics)")
        let after = try await voxkeep("verify", "--json")
        #expect(after.status == 0 && !after.text.contains("\"kind\""), "\(fault); \(after.text)")
        #expect(try await effects() == (isRepeatable ? before + 1 : 1), fault)
        for place in hasReplica ? ["archive", "replica"] : ["archive"] {
            expectNothingErased(in: place, fault)
            let count = scratch.files().count {
                $0.hasPrefix(place + "/recordings/") && $0.hasSuffix(".flac")
            }
            #expect(count == recordings, "\(fault); in the \(place)")
        }
        if verb == .hold { #expect(try await rows("holds").count == before + 1, fault) }
        if verb == .export { try await expectWholeBag(fault) }
        #expect(!scratch.files().contains { $0.contains("unfinished") }, fault)
    }

    /// Whether the verb, run again, does a second time what it did: places another hold, takes another time stamp.
    private var isRepeatable: Bool { [.hold, .retain, .anchor].contains(verb) }

    private var hasReplica: Bool { [.erase, .expire, .replicate].contains(verb) }

    /// What the verb ends with where there is nothing left to do.
    private var doneBefore: Int32 {
        switch verb {
        case .release, .erase: 66
        case .export, .corpus: 73
        default: 0
        }
    }

    /// How often the verb did its work, as whole lines of the journal tell it: the catalog may be behind.
    private func effects() async throws -> Int {
        switch verb {
        case .hold: return lines("hold").count
        case .release: return lines("release").count
        case .retain: return lines("retention").count
        case .anchor: return lines("anchor").count
        case .erase, .expire:
            let records = lines("erase").count
            #expect([0, erased.count].contains(records))
            return records / erased.count
        case .export: return FileManager.default.fileExists(atPath: scratch("bag")) ? 1 : 0
        case .corpus:
            let files = scratch.files().filter { $0.hasPrefix("corpus/") }
            #expect(files.isEmpty || files.count == recordings + 5, "\(files)")
            return files.isEmpty ? 0 : 1
        case .hook: return lines("answer").count
        case .replicate: return try await rows("verify").contains { $0.contains("replica.behind") } ? 0 : 1
        }
    }

    private func lines(_ event: String) -> [Substring] {
        let journal = scratch.text("archive/journal/000000.jsonl") ?? ""
        // The last line may be cut off.
        return journal.split(separator: "\n", omittingEmptySubsequences: false).dropLast().filter {
            $0.contains("\"event\":\"\(event)\"")
        }
    }

    private func expectNothingErased(in place: String, _ fault: Comment) {
        let left = scratch.files().filter { file in
            file.hasPrefix(place + "/") && erased.contains { file.contains($0) }
        }
        #expect(left.isEmpty, fault)
    }

    private func expectWholeBag(_ fault: Comment) async throws {
        let sums = try await Tool("sha256sum").run(
            ["--check", "--quiet", "manifest-sha256.txt", "tagmanifest-sha256.txt"], folder: scratch("bag"))
        #expect(sums.status == 0, "\(fault); \(sums.text)")
        let names = try FileManager.default.contentsOfDirectory(atPath: scratch.path).sorted()
        #expect(
            names.filter { $0 != "configuration" && !$0.hasPrefix("log.key") } == ["archive", "bag"], fault)
    }

    private func rows(_ verb: String, _ arguments: String...) async throws -> [String] {
        let result = try await Tool.voxkeep.run(
            [verb, "--archive", scratch("archive"), "--json"] + arguments, environment: environment)
        guard result.status == 0 else { throw UnexpectedEnd(result) }
        return result.lines
    }

    private func voxkeep(_ verb: String, _ arguments: String...) async throws -> ToolResult {
        try await Tool.voxkeep.run(
            [verb, "--archive", scratch("archive"), "--key-file", scratch("log.key")] + arguments,
            environment: environment)
    }
}
