internal import Ingestion
internal import RecordingArchive

/// Opens archives for commands.
enum OpenedArchive {
    /// Opens an archive for writing; one whose catalog is lost or damaged gets a new one from its files first.
    static func forWriting(_ path: String, console: Console) async throws -> RecordingArchive {
        do {
            return try RecordingArchive.open(at: path, access: .write)
        } catch ArchiveError.catalogMissing {
            console.alert("The archive's catalog is missing; it is made anew from the files.")
        } catch ArchiveError.catalogDamaged(_, let reason) {
            console.alert(
                "The archive's catalog is damaged (\(reason)); it is made anew from the files, and what is left of "
                    + "it kept as catalog.sqlite.damaged.")
        }
        let (recordings, failures) = try await CatalogRebuild.run(at: path)
        for failure in failures { console.alert("\(failure.path.printable): \(failure.reason)") }
        console.note("\(Quantities.count(recordings, "recording")) found.")
        return try RecordingArchive.open(at: path, access: .write)
    }
}
