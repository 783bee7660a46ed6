internal import DurableFiles

/// Conversions whose outputs are written and proved, and get their names together.
public struct ConversionGroup: ~Copyable {
    private var conversions: [FileConversion] = []
    private var publications = PublicationGroup()
    /// The conversions that have an output to publish, in the order of the publications.
    private var published: [Int] = []

    /// Makes an empty group.
    public init() {}

    /// How many conversions are waiting; as many files may be open.
    public var count: Int { conversions.count }

    /// The conversion that was added last.
    public var last: FileConversion? { conversions.last }

    /// Takes a conversion that has nothing to publish.
    mutating func add(_ conversion: FileConversion) {
        conversions.append(conversion)
    }

    /// Takes a conversion with its output.
    mutating func add(
        _ conversion: FileConversion, publishing file: consuming PendingFile, as output: String,
        replacing: Bool
    ) {
        published.append(conversions.count)
        conversions.append(conversion)
        publications.add(file, as: output, replacing: replacing)
    }

    /// Publishes the outputs, and leaves the group empty.
    ///
    /// - Returns: The conversions in their order; those whose output cannot be published have become failures. No power
    ///   cut can take the outputs of the others.
    public mutating func publish() -> [FileConversion] {
        for (index, error) in zip(published, publications.publish()) {
            if let error { conversions[index].fail(error) }
        }
        defer { (conversions, published) = ([], []) }
        return conversions
    }
}
