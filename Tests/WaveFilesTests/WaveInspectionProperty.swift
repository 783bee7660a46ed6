import ByteSources
import PCM
import WaveFiles

/// What holds for any bytes that are inspected as a WAVE file.
enum WaveInspectionProperty {
    /// Inspects the bytes and reads all the audio that the inspection promises; throws where it is not kept.
    static func check(_ bytes: [UInt8]) throws {
        let source = MemoryByteSource(bytes)
        let inspection = try WaveInspector().inspect(source)
        try check(inspection)
        guard inspection.verdict != .rejected else { return }
        if inspection.isFloatingPoint {
            try readNumbers(inspection, source)
        } else {
            try readIntegers(inspection, source, bytes)
        }
    }

    /// An inspection agrees with itself, and stays within the file.
    private static func check(_ inspection: WaveInspection) throws {
        for finding in inspection.findings {
            try require(!finding.message.isEmpty, "a finding says nothing")
            let offset = finding.offset ?? 0
            try require((0...inspection.size).contains(offset), "a finding lies outside of the file")
        }
        let isFatal = inspection.findings.contains { $0.severity == .fatal }
        try require(
            isFatal == (inspection.verdict == .rejected), "the verdict does not follow from the findings")
        if inspection.verdict == .rejected { return }
        guard let audio = inspection.audio, let format = inspection.format else {
            throw Violation(description: "a file that is not rejected has no audio or no format")
        }
        try require(audio.lowerBound >= 0 && audio.upperBound <= inspection.size, "the audio leaves the file")
        try require(format.channels > 0 && format.sampleRate > 0, "the format has no channel or no rate")
        try require(inspection.frames > 0, "a file that is not rejected has no frames")
    }

    /// The promised frames are there, within their width, and lead back to the bytes where an encoding says so.
    private static func readIntegers(
        _ inspection: WaveInspection, _ source: MemoryByteSource, _ bytes: [UInt8]
    ) throws {
        guard let format = inspection.format, let audio = inspection.audio else { return }
        var reader = try WaveReader(inspection, source: source)
        var meter = SignalMeter(inspection)
        var samples: [Int32] = []
        var frames: Int64 = 0
        var rebuilt: [UInt8] = []
        let limit = Int64(1) << (format.bitsPerSample - 1)
        while try reader.read(into: &samples, frames: 1000) > 0 {
            let isWithinWidth = samples.allSatisfy { Int64($0) >= -limit && Int64($0) < limit }
            try require(isWithinWidth, "a sample leaves its width")
            frames += Int64(samples.count / format.channels)
            meter?.add(samples.span)
            inspection.encoding?.append(samples.span, to: &rebuilt)
        }
        _ = meter?.findings()
        try require(frames == inspection.frames, "\(frames) of \(inspection.frames) frames are there")
        guard let encoding = inspection.encoding else { return }
        try require(rebuilt.count == audio.count, "the rebuilt audio has another length")
        // Both zeros of µ-law decode to the same value, so its codes need not come back.
        guard encoding.law != .muLaw else { return }
        let original = bytes[Int(audio.lowerBound)..<Int(audio.upperBound)]
        try require(rebuilt[...] == original, "the audio is not rebuilt")
    }

    private static func readNumbers(_ inspection: WaveInspection, _ source: MemoryByteSource) throws {
        guard let format = inspection.format else { return }
        var reader = try WaveReader(inspection, source: source)
        var meter = SignalMeter(inspection)
        var samples: [Double] = []
        var frames: Int64 = 0
        while try reader.read(into: &samples, frames: 1000) > 0 {
            frames += Int64(samples.count / format.channels)
            meter?.add(samples.span)
        }
        _ = meter?.findings()
        try require(frames == inspection.frames, "\(frames) of \(inspection.frames) frames are there")
    }

    private static func require(_ holds: Bool, _ violation: String) throws {
        if !holds { throw Violation(description: violation) }
    }

    /// What does not hold, though it should for any bytes at all.
    private struct Violation: Error, CustomStringConvertible {
        let description: String
    }
}
