internal import Dispatch
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

    /// Converts the inputs; after an interruption nothing is begun, and what is under way is dropped.
    func convert(_ plan: OutputPlan) async throws {
        Self.removeLeavings(plan)
        // One thread more than jobs, so that none is idle while a group waits for the disk. A single job has none, and
        // tells of the inputs in their order.
        let threads = min(jobs > 1 ? jobs + 1 : 1, plan.inputs.count)
        let pool = BlockingPool(width: threads)
        let size = groupSize(threads)
        let working = DispatchSemaphore(value: jobs)
        let interruption = InterruptionFlag()
        let queue = InputQueue(plan.inputs)
        try await withTaskCancellationHandler {
            try await withThrowingTaskGroup(of: Void.self) { group in
                for _ in 0..<threads {
                    // A thread takes one input after the other: handing each over would cost more than a short one.
                    group.addTask {
                        try await pool.run {
                            do {
                                try convert(queue, plan, size, working, interruption)
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

    /// How many files a group may have: each of them is open, and a process may have 1,024 of them by default.
    private func groupSize(_ threads: Int) -> Int {
        let wanted = min(Self.largestGroup, max(1, 256 / jobs))
        let spare = OpenFileLimit.spare(upTo: threads * (wanted + JobsOption.files))
        return max(1, min(wanted, spare / max(1, threads) - JobsOption.files))
    }

    /// Converts inputs until none is left, group by group: what is told of is on the disk.
    private func convert(
        _ queue: InputQueue, _ plan: OutputPlan, _ size: Int, _ working: DispatchSemaphore,
        _ interruption: InterruptionFlag
    ) throws {
        var group = ConversionGroup()
        repeat {
            working.wait()
            fill(&group, upTo: size, from: queue, plan, interruption)
            working.signal()
            if group.count == 0 { return }
            for item in group.publish().compactMap(ConversionItem.init) { try tally.add(item) }
        } while !interruption.isSet
    }

    /// Converts inputs until the group is full, has waited long enough, or holds a long one.
    private func fill(
        _ group: inout ConversionGroup, upTo limit: Int, from queue: InputQueue, _ plan: OutputPlan,
        _ interruption: InterruptionFlag
    ) {
        let deadline = ContinuousClock.now + Self.longestDelay
        while !interruption.isSet, group.count < limit, ContinuousClock.now < deadline {
            // Those that are converted already should not wait for a long one.
            guard let input = queue.next(unless: { group.count > 0 && $0.size > FileConverter.shortSize })
            else {
                return
            }
            let progress = FileProgress(on: bar, size: input.size, passes: FileConverter.passes)
            converter.convert(input.path, to: plan.output(of: input), name: input.name, in: &group) { count in
                progress.advance(by: count)
                return !interruption.isSet
            }
            if let last = group.last, last.outcome != .interrupted {
                progress.finish(duration: last.report.inspection?.duration ?? 0)
            }
            if input.size > FileConverter.shortSize { return }
        }
    }

    /// Removes what a run that was killed left under temporary names in the folders to write to.
    private static func removeLeavings(_ plan: OutputPlan) {
        var folders: Set<PathKey> = []
        for input in plan.inputs {
            let folder = Folder.parent(of: plan.output(of: input))
            guard folders.insert(PathKey(folder)).inserted else { continue }
            // A folder that is missing or may not be listed has its failure told when it is written to.
            _ = try? TemporaryName.removeStale(inFolder: folder)
        }
    }
}

/// The inputs of a batch, which any number of threads take in their order.
private final class InputQueue: Sendable {
    private let inputs: [DiscoveredInput]
    private let taken = Mutex(0)

    init(_ inputs: [DiscoveredInput]) {
        self.inputs = inputs
    }

    /// Takes the next input that nobody has, unless it is left to others; nil then, and where none is left.
    func next(unless isLeft: (DiscoveredInput) -> Bool) -> DiscoveredInput? {
        taken.withLock { taken in
            guard taken < inputs.count, !isLeft(inputs[taken]) else { return nil }
            defer { taken += 1 }
            return inputs[taken]
        }
    }
}

/// Whether a person has asked for an end, for threads that no task's cancellation reaches.
final class InterruptionFlag: Sendable {
    private let flag = Atomic(false)

    var isSet: Bool { flag.load(ordering: .relaxed) }

    func set() { flag.store(true, ordering: .relaxed) }
}
