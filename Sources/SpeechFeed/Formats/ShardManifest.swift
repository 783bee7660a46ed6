/// WebDataset's shards: `shard-000000.tar`, or `train-000000.tar` and so on, with the audio of each
/// recording, what is known of it as JSON, and where there are transcripts a text, empty where nobody knows
/// what was said: every sample of a dataset has the same parts.
///
/// Recordings of one speaker follow each other, so whoever trains on them shuffles.
struct ShardManifest: ManifestWriter {
    private struct Shard {
        var number = 0
        var length: Int64 = 0
    }

    private let settings: CorpusSettings
    private let files: any CorpusFiles
    /// Where the audio of the recording lies that was added last.
    private(set) var audioPlace: (file: String, offset: Int64)?
    /// The shards that are open, by the first part of their names.
    private var shards: [String: Shard] = [:]

    init(settings: CorpusSettings, files: any CorpusFiles) {
        self.settings = settings
        self.files = files
    }

    mutating func add(_ recording: CorpusRecording, audio: AudioPieces?) throws -> Bool {
        guard let audio else { throw CorpusFormatError.noAudio(id: recording.id) }
        let description = try describe(recording).encoded()
        let transcript = settings.hasTranscripts ? Array((recording.transcript ?? "").utf8) : nil
        let audioHeader = try TarFormat.header(
            name: "\(recording.id).\(recording.encoding.rawValue)", size: recording.size)
        let length =
            TarFormat.length(of: recording.size) + TarFormat.length(of: Int64(description.count))
            + (transcript.map { TarFormat.length(of: Int64($0.count)) } ?? 0)

        let prefix = recording.split ?? "shard"
        var shard = shards[prefix] ?? Shard()
        let whole = shard.length + length
        if shard.length > 0, whole + TarFormat.trailerLength(after: whole) > settings.shardSize {
            try close(shard, prefix: prefix)
            shard = Shard(number: shard.number + 1)
        }
        let name = Self.name(prefix: prefix, shard)
        try files.append(audioHeader, to: name)
        audioPlace = (name, shard.length + Int64(audioHeader.count))
        try copy(audio, of: recording, to: name)
        try write(description, as: "\(recording.id).json", to: name)
        if let transcript { try write(transcript, as: "\(recording.id).txt", to: name) }
        shard.length += length
        shards[prefix] = shard
        return true
    }

    mutating func finish() throws {
        for (prefix, shard) in shards.sorted(by: { $0.key < $1.key }) { try close(shard, prefix: prefix) }
        shards = [:]
    }

    private func copy(_ audio: AudioPieces, of recording: CorpusRecording, to name: String) throws {
        var found: Int64 = 0
        while let piece = try audio(), !piece.isEmpty {
            found += Int64(piece.count)
            guard found <= recording.size else { break }
            try files.append(piece, to: name)
        }
        guard found == recording.size else {
            throw CorpusFormatError.wrongSize(id: recording.id, expected: recording.size, found: found)
        }
        try fill(TarFormat.padding(after: found), in: name)
    }

    private func write(_ bytes: [UInt8], as entry: String, to name: String) throws {
        let size = Int64(bytes.count)
        try files.append(TarFormat.header(name: entry, size: size) + bytes, to: name)
        try fill(TarFormat.padding(after: size), in: name)
    }

    private func close(_ shard: Shard, prefix: String) throws {
        let name = Self.name(prefix: prefix, shard)
        try fill(TarFormat.trailerLength(after: shard.length), in: name)
        try files.close(name)
    }

    private func fill(_ count: Int64, in name: String) throws {
        if count > 0 { try files.append([UInt8](repeating: 0, count: Int(count)), to: name) }
    }

    private static func name(prefix: String, _ shard: Shard) -> String {
        "\(prefix)-\(padded(Int64(shard.number), to: 6)).tar"
    }

    /// What is known of a recording: the same members in every sample, but for measures of what is not there.
    private func describe(_ recording: CorpusRecording) -> JSONValue {
        var members = recording.details
        for fact in settings.facts where members[fact] == nil { members[fact] = .text("") }
        members["id"] = .text(recording.id)
        members["speaker"] = .text(recording.speaker)
        members["sample_rate"] = .integer(Int64(recording.sampleRate))
        members["channels"] = .integer(Int64(recording.channels))
        members["frames"] = .integer(recording.frames)
        members["duration"] = .number(recording.duration)
        members["segments"] = recording.segmentList
        members["text"] = .text(recording.transcript ?? "")
        return .object(members.mapValues(\.fractional))
    }
}
