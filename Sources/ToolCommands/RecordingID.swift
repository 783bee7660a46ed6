internal import RecordingArchive

/// Reads the id of a recording as a person gives it: whole, or its first digits as long as they tell it from others.
enum RecordingID {
    /// The digits of a whole id.
    static let length = 32

    /// The fewest digits that stand for an id: fewer are too easily those of another one later on.
    static let shortest = 6

    /// Whether a text can be an id or the beginning of one.
    static func isID(_ text: String) -> Bool {
        (shortest...length).contains(text.utf8.count) && text.utf8.allSatisfy(isDigit)
    }

    /// Finds the one id that a text stands for: that of a recording, or of one that was erased.
    ///
    /// - Parameters:
    ///   - text: 6 to 32 hexadecimal digits.
    ///   - archive: The archive.
    /// - Returns: The whole id, in lowercase.
    /// - Throws: `Failure` for what is no id or stands for several, `ArchiveError` where there is none.
    static func resolve(_ text: String, in archive: RecordingArchive) async throws -> String {
        guard isID(text) else {
            throw Failure(
                .usage,
                "\(text.printable) is no recording's id; give 6 to 32 hexadecimal digits, as list --json shows them."
            )
        }
        let found = try await archive.ids(prefix: text.lowercased(), limit: 4)
        guard let first = found.first else { throw ArchiveError.noRecording(id: text.lowercased()) }
        guard found.count == 1 else {
            let some = found.prefix(3).joined(separator: ", ") + (found.count > 3 ? " and others" : "")
            throw Failure(.noInput, "\(text.lowercased()) stands for \(some); give more digits.")
        }
        return first
    }

    private static func isDigit(_ byte: UInt8) -> Bool {
        switch byte {
        case UInt8(ascii: "0")...UInt8(ascii: "9"), UInt8(ascii: "a")...UInt8(ascii: "f"),
            UInt8(ascii: "A")...UInt8(ascii: "F"):
            true
        default: false
        }
    }
}
