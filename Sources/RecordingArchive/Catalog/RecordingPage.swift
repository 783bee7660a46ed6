/// A part of a list, newest recordings first, undated ones last.
public struct RecordingPage: Sendable, Hashable {
    /// Where a page ends, so that the next can begin there in no more time than the first.
    public struct Cursor: Sendable, Hashable, LosslessStringConvertible {
        let position: ListPosition

        init(position: ListPosition) {
            self.position = position
        }

        /// Reads what `description` printed; nil for anything else.
        public init?(_ description: String) {
            guard let number = Int64(description), String(number) == description else { return nil }
            position = ListPosition(number: number)
        }

        /// The cursor as text without spaces, to be handed back unchanged.
        public var description: String { String(position.number) }
    }

    /// The recordings.
    public let recordings: [Recording]

    /// Where the next page begins; nil where this is the last.
    public let next: Cursor?
}
