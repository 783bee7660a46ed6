internal import AuditTrail
internal import Digests
public import Foundation
internal import TransparencyLog

/// What a person's own program has answered when it was shown a recording: a transcript, say.
public struct HookAnswer: Sendable, Hashable {
    /// The most bytes that an answer has: 1 MiB, a day of speech as text.
    public static let largestSize = 1 << 20

    /// The name that the program goes by; a recording has one answer for each name.
    public let hook: String

    /// When it was given, ISO 8601 in UTC with milliseconds.
    public let at: String

    /// The answer: one object of canonical JSON (RFC 8785).
    public let json: String

    /// Takes an answer as the program gave it; nil unless that is one JSON object, of at most `largestSize` bytes and
    /// nested at most 64 deep.
    ///
    /// - Parameters:
    ///   - bytes: Any bytes. Numbers become those that a `Double` holds.
    ///   - hook: The name that the program goes by.
    ///   - time: When it was given.
    public init?(_ bytes: [UInt8], hook: String, at time: Date) {
        guard bytes.count <= Self.largestSize,
            let value = try? JSONDecoder().decode(CanonicalJSON.self, from: Data(bytes)),
            value.members != nil, let canonical = try? value.encoded(), canonical.count <= Self.largestSize,
            CanonicalJSON(canonical: canonical) != nil
        else { return nil }
        self.hook = hook
        at = JournalTime(time).text
        json = String(decoding: canonical, as: UTF8.self)
    }

    /// The member `text` of the answer, which is taken for what was said; nil where there is no such text.
    public var transcript: String? { value?["text"]?.stringValue }

    /// Every text in the answer, its transcript and others, with spaces between: what a search looks through.
    var words: String {
        var words: [String] = []
        func gather(_ value: CanonicalJSON) {
            if let text = value.stringValue { words.append(text) }
            for element in value.arrayValue ?? [] { gather(element) }
            for member in value.members ?? [] { gather(member.value) }
        }
        if let value { gather(value) }
        return words.joined(separator: " ")
    }

    /// What the log is told of the answer: SHA-256 over the recording's salt and the answer with its name and time, so
    /// that it tells nothing once the salt is gone.
    func commitment(salt: Digest) throws(ArchiveError) -> Digest {
        SHA256Hasher.digest(of: salt.bytes + (try Sidecar.canonical(self, hook)))
    }

    private var value: CanonicalJSON? { CanonicalJSON(canonical: Array(json.utf8)) }
}

extension HookAnswer: Codable {
    private enum Key: String, CodingKey {
        case answer, at, hook
    }

    /// Reads an object with `hook`, `at`, and the answer itself as `answer`.
    ///
    /// - Parameter decoder: Where it comes from.
    /// - Throws: `DecodingError`, also where the answer is no object.
    public init(from decoder: any Decoder) throws {
        let object = try decoder.container(keyedBy: Key.self)
        let answer = try object.decode(CanonicalJSON.self, forKey: .answer)
        guard answer.members != nil else {
            throw DecodingError.dataCorruptedError(
                forKey: .answer, in: object, debugDescription: "an answer is an object")
        }
        hook = try object.decode(String.self, forKey: .hook)
        at = try object.decode(String.self, forKey: .at)
        json = String(decoding: try answer.encoded(), as: UTF8.self)
    }

    /// Writes such an object.
    ///
    /// - Parameter encoder: Where it goes.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var object = encoder.container(keyedBy: Key.self)
        try object.encode(value, forKey: .answer)
        try object.encode(at, forKey: .at)
        try object.encode(hook, forKey: .hook)
    }
}
