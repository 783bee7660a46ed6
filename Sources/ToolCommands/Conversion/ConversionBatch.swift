internal import DurableFiles
internal import Synchronization
internal import Transcoding
internal import WaveFiles

/// The files of a batch on their way through a converter, several at once.
struct ConversionBatch: Sendable {
    let converter: FileConverter
    let jobs: Int
    let tally: ConversionTally
    let bar: ProgressBar

    /// Converts the items; after an interruption nothing is begun, and what is under way is dropped.
    func convert(_ items: [OutputPlan.Item]) async throws {
        Self.removeLeavings(items)
        let pool = BlockingPool(width: jobs)
        let interruption = InterruptionFlag()
        try await withTaskCancellationHandler {
            try await withThrowingTaskGroup(of: Void.self) { group in
                var running = 0
                for item in items {
                    if running >= jobs {
                        try await group.next()
                        running -= 1
                    }
                    if interruption.isSet { break }
                    running += 1
                    group.addTask { try await convert(item, in: pool, interruption) }
                }
                try await group.waitForAll()
            }
        } onCancel: {
            interruption.set()
        }
    }

    private func convert(
        _ item: OutputPlan.Item, in pool: BlockingPool, _ interruption: InterruptionFlag
    ) async throws {
        let progress = FileProgress(on: bar, size: item.input.size, passes: FileConverter.passes)
        let (report, outcome) = try await pool.run {
            converter.convert(item.input.path, to: item.output, name: item.input.name) { count in
                progress.advance(by: count)
                return !interruption.isSet
            }
        }
        guard let converted = ConversionItem(report, outcome) else { return }
        progress.finish(duration: report.inspection?.duration ?? 0)
        try tally.add(converted)
    }

    /// Removes what a run that was killed left under temporary names in the folders to write to.
    private static func removeLeavings(_ items: [OutputPlan.Item]) {
        for folder in Set(items.map { Folder.parent(of: $0.output) }) {
            // A folder that is missing or may not be listed has its failure told when it is written to.
            _ = try? TemporaryName.removeStale(inFolder: folder)
        }
    }
}

/// Whether a person has asked for an end, for threads that no task's cancellation reaches.
final class InterruptionFlag: Sendable {
    private let flag = Atomic(false)

    var isSet: Bool { flag.load(ordering: .relaxed) }

    func set() { flag.store(true, ordering: .relaxed) }
}
