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

    /// How many files are published together, and how long they wait for each other at most.
    private static let largestGroup = 64
    private static let longestDelay = Duration.milliseconds(250)

    /// Converts the items; after an interruption nothing is begun, and what is under way is dropped.
    func convert(_ plan: OutputPlan) async throws {
        Self.removeLeavings(plan)
        let pool = BlockingPool(width: jobs)
        let interruption = InterruptionFlag()
        let queue = InputQueue(plan.inputs)
        try await withTaskCancellationHandler {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<min(jobs, plan.inputs.count) {
                    // A thread takes one item after the other: handing each over would cost more than a short one.
                    group.addTask {
                        try await pool.run {
                            do {
                                try convert(queue, plan, interruption)
                            } catch {
                                interruption.set()
                                throw error
                            }
                        }
                    }
                }
                try await group.waitForAll()
            }
        } onCancel: {
            interruption.set()
        }
    }

    /// Converts items until none is left, group by group: what is told of is on the disk.
    private func convert(
        _ queue: InputQueue, _ plan: OutputPlan, _ interruption: InterruptionFlag
    ) throws {
        var group = ConversionGroup()
        // Each file of a group is open, and a process may have 1,024 of them by default.
        let limit = max(1, 256 / jobs)
        var deadline = ContinuousClock.now + Self.longestDelay
        while !interruption.isSet, let input = queue.next() {
            let isLong = input.size > FileConverter.shortSize
            if isLong { try publish(&group) }
            let progress = FileProgress(on: bar, size: input.size, passes: FileConverter.passes)
            converter.convert(input.path, to: plan.output(of: input), name: input.name, in: &group) { count in
                progress.advance(by: count)
                return !interruption.isSet
            }
            if let last = group.last, last.outcome != .interrupted {
                progress.finish(duration: last.report.inspection?.duration ?? 0)
            }
            let now = ContinuousClock.now
            guard isLong || group.count >= min(limit, Self.largestGroup) || now >= deadline else { continue }
            try publish(&group)
            deadline = now + Self.longestDelay
        }
        try publish(&group)
    }

    private func publish(_ group: inout ConversionGroup) throws {
        for item in group.publish().compactMap(ConversionItem.init) { try tally.add(item) }
    }

    /// Removes what a run that was killed left under temporary names in the folders to write to.
    private static func removeLeavings(_ plan: OutputPlan) {
        var folders: Set<String> = []
        for input in plan.inputs {
            let folder = Folder.parent(of: plan.output(of: input))
            guard folders.insert(folder).inserted else { continue }
            // A folder that is missing or may not be listed has its failure told when it is written to.
            _ = try? TemporaryName.removeStale(inFolder: folder)
        }
    }
}

/// The inputs of a batch, which any number of threads take in their order.
private final class InputQueue: Sendable {
    private let inputs: [DiscoveredInput]
    private let taken = Atomic(0)

    init(_ inputs: [DiscoveredInput]) {
        self.inputs = inputs
    }

    /// The next input that nobody has; nil where none is left.
    func next() -> DiscoveredInput? {
        let index = taken.add(1, ordering: .relaxed).oldValue
        return index < inputs.count ? inputs[index] : nil
    }
}

/// Whether a person has asked for an end, for threads that no task's cancellation reaches.
final class InterruptionFlag: Sendable {
    private let flag = Atomic(false)

    var isSet: Bool { flag.load(ordering: .relaxed) }

    func set() { flag.store(true, ordering: .relaxed) }
}
