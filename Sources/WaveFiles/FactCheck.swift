internal import ByteSources

/// Judges the count of frames in the `fact` chunk, and lets it shorten block-coded audio.
struct FactCheck {
    let layout: AudioLayout
    /// The frames that the audio's bytes decode to.
    let decodable: Int64

    /// The true number of frames.
    ///
    /// A block codec fills its last block up, so there a smaller count in `fact` is the true one. For all
    /// other codecs the bytes alone decide.
    func frames(
        _ fact: Range<Int64>?, _ walk: ChunkWalk, _ findings: inout FindingList
    ) throws(ByteSourceError) -> Int64 {
        guard let fact else {
            if layout.codec.wantsFact {
                findings.add(
                    .factMissing, .note, expected: "a fact chunk", found: "none",
                    "Files of this codec state their length in a fact chunk; this one does not.")
            }
            return decodable
        }
        let bytes = try walk.window.bytes(at: fact.lowerBound, count: min(4, fact.count))
        guard bytes.count == 4 else {
            findings.add(
                .factShort, .warning, at: fact.lowerBound, expected: "4 bytes", found: "\(fact.count) bytes",
                "The fact chunk is too short for its count.")
            return decodable
        }
        var stated = Int64(walk.form.order.uint32(bytes))
        if stated == Int64(UInt32.max), let sizes = walk.extendedSizes { stated = sizes.frames }
        if !agrees(stated) {
            findings.add(
                .factMismatch, .warning, at: fact.lowerBound, expected: "\(decodable)", found: "\(stated)",
                "The fact chunk counts other frames than the audio holds.")
        }
        return layout.codec.isBlockCoded && stated > 0 ? min(stated, decodable) : decodable
    }

    private func agrees(_ stated: Int64) -> Bool {
        guard layout.codec.isBlockCoded else { return stated == decodable }
        // libsndfile and others write G.721 in runs of 120 frames.
        let unit = layout.codec == .adpcmG721 ? 120 : Int64(layout.framesPerBlock)
        return stated <= decodable && stated > decodable - unit
    }
}
