internal import ArgumentParser
internal import RecordingArchive

/// Which recordings a change is about: some by their ids, those that pass a filter, or all.
struct SelectionOptions: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            "Recordings by their ids, each in full or by its first digits, at least six.", valueName: "id"))
    var ids: [String] = []

    @OptionGroup(title: "Filter") var filterOptions: FilterOptions

    @Flag(help: "All recordings; instead of ids and filters.")
    var all = false

    func validate() throws {
        try RecordingID.check(ids)
        let isFiltered = filterOptions.filter() != RecordingFilter()
        switch [!ids.isEmpty, isFiltered, all].count(where: { $0 }) {
        case 0: throw ValidationError("Name recordings by their ids or by a filter, or say --all.")
        case 1: break
        default: throw ValidationError("Ids, a filter and --all exclude one another; use one of them.")
        }
    }

    /// Finds out which recordings these are.
    ///
    /// - Parameters:
    ///   - archive: Where they are looked for.
    ///   - mayBeNone: Whether a filter may let none through.
    /// - Returns: The recordings.
    /// - Throws: `Failure` where there are none, or an id is not the one of a recording.
    func selection(in archive: RecordingArchive, mayBeNone: Bool = false) async throws -> RecordingSelection {
        guard ids.isEmpty else {
            var found: [String] = []
            for id in ids { found.append(try await RecordingID.present(id, in: archive)) }
            return .ids(found)
        }
        let filter = filterOptions.filter()
        if !mayBeNone, try await archive.recordings(matching: filter, limit: 1).recordings.isEmpty {
            throw Failure(
                .noInput,
                all
                    ? "The archive has no recordings."
                    : "No recording passes the filter; list shows which do.")
        }
        return .matching(filter)
    }
}
