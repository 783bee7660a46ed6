internal import ByteSources

extension ChunkWalk {
    /// Judges bytes that are no chunk, and says where the next chunk begins; nil where there is none.
    mutating func stray(from offset: Int64, followsData: Bool) throws(ByteSourceError) -> Int64? {
        let resume = try resumption(from: offset)
        let end = resume ?? window.byteCount
        let counted = min(end, max(offset, formEnd))
        if offset < counted {
            try noteStray(offset..<counted, followsData: followsData)
        }
        if counted < end { noteTrailingBytes(counted..<end) }
        return resume
    }

    private mutating func resumption(from offset: Int64) throws(ByteSourceError) -> Int64? {
        if data == nil { return try search.firstHeader(in: (offset + 1)..<window.byteCount) }
        // The chunks of a second file behind this one are none of this one's.
        let id = ChunkID(try window.bytes(at: offset, count: 4))
        return WaveForm.ids.contains(id) ? nil : try search.chainStart(from: offset, to: chainEnds)
    }

    private mutating func noteStray(_ range: Range<Int64>, followsData: Bool) throws(ByteSourceError) {
        let offset = range.lowerBound
        let head = Array(try window.bytes(at: offset, count: 8))
        let id = ChunkID(head.prefix(4))
        let name = ChunkID.printable(head.prefix(4))
        if head.count < 8, head.count >= 4 ? id.isKnown : !followsData && name.utf8.count == head.count {
            findings.add(
                .chunkTruncated, .warning, at: offset, expected: "8 bytes", found: "\(head.count) bytes",
                "The file ends inside the header of the chunk \(name).")
        } else if followsData {
            findings.add(
                .dataTrailingAudio, .error, at: offset, expected: "a chunk or the end of the file",
                found: "\(range.count) bytes",
                "Behind the data chunk lie \(range.count) bytes that are no chunk; they are kept, not decoded."
            )
        } else if head.count >= 8, id.isPrintable {
            findings.add(
                .chunkOverrun, .warning, at: offset,
                expected: "at most \(window.byteCount - offset - 8) bytes",
                found: "\(form.order.uint32(head[4...])) bytes",
                "The chunk \(id) claims more bytes than the file holds.")
        } else {
            findings.add(
                .chunkIDNonprintable, .warning, at: offset, expected: "the name of a chunk",
                found: name, "There is no chunk where one should begin.")
        }
    }

    /// Judges a chunk that claims more than the file holds, and says where its content ends.
    mutating func overrun(_ id: ChunkID, at offset: Int64, claimed: Int64) throws(ByteSourceError) -> Int64 {
        let start = offset + ChunkHeader.length
        let swallowed =
            data == nil
            ? try search.firstHeader(in: start..<window.byteCount)
            : try search.chainStart(from: start, to: chainEnds)
        if let swallowed {
            noteOverrun(
                id, at: offset, claimed: claimed, end: swallowed,
                "The chunk \(id) claims more than the file holds, and swallows the chunk behind it.")
            return swallowed
        }
        // Where the form claims as much, it is the file that is too short and not the size that is too large.
        if claimedFormEnd >= start + claimed, !DataChunk.isPlaceholder(form.size) {
            findings.add(
                .chunkTruncated, .warning, at: offset, expected: "\(claimed) bytes",
                found: "\(window.byteCount - start) bytes", "The file ends before the chunk \(id) does.")
        } else {
            noteOverrun(
                id, at: offset, claimed: claimed, end: window.byteCount,
                "The chunk \(id) claims more bytes than the file holds.")
        }
        return window.byteCount
    }

    mutating func noteOverrun(_ id: ChunkID, at offset: Int64, claimed: Int64, end: Int64, _ message: String)
    {
        findings.add(
            .chunkOverrun, .warning, at: offset,
            expected: "at most \(end - offset - ChunkHeader.length) bytes",
            found: "\(claimed) bytes", message)
    }

