internal import ArgumentParser
internal import Foundation
internal import RecordingArchive

/// `voxkeep missing`.
struct MissingCommand: ParsableCommand {
    static let configuration = CommandConfiguration(
        commandName: "missing",
        abstract: "Shows the messages that a PBX has listed and the archive lacks, and acknowledges them.",
        discussion: """
            A message that was deleted on the PBX before it could be fetched, or whose file was not to be had, stays \
            missing, and makes status and sync end with exit code 1, until it comes after all or somebody accepts that \
            it is missing.

            Examples:
              voxkeep missing --archive /srv/voicemail
              voxkeep missing accept 1a2b3c4d --reason "heard and deleted at reception" --archive /srv/voicemail
              voxkeep missing --accepted --archive /srv/voicemail


            """ + ExitStatus.explanation,
        subcommands: [List.self, Accept.self], defaultSubcommand: List.self)

    /// `voxkeep missing list`.
    struct List: Verb {
        static let configuration = CommandConfiguration(
            commandName: "list",
            abstract: "Shows the messages that are missing, what was listed first coming first.",
            discussion: ExitStatus.explanation)

        @OptionGroup var archiveOption: ArchiveOption

        @Flag(help: "Show those that somebody has accepted, by whom, when and why, instead of the others.")
        var accepted = false

        @OptionGroup var outputOptions: OutputOptions

        func perform(on console: Console) async throws -> ExitStatus {
            let archive = try await RecordingArchive.open(at: archiveOption.archive, access: .read)
            let missing = try await archive.missing(isAccepted: accepted)
            for message in missing { try MissingRow(message).print(on: console) }
            let count = missing.reduce(0) { $0 + $1.listing.count }
            console.note(
                "\(Quantities.count(count, "message")) missing\(accepted ? ", as is accepted" : "").")
            return .success
        }
    }

    /// `voxkeep missing accept`.
    struct Accept: Verb {
        static let configuration = CommandConfiguration(
            commandName: "accept",
            abstract: "Acknowledges that messages are missing, with a reason that the audit trail keeps.",
            discussion: """
                They make no exit code 1 any more, and are fetched all the same, should the PBX still have them.


                """ + ExitStatus.explanation)

        @Argument(
            help: ArgumentHelp(
                "Messages by their ids as missing shows them, each in full or by its first digits, at least six.",
                valueName: "id"))
        var ids: [String] = []

        @Flag(help: "All messages that are missing now, instead of ids.")
        var all = false

        @OptionGroup var reasonOption: ReasonOption
        @OptionGroup var archiveOptions: ArchiveOptions
        @OptionGroup var keyOption: KeyOption
        @OptionGroup var outputOptions: OutputOptions

        func validate() throws {
            try RecordingID.check(ids, of: "message")
            guard all == ids.isEmpty else {
                throw ValidationError("Name messages by their ids, or say --all; missing shows them.")
            }
        }

        func perform(on console: Console) async throws -> ExitStatus {
            let archive = try await OpenedArchive.forChanging(archiveOptions, key: keyOption)
            let missing = try await archive.missing().map(\.listing.messageKey)
            var keys: [String] = []
            for id in ids { keys.append(try Self.resolve(id, among: missing)) }
            let accepted = try await archive.acceptMissing(all ? nil : keys, reason: reasonOption.reason)
            let isAccepted = Set(accepted.map(\.messageKey))
            for message in try await archive.missing(isAccepted: true)
            where isAccepted.contains(message.listing.messageKey) {
                try MissingRow(message).print(on: console)
            }
            let count = accepted.reduce(0) { $0 + $1.count }
            console.note("\(Quantities.count(count, "missing message")) accepted.")
            try await archive.close()
            return .success
        }

        private static func resolve(_ id: String, among missing: [String]) throws -> String {
            let found = missing.filter { $0.hasPrefix(id.lowercased()) }
            guard let first = found.first else { throw ArchiveError.noMissing(key: id.lowercased()) }
            guard found.count == 1 else {
                throw Failure(
                    .noInput, "\(id.lowercased()) stands for \(found.count) messages; give more digits.")
            }
            return first
        }
    }
}

/// A message that is missing as a row of JSON, and as a line for people.
private struct MissingRow: Encodable {
    private let message: MissingMessage

    private enum Key: String, CodingKey {
        case id, pbx, `extension`, listedDate, caller, listedLength, firstListed, count
        case acceptedAt, acceptedBy, reason
    }

    init(_ message: MissingMessage) {
        self.message = message
    }

    func encode(to encoder: any Encoder) throws {
        let listing = message.listing
        var row = encoder.container(keyedBy: Key.self)
        try row.encode(listing.messageKey, forKey: .id)
        try row.encode(listing.pbx, forKey: .pbx)
        try row.encode(listing.extension, forKey: .extension)
        try row.encode(listing.date, forKey: .listedDate)
        try row.encode(listing.caller, forKey: .caller)
        try row.encode(listing.length, forKey: .listedLength)
        try row.encode(listing.firstListed, forKey: .firstListed)
        try row.encode(listing.count, forKey: .count)
        try row.encode(message.acceptance?.at, forKey: .acceptedAt)
        try row.encode(message.acceptance?.actor, forKey: .acceptedBy)
        try row.encode(message.acceptance?.reason, forKey: .reason)
    }

    func print(on console: Console) throws {
        try console.row(self)
        console.line(line)
        if let acceptance = message.acceptance {
            console.line(
                "  accepted \(HoldRow.time(acceptance.at)) by \(acceptance.actor.printable): "
                    + acceptance.reason.printable)
        }
    }

    private var line: String {
        let listing = message.listing
        let id = String(listing.messageKey.prefix(RecordingID.shown))
        let since = "listed first \(HoldRow.time(listing.firstListed))"
        let times = listing.count > 1 ? "  \(listing.count) of them" : ""
        guard let identity = listing.identity else {
            return "\(id)  of \(listing.pbx.printable), and nothing else is known of it  \(since)\(times)"
        }
        return [
            id, identity.listedDate.printable.fitted(to: 19), identity.extension.printable.fitted(to: 6),
            "from \(identity.caller.printable.fitted(to: 16))",
            "\(identity.listedLength.printable) s".fitted(to: 6), since,
        ].joined(separator: "  ") + times
    }
}
