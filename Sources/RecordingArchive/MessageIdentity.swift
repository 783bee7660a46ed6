/// What makes two listings of a PBX the same message, as far as a listing can tell.
///
/// The PBX renumbers its files and moves them between folders, so neither file name nor read status belongs here.
/// Messages that agree in all of this are told apart by the SHA-256 of their audio, and then by counting.
public struct MessageIdentity: Sendable, Hashable, Codable {
    /// The name of the PBX.
    public var pbx: String
    /// The extension whose mailbox holds the message.
    public var `extension`: String
    /// The date as listed: local time of the PBX, without a zone.
    public var listedDate: String
    /// The caller as listed; empty where the PBX gives none.
    public var caller: String
    /// The length as listed: seconds, as text.
    public var listedLength: String

    /// Makes an identity from what a PBX lists; every text is kept as it is.
    public init(pbx: String, extension: String, listedDate: String, caller: String, listedLength: String) {
        self.pbx = pbx
        self.extension = `extension`
        self.listedDate = listedDate
        self.caller = caller
        self.listedLength = listedLength
    }

    /// The texts as bytes, each preceded by its length, so that no two different identities give the same bytes.
    var lengthPrefixed: [UInt8] {
        [pbx, `extension`, listedDate, caller, listedLength].flatMap { Array("\($0.utf8.count):\($0)".utf8) }
    }
}
