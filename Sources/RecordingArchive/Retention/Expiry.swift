extension RecordingArchive {
    /// What an erasure by expiry found and did.
    public struct Expiry: Sendable, Hashable {
        /// A recording whose retention has ended.
        public struct Item: Sendable, Hashable, Identifiable {
            /// The id of the recording.
            public let id: String
            /// The policy by which it expired, as text.
            public let policy: String
            /// When its retention ended, in seconds since 1970-01-01T00:00:00Z.
            public let until: Int64
            /// How many holds keep it all the same.
            public let holds: Int

            /// When its retention ended, `2036-01-05T10:00:00Z`.
            public var untilText: String { MessageDate(unixSeconds: until).text }
        }

        /// The recordings whose retention has ended, in the order of their ingests.
        public var items: [Item]
        /// Whether those that no hold keeps were erased.
        public var wereErased: Bool

        /// Puts it together.
        public init(items: [Item], wereErased: Bool) {
            self.items = items
            self.wereErased = wereErased
        }

        /// The recordings whose retention has ended and that no hold keeps.
        public var ids: [String] { items.filter { $0.holds == 0 }.map(\.id) }

        /// How many recordings a hold keeps though their retention has ended.
        public var held: Int { items.count { $0.holds > 0 } }

        /// The policies by which those expired that no hold keeps, with how many each.
        public var policies: [String: Int] {
            items.reduce(into: [:]) { counts, item in
                if item.holds == 0 { counts[item.policy, default: 0] += 1 }
            }
        }
    }
}
