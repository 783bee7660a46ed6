internal import AuditTrail
internal import Digests
internal import TransparencyLog

/// A line with its values by name, as events are read from it.
struct EventLine {
    let line: JournalLine

    init(_ line: JournalLine) { self.line = line }

    var malformed: MalformedEvent { MalformedEvent(line: line.number) }

    func value(_ name: String) -> CanonicalJSON? { line.details[name] }

    /// Finds a value that must be there.
    func need<Value>(_ value: Value?) throws(MalformedEvent) -> Value {
        guard let value else { throw malformed }
        return value
    }

    func text(_ name: String) throws(MalformedEvent) -> String { try need(value(name)?.stringValue) }

    func integer(_ name: String) throws(MalformedEvent) -> Int64 { try need(value(name)?.integerValue) }

    func boolean(_ name: String) throws(MalformedEvent) -> Bool { try need(value(name)?.boolValue) }

    func digest(_ name: String) throws(MalformedEvent) -> Digest {
        try need(Digest(hexadecimal: try text(name)))
    }

    func texts(_ name: String) throws(MalformedEvent) -> [String] {
        let values = try need(value(name)?.arrayValue)
        let texts = values.compactMap(\.stringValue)
        guard texts.count == values.count else { throw malformed }
        return texts
    }

    /// Keys with a number each.
    func counts(_ name: String) throws(MalformedEvent) -> [KeyCount] {
        var counts: [KeyCount] = []
        for pair in try need(value(name)?.arrayValue) {
            guard let values = pair.arrayValue, values.count == 2, let key = values[0].stringValue,
                let count = values[1].integerValue
            else { throw malformed }
            counts.append(KeyCount(key: key, count: count))
        }
        return counts
    }

    func entryValue(_ name: String) -> CanonicalJSON? { line.entry?[name] }

    func entryText(_ name: String) throws(MalformedEvent) -> String {
        try need(entryValue(name)?.stringValue)
    }

    func entryInteger(_ name: String) throws(MalformedEvent) -> Int64 {
        try need(entryValue(name)?.integerValue)
    }

    func entryDigest(_ name: String) throws(MalformedEvent) -> Digest {
        try need(Digest(hexadecimal: try entryText(name)))
    }
}

/// How many messages there are of a message key.
struct KeyCount: Sendable, Hashable {
    let key: String
    let count: Int64
}

extension CanonicalJSON.Member {
    static func text(_ name: String, _ value: String) -> Self { .init(name, .string(value)) }
    static func integer(_ name: String, _ value: some BinaryInteger) -> Self {
        .init(name, .integer(Int64(value)))
    }
    static func digest(_ name: String, _ value: Digest) -> Self { .init(name, .string(value.hexadecimal)) }
    static func texts(_ name: String, _ values: [String]) -> Self {
        .init(name, .array(values.map { .string($0) }))
    }
    static func counts(_ name: String, _ counts: [KeyCount]) -> Self {
        .init(name, .array(counts.map { .array([.string($0.key), .integer($0.count)]) }))
    }
}

/// A number of records, as an entry binds them without naming them all.
enum RecordSet {
    /// SHA-256 over the ids in ascending order, each followed by a line feed.
    static func digest(_ ids: [String]) -> Digest {
        SHA256Hasher.digest(of: Array(ids.sorted().map { $0 + "\n" }.joined().utf8))
    }

    static func entry(_ ids: [String]) -> [CanonicalJSON.Member] {
        [.integer("count", ids.count), .digest("digest", digest(ids))]
    }
}
