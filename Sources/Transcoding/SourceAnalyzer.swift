public import ByteSources
internal import Digests
public import Leveling
internal import PCM
internal import WaveFiles

/// Inspects a source, hashes it, decodes it and measures it, in passes of bounded memory.
public struct SourceAnalyzer: Sendable {
    private let method: LevelMethod

    /// The most samples that are kept for the encoder: 2 MiB of them.
    private static let sampleLimit = 1 << 19

    /// Makes an analyzer that measures by the given method.
    public init(method: LevelMethod) {
        self.method = method
    }

    /// Analyzes a source.
    ///
    /// - Parameter source: The bytes of a WAV file, however damaged.
    /// - Returns: The analysis; its verdict says whether the source holds audio that can be encoded.
    /// - Throws: `ByteSourceError` when the source cannot be read, `LevelingError` when a measuring library
    ///   runs out of memory.
    public func analyze(_ source: any ByteSource) throws -> SourceAnalysis {
        let inspection = try WaveInspector().inspect(source)
        var analysis = SourceAnalysis(
            inspection: inspection, digest: try source.digest(), measurement: nil, isRebuildable: false)
        guard let format = inspection.format, var signal = SignalMeter(inspection) else { return analysis }
        var meter = try LevelMeter(format: format, method: method)
        var comparison = RebuildComparison(inspection, source: source)
        let frames: Int64
        do {
            var audio = try DecodedAudio(inspection, source: source)
            if inspection.isFloatingPoint {
                var samples: [Double] = []
                while try audio.next(into: &samples) {
                    signal.add(samples.span)
                    try meter.add(samples.span)
                }
            } else {
                let keepsSamples = inspection.frames * Int64(format.channels) <= Self.sampleLimit
                var kept: [Int32] = []
                if keepsSamples { kept.reserveCapacity(Int(inspection.frames) * format.channels) }
                var samples: [Int32] = []
                while try audio.next(into: &samples) {
                    signal.add(samples.span)
                    try meter.add(samples.span)
                    try comparison?.add(samples.span)
                    if keepsSamples { kept += samples }
                }
                if keepsSamples { analysis.samples = kept }
            }
            frames = audio.frames
        } catch let WaveReaderError.refused(reason) {
            analysis.inspection = inspection.decoded(
                frames: 0, adding: [Self.refusal(reason, of: inspection)])
            return analysis
        }
        var findings = signal.findings()
        if frames < inspection.frames {
            findings.append(Self.shortfall(of: inspection.frames, decoded: frames))
        }
        analysis.inspection = inspection.decoded(frames: frames, adding: findings)
        analysis.isRebuildable = inspection.encoding != nil && comparison?.isEqual != false
        analysis.measurement = try meter.finish()
        return analysis
    }

    private static func refusal(_ reason: String, of inspection: WaveInspection) -> WaveFinding {
        WaveFinding(
            code: "codec.undecodable", severity: .fatal, offset: inspection.audio?.lowerBound,
            expected: "audio that libsndfile decodes", found: reason,
            message: "libsndfile cannot decode the audio (\(reason)).")
    }

    private static func shortfall(of promised: Int64, decoded: Int64) -> WaveFinding {
        WaveFinding(
            code: decoded == 0 ? "codec.undecodable" : "codec.frames-missing",
            severity: decoded == 0 ? .fatal : .error, offset: nil,
            expected: "\(promised) frames", found: "\(decoded) frames",
            message: "The decoder gave \(decoded) of the \(promised) frames that the data holds.")
    }
}
