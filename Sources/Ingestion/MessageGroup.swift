internal import Digests
internal import Foundation
internal import PBXClient
internal import RecordingArchive

/// The listings of one identity, of which the archive has fewer messages, or wants better audio.
struct MessageGroup: Sendable {
    let identity: MessageIdentity
    /// Where the PBX has them, each place once.
    let listings: [VoicemailListing]
    /// The recordings of which better audio is wanted; nil where messages are lacking.
    let doubtful: DoubtfulMessage?
    /// What earlier rounds of the sync have learned.
    var past = GroupPast()
}

/// What a round of a sync has learned of a group that it did not come to the end of.
struct GroupPast: Sendable, Hashable {
    /// What audio lay at each place, where all have been fetched.
    var places: [VoicemailListing: Digest] = [:]
    /// The audio that the sync has told of.
    var told: Set<Digest> = []
}

extension DoubtfulMessage {
    /// How long after its recording, and after each fetch in vain, better audio is looked for, in seconds: the last one
    /// again and again.
    static let pauses: [TimeInterval] = [3600, 4 * 3600, 86_400, 3 * 86_400, 7 * 86_400]

    /// Whether it is time to fetch the message again.
    func isDue(at now: Date) -> Bool {
        // A box that ends all answers early is rarely out of order for an hour, and is known to have been so.
        if lastRefetch == nil, parts.contains(where: \.isCutShort) { return true }
        let moments = lastRefetch.map { [$0] } ?? parts.map(\.archivedAt)
        guard let last = moments.compactMap(Self.moment).max() else { return true }
        let elapsed = now.timeIntervalSince(last)
        // A clock that was set back must not put it off for years.
        return elapsed < 0 || elapsed >= Self.pauses[min(refetches, Self.pauses.count - 1)]
    }

    private static func moment(_ text: String) -> Date? {
        (try? Date(text, strategy: .iso8601))
            ?? (try? Date(text, strategy: Date.ISO8601FormatStyle(includingFractionalSeconds: true)))
    }
}
