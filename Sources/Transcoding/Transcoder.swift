public import ByteSources
internal import Digests
public import FLACFiles
internal import Leveling
internal import PCM
internal import WaveFiles

/// Makes a FLAC file of a source, and proves that the source comes back from it.
public struct Transcoder: Sendable {
    /// The most bytes of a file that are held in memory, a minute of telephone speech; a longer one is read in pieces.
    static let memoryLimit = 1 << 20

    /// What a person chose.
    public let options: TranscodingOptions

    /// Comes between encoding and proof: a test puts another file at the path, and says what the encoder wrote.
    var willProve: @Sendable (_ path: String, _ output: FLACOutput) throws -> FLACOutput = { $1 }

    /// Makes a transcoder; it holds no state, and may be used for any number of sources at once.
    public init(options: TranscodingOptions) {
        self.options = options
    }

    /// Inspects, decodes and measures a source.
    ///
    /// - Parameter source: The bytes of a WAV file, however damaged.
    /// - Returns: The analysis that `encode` needs.
    /// - Throws: `ByteSourceError` or `LevelingError`.
    public func analyze(_ source: any ByteSource) throws -> SourceAnalysis {
        try SourceAnalyzer(method: options.target.method).analyze(source)
    }

    /// Encodes an analyzed source into an open file, and proves the file.
    ///
    /// The file is written but not synced: the caller publishes it, and only after this has returned.
    ///
    /// - Parameters:
    ///   - source: The bytes that were analyzed.
    ///   - analysis: What `analyze` said of them.
    ///   - name: The source's file name, for the tags.
    ///   - comments: Further tags, such as the facts of a message.
    ///   - descriptor: An empty file, open for writing.
    ///   - path: The same file's path, through which it is read back.
    /// - Returns: What was written.
    /// - Throws: `TranscodingError.rejected` for a source without audio, `TranscodingError.proofFailed`, `FLACError`
    ///   when the file cannot be written, `ByteSourceError` when the source cannot be read.
    public func encode(
        _ source: any ByteSource, _ analysis: SourceAnalysis, name: String, comments: [VorbisComment] = [],
        descriptor: Int32, path: String
    ) throws -> ProvedRecording {
        let inspection = analysis.inspection
        guard inspection.verdict != .rejected, let format = inspection.format,
            let measurement = analysis.measurement
        else { throw TranscodingError.rejected(summary: inspection.worstFinding) }

        let plan = GainPlan.plan(measurement, target: options.target, ceiling: options.ceiling)
        let scale = StoredScale(
            format: format, isFloatingPoint: inspection.isFloatingPoint, measurement: measurement, plan: plan,
            mode: options.mode)
        let tags = SourceTags(
            name: name, analysis: analysis, measurement: measurement, plan: plan, scale: scale,
            options: options)
        let (envelope, verbatim) = Self.envelope(for: source, analysis, format, scale)

        let stored = PCMFormat(
            sampleRate: format.sampleRate, channels: format.channels, bitsPerSample: scale.outputBits)
        var encoder = try FLACEncoder(
            FLACEncoding(
                format: stored, compressionLevel: options.compressionLevel, totalFrames: inspection.frames),
            comments: tags.comments + comments, envelope: envelope, verbatim: verbatim, descriptor: descriptor
        )
        // A kept original comes back whatever the samples are.
        var hasher = envelope.isKept ? SampleHasher(bitsPerSample: stored.bitsPerSample) : nil
        if var samples = analysis.samples {
            scale.apply(&samples)
            hasher?.update(samples.span)
            try encoder.encode(samples.span)
        } else {
            try Self.encode(source, inspection, scale, into: &encoder, &hasher)
        }
        let output = try willProve(path, try encoder.finish())
        let (size, digest) = try Proof(
            output: output, format: stored, frames: inspection.frames, envelope: envelope,
            samples: hasher?.finalize()
        ).run(on: path, source: source)
        return ProvedRecording(
            size: size, digest: digest, sourceDigest: analysis.digest,
            restoration: envelope.isKept ? .kept : .rebuilt,
            level: level(measurement, plan, scale))
    }

    /// Decodes a source for the second time, block by block.
    private static func encode(
        _ source: any ByteSource, _ inspection: WaveInspection, _ scale: StoredScale,
        into encoder: inout FLACEncoder, _ hasher: inout SampleHasher?
    ) throws {
        var audio = try DecodedAudio(inspection, source: source)
        var stored: [Int32] = []
        if case .clamped(let scale) = scale, inspection.isFloatingPoint {
            var samples: [Double] = []
            while try audio.next(into: &samples) {
                scale.apply(samples.span, into: &stored)
                hasher?.update(stored.span)
                try encoder.encode(stored.span)
            }
        } else {
            while try audio.next(into: &stored) {
                scale.apply(&stored)
                hasher?.update(stored.span)
                try encoder.encode(stored.span)
            }
        }
        // The analysis decoded this many; a source that is being written to may now give others.
        guard audio.frames == inspection.frames else { throw TranscodingError.sourceChanged }
    }

    private static func envelope(
        for source: any ByteSource, _ analysis: SourceAnalysis, _ format: PCMFormat, _ scale: StoredScale
    ) -> (Envelope, [VerbatimPart]) {
        let inspection = analysis.inspection
        var restoration = Envelope.Restoration.kept(scale.integers)
        var verbatim = [VerbatimPart(source: source, range: 0..<source.byteCount)]
        if analysis.isRebuildable, let encoding = inspection.encoding, let audio = inspection.audio,
            let integers = scale.integers
        {
            let end =
                audio.lowerBound + inspection.frames * Int64(format.channels * encoding.bytesPerSample)
            restoration = .rebuilt(
                encoding, integers, prefixLength: audio.lowerBound, suffixLength: source.byteCount - end)
            verbatim = [
                VerbatimPart(source: source, range: 0..<audio.lowerBound),
                VerbatimPart(source: source, range: end..<source.byteCount),
            ]
        }
        let envelope = Envelope(
            restoration: restoration, sourceBits: format.bitsPerSample, sourceSize: source.byteCount,
            sourceSHA256: analysis.digest.bytes)
        return (envelope, verbatim)
    }

    private func level(
        _ measurement: LevelMeasurement, _ plan: GainPlan, _ scale: StoredScale
    ) -> ProvedRecording.Level {
        guard options.target.method != .none else {
            return ProvedRecording.Level(method: LevelMethod.none.rawValue)
        }
        return ProvedRecording.Level(
            method: measurement.method.rawValue, target: options.target.value.value,
            measured: measurement.level?.value, fallback: measurement.fallback?.rawValue,
            gain: scale.gain(of: plan, mode: options.mode).value,
            limitedBy: plan.limit == .none ? nil : plan.limit.rawValue)
    }
}
