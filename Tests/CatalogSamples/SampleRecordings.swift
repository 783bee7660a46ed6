internal import Digests
package import RecordingArchive

/// Made-up recordings by the million, the same ones each time, for catalogs without files.
///
/// Half of them come mailbox by mailbox, in no order of time, as the first sync of a PBX brings them; half come as time
/// goes by. The very oldest have what a filter finds nowhere else: a PBX, an extension, a caller and a finding.
package struct SampleRecordings: Sendable {
    /// How many there are.
    package let count: Int

    /// The oldest tenth of the time has these to itself.
    package static let oldPBX = "attic"
    /// The oldest hundred have these to themselves, as far as there are so many.
    package static let oldExtension = "99"

    private static let start: Int64 = 1_420_070_400
    private static let end: Int64 = 1_767_225_600

    /// Describes so many recordings.
    package init(count: Int) {
        self.count = count
    }

    /// The recording of a number from 0.
    package subscript(number: Int) -> Recording {
        var random = SplitMix(state: UInt64(number))
        // The golden ratio spreads the first half over all of the time.
        let share =
            number < count / 2
            ? (Double(number) * 0.618_033_988_749_894_9).truncatingRemainder(dividingBy: 1)
            : Double(number) / Double(max(count, 1))
        let time = Self.start + Int64(share * Double(Self.end - Self.start))
        let isOld = share < 0.1
        let isOldest = share * Double(count) < 200
        let verdict = random.pick([(9000, "valid"), (850, "flawed"), (145, "salvaged"), (5, "rejected")])
        let isRejected = verdict == "rejected"
        let milliseconds = isRejected ? 0 : Int64(random.next(600) * random.next(600)) + 500
        let identity = MessageIdentity(
            pbx: isOld ? Self.oldPBX : random.pick([(60, "north"), (30, "south"), (10, "west")]),
            extension: isOldest ? Self.oldExtension : "\(1000 + random.next(30) * random.next(18))",
            listedDate: MessageDate(unixSeconds: time).text,
            caller: "49151\(1_000_000 + random.next(500) * random.next(500))",
            listedLength: "\(milliseconds / 1000)")
        let source = digest("source", number)
        let facts = RecordingFacts(
            identity: identity, readStatus: "unread", date: MessageDate(unixSeconds: time).text,
            source: RecordingFacts.Source(
                name: "msg\(number % 200).wav", size: milliseconds * 16 + 44, sha256: source,
                container: "RIFF", codec: "pcm_s16le"),
            verdict: verdict, findings: findings(verdict, isOldest: isOldest, &random),
            audio: isRejected
                ? nil
                : RecordingFacts.Audio(
                    sampleRate: 8000, channels: 1, bitsPerSample: 16, frames: milliseconds * 8,
                    duration: Double(milliseconds) / 1000),
            stored: RecordingFacts.StoredFile(
                size: milliseconds * 7 + 9000, sha256: digest("stored", number)),
            level: isRejected
                ? nil
                : RecordingFacts.Level(
                    mode: "applied", method: "p56", target: -26, measured: -31.5, gain: 5.5, limitedBy: nil),
            restore: isRejected ? nil : "rebuilt",
            warnings: random.next(10) == 0 ? ["pbx.duration-mismatch"] : [],
            archivedAt: "2026-01-02T03:04:05Z")
        let policy = random.pick([(50, "10y"), (30, "forever"), (19, "event+6y"), (1, "30y")])
        let state: Recording.State = isRejected ? .quarantined : .archived
        return Recording(
            id: String(digest("id", number).hexadecimal.prefix(32)), sequence: Int64(number), ordinal: 1,
            state: state, path: Self.path(of: facts, state, number),
            messageKey: String(digest("key", number).hexadecimal.prefix(32)), ingestEntry: Int64(number),
            retention: Retention(policy: RetentionPolicy(policy) ?? .forever, created: time), facts: facts)
    }

    /// Those of some numbers.
    package subscript(numbers: Range<Int>) -> [Recording] { numbers.map { self[$0] } }

    private func findings(_ verdict: String, isOldest: Bool, _ random: inout SplitMix) -> String {
        if isOldest { return #"[{"code":"riff.antique"}]"# }
        return verdict == "valid"
            ? "[]" : #"[{"code":"\#(random.pick([(5, "data.odd"), (4, "riff.size"), (1, "fmt.bits")]))"}]"#
    }

    private static func path(of facts: RecordingFacts, _ state: Recording.State, _ number: Int) -> String {
        let folder = FileNaming.folder(of: facts)
        return state == .archived
            ? "recordings/\(folder)/\(number).flac" : "quarantine/\(folder)/\(number).wav"
    }

    private func digest(_ kind: String, _ number: Int) -> Digest {
        SHA256Hasher.digest(of: Array("\(kind) \(number)".utf8))
    }
}
