internal import RecordingArchive

/// Opens archives for commands.
enum OpenedArchive {
    /// Opens an archive for writing; one whose catalog is lost or damaged gets a new one first.
    static func forWriting(
        _ path: String, key: KeyOption, context: ArchiveContext, console: Console
    ) async throws -> RecordingArchive {
        func open() async throws(ArchiveError) -> RecordingArchive {
            try await RecordingArchive.open(
                at: path, access: .write, key: key.existingFinder, context: context)
        }
        do throws(ArchiveError) {
            return try await open()
        } catch {
            switch error {
            case .catalogMissing:
                console.alert("The archive's catalog is missing; it is made anew from journal and sidecars.")
            case .catalogDamaged(_, let reason):
                console.alert(
                    "The archive's catalog is damaged (\(reason)); it is made anew from journal and sidecars, and what "
                        + "is left of it kept as catalog.sqlite.damaged.")
            default: throw error
            }
        }
        Self.report(try RecordingArchive.rebuildCatalog(at: path, context: context), on: console)
        return try await open()
    }

    /// Opens an archive once for writing, which completes what earlier runs left, where the key is there.
    static func settle(
        _ path: String, key: KeyOption, context: ArchiveContext, console: Console
    ) async throws {
        do throws(ArchiveError) {
            let archive = try await RecordingArchive.open(
                at: path, access: .write,
                key: key.existingFinder, context: context)
            try await archive.close()
        } catch {
            guard case .signing = error else { throw error }
            console.note("What earlier runs left waits for the key: \(error.description.printable).")
        }
    }

    /// Opens an archive for a change of what it has.
    ///
    /// Unlike a sync, such a command makes nothing where there is nothing: no archive at a path that was mistyped, no
    /// catalog in what is a replica, no key.
    static func forChanging(
        _ options: ArchiveOptions, key: KeyOption, isDiskFull: Bool = false
    ) async throws -> RecordingArchive {
        try await RecordingArchive.open(at: options.archive, access: .read).close()
        return try await RecordingArchive.open(
            at: options.archive, access: .write,
            key: key.existingFinder, isDiskFull: isDiskFull, context: options.context)
    }

    /// Opens an archive for an erasure and does it; where the disk is full, once more with the archive's reserve given up.
    ///
    /// What is called erases what is there still.
    static func forErasing(
        _ options: ArchiveOptions, key: KeyOption, on console: Console,
        _ erase: (RecordingArchive) async throws -> Void
    ) async throws -> RecordingArchive {
        func attempt(isDiskFull: Bool) async throws -> RecordingArchive {
            let archive = try await forChanging(options, key: key, isDiskFull: isDiskFull)
            try await erase(archive)
            return archive
        }
        do {
            return try await attempt(isDiskFull: false)
        } catch {
            guard RecordingArchive.givesUpReserve(at: options.archive, after: error) else { throw error }
        }
        console.alert("The disk is full; the archive's reserve was given up for what is to be erased.")
        return try await attempt(isDiskFull: true)
    }

    /// Tells what making a catalog anew came upon.
    static func report(_ summary: RebuildSummary, on console: Console) {
        for path in summary.damaged { console.alert("\(path.printable) is no sidecar as it was written.") }
        for id in summary.lost {
            console.alert(
                "The recording \(id) has lost its sidecar and is not listed; run verify, and restore the "
                    + "file from a copy.")
        }
        console.note("\(Quantities.count(summary.recordings, "recording")) found.")
    }
}
