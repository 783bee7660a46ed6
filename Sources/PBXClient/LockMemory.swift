public import Foundation

/// What one run tells the next about the lock of a box, which itself does not say when that ends.
///
/// A time that each run counts from its own beginning would never be reached.
public struct LockMemory: Sendable {
    /// Until when the PBX has locked this machine out, as far as is known.
    public var recall: @Sendable () -> Date?
    /// Keeps that time; nil where the PBX has granted a login since.
    public var keep: @Sendable (Date?) -> Void

    /// Makes a memory.
    public init(recall: @escaping @Sendable () -> Date?, keep: @escaping @Sendable (Date?) -> Void) {
        self.recall = recall
        self.keep = keep
    }

    /// No memory at all.
    public static let none = LockMemory(recall: { nil }, keep: { _ in })
}
