internal import ByteSources

/// The walk over the chunks of a WAVE file: finds format and audio, and notes where the structure is broken.
///
/// Each step reads one header, so the time is that of the number of chunks; bytes are searched one by one
/// only behind damage, within the limits of `ChunkSearch`.
struct ChunkWalk {
    /// The most chunks that are kept for the report.
    static let reportedChunks = 256

    /// The most chunks that are walked: more than any program writes, few enough to take no time.
    static let walkedChunks = 100_000

    let window: ByteWindow
    let form: WaveForm

    var findings = FindingList()
    var chunks: [WaveChunk] = []
    var chunkCount = 0
    var format: Range<Int64>?
    var fact: Range<Int64>?
    var data: DataChunk?
    var extendedSizes: ExtendedSizes?
    var search: ChunkSearch

    /// Where chunks end that are known to swallow others, by the offsets of their headers.
    private var shortened: [Int64: Int64] = [:]

    /// Whether chunks go on beyond the end that the form claims.
    var continuesBeyondForm = false

    /// Whether bytes beyond the end that the form claims were found to be no chunks.
    private var hasTrailingBytes = false

    /// Where the first chunk would have to be; the end of a file that ends before.
    var firstChunk: Int64 { min(form.firstChunk, window.byteCount) }

    init(_ window: ByteWindow, _ form: WaveForm) {
        self.window = window
        self.form = form
        search = ChunkSearch(window, form.order)
    }

    /// Walks all chunks; again, with a chunk cut short, where one has swallowed the format or the audio.
    mutating func run() throws(ByteSourceError) {
        try walk()
        // Either chunk can be swallowed, and by different ones.
        for _ in 0..<2 {
            guard try shortenSwallower() else { break }
            restart()
            try walk()
        }
        judgeFormSize()
    }

    private mutating func restart() {
        findings = FindingList()
        chunks = []
        chunkCount = 0
        format = nil
        fact = nil
        data = nil
        extendedSizes = nil
        continuesBeyondForm = false
        hasTrailingBytes = false
    }

    private mutating func walk() throws(ByteSourceError) {
        var offset = form.firstChunk
        var followsData = false
        while offset < window.byteCount {
            guard chunkCount < Self.walkedChunks else {
                findings.add(
                    .chunkExcessive, .warning, at: offset, found: "more than \(Self.walkedChunks) chunks",
                    "The walk ends here, as no recording holds this many chunks.")
                return
            }
            guard let header = try window.header(at: offset, form.order), try isChunk(header, at: offset)
            else {
                guard let next = try stray(from: offset, followsData: followsData) else { return }
                offset = next
                followsData = false
                continue
            }
            if offset >= formEnd { continuesBeyondForm = true }
            followsData = header.id == .data && hasNoAudio
            offset = try visit(header, at: offset)
        }
    }

    /// The end that the form's size leads to, or that of the file where the size leads beyond it.
    var formEnd: Int64 { min(claimedFormEnd, window.byteCount) }

    /// The end that the form's size leads to.
    var claimedFormEnd: Int64 {
        let size = form.isExtended && form.size == .max ? extendedSizes?.riff : Int64(form.size)
        return size.map { form.offset + 8 + $0 } ?? window.byteCount
    }

    /// The places that a chain of chunks may lead to.
    var chainEnds: Set<Int64> { [window.byteCount, formEnd] }

    /// Whether a data chunk is still to be found; one of no bytes makes way for a later one.
    var hasNoAudio: Bool { data?.content.isEmpty ?? true }

    /// Whether eight bytes are the header of a chunk that the walk may follow.
    private func isChunk(_ header: ChunkHeader, at offset: Int64) throws(ByteSourceError) -> Bool {
        let end = offset + ChunkHeader.length + Int64(header.size)
        // Beyond the form's end a tag of another kind is likelier than a chunk with a wrong size.
        if offset >= formEnd, offset > form.firstChunk, end > window.byteCount, header.id != .data {
            return false
        }
        if header.id.isKnown || shortened[offset] != nil { return true }
        guard !WaveForm.ids.contains(header.id), data == nil || header.id.isPrintable else { return false }
        // A file that was cut inside a chunk of unknown name: form and chunk agree on where it ended.
        if header.id.isPrintable, claimedFormEnd == end + Int64(header.size & 1) { return true }
        guard end <= window.byteCount else { return false }
        if header.id.isPrintable, offset < formEnd { return true }
        // A name of odd bytes, or one beyond the form, needs another chunk or the end behind it.
        if end == window.byteCount { return header.size > 0 }
        return try isKnownHeader(at: end + Int64(header.size & 1))
    }

    private func isChunkStart(_ offset: Int64) throws(ByteSourceError) -> Bool {
        guard let header = try window.header(at: offset, form.order) else { return false }
        return try isChunk(header, at: offset)
    }

    func isKnownHeader(at offset: Int64) throws(ByteSourceError) -> Bool {
        guard let header = try window.header(at: offset, form.order), header.id.isKnown else { return false }
        return header.id == .data || offset + ChunkHeader.length + Int64(header.size) <= window.byteCount
    }

