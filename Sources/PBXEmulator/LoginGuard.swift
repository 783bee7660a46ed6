/// Counts failed logins by address and locks an address out after too many in a row.
struct LoginGuard: Sendable {
    private struct Record: Sendable {
        var failures = 0
        var lockedUntil: Duration?
    }

    /// Addresses remembered; the emulator forgets all of them rather than grow without limit.
    private static let capacity = 4096

    /// Consecutive failures that lock an address.
    let limit: Int
    /// How long the lock holds.
    let lockTime: Duration

    private var records: [String: Record] = [:]

    init(limit: Int, lockTime: Duration) {
        self.limit = limit
        self.lockTime = lockTime
    }

    /// Whether an address is locked; a lock that has run out is forgotten with the failures before it.
    mutating func isLocked(_ address: String, at now: Duration) -> Bool {
        guard let end = records[address]?.lockedUntil else { return false }
        if now < end { return true }
        records[address] = nil
        return false
    }

    /// Counts a failure; the one that reaches the limit starts the lock.
    mutating func recordFailure(_ address: String, at now: Duration) {
        if records.count >= Self.capacity, records[address] == nil { records.removeAll() }
        var record = records[address] ?? Record()
        record.failures += 1
        if record.failures >= limit { record.lockedUntil = now + lockTime }
        records[address] = record
    }

    /// Forgets an address's failures after a login that succeeded.
    mutating func recordSuccess(_ address: String) {
        records[address] = nil
    }
}
