internal import TransparencyLog

/// What the audit says of an event, in parts: how ids are shortened and numbers are worded is for whoever prints it.
package struct AuditSentence: Sendable, Hashable {
    /// A part of the sentence.
    package enum Part: Sendable, Hashable {
        /// Words as they are.
        case text(String)
        /// The id of a recording, behind words that may be empty.
        case recording(String, after: String = "")
        /// The id of a hold.
        case hold(String)
        /// The ids of some recordings, and whether those that come count too.
        case recordings([String], andComing: Bool = false)
    }

    /// The parts, in order; those of empty text are left out.
    package let parts: [Part]

    init(_ parts: Part?...) {
        self.parts = parts.compactMap(\.self).filter { $0 != .text("") }
    }

    /// Says what is particular to an event by the names of its details.
    init(particularsOf details: [CanonicalJSON.Member]) {
        let particulars = Self.particulars(of: details).sorted { $0.name < $1.name }
            .map { "\($0.name) \($0.text)" }
        self.init(.text(particulars.joined(separator: ", ")))
    }

    /// The texts and whole numbers among details that not every line has, by name.
    static func particulars(of details: [CanonicalJSON.Member]) -> [(name: String, text: String)] {
        details.compactMap { member in
            guard !common.contains(member.name) else { return nil }
            return (member.value.stringValue ?? member.value.integerValue.map(String.init)).map {
                (member.name, $0)
            }
        }
    }

    /// The names of the details that every line has.
    private static let common: Set = ["actor", "at", "event", "n", "nonce"]
}
