public import Digests
internal import PCM
public import WaveFiles

/// What became of one source, as a row of JSON with stable names.
///
/// Every name is present in every row; what is undefined is null. Levels are in the unit of their method
/// (dBov, LUFS, dBFS), `gain` in dB, `duration` in seconds, sizes and offsets in bytes.
public struct SourceReport: Encodable, Sendable {
    /// The path of the source, usable from the current folder; nil for one that is on no disk here.
    public var file: String?
    /// The size of the source in bytes; nil where it could not be read.
    public var size: Int64?
    /// The SHA-256 of the source; nil where it could not be read.
    public var digest: Digest?
    /// What the inspection found; nil where the source could not be read.
    public var inspection: WaveInspection?
    /// What was made of the source; nil where nothing was asked to be made.
    public var conversion: Conversion?
    /// One sentence on what failed; nil where nothing did.
    public var error: String?

    /// The part of a row that speaks of the FLAC file.
    public struct Conversion: Sendable {
        /// The path of the FLAC file; nil where none was written.
        public var output: String?
        /// What is in the FLAC file; nil where none was written.
        public var recording: ProvedRecording?

        /// Makes a conversion's part of a row.
        public init(output: String? = nil, recording: ProvedRecording? = nil) {
            self.output = output
            self.recording = recording
        }
    }

    /// Makes a row.
    public init(
        file: String?, size: Int64? = nil, digest: Digest? = nil, inspection: WaveInspection? = nil,
        conversion: Conversion? = nil, error: String? = nil
    ) {
        self.file = file
        self.size = size
        self.digest = digest
        self.inspection = inspection
        self.conversion = conversion
        self.error = error
    }

    private enum Key: String, CodingKey {
        case file, size, sha256, verdict, container, codec, sampleRate, channels, bitsPerSample, frames,
            duration
        case findings, libsndfile, output, outputSize, outputSHA256, levelMethod, levelTarget, levelMeasured,
            levelFallback,
            gain,
            limitedBy
        case restore, error
    }

    /// What libsndfile says of the untouched file.
    private struct Libsndfile: Encodable {
        let result: LibsndfileResult

        private enum Key: String, CodingKey {
            case container, subtype, frames, error
        }

        func encode(to encoder: any Encoder) throws {
            var row = encoder.container(keyedBy: Key.self)
            try row.encode(result.container, forKey: .container)
            try row.encode(result.subtype, forKey: .subtype)
            try row.encode(result.frames, forKey: .frames)
            try row.encode(result.error, forKey: .error)
        }
    }

    /// Encodes the row.
    ///
    /// - Parameter encoder: Where it goes; another part of the row may be encoded there too.
    /// - Throws: What the encoder throws.
    public func encode(to encoder: any Encoder) throws {
        var row = encoder.container(keyedBy: Key.self)
        try row.encode(file, forKey: .file)
        try row.encode(size, forKey: .size)
        try row.encode(digest?.hexadecimal, forKey: .sha256)
        try row.encode(inspection?.verdict.rawValue, forKey: .verdict)
        try row.encode(inspection?.container, forKey: .container)
        try row.encode(inspection?.codec?.name, forKey: .codec)
        try row.encode(inspection?.format?.sampleRate, forKey: .sampleRate)
        try row.encode(inspection?.format?.channels, forKey: .channels)
        try row.encode(inspection?.format?.bitsPerSample, forKey: .bitsPerSample)
        try row.encode(inspection?.frames, forKey: .frames)
        try row.encode(inspection?.duration, forKey: .duration)
        try row.encode((inspection?.findings ?? []).map(FindingRow.init), forKey: .findings)
        try row.encode(inspection.map { Libsndfile(result: $0.libsndfile) }, forKey: .libsndfile)
        try row.encode(error, forKey: .error)
        guard let conversion else { return }
        let recording = conversion.recording
        try row.encode(conversion.output, forKey: .output)
        try row.encode(recording?.size, forKey: .outputSize)
        try row.encode(recording?.digest.hexadecimal, forKey: .outputSHA256)
        try row.encode(recording?.level.method, forKey: .levelMethod)
        try row.encode(recording?.level.target, forKey: .levelTarget)
        try row.encode(recording?.level.measured, forKey: .levelMeasured)
        try row.encode(recording?.level.fallback, forKey: .levelFallback)
        try row.encode(recording?.level.gain, forKey: .gain)
        try row.encode(recording?.level.limitedBy, forKey: .limitedBy)
        try row.encode(recording?.restoration.rawValue, forKey: .restore)
    }
}
