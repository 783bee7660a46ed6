internal import Digests
internal import TransparencyLog

/// Somebody outside has stamped a checkpoint of the log with the time.
struct LogAnchored: ArchiveEvent {
    static let name = "anchor"

    let anchor: AnchorFiles
    /// What the stamp says, ISO 8601.
    let time: String

    init(_ anchor: AnchorFiles, time: String) {
        self.anchor = anchor
        self.time = time
    }

    init(reading line: EventLine) throws(MalformedEvent) {
        anchor = try line.need(
            AnchorFiles(
                try line.text("anchor"), checkpoint: try line.digest("checkpoint"),
                token: try line.digest("token")))
        time = try line.text("time")
    }

    var details: [CanonicalJSON.Member] {
        [
            .text("anchor", anchor.name), .text("time", time), .digest("checkpoint", anchor.checkpoint),
            .digest("token", anchor.token),
        ]
    }

    var entry: [CanonicalJSON.Member]? { details }

    func apply(to ledger: inout some Ledger, at place: EventPlace) throws {
        try ledger.keep(anchor, at: place)
    }

    var effects: [FileEffect] { [.anchorKept(anchor)] }

    var sentence: AuditSentence { AuditSentence(particularsOf: details) }
}
