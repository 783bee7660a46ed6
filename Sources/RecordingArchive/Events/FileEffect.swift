internal import Digests

/// What follows from an event on files: in the archive itself, and in each replica when it is brought up to date.
enum FileEffect {
    /// A recording has come: where others have its files, a replica gets them. The digest is that of the report on a
    /// recording in quarantine.
    case recordingKept(String, report: Digest?)
    /// Files of an erased recording go.
    case recordingRemoved(String)
    /// Sidecars show what the catalog says of these recordings now.
    case sidecarsRewritten([String])
    /// Sidecars of the recordings that a hold has taken in show what the catalog says of them now.
    case sidecarsOfHoldRewritten(String)
    /// What a PBX has listed and the archive lacks is written down in clear.
    case listingWritten(pbx: String)
    /// The files of an anchor are there.
    case anchorKept(AnchorFiles)
}

/// The files of an anchor, and their SHA-256.
struct AnchorFiles {
    /// `<tree size>-<nonce>`.
    let name: String
    let checkpoint: Digest
    let token: Digest

    /// Puts an anchor together; nil where the name is none of an anchor: it becomes part of a path.
    init?(_ name: String, checkpoint: Digest, token: Digest) {
        guard StoredAnchor.parts(name) != nil, !name.utf8.contains(UInt8(ascii: "/")) else { return nil }
        (self.name, self.checkpoint, self.token) = (name, checkpoint, token)
    }

    /// The files by their paths in an archive, each with its SHA-256.
    var files: [(path: String, digest: Digest)] {
        [("anchors/\(name).checkpoint", checkpoint), ("anchors/\(name).tsr", token)]
    }
}
