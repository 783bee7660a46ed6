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
        let (frames, overflow) = blocks.multipliedReportingOverflow(by: Int64(layout.framesPerBlock))
        self.frames = overflow ? 0 : frames
        range = start..<(start + available - remainder)

        Self.judgeDelimiting(data, layout, isEmpty: frames == 0, &findings)
        if frames == 0, data.delimiting != .endOfFile {
            findings.add(
                .dataEmpty, .fatal, at: data.offset, expected: "at least \(layout.blockBytes) bytes",
                found: "\(available) bytes", "The data chunk holds no audio.")
        }
        // Asterisk and sox round the size of WAV49 data up to even, so one byte over is no remainder.
        let isRounding = layout.codec == .gsmMS && remainder == 1 && available % 2 == 0
        if remainder > 0, !isRounding {
            findings.add(
                .dataPartialFrame, .warning, at: range.upperBound,
                expected: "a multiple of \(layout.blockBytes)",
                found: "\(available) bytes",
                "The last \(remainder) bytes of audio are less than a frame; they are kept, not decoded.")
        }
    }

    private static func judgeDelimiting(
        _ data: DataChunk, _ layout: AudioLayout, isEmpty: Bool, _ findings: inout FindingList
    ) {
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
        where layout.codec == .gsmMS && available % 65 == 0 && data.claimedSize == available + 1:
            findings.add(
                .chunkPadMissing, .warning, at: data.content.upperBound, expected: "a pad byte",
                found: "end of file", "The data chunk counts a pad byte that the file does not hold.")
        case .endOfFile:
            findings.add(
                .dataTruncated, isEmpty ? .fatal : .error, at: size, expected: "\(data.claimedSize) bytes",
                found: "\(available) bytes",
                "The file ends before its audio does: \(data.claimedSize - available) bytes are missing.")
        }
    }
}
