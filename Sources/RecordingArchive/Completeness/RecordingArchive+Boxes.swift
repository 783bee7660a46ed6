internal import GRDB

/// A PBX as a thing at a place, by which it is known again whatever it was named.
public struct PBXBox: Sendable, Hashable {
    /// Host and port, with the path of a proxy if there is one: two ports of a host may lead to two boxes.
    public var address: String
    /// Its serial number; nil where it tells none.
    public var serial: String?

    /// Describes a PBX.
    public init(address: String, serial: String? = nil) {
        self.address = address
        self.serial = serial
    }
}

extension RecordingArchive {
    /// The PBX that was last at an address, with the name that its messages have; nil where none was.
    ///
    /// - Parameter address: See `PBXBox.address`.
    /// - Returns: The PBX.
    /// - Throws: `ArchiveError`.
    public nonisolated func knownBox(
        at address: String
    ) throws(ArchiveError) -> (name: String, box: PBXBox)? {
        try catalog.readNow { database in
            try Row.fetchOne(
                database, sql: "SELECT pbx, serial FROM box WHERE address = ?",
                arguments: [NULFreeText.encode(address)]
            ).map { row in
                (
                    NULFreeText.decode(try row.decode(forColumn: "pbx")),
                    PBXBox(
                        address: address,
                        serial: try row.decode(String?.self, forColumn: "serial").map(NULFreeText.decode))
                )
            }
        }
    }

    /// The name that the messages of a PBX have, by its serial number; nil where none of that number is known.
    ///
    /// - Parameter serial: The serial number.
    /// - Returns: The name.
    /// - Throws: `ArchiveError`.
    public nonisolated func nameOfPBX(withSerial serial: String) throws(ArchiveError) -> String? {
        try catalog.readNow { database in
            try String.fetchOne(
                database,
                sql: """
                    SELECT pbx FROM box WHERE serial = ?1
                    UNION ALL SELECT pbx FROM contact WHERE pbx = ?1 LIMIT 1
                    """,
                arguments: [NULFreeText.encode(serial)]
            ).map(NULFreeText.decode)
        }
    }

    /// Whether a PBX of a name has listed messages when nobody took down yet where it is.
    ///
    /// - Parameter name: The name.
    /// - Returns: Whether it has, and no address is known of it.
    /// - Throws: `ArchiveError`.
    public nonisolated func knowsPBXWithoutAddress(named name: String) throws(ArchiveError) -> Bool {
        try catalog.readNow { database in
            try Bool.fetchOne(
                database,
                sql: """
                    SELECT EXISTS (SELECT 1 FROM contact WHERE pbx = ?1)
                        AND NOT EXISTS (SELECT 1 FROM box WHERE pbx = ?1)
                    """,
                arguments: [NULFreeText.encode(name)]) ?? false
        }
    }
}
