internal import ByteSources
internal import Digests
internal import FLACFiles
internal import Leveling
internal import PCM
internal import RecordingArchive
internal import Transcoding

/// The facts of a recording as its own FLAC file tells them: what a lost catalog is made anew from.
enum ArchivedFacts {
    /// Reads the facts of a file.
    ///
    /// The findings are not in the file; its source can be inspected again after a restore.
    ///
    /// - Parameters:
    ///   - path: The FLAC file.
    ///   - archivedAt: The time to give as that of its making, ISO 8601.
    /// - Returns: nil for a FLAC file that is no recording of a message.
    /// - Throws: `FLACError` or `ByteSourceError` when the file is damaged or cannot be read.
    static func read(_ path: String, archivedAt: String) throws -> RecordingFacts? {
        let file = try FileByteSource(path: path)
        let metadata = try FLACMetadata(file)
        func tag(_ name: String) -> String? { metadata.values(named: name).first.map(NULFreeText.decode) }
        guard let envelope = metadata.envelope?.envelope,
            let sourceDigest = Digest(bytes: envelope.sourceSHA256),
            let pbx = tag("PBX"), let number = tag("EXTENSION"), let listedDate = tag("VOICEMAIL_DATE"),
            let listedLength = tag("VOICEMAIL_LENGTH")
        else { return nil }
        let format = (tag("SOURCE_FORMAT") ?? "").split(separator: " ").map(String.init)
        let frames = metadata.streamInfo.totalFrames ?? 0
        let stored = metadata.streamInfo.format
        return RecordingFacts(
            identity: MessageIdentity(
                pbx: pbx, extension: number, listedDate: listedDate, caller: tag("CALLER") ?? "",
                listedLength: listedLength),
            readStatus: tag("READ_STATUS") ?? "", date: tag("DATE"),
            source: RecordingFacts.Source(
                name: tag("SOURCE_NAME") ?? "", size: envelope.sourceSize, sha256: sourceDigest,
                container: format.first, codec: format.dropFirst().first),
            verdict: tag("SOURCE_VERDICT") ?? "", findings: "[]",
            audio: RecordingFacts.Audio(
                sampleRate: stored.sampleRate, channels: stored.channels, bitsPerSample: envelope.sourceBits,
                frames: frames, duration: stored.duration(ofFrames: frames)),
            stored: RecordingFacts.StoredFile(size: file.byteCount, sha256: try file.digest()),
            level: level(metadata), restore: envelope.isKept ? "kept" : "rebuilt", warnings: [],
            archivedAt: archivedAt)
    }

    private static func level(_ metadata: FLACMetadata) -> RecordingFacts.Level {
        func tag(_ name: String) -> String? { metadata.values(named: name).first }
        func number(_ name: String) -> Double? {
            tag(name)?.split(separator: " ").first.flatMap { Double($0) }
        }
        let limit = tag("LEVEL_LIMITED_BY")
        let isTagged = number("REPLAYGAIN_TRACK_GAIN").map { $0 != 0 } ?? false
        return RecordingFacts.Level(
            mode: (isTagged ? LevelMode.tagged : LevelMode.applied).rawValue,
            method: tag("LEVEL_METHOD") ?? LevelMethod.none.rawValue, target: number("LEVEL_TARGET"),
            measured: number("LEVEL_MEASURED"), gain: number("LEVEL_GAIN"),
            limitedBy: limit == GainLimit.none.rawValue ? nil : limit)
    }
}
