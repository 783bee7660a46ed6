/// What a manifest has to know of a corpus before it is told of the first recording.
package struct CorpusSettings: Sendable, Hashable {
    /// The names of all facts that recordings may have, in the order of the columns.
    ///
    /// Where columns are the same for all, a recording that lacks a fact has an empty text there.
    package var facts: [String]

    /// Whether any recording has a transcript.
    package var hasTranscripts: Bool

    /// The most bytes that a shard has; one with a single sample may have more.
    package var shardSize: Int64

    /// Puts settings together.
    ///
    /// - Parameters:
    ///   - facts: The names of all facts that recordings may have, in the order of the columns.
    ///   - hasTranscripts: Whether any recording has a transcript.
    ///   - shardSize: The most bytes of a shard, 1 GiB unless told.
    package init(facts: [String] = [], hasTranscripts: Bool = false, shardSize: Int64 = 1 << 30) {
        self.facts = facts
        self.hasTranscripts = hasTranscripts
        self.shardSize = shardSize
    }
}
