internal import AuditTrail
internal import TransparencyLog

extension JournalLine {
    /// A text among the details; nil where there is none of that name.
    func text(_ name: String) -> String? { details[name]?.stringValue }

    /// The texts of a list among the details; none where there is no such list.
    func texts(_ name: String) -> [String] { details[name]?.arrayValue?.compactMap(\.stringValue) ?? [] }

    /// The pairs of a key and a number in a list; nil where that has anything else, or is none.
    func pairs(_ name: String) -> [(key: String, count: Int64)]? {
        guard let pairs = details[name]?.arrayValue else { return nil }
        var found: [(key: String, count: Int64)] = []
        for pair in pairs {
            guard let values = pair.arrayValue, values.count == 2, let key = values[0].stringValue,
                let count = values[1].integerValue
            else { return nil }
            found.append((key, count))
        }
        return found
    }
}
