internal import ArgumentParser
internal import RecordingArchive

/// A hold that is to be released, as a person names it: by its id or the first digits of it, or by its case.
struct HoldID: ParsableArguments {
    @Argument(
        help: ArgumentHelp(
            "The hold by its id, in full or by its first digits, at least six.", valueName: "hold"))
    var id: String?

    @Option(
        name: .customLong("case"),
        help: ArgumentHelp(
            "The hold by its case, where there is only one in force for it.", valueName: "case"))
    var caseID: String?

    func validate() throws {
        guard (id == nil) != (caseID == nil) else {
            throw ValidationError("Name one hold, by its id or with --case; holds shows them.")
        }
        if let caseID { try AuditText.checkName(caseID, option: "--case") }
        if let id { try RecordingID.check([id], of: "hold") }
    }

    /// Finds the one hold in force that is meant.
    ///
    /// - Throws: `Failure` where there is none, or where the name fits several.
    func hold(in archive: RecordingArchive) async throws -> Hold {
        let holds = try await archive.holds()
        if let digits = id?.lowercased() {
            return try Self.only(holds.filter { $0.id.hasPrefix(digits) }, "whose id begins with \(digits)")
        }
        let ofCase = holds.filter { $0.caseID == caseID }
        let active = ofCase.filter(\.isActive)
        return try Self.only(active.isEmpty ? ofCase.suffix(1) : active, "for the case \(caseID ?? "")")
    }

    private static func only(_ holds: [Hold], _ which: String) throws -> Hold {
        guard let hold = holds.first else {
            throw Failure(
                .noInput, "The archive has no hold \(which.printable); holds --all shows those that it has.")
        }
        guard holds.count == 1 else {
            throw Failure(
                .noInput,
                "The archive has \(holds.count) holds \(which.printable); holds shows them, name one by its id."
            )
        }
        guard hold.isActive else {
            throw Failure(
                .noInput,
                "The hold \(hold.id) was released on \((hold.releasedAt ?? "").prefix(10)) by "
                    + "\((hold.releasedBy ?? "").printable); there is nothing to release.")
        }
        return hold
    }
}
