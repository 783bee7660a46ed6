internal import Anchoring
internal import ArgumentParser
internal import Digests
internal import DurableFiles
internal import Foundation
internal import RecordingArchive
internal import Timestamps
internal import TransparencyLog

/// `voxkeep anchor`.
struct AnchorCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "anchor",
        abstract: "Has the newest checkpoint of the log stamped by a time-stamp authority (RFC 3161).",
        discussion: """
            A time stamp binds even whoever has the archive and its key: nothing that was in the log by then can be changed \
            later without it showing. verify checks every stamp.

            Examples, with any authority that speaks RFC 3161 over HTTP:
              voxkeep anchor --archive /srv/voicemail --tsa-ca authority.pem --through \\
                'curl -sSH "Content-Type: application/timestamp-query" --data-binary @- https://tsa.example/'
            or in two steps, on a machine without a network:
              voxkeep anchor --archive /srv/voicemail --query checkpoint.tsq
              voxkeep anchor --archive /srv/voicemail --answer checkpoint.tsr

            """ + ExitStatus.explanation)

    @OptionGroup var archiveOptions: ArchiveOptions
    @OptionGroup var keyOption: KeyOption

    @Option(help: ArgumentHelp("Write the query for the newest checkpoint to this file.", valueName: "file"))
    var query: String?

    @Option(help: ArgumentHelp("Check the answer in this file, and keep it.", valueName: "file"))
    var answer: String?

    @Option(
        help: ArgumentHelp(
            "A shell command that takes the query on its standard input and prints the answer.",
            valueName: "command"))
    var through: String?

    @Option(
        name: .customLong("tsa-ca"),
        help: ArgumentHelp(
            "A PEM file of the authorities to trust; it is kept in the archive for later checks.",
            valueName: "file"))
    var authorities: String?

    @OptionGroup var outputOptions: OutputOptions

    func validate() throws {
        guard [query, answer, through].count(where: { $0 != nil }) == 1 else {
            throw ValidationError("Give one of --query, --answer and --through.")
        }
    }

    func perform(on console: Console) async throws -> ExitStatus {
        var roots: TimestampCertificates?
        var pem: String?
        if let authorities {
            let text = try AuthorityFile.text(authorities)
            roots = try TimestampCertificates(pem: text)
            pem = text
        }
        let archive = try await OpenedArchive.forWriting(
            archiveOptions.archive, key: keyOption, context: archiveOptions.context, console: console)
        try await archive.flush()
        if let pem { try await archive.setAnchorAuthorities(pem) }
        if roots == nil, let kept = try archive.anchorAuthorities() {
            roots = try TimestampCertificates(pem: kept)
        }
        if let query {
            let (anchor, bytes) = try await begin(archive)
            try PendingFile.writeFile(bytes, to: query, replacing: true)
            console.line("\(query.printable)  the query for \(anchor.name)")
            console.note("Send it to an authority, and give its answer to anchor --answer.")
            return .success
        }
        let proved: AnchorCheck.Proved
        if let answer {
            guard let bytes = FileManager.default.contents(atPath: answer) else {
                throw Failure(.noInput, "\(answer.printable) cannot be read; check its path.")
            }
            proved = try await end(archive, Array(bytes), roots)
        } else {
            let (anchor, bytes) = try await begin(archive)
            let answer = try await FilterProgram.run(through ?? "", input: bytes)
            proved = try await end(archive, answer, roots, only: anchor)
        }
        try await archive.close()
        try console.row(AnchorRow(proved))
        console.line(
            "\(proved.name)  \(proved.head.size) entries stamped at \(proved.timeText) by \(proved.authority.name.printable)"
        )
        if roots == nil {
            console.alert(
                "WARNING: nothing says who that authority is; give its certificates with --tsa-ca, and again to verify."
            )
        }
        return .success
    }

    private func begin(_ archive: RecordingArchive) async throws -> (StoredAnchor, [UInt8]) {
        let begun = try await archive.beginAnchor { TimestampQuery(digest: $0, nonce: $1).bytes }
        return (begun.anchor, begun.query)
    }

    /// Finds the anchor that an answer is for, and keeps the answer.
    private func end(
        _ archive: RecordingArchive, _ answer: [UInt8], _ roots: TimestampCertificates?,
        only anchor: StoredAnchor? = nil
    ) async throws -> AnchorCheck.Proved {
        let candidates = anchor.map { [$0] } ?? archive.anchors().filter { $0.answer == nil }
        let info = try TimestampAnswer(answer).info
        guard
            let anchor = candidates.first(where: {
                SHA256Hasher.digest(of: $0.checkpoint).bytes == info.imprint
            })
        else {
            throw Failure(
                .noInput,
                "The answer is to none of the archive's queries; ask again with --query or --through.")
        }
        let proved = try await AnchorCheck.prove(anchor, answer, try archive.verifierKeys(), roots)
        try await archive.endAnchor(anchor, answer: answer, time: proved.timeText)
        return proved
    }
}

/// What `anchor --json` prints.
private struct AnchorRow: Encodable {
    let anchor: String
    let entries: UInt64
    let time: String
    let authority: String

    init(_ proved: AnchorCheck.Proved) {
        anchor = proved.name
        entries = proved.head.size
        time = proved.timeText
        authority = proved.authority.name
    }
}
