/// Why a manifest cannot tell of a recording.
package enum CorpusFormatError: Error, Sendable, Hashable {
    /// A name has characters that it may not have.
    case invalidName(kind: String, name: String)
    /// A fact has the name of a column that every corpus has.
    case reservedFact(name: String)
    /// A fact is named twice.
    case repeatedFact(name: String)
    /// A recording has a fact that was not announced.
    case unannouncedFact(id: String, name: String)
    /// A recording comes after one that it belongs before, or twice.
    case unordered(id: String, previous: String)
    /// A recording has no samples.
    case empty(id: String)
    /// A segment is empty, or not within the recording and behind the one before.
    case invalidSegment(id: String)
    /// A number of the recording is not one that can be written.
    case invalidMeasure(id: String)
    /// The format takes one channel only.
    case severalChannels(id: String, channels: Int, format: CorpusFormat)
    /// The path of the audio is not one that the format can name.
    case invalidPath(id: String, path: String, format: CorpusFormat)
    /// The format holds the audio, and none was given.
    case noAudio(id: String)
    /// The audio file is not as long as it was said to be.
    case wrongSize(id: String, expected: Int64, found: Int64)
    /// A file is too large for its place in a tar file.
    case tooLarge(name: String, size: Int64)
    /// A name is too long for its place in a tar file.
    case nameTooLong(name: String)
    /// zlib could not compress.
    case compression(code: Int32)
}

extension CorpusFormatError: CustomStringConvertible {
    /// One sentence that says what is wrong.
    package var description: String {
        switch self {
        case .invalidName(let kind, let name):
            "the \(kind) '\(name)' has characters that manifests cannot have there"
        case .reservedFact(let name):
            "the fact '\(name)' has the name of a column that every corpus has; give it another one"
        case .repeatedFact(let name):
            "the fact '\(name)' is there twice; give one of the two another name"
        case .unannouncedFact(let id, let name):
            "the recording \(id) has the fact '\(name)', which was not announced when the manifest was begun"
        case .unordered(let id, let previous):
            "the recording \(id) comes after \(previous), though it belongs before it or is the same"
        case .empty(let id):
            "the recording \(id) has no samples, so it cannot be in a corpus"
        case .invalidSegment(let id):
            "the recording \(id) has a segment that is empty, out of order or outside of it"
        case .invalidMeasure(let id):
            "the recording \(id) has a rate, a size or a measure that cannot be written down"
        case .severalChannels(let id, let channels, let format):
            "the recording \(id) has \(channels) channels and \(format.rawValue) takes one; export with "
                + "--channels mono"
        case .invalidPath(let id, let path, let format):
            "the audio of the recording \(id) is at '\(path)', which \(format.rawValue) cannot name"
        case .noAudio(let id):
            "the audio of the recording \(id) was not handed over, and the format holds it"
        case .wrongSize(let id, let expected, let found):
            "the audio of the recording \(id) was said to have \(expected) bytes and has \(found)"
        case .tooLarge(let name, let size):
            "\(name) has \(size) bytes, more than the 8 GiB that a tar file holds of one; leave it out with "
                + "--max-duration"
        case .nameTooLong(let name):
            "\(name) is longer than the 100 bytes that a tar file has for a name"
        case .compression(let code):
            "zlib could not compress the manifest (its code is \(code))"
        }
    }
}