    /// Takes in the first data chunk with any audio, and says where the next chunk begins.
    mutating func visitData(_ header: ChunkHeader, at offset: Int64) throws(ByteSourceError) -> Int64 {
        if format == nil {
            findings.add(
                .chunkOrder, .warning, at: offset, expected: "fmt before data", found: "data before fmt",
                "The data chunk comes before the one that describes its format.")
        }
        if data != nil {
            findings.add(
                .chunkDuplicate, .error, at: offset, expected: "one data chunk", found: "another",
                "This is a second data chunk; it is decoded, as the first one is empty.")
        }
        let start = offset + ChunkHeader.length
        var claimed = Int64(header.size)
        var delimiting = DataChunk.Delimiting.size
        if form.isExtended, header.size == .max {
            claimed = extendedSizes?.data ?? claimed
            if extendedSizes == nil { delimiting = .sizeMissing }
            if ExtendedSizes.isPlaceholder(claimed) { delimiting = .streaming }
        } else if header.size == .max {
            delimiting = .streaming
        }
        if claimed == 0 {
            let isEmpty = try start == window.byteCount ? true : isKnownHeader(at: start)
            delimiting = isEmpty ? .size : .sizeZero
        }
        var end = start + claimed
        if delimiting == .size {
            delimiting = try judgeSize(header, from: start, to: end)
        }
        if let cut = shortenedEnd(at: offset) {
            delimiting = .laterChunk
            end = cut
        } else if delimiting != .size {
            end = try search.chainStart(from: start, to: chainEnds) ?? window.byteCount
        }
        data = DataChunk(offset: offset, claimedSize: claimed, content: start..<end, delimiting: delimiting)
        try keep(.data, at: offset, claimed: claimed, start..<end)
        guard delimiting == .size else { return end }
        if end > formEnd { continuesBeyondForm = true }
        return try next(behind: start..<end, id: .data)
    }

    /// Finds out whether the size of the data chunk can be believed.
    private func judgeSize(
        _ header: ChunkHeader, from start: Int64, to end: Int64
    ) throws(ByteSourceError) -> DataChunk.Delimiting {
        let isPlaceholder = !form.isExtended && DataChunk.isPlaceholder(header.size)
        if end <= window.byteCount {
            guard isPlaceholder, end < window.byteCount else { return .size }
            // A pipe can carry more than the placeholder says: then audio, not a chunk, goes on there.
            if try isKnownHeader(at: end) { return .size }
            return try isKnownHeader(at: end + 1) ? .size : .streaming
        }
        if isPlaceholder { return .streaming }
        return try search.chainStart(from: start, to: chainEnds) == nil ? .endOfFile : .laterChunk
    }

    /// Walks the chunks inside a LIST.
    mutating func walkList(_ content: Range<Int64>, at offset: Int64) throws(ByteSourceError) {
        guard content.count >= 4 else {
            findings.add(
                .chunkTruncated, .warning, at: offset, expected: "at least 4 bytes",
                found: "\(content.count) bytes",
                "The LIST chunk ends before its type does.")
            return
        }
        var place = content.lowerBound + 4
        while place + ChunkHeader.length <= content.upperBound {
            guard chunkCount < Self.walkedChunks, let header = try window.header(at: place, form.order) else {
                return
            }
            chunkCount += 1
            let end = place + ChunkHeader.length + Int64(header.size)
            if !header.id.isPrintable {
                findings.add(
                    .chunkIDNonprintable, .warning, at: place, expected: "four printable characters",
                    found: "\(header.id)", "There is no chunk where one should begin inside a LIST.")
                return
            }
            if end > content.upperBound {
                findings.add(
                    .chunkOverrun, .warning, at: place,
                    expected: "at most \(content.upperBound - place - ChunkHeader.length) bytes",
                    found: "\(header.size) bytes", "The chunk \(header.id) claims more than its LIST holds.")
                return
            }
            place = end
            guard header.size & 1 == 1, end < content.upperBound else { continue }
            // Many writers of INFO texts leave the pad byte out, and some do not write 0 there.
            let here = try window.header(at: end, form.order)
            if here?.id.isPrintable == true, end + ChunkHeader.length <= content.upperBound {
                findings.add(
                    .chunkPadMissing, .warning, at: end, expected: "a pad byte", found: "the next chunk",
                    "The chunk \(header.id) is of odd size, and no pad byte follows it.")
            } else {
                place = end + 1
            }
        }
    }
}
