public import Digests
public import TransparencyLog

/// A place in a journal, between two lines, and what is known there of all lines before it.
///
/// Whoever keeps it can go on from there without reading the journal from its beginning.
public struct JournalPosition: Sendable, Hashable, Codable {
    /// The beginning of every journal.
    public static let start = JournalPosition(
        lines: 0, entries: 0, boundLines: 0, unbound: 0, lastLine: nil, chain: nil, lastSigned: nil,
        signer: nil)

    /// How many lines come before: the number of the next one.
    public private(set) var lines: Int

    /// How many of them have an entry: the index in the transparency log that the next entry gets.
    public private(set) var entries: Int

    /// How many lines there were when the last access line had been written; 0 before the first.
    public private(set) var boundLines: Int

    /// How many of the lines since then have no entry, so that nothing in the log commits to them yet.
    public private(set) var unbound: Int

    /// The digest of the last line's bytes, which tells a journal from another one; nil at the beginning.
    public private(set) var lastLine: Digest?

    /// What stands for all lines before, as the next signed line binds them; nil at the beginning, where it is 32 zeros.
    ///
    /// Behind a line it is SHA-256 over the chain before the line and the SHA-256 of the line.
    public private(set) var chain: Digest?

    /// The number of the last line that the key's holder signed.
    private var lastSigned: Int?

    /// The key that signs the next line; nil before the first line that names one.
    public private(set) var signer: VerifierKey?

    /// Goes past the next line.
    ///
    /// - Parameter line: The line of number `lines`, as a reader at this place hands it out.
    public mutating func advance(over line: JournalLine) {
        lines += 1
        if line.entry == nil { unbound += 1 } else { entries += 1 }
        if line.event == AccessDigest.event { (boundLines, unbound) = (lines, 0) }
        var hasher = SHA256Hasher()
        hasher.update(boundChain.bytes)
        hasher.update(line.digest.bytes)
        chain = hasher.finalize()
        lastLine = line.digest
        guard line.isSigned else { return }
        lastSigned = line.number
        if let key = line.namedKey { signer = key }
    }

    /// The chain, which is zeros at the beginning.
    var boundChain: Digest { chain ?? .zeros }

    /// What a line at this place is worth.
    enum Verdict {
        /// It was made by the key's holder, or by a process without the key that may do so.
        case genuine(JournalLine)
        /// Nobody who may add lines has made it.
        case foreign(JournalDamage)
        /// The key's holder has made it, and it shows that lines before it are not what they were.
        case contradicting(JournalDamage)
    }

    /// Judges the line at this place.
    func judge(_ raw: RawLine, trusting trust: JournalTrust) -> Verdict {
        guard let bytes = raw.bytes else { return .foreign(.tooLong) }
        guard let envelope = LineEnvelope(bytes) else { return judgeUnsigned(raw, bytes) }
        let key: VerifierKey
        if let signer, envelope.isSigned(by: signer) {
            key = signer
        } else if let named = Self.keyNamed(by: envelope) {
            guard trust.allows(named, insteadOf: signer) else { return .foreign(.usurping) }
            key = named
        } else {
            // A key that came later signs nothing before the line that names it, which is gone then.
            let isLater = trust.keys.contains { trust.isLater($0, than: signer) && envelope.isSigned(by: $0) }
            return isLater ? .contradicting(.unbound) : .foreign(.forged)
        }
        let line: JournalLine
        do throws(JournalDamage) {
            line = try JournalLine(raw, content: envelope.content, isSigned: true)
        } catch {
            return .contradicting(error)
        }
        // What was signed for an earlier place was copied to this one.
        if line.number < lines, let lastSigned, line.number <= lastSigned { return .foreign(.misplaced) }
        guard line.number == lines else { return .contradicting(.misplaced) }
        guard envelope.before == boundChain, AccessDigest.isRight(line, at: self) else {
            return .contradicting(.unbound)
        }
        if line.event == JournalEvent.key, line.namedKey?.name != key.name {
            return .contradicting(.incomplete)
        }
        return .genuine(line)
    }

    private func judgeUnsigned(_ raw: RawLine, _ bytes: [UInt8]) -> Verdict {
        guard bytes.count <= JournalLine.largestUnsignedSize else { return .foreign(.unsigned) }
        do throws(JournalDamage) {
            let line = try JournalLine(raw, content: Array(bytes.dropLast()), isSigned: false)
            guard line.number == lines else { return .foreign(.misplaced) }
            return line.mayBeUnsigned ? .genuine(line) : .foreign(.unsigned)
        } catch {
            return .foreign(error)
        }
    }

    /// The key that a line names which has signed it; nil for any other line.
    private static func keyNamed(by envelope: LineEnvelope) -> VerifierKey? {
        // Whatever anybody can sign is parsed here.
        guard envelope.content.count <= JournalLine.largestUnsignedSize,
            let content = CanonicalJSON(canonical: envelope.content),
            content["details"]?["event"]?.stringValue == JournalEvent.key,
            let key = content["entry"]?["new"]?.stringValue.flatMap({ VerifierKey($0) }),
            envelope.isSigned(by: key)
        else { return nil }
        return key
    }
}
