public import ByteSources
internal import PCM

/// Inspects WAVE files: walks the chunks, judges every field, and asks libsndfile for its own opinion.
///
/// No more than a few windows of 64 KiB of the file are in memory, whatever its size or its header claim.
public struct WaveInspector: Sendable {
    /// More chunks than these keep libsndfile out, which stores a record of each.
    private static let libsndfileChunks = 10_000

    /// Makes an inspector.
    public init() {}

    /// Inspects a file.
    ///
    /// A file of any content is inspected; what is wrong with it is in the findings.
    ///
    /// - Parameter source: The bytes of the file.
    /// - Returns: The facts, the findings and the verdict.
    /// - Throws: `ByteSourceError` when the bytes cannot be read.
    public func inspect(_ source: any ByteSource) throws(ByteSourceError) -> WaveInspection {
        let window = ByteWindow(source)
        var findings = FindingList()
        guard let form = try FormLocator(window: window).locate(&findings) else {
            return WaveInspection(
                size: source.byteCount, container: nil, codec: nil, format: nil, frames: 0, audio: nil,
                findings: findings.sorted, verdict: Verdict(worst: findings.worst), chunks: [],
                libsndfile: .notAsked("the file is no WAVE file"), layout: nil)
        }
        var walk = ChunkWalk(window, form)
        try walk.run()
        let chunk = try Self.formatChunk(walk, &findings)
        let layout = chunk.flatMap { FormatCheck(chunk: $0, order: form.order).layout(&findings) }
        let audio = try Self.audio(walk, layout, source, &findings)
        let libsndfile = try Self.libsndfile(walk, tag: chunk?.tag)
        findings.add(contentsOf: walk.findings)
        let isDecodable = findings.worst != .fatal
        return WaveInspection(
            size: source.byteCount, container: form.id.description, codec: layout?.codec,
            format: layout?.format,
            frames: isDecodable ? audio?.frames ?? 0 : 0, audio: isDecodable ? audio?.range : nil,
            findings: findings.sorted, verdict: Verdict(worst: findings.worst), chunks: walk.chunks,
            libsndfile: libsndfile, layout: isDecodable ? layout : nil)
    }

    private static func formatChunk(
        _ walk: ChunkWalk, _ findings: inout FindingList
    ) throws(ByteSourceError) -> FormatChunk? {
        guard let content = walk.format else {
            findings.add(
                .formatMissing, .fatal, at: walk.firstChunk, expected: "a fmt chunk", found: "none",
                "The file has no fmt chunk, so the format of its audio is not known.")
            return nil
        }
        if let chunk = try FormatChunk(walk.window, content: content, walk.form.order) { return chunk }
        findings.add(
            .formatTruncated, .fatal, at: content.lowerBound, expected: "at least 16 bytes",
            found: "\(content.count) bytes", "The fmt chunk ends before the bits per sample.")
        return nil
    }

    private static func audio(
        _ walk: ChunkWalk, _ layout: AudioLayout?, _ source: any ByteSource, _ findings: inout FindingList
    ) throws(ByteSourceError) -> (range: Range<Int64>, frames: Int64)? {
        guard let data = walk.data else {
            findings.add(
                .dataMissing, .fatal, at: walk.firstChunk, expected: "a data chunk", found: "none",
                "The file has no data chunk, so there is no audio.")
            return nil
        }
        guard let layout else {
            AudioExtent.judge(data, codec: nil, isEmpty: data.content.isEmpty, &findings)
            return nil
        }
        let extent = AudioExtent(data, layout, &findings)
        guard extent.frames > 0 else { return nil }
        var frames = extent.frames
        if layout.codec.isBlockCoded {
            let view = CanonicalView(layout, audio: extent.range, source: source)
            guard let counted = try decodableFrames(of: view, layout, &findings) else { return nil }
            frames = min(frames, counted)
        }
        return (
            extent.range, try FactCheck(layout: layout, decodable: frames).frames(walk.fact, walk, &findings)
        )
    }

    /// The frames that libsndfile counts in a canonical view; nil, with a finding, where it cannot decode it.
    private static func decodableFrames(
        of view: CanonicalView, _ layout: AudioLayout, _ findings: inout FindingList
    ) throws(ByteSourceError) -> Int64? {
        let reason: String
        do throws(SoundFileError) {
            let file = try SoundFile(ByteWindow(view))
            if file.isWave(channels: layout.channels), file.frames > 0 { return file.frames }
            reason = "libsndfile finds no such audio"
        } catch {
            switch error {
            case .source(let failure): throw failure
            case .refused(let message, _): reason = message
            }
        }
        findings.add(
            .codecUndecodable, .fatal, expected: "\(layout.codec.name) of \(layout.channels) channels",
            found: reason,
            "libsndfile cannot decode this audio.")
        return nil
    }

    private static func libsndfile(
        _ walk: ChunkWalk, tag: FormatTag?
    ) throws(ByteSourceError) -> LibsndfileResult {
        guard walk.form.offset == 0 else { return .notAsked("the form does not begin at byte 0") }
        guard walk.chunkCount <= libsndfileChunks else { return .notAsked("there are too many chunks") }
        guard tag != .mpeg, tag != .mp3 else { return .notAsked("the audio is MPEG") }
        return try LibsndfileResult(opening: walk.window)
    }
}