    /// Takes in one chunk, and says where the next begins.
    private mutating func visit(_ header: ChunkHeader, at offset: Int64) throws(ByteSourceError) -> Int64 {
        chunkCount += 1
        if header.id == .data, hasNoAudio { return try visitData(header, at: offset) }
        let start = offset + ChunkHeader.length
        let size =
            form.isExtended && header.size == .max
            ? extendedSizes?.size(of: header.id) ?? Int64(header.size) : Int64(header.size)
        var end = start + size
        if let cut = shortened[offset] {
            noteOverrun(
                header.id, at: offset, claimed: size, end: cut, "\(header.id) swallows the chunk behind it.")
            end = cut
        } else if end > window.byteCount {
            end = try overrun(header.id, at: offset, claimed: size)
        }
        let content = start..<end
        try note(header.id, at: offset, claimed: size, content)
        guard end == start + size else { return end }
        if end > formEnd { continuesBeyondForm = true }
        return try next(behind: content, id: header.id)
    }

    private mutating func note(
        _ id: ChunkID, at offset: Int64, claimed: Int64, _ content: Range<Int64>
    ) throws(ByteSourceError) {
        switch id {
        case .format where format == nil:
            format = content
        case .format:
            findings.add(
                .chunkDuplicate, .warning, at: offset, expected: "one fmt chunk", found: "another",
                "This is a second fmt chunk; the first one is used.")
        case .data:
            findings.add(
                .chunkDuplicate, .error, at: offset, expected: "one data chunk",
                found: "another of \(claimed) bytes",
                "This is a second data chunk; only the first one is decoded.")
        case .fact where fact == nil:
            fact = content
        case .sizes where form.isExtended && extendedSizes == nil:
            extendedSizes = try ExtendedSizes(window, content: content)
        case .broadcast where claimed < 602:
            findings.add(
                .broadcastShort, .warning, at: offset, expected: "at least 602 bytes",
                found: "\(claimed) bytes",
                "The bext chunk is shorter than its fixed fields.")
        case .list:
            try walkList(content, at: offset)
        default:
            noteUnknown(id, at: offset)
        }
        try keep(id, at: offset, claimed: claimed, content)
    }

    private mutating func noteUnknown(_ id: ChunkID, at offset: Int64) {
        if !id.isPrintable {
            findings.add(
                .chunkIDNonprintable, .warning, at: offset, expected: "four printable characters",
                found: "\(id)",
                "The name of this chunk is not text.")
        } else if !id.isKnown {
            findings.add(
                .chunkUnknown, .note, at: offset, found: "\(id)",
                "The chunk \(id) is none that this program knows.")
        }
    }

    mutating func keep(
        _ id: ChunkID, at offset: Int64, claimed: Int64, _ content: Range<Int64>
    ) throws(ByteSourceError) {
        guard chunks.count < Self.reportedChunks else { return }
        let listType =
            id == .list ? try window.bytes(at: content.lowerBound, count: min(4, content.count)) : nil
        chunks.append(
            WaveChunk(
                id: id.description, offset: offset, claimedSize: claimed, content: content,
                listType: listType.map { ChunkID.printable($0) }))
    }

    /// Where the chunk behind another begins, its pad byte stepped over.
    mutating func next(behind content: Range<Int64>, id: ChunkID) throws(ByteSourceError) -> Int64 {
        let end = content.upperBound
        guard (end - content.lowerBound) & 1 == 1 else { return end }
        var isMissing = end == window.byteCount
        if !isMissing, try isChunkStart(end) {
            isMissing = try !isChunkStart(end + 1)
        }
        guard isMissing else { return end + 1 }
        findings.add(
            .chunkPadMissing, .warning, at: end, expected: "a pad byte",
            found: end == window.byteCount ? "end of file" : "the next chunk",
            "The chunk \(id) is of odd size, and no pad byte follows it.")
        return end
    }

    /// Finds the chunk that holds the missing format or audio in its content, and has it end there.
    private mutating func shortenSwallower() throws(ByteSourceError) -> Bool {
        var wanted: Set<ChunkID> = []
        if format == nil { wanted.insert(.format) }
        if data == nil { wanted.insert(.data) }
        guard !wanted.isEmpty else { return false }
        for chunk in chunks where shortened[chunk.offset] == nil {
            if let place = try search.firstHeader(in: chunk.content, wanted: wanted) {
                shortened[chunk.offset] = place
                return true
            }
        }
        return false
    }

    func shortenedEnd(at offset: Int64) -> Int64? { shortened[offset] }

    private mutating func judgeFormSize() {
        if form.isExtended, extendedSizes == nil {
            findings.add(
                .rf64SizesMissing, .warning, at: firstChunk, expected: "a ds64 chunk", found: "none",
                "The \(form.id) file has no 64-bit sizes, so they are taken from the file.")
            if form.size == .max { return }
        }
        guard claimedFormEnd != window.byteCount, continuesBeyondForm || !hasTrailingBytes else { return }
        let claimed = claimedFormEnd - form.offset - 8
        findings.add(
            .riffSizeWrong, .warning, at: form.offset + 4, expected: "\(window.byteCount - form.offset - 8)",
            found: "\(claimed)", "The size of the form is \(claimed), which the file disagrees with.")
    }

    mutating func noteTrailingBytes(_ range: Range<Int64>) {
        hasTrailingBytes = true
        findings.add(
            .riffTrailingBytes, .warning, at: range.lowerBound, expected: "end of file",
            found: "\(range.count) bytes",
            "Behind the end of the form lie \(range.count) bytes that are no chunk.")
    }
}
