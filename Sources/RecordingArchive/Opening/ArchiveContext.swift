public import DurableFiles
public import Foundation

/// What an archive takes from outside of its folder: the system calls, the clock, randomness, and who is at work.
public struct ArchiveContext: Sendable {
    /// Who the audit trail names: a login name as a rule.
    ///
    /// It is taken on trust.
    public var actor: String

    /// The system calls on files.
    public var operations: any FileOperations

    /// The clock.
    public var now: @Sendable () -> Date

    /// So many random bytes, which nobody can guess.
    public var randomBytes: @Sendable (_ count: Int) -> [UInt8]

    /// Makes a context; by default the system's own.
    public init(
        actor: String = ProcessInfo.processInfo.userName, operations: any FileOperations = FileSystem.posix,
        now: @escaping @Sendable () -> Date = { Date() },
        randomBytes: @escaping @Sendable (_ count: Int) -> [UInt8] = ArchiveContext.systemRandomBytes
    ) {
        self.actor = actor
        self.operations = operations
        self.now = now
        self.randomBytes = randomBytes
    }

    /// Bytes from the system's source of random numbers.
    @Sendable public static func systemRandomBytes(_ count: Int) -> [UInt8] {
        var generator = SystemRandomNumberGenerator()
        return (0..<count).map { _ in UInt8.random(in: 0...255, using: &generator) }
    }

    /// A random name: 32 hexadecimal digits.
    func randomID() -> String {
        randomBytes(16).map { byte in
            (byte < 16 ? "0" : "") + String(byte, radix: 16)
        }.joined()
    }

    /// A random number of 128 bits.
    func randomNonce() -> UInt128 {
        randomBytes(16).reduce(0) { $0 << 8 | UInt128($1) }
    }
}
