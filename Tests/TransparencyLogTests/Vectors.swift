import Crypto
import DurableFiles
import Foundation
import TestSupport
import TransparencyLog

/// The log whose every byte is known: a key from the bytes 0 to 31, and three entries.
enum GoldenVector {
    static let name = "archive.example/log1"
    static let seed = (0..<32).map { UInt8($0) }
    static let verifierKey = "archive.example/log1+f3cf121c+AQOhB7/zzhC+HXDdGOdLwJln5NYwm6UNXx3chmQSVTG4"
    static let root = "Ci3QgQ8tcfuJ6PV29FHju7NnoFzMRe1QBMm4DDtRZgc="
    static let leaves = ["4b1c96fc", "4b2cea09", "8ef5b7ed"]

    static let entries = (0..<3).compactMap { index in
        let hash = NaiveTree.hash(Array("rec\(index)".utf8)).hexadecimal
        return LogEntry(Array(#"{"v":1,"seq":\#(index),"sha256":"\#(hash)"}"#.utf8))
    }
}

/// Entries of which each is known by its number.
func numberedEntries(_ numbers: Range<Int>) -> [LogEntry] {
    numbers.compactMap { LogEntry(Array("entry \($0)".utf8)) }
}

extension ScratchFolder {
    var keyPath: String { self("keys/log1") }
    var logPath: String { self("log") }

    /// Makes the key of the golden vector, whose signatures are the same each time.
    @discardableResult
    func makeKey(operations: any FileOperations = FileSystem.posix) throws -> VerifierKey {
        try SigningKey.create(
            at: keyPath, name: GoldenVector.name, seed: GoldenVector.seed, operations: operations)
    }

    func writer(
        trusting trusted: [VerifierKey] = [], extending known: [TreeHead] = [],
        operations: any FileOperations = FileSystem.posix
    ) throws -> LogWriter {
        let key = try SigningKey.open(at: keyPath, operations: operations)
        return try LogWriter.open(
            at: logPath, key: key, trusting: trusted, extending: known, operations: operations)
    }

    /// Makes a log, in as many appends as there are sizes that it had.
    @discardableResult
    func makeLog(sizes: [Int]) throws -> Checkpoint {
        try makeKey()
        var writer = try writer()
        var size = 0
        for next in sizes {
            try writer.append(numberedEntries(size..<next))
            size = next
        }
        return writer.checkpoint
    }

    func reader() throws -> LogReader {
        try LogReader(at: logPath, keys: [try SigningKey.verifierKey(ofKeyAt: keyPath)])
    }

    /// What a verification finds, its opening included.
    func findings(known: [TreeHead] = []) throws -> [LogFinding] {
        let reader: LogReader
        do {
            reader = try self.reader()
        } catch let error as LogError {
            return [.failure(error)]
        }
        var findings: [LogFinding] = []
        _ = reader.verify(known: known) { findings.append($0) }
        return findings
    }
}

extension TreeHash {
    var hexadecimal: String {
        bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
    }
}

/// RFC 6962 §2.1 word by word.
enum NaiveTree {
    static func hash(_ bytes: [UInt8]) -> TreeHash {
        // A SHA-256 digest has the 32 bytes that a hash is made from.
        TreeHash(bytes: Array(SHA256.hash(data: bytes))) ?? RootHash.empty.treeHash
    }

    static func leaf(_ entry: [UInt8]) -> TreeHash { hash([0] + entry) }

    /// MTH(D[n]).
    static func root(_ leaves: ArraySlice<TreeHash>) -> TreeHash {
        guard let first = leaves.first else { return hash([]) }
        if leaves.count == 1 { return first }
        let split = leaves.startIndex + split(leaves.count)
        return hash([1] + root(leaves[..<split]).bytes + root(leaves[split...]).bytes)
    }

    /// PATH(m, D[n]).
    static func inclusion(_ index: Int, _ leaves: ArraySlice<TreeHash>) -> [TreeHash] {
        if leaves.count == 1 { return [] }
        let middle = leaves.startIndex + split(leaves.count)
        return index < split(leaves.count)
            ? inclusion(index, leaves[..<middle]) + [root(leaves[middle...])]
            : inclusion(index - split(leaves.count), leaves[middle...]) + [root(leaves[..<middle])]
    }

    /// SUBPROOF(m, D[n], b).
    static func consistency(_ size: Int, _ leaves: ArraySlice<TreeHash>, isWhole: Bool = true) -> [TreeHash] {
        if size == leaves.count { return isWhole ? [] : [root(leaves)] }
        let middle = leaves.startIndex + split(leaves.count)
        return size <= split(leaves.count)
            ? consistency(size, leaves[..<middle], isWhole: isWhole) + [root(leaves[middle...])]
            : consistency(size - split(leaves.count), leaves[middle...], isWhole: false)
                + [root(leaves[..<middle])]
    }

    /// The largest power of two below a count.
    private static func split(_ count: Int) -> Int {
        var power = 1
        while power * 2 < count { power *= 2 }
        return power
    }
}
