internal import DurableFiles

/// Tells what a verification finds, and of damage only what no writer at work has made it see.
///
/// A verification reads one thing after the other, so beside a writer two things that it holds against one another may be of
/// two moments. Damage that is found while a writer is or was about is looked at again. It is told once it was found while
/// nobody was about, or twice, the second time in an archive that stood still; it is dropped when it is not found again.
final class FindingJudge {
    /// How often is looked again.
    private static let mostLooks = 3

    private let report: (ArchiveFinding) -> Void
    /// Waits for a moment, in which a writer may end.
    private let pause: () -> Void

    /// What was told, by kind.
    private(set) var counts: [ArchiveFinding.Kind: Int] = [:]
    private var told: Set<ArchiveFinding> = []

    /// What the last look has found and is not settled, in order.
    private var doubts: [ArchiveFinding] = []
    private var doubtful: Set<ArchiveFinding> = []
    /// What the look before has found.
    private var earlier: Set<ArchiveFinding> = []
    private var looks = 0

    private var watch: WriterWatch?
    /// How the archive was when the look began.
    private var start: WriterWatch.State?
    /// How it was when the look at the recording began that is looked at.
    private var mark: WriterWatch.State?
    /// What broke the last look off.
    private var failure: ArchiveError?

    init(report: @escaping (ArchiveFinding) -> Void, pause: @escaping () -> Void) {
        self.report = report
        self.pause = pause
    }

    /// Begins to look, or to look again.
    func begin(_ watch: WriterWatch, since start: WriterWatch.State) {
        self.watch = watch
        self.start = start
        mark = nil
        earlier = doubtful
        (doubts, doubtful) = ([], [])
        failure = nil
    }

    /// Begins with a recording, in a look at those in doubt.
    func beginRecording() {
        if looks > 0 { mark = watch?.state }
    }

    func note(_ finding: ArchiveFinding) {
        guard !told.contains(finding), !doubtful.contains(finding) else { return }
        if !finding.kind.isDamage || isCertain(finding) { return tell(finding) }
        doubtful.insert(finding)
        doubts.append(finding)
    }

    /// Whether anything was found at a path, or of what is to be in a folder there.
    func hasFound(at path: String, orBelow isFolder: Bool = false) -> Bool {
        told.union(doubtful).contains { finding in
            finding.item.utf8.elementsEqual(path.utf8)
                || isFolder && Folder.relativePath(of: finding.item, in: path) != nil
        }
    }

    /// Notes what broke a look off.
    ///
    /// - Throws: The same, where no writer can be why.
    func note(_ error: ArchiveError) throws(ArchiveError) {
        guard looks < Self.mostLooks, let start, watch?.state != start || !start.isQuiet else { throw error }
        failure = error
    }

    /// Gets ready for another look, where there is need of one.
    ///
    /// - Parameter isOver: Whether there is no time for it.
    /// - Returns: Whether to look again.
    func isToLookAgain(_ isOver: Bool) -> Bool {
        guard !doubts.isEmpty || failure != nil, looks < Self.mostLooks, !isOver else { return false }
        looks += 1
        for _ in 1...Self.mostPauses where watch?.state.isQuiet == false { pause() }
        return true
    }

    /// How many pauses a writer is waited for.
    private static let mostPauses = 20

    /// The recordings to look at again; nil for all.
    var recordings: Set<String>? {
        // What was made to go by instead of the catalog may not have shown all.
        guard failure == nil, !doubts.contains(where: { $0.kind == .catalogDamaged }) else { return nil }
        return Set(doubts.compactMap(\.record))
    }

    /// Tells that what is left could not be settled.
    func end() {
        for finding in doubts {
            tell(
                ArchiveFinding(
                    .unsettled, item: finding.item, replica: finding.replica, record: finding.record,
                    "\(finding.item) looked wrong (\(finding.kind.rawValue)) while a writer was about, which may be why; run "
                        + "verify again"))
        }
        doubts = []
    }

    /// Whether no writer can be why something was found.
    private func isCertain(_ finding: ArchiveFinding) -> Bool {
        guard let start, let now = watch?.state else { return true }
        if start == now { return now.isQuiet || earlier.contains(finding) }
        // Whether a file has the bytes that were stored depends on nothing but the recording's row.
        return finding.kind.isOfFile && mark == now && earlier.contains(finding)
    }

    private func tell(_ finding: ArchiveFinding) {
        guard told.insert(finding).inserted else { return }
        counts[finding.kind, default: 0] += 1
        report(finding)
    }
}

extension ArchiveFinding.Kind {
    /// Whether it is about the bytes of a recording's file.
    fileprivate var isOfFile: Bool {
        switch self {
        case .fileMissing, .fileAltered, .fileUnreadable, .audioDamaged, .originalDiffers: true
        default: false
        }
    }
}
