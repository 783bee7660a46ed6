internal import TransparencyLog

/// What an archive goes by where nothing else is said was set, or changed.
struct SettingChanged: ArchiveEvent {
    static let name = "setting"

    let setting: ArchiveSetting
    let value: CanonicalJSON
    let reason: String

    init(_ setting: ArchiveSetting, to value: CanonicalJSON, reason: String) {
        self.setting = setting
        self.value = value
        self.reason = reason
    }

    init(reading line: EventLine) throws(MalformedEvent) {
        setting = ArchiveSetting(
            kind: try line.need(ArchiveSetting.Kind(rawValue: try line.text("setting"))),
            subject: line.value("of")?.stringValue ?? "")
        value = try line.need(line.value("value"))
        reason = try line.text("reason")
    }

    var details: [CanonicalJSON.Member] {
        [.text("setting", setting.kind.rawValue), .init("value", value), .text("reason", reason)]
            + (setting.subject.isEmpty ? [] : [.text("of", setting.subject)])
    }

    // The name of a PBX, and what is set for it, stay in the line.
    var entry: [CanonicalJSON.Member]? { [.text("setting", setting.kind.rawValue)] }

    func apply(to ledger: inout some Ledger, at place: EventPlace) throws {
        try ledger.set(setting, to: value)
    }

    var sentence: AuditSentence {
        AuditSentence(
            .text(setting.kind.rawValue), .text(setting.subject),
            .text(
                value.stringValue ?? (try? value.encoded()).map { String(decoding: $0, as: UTF8.self) } ?? ""),
            .text(reason))
    }
}

/// What can be set.
struct ArchiveSetting: Sendable, Hashable {
    enum Kind: String, Sendable {
        /// How long recordings are kept for which nothing else is said: a policy.
        case retention
    }

    let kind: Kind
    /// What it is set for; empty where it is for the whole archive.
    let subject: String

    /// How long recordings are kept for which nothing else is said.
    static let retention = ArchiveSetting(kind: .retention, subject: "")
}

extension RecordingArchive {
    /// How long recordings are kept for which nothing else is said.
    ///
    /// - Returns: The policy.
    /// - Throws: `ArchiveError`.
    public nonisolated func defaultRetention() throws(ArchiveError) -> RetentionPolicy {
        let value = try catalog.readNow { try Progress.text(.setting(.retention), $0) }
        let text = value.flatMap { CanonicalJSON(canonical: Array($0.utf8))?.stringValue }
        return text.flatMap(RetentionPolicy.init) ?? .undecided
    }

    /// Sets how long recordings that come from now on are kept for which nothing else is said.
    func setDefaultRetention(_ policy: RetentionPolicy, reason: String) throws(ArchiveError) {
        try record(SettingChanged(.retention, to: .string(policy.description), reason: reason))
        try flush()
    }
}
