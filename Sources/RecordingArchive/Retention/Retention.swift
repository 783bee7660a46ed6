/// How long a recording is kept, and what that follows from.
public struct Retention: Sendable, Hashable, Codable {
    /// Without end.
    public static let forever = Retention(policy: .forever, created: 0)

    /// The rule.
    public let policy: RetentionPolicy

    /// The date of the event; nil where it is not set, or the policy has none.
    public let event: CalendarDate?

    /// The moment from which on the recording may be erased, in seconds since 1970-01-01T00:00:00Z; nil for never.
    public let until: Int64?

    /// Makes a retention; its end follows.
    ///
    /// - Parameters:
    ///   - policy: The rule.
    ///   - event: The date of the event; nil where it is not set.
    ///   - created: When the recording was made, in seconds since 1970-01-01T00:00:00Z, see
    ///     `RecordingFacts.retentionStart`.
    public init(policy: RetentionPolicy, event: CalendarDate? = nil, created: Int64) {
        self.init(policy: policy, event: event, until: policy.until(created: created, event: event))
    }

    /// Takes over a retention as the catalog has it.
    init(policy: RetentionPolicy, event: CalendarDate?, until: Int64?) {
        self.policy = policy
        self.event = event
        self.until = until
    }

    /// The end as text, `2036-01-05T10:00:00Z`; nil for never.
    public var untilText: String? { until.map { MessageDate(unixSeconds: $0).text } }
}

extension RecordingFacts {
    /// When the message was left, or where that is unknown when the recording was made, in seconds since
    /// 1970-01-01T00:00:00Z: what sidecars have always counted from.
    var created: Int64 {
        (date.flatMap(MessageDate.init) ?? MessageDate(archivedAt))?.unixSeconds ?? 0
    }

    /// Where retention from creation begins, in seconds since 1970-01-01T00:00:00Z.
    ///
    /// A recording is made undated where its message's date cannot be. Older archives have recordings whose dates are too
    /// early, and which would be due at once: they are kept from when they were made. One whose date is too late stays
    /// kept as long as was said when it was made.
    public var retentionStart: Int64 { Self.retentionStart(date: date, archivedAt: archivedAt) }

    static func retentionStart(date: String?, archivedAt: String) -> Int64 {
        let arrival = MessageDate(archivedAt)?.unixSeconds
        guard let date = date.flatMap(MessageDate.init)?.unixSeconds else { return arrival ?? 0 }
        return date < MessageDate.earliest ? max(date, arrival ?? date) : date
    }
}
