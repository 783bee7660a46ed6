internal import FLACFiles
internal import PBXClient
internal import RecordingArchive

/// The Vorbis comments that say which message a recording is; docs/format.md says what each means.
///
/// They repeat the identity as the PBX listed it, so that a lost catalog can be made anew from the files.
struct VoicemailTags {
    let identity: MessageIdentity
    let readStatus: String
    let date: String?

    var comments: [VorbisComment] {
        var tags = [
            ("PBX", identity.pbx), ("EXTENSION", identity.extension), ("CALLER", identity.caller),
        ]
        if let date { tags.append(("DATE", date)) }
        tags += [
            ("VOICEMAIL_DATE", identity.listedDate), ("VOICEMAIL_LENGTH", identity.listedLength),
            ("READ_STATUS", readStatus),
        ]
        return tags.map { VorbisComment(name: $0.0, value: NULFreeText.encode($0.1)) }
    }
}

extension VoicemailListing {
    /// The file's name without folders and control characters, at most 255 bytes: what a PBX calls a file is no path.
    var plainFileName: String {
        let last = file.split { $0 == "/" || $0 == "\\" }.last ?? ""
        var name = ""
        for scalar in last.unicodeScalars where scalar.properties.generalCategory != .control {
            guard name.utf8.count + UTF8.width(scalar) <= 255 else { break }
            name.unicodeScalars.append(scalar)
        }
        return name.isEmpty ? "message.wav" : name
    }
}
