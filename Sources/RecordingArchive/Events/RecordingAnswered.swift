internal import Digests
internal import TransparencyLog

/// A person's own program has answered about a recording.
///
/// The answer itself is in the sidecar, where it can be erased.
struct RecordingAnswered: ArchiveEvent {
    static let name = "answer"

    let record: String
    /// The name of the program.
    let hook: String
    /// The commitment to the answer.
    let commitment: Digest

    init(_ answer: HookAnswer, to sidecar: Sidecar) throws(ArchiveError) {
        record = sidecar.id
        hook = answer.hook
        commitment = try answer.commitment(salt: sidecar.salt)
    }

    init(reading line: EventLine) throws(MalformedEvent) {
        record = try line.text("record")
        hook = try line.text("hook")
        commitment = try line.digest("answer")
    }

    var details: [CanonicalJSON.Member] {
        [.text("record", record), .digest("answer", commitment), .text("hook", hook)]
    }

    var entry: [CanonicalJSON.Member]? { [.text("record", record), .digest("answer", commitment)] }

    func apply(to ledger: inout some Ledger, at place: EventPlace) throws { try ledger.answer(self) }

    var effects: [FileEffect] { [.sidecarsRewritten([record])] }

    var sentence: AuditSentence { AuditSentence(.recording(record), .text(hook)) }
}
