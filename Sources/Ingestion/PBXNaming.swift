package import PBXClient
package import RecordingArchive

/// Finds the name that a PBX has in an archive, where nobody gives one.
///
/// It is the serial number where the PBX tells one, else host and port: two ports of a host may be forwarded to two
/// boxes. A PBX that the archive knows keeps the name that it has, for under another one all its messages would be new.
package struct PBXNaming: Sendable {
    private let session: PBXSession
    private let archive: RecordingArchive
    private let address: PBXAddress

    /// Prepares for the PBX of a session.
    package init(session: PBXSession, archive: RecordingArchive) {
        self.session = session
        self.archive = archive
        address = session.configuration.address
    }

    /// Finds the name.
    ///
    /// - Parameters:
    ///   - given: The name that a person gives; nil where they give none.
    ///   - selection: The mailboxes that will be synced.
    /// - Returns: The name, and the PBX as a thing at a place.
    /// - Throws: `PBXError` or `ArchiveError`.
    package func name(
        _ given: String?, listing selection: MailboxSelection
    ) async throws -> (name: String, box: PBXBox) {
        let place = "\(address.host.lowercased()):\(address.port)\(address.path)"
        let known = try archive.knownBox(at: place)
        if let name = given ?? known?.name { return (name, known?.box ?? PBXBox(address: place)) }
        // The first listing also shows whose box it is, and so whether it can tell its serial number.
        let listings = try await listings(selection)
        let serial = try await session.serialNumber()
        let box = PBXBox(address: place, serial: serial)
        if let serial, let name = try archive.nameOfPBX(withSerial: serial) { return (name, box) }
        if try await isNamedByHost(listings) { return (address.host, box) }
        return (serial ?? defaultName, box)
    }

    private func listings(_ selection: MailboxSelection) async throws -> [VoicemailListing] {
        do {
            return try await session.voicemails(in: selection).voicemails
        } catch PBXError.refused(.voicemailQuery, .extensionMissing, _) {
            return []
        }
    }

    private var defaultName: String {
        ([address.host, String(address.port)] + address.path.split(separator: "/").map(String.init))
            .joined(separator: "-")
    }

    /// Whether the archive knows this PBX by its host alone, as all were named once.
    ///
    /// Another port of the host may lead to another box, so one of the messages must be known.
    private func isNamedByHost(_ listings: [VoicemailListing]) async throws -> Bool {
        guard try archive.knowsPBXWithoutAddress(named: address.host) else { return false }
        for listing in listings {
            let identity = MessageIdentity(
                pbx: address.host, extension: listing.extension, listedDate: listing.date,
                caller: listing.caller, listedLength: listing.length)
            if try await archive.count(of: identity) > 0 { return true }
        }
        return listings.isEmpty
    }
}
