internal import ArgumentParser
internal import RecordingArchive

extension RecordingID {
    /// How many digits of an id are shown where the whole is too long.
    static let shown = 12

    /// Checks that texts can be ids, before anything is opened.
    ///
    /// - Throws: `ValidationError` that names the first that cannot.
    static func check(_ texts: [String], of thing: String = "recording") throws {
        guard let wrong = texts.first(where: { !isID($0) }) else { return }
        let name = wrong.count > 40 ? wrong.prefix(39) + "…" : wrong[...]
        throw ValidationError(
            "\(String(name).printable) is no \(thing)'s id; give its \(length) hexadecimal digits, or at least the first "
                + "\(shortest) of them.")
    }

    /// Finds the one recording that a text stands for, which must not have been erased.
    ///
    /// - Returns: The whole id.
    /// - Throws: `Failure` where it was erased or the text stands for several, `ArchiveError` where there is none.
    static func present(_ text: String, in archive: RecordingArchive) async throws -> String {
        let id = try await resolve(text, in: archive)
        guard let tombstone = try await archive.tombstone(id: id) else { return id }
        throw Failure(
            .noInput,
            "The recording \(id) was erased on \(tombstone.erasedAt.prefix(10)) by \(tombstone.actor.printable) "
                + "(\(tombstone.ground.printable)); audit tells of it.")
    }
}
