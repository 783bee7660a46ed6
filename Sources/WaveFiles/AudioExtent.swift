/// The part of the data chunk that is decoded, and how many frames it holds.
struct AudioExtent {
    let range: Range<Int64>
    let frames: Int64

    /// Judges the data chunk by the layout of the audio.
    init(_ data: DataChunk, _ layout: AudioLayout, _ findings: inout FindingList) {
        let start = data.content.lowerBound
        let available = Int64(data.content.count)
        let blocks = available / Int64(layout.blockBytes)
        let remainder = available % Int64(layout.blockBytes)
        let partial = Int64(layout.frames(inPartialBlock: Int(remainder)))
        let (frames, overflow) = blocks.multipliedReportingOverflow(by: Int64(layout.framesPerBlock))
        self.frames = overflow ? 0 : frames + partial
        range = start..<(start + available - (partial > 0 ? 0 : remainder))

        Self.judge(data, codec: layout.codec, isEmpty: self.frames == 0, &findings)
        // Asterisk and sox round the size of WAV49 data up to even, so one byte over is no remainder.
        let isRounding = layout.codec == .gsmMS && remainder == 1 && available % 2 == 0
        guard remainder > 0, !isRounding else { return }
        findings.add(
            .dataPartialFrame, .warning, at: start + available - remainder,
            expected: "a multiple of \(layout.blockBytes)", found: "\(available) bytes",
            partial > 0
                ? "The last block of audio is cut to \(remainder) bytes; \(partial) frames of it are decoded."
                : "The audio ends within a frame, whose \(remainder) of \(layout.blockBytes) bytes are kept, not decoded."
        )
    }

    /// Judges how the data chunk is delimited, whatever it holds.
    ///
    /// - Parameters:
    ///   - data: The chunk.
    ///   - codec: What it holds; nil where that is not known or not supported.
    ///   - isEmpty: Whether there is not a single frame.
    ///   - findings: Where findings go.
    static func judge(_ data: DataChunk, codec: WaveCodec?, isEmpty: Bool, _ findings: inout FindingList) {
        let size = data.offset + 4
        let available = Int64(data.content.count)
        switch data.delimiting {
        case .size, .sizeMissing:
            break
        case .sizeZero:
            findings.add(
                .dataSizeZero, .error, at: size, expected: "\(available)", found: "0",
                "The data chunk claims no bytes, yet \(available) follow: the recorder ended before filling it in."
            )
        case .streaming:
            findings.add(
                .dataSizeStreaming, .warning, at: size, expected: "\(available)",
                found: "\(data.claimedSize)",
                "The size of the data chunk is a placeholder: the file was written to a pipe.")
        case .laterChunk:
            findings.add(
                .chunkOverrun, .warning, at: data.offset, expected: "at most \(available) bytes",
                found: "\(data.claimedSize) bytes",
                "The data chunk claims to reach beyond the chunk behind it.")
        case .endOfFile
        where codec == .gsmMS && !isEmpty && available % 65 == 0 && data.claimedSize == available + 1:
            findings.add(
                .chunkPadMissing, .warning, at: data.content.upperBound, expected: "a pad byte",
                found: "end of file", "The data chunk counts a pad byte that the file does not hold.")
        case .endOfFile:
            findings.add(
                .dataTruncated, isEmpty ? .fatal : .error, at: size, expected: "\(data.claimedSize) bytes",
                found: "\(available) bytes",
                "The file ends before its audio does: \(data.claimedSize - available) of \(data.claimedSize) bytes are missing."
            )
        }
        if isEmpty, data.delimiting != .endOfFile {
            findings.add(
                .dataEmpty, .fatal, at: data.offset, expected: "at least one frame",
                found: "\(available) bytes",
                "The data chunk holds no audio.")
        }
    }
}
