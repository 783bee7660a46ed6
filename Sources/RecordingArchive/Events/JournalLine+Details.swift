internal import AuditTrail
internal import TransparencyLog

extension JournalLine {
    /// A text among the details; nil where there is none of that name.
    func text(_ name: String) -> String? { details[name]?.stringValue }

    /// The texts of a list among the details; none where there is no such list.
    func texts(_ name: String) -> [String] { details[name]?.arrayValue?.compactMap(\.stringValue) ?? [] }
}
