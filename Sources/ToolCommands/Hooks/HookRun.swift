internal import ByteSources
internal import Digests
internal import Foundation
internal import RecordingArchive
internal import Transcoding
internal import UserPrograms

/// Shows recordings to a person's own program, several at once, and gathers what it answers.
struct HookRun: Sendable {
    /// What the program is shown of one recording.
    struct Shown: Sendable {
        /// The audio file.
        let path: String
        /// Its SHA-256; nil where nobody knows.
        let digest: Digest?
        /// What else is known, as JSON in one line.
        let facts: [UInt8]
    }

    /// How it came out.
    struct Summary {
        var answered = 0
        /// The ids of recordings that have no answer.
        var failed: Set<String> = []
    }

    private enum Outcome: Sendable {
        case answered(HookAnswer)
        /// It was shown the recording, and has not answered.
        case failed(reason: String)
        /// There was nothing to show.
        case absent(reason: String)
    }

    /// After so many failures in a row it is the program that is broken, and not one recording.
    private static let mostFailures = 20

    /// So many answers are kept at a time, or those of a second: a program that takes longer loses none to a crash.
    private static let mostPending = 64

    /// How long an interruption waits for answers to be kept.
    private static let patience = Duration.seconds(10)

    let name: String
    let program: UserProgram
    let retries: Int
    let jobs: Int
    let console: Console
    let now: @Sendable () -> Date
    private let pool: BlockingPool

    /// - Parameters:
    ///   - options: The options; they must have a hook.
    ///   - console: Where the person is told of failures.
    ///   - now: The clock that dates answers.
    init(_ options: HookOptions, console: Console, now: @escaping @Sendable () -> Date) {
        name = options.name ?? ""
        program = UserProgram(
            options.hook ?? "", timeLimit: .seconds(options.timeout), sizeLimit: HookAnswer.largestSize)
        retries = options.retries
        // Where it cannot make its pipes, swift-subprocess (1.0.2) traps.
        jobs = OpenFileLimit.jobs(options.jobs, files: UserProgram.files)
        self.console = console
        self.now = now
        pool = BlockingPool(width: jobs)
    }

    /// Asks about each recording, and tells of those that have no answer.
    ///
    /// - Parameters:
    ///   - ids: The recordings.
    ///   - prepare: Says what the program is shown of one; what it throws is told as the reason for having no answer.
    ///   - keep: Keeps answers, and returns the ids of those that it could not keep, with the reasons. Answers that were
    ///     given before an interruption are kept, too.
    /// - Returns: How it came out.
    /// - Throws: `Failure` where the program cannot be run or fails always, `CancellationError`, and what `keep` throws.
    func run(
        _ ids: [String], prepare: @escaping @Sendable (String) async throws -> Shown,
        keep: @escaping @Sendable ([String: HookAnswer]) async throws -> [String: String]
    ) async throws -> Summary {
        let bar = ProgressBar(on: console)
        defer { bar.remove() }
        bar.begin(files: ids.count, bytes: nil)
        var answers = Answers(run: self, keep: keep)
        var ending: (any Error)?
        do {
            try await withThrowingTaskGroup(of: (String, Outcome).self) { group in
                var waiting = ids[...]
                for id in waiting.prefix(jobs) {
                    group.addTask { (id, try await ask(about: id, prepare)) }
                }
                waiting = waiting.dropFirst(jobs)
                while let (id, outcome) = try await group.next() {
                    try Task.checkCancellation()
                    if let next = waiting.popFirst() {
                        group.addTask { (next, try await ask(about: next, prepare)) }
                    }
                    bar.finished(bytes: 0, duration: 0)
                    try await answers.take(outcome, of: id)
                }
            }
        } catch {
            ending = error
        }
        try await answers.keepPending()
        if let ending { throw ending }
        return answers.summary
    }

    /// What was answered, on its way to where it is kept.
    private struct Answers {
        let run: HookRun
        let keep: @Sendable ([String: HookAnswer]) async throws -> [String: String]
        var summary = Summary()
        private var pending: [String: HookAnswer] = [:]
        private var lastKept = ContinuousClock.now
        private var failuresInARow = 0

        init(run: HookRun, keep: @escaping @Sendable ([String: HookAnswer]) async throws -> [String: String])
        {
            self.run = run
            self.keep = keep
        }

        mutating func take(_ outcome: Outcome, of id: String) async throws {
            switch outcome {
            case .answered(let answer):
                failuresInARow = 0
                pending[id] = answer
            case .absent(let reason): fail(id, reason)
            case .failed(let reason):
                fail(id, reason)
                failuresInARow += 1
                if failuresInARow == mostFailures {
                    throw Failure(
                        .itemsNeedAttention,
                        "The hook \(run.name) failed for \(failuresInARow) recordings in a row, so no more are tried."
                    )
                }
            }
            if pending.count >= mostPending || ContinuousClock.now - lastKept > .seconds(1) {
                try await keepPending()
            }
        }

        mutating func keepPending() async throws {
            guard !pending.isEmpty else { return }
            let (keep, answers) = (keep, pending)
            pending = [:]
            // In a task of its own, which an interruption does not reach at once.
            let keeping = Task { try await keep(answers) }
            let lost = try await withTaskCancellationHandler {
                try await keeping.value
            } onCancel: {
                Task {
                    try await Task.sleep(for: patience)
                    keeping.cancel()
                }
            }
            lastKept = .now
            for (id, reason) in lost.sorted(by: { $0.key < $1.key }) { fail(id, reason) }
            for id in answers.keys.sorted() where lost[id] == nil {
                summary.answered += 1
                try run.console.row(HookRow(id: id, hook: run.name, answered: true, problem: nil))
            }
        }

        private mutating func fail(_ id: String, _ reason: String) {
            summary.failed.insert(id)
            try? run.console.row(HookRow(id: id, hook: run.name, answered: false, problem: reason))
            run.console.alert("\(id.printable): \(reason.printable)")
        }
    }

    /// Asks until there is an answer, or there were failures enough.
    private func ask(
        about id: String, _ prepare: @Sendable (String) async throws -> Shown
    ) async throws -> Outcome {
        let shown: Shown
        do {
            shown = try await prepare(id)
            guard !shown.path.utf8.contains(0x0A) else {
                return .absent(reason: "a hook can be shown no path with a line feed in it")
            }
            let path = shown.path
            let found = try await pool.run { try FileByteSource(path: path).digest() }
            if let digest = shown.digest, found != digest {
                return .absent(
                    reason: "\(path) is not the file that was stored; run verify, and repair it from a copy")
            }
        } catch is CancellationError {
            throw CancellationError()
        } catch {
            return .absent(reason: "\(error)")
        }
        let input = Array(shown.path.utf8) + [0x0A] + shown.facts + [0x0A]
        var attempt = 0
        while true {
            let reason: String
            do {
                let output = try await program.run(input)
                if let answer = HookAnswer(output, hook: name, at: now()) { return .answered(answer) }
                reason = output.isEmpty ? "it printed nothing" : "what it printed is not one JSON object"
            } catch UserProgramError.cannotRun(let reason) {
                throw Failure(.noInput, "The hook \(name) cannot be run: \(reason.printable).")
            } catch let error as UserProgramError {
                reason = "\(error)"
            }
            attempt += 1
            guard attempt <= retries else {
                let tries = attempt == 1 ? "" : ", \(attempt) times"
                return .failed(reason: "the hook \(name) has no answer\(tries): \(reason)")
            }
            // What fails for want of something, a service that starts, say, may have it a little later.
            try await Task.sleep(for: .seconds(min(30, 1 << (attempt - 1))))
        }
    }
}

/// What `export --json` prints of a recording that was shown to a hook.
private struct HookRow: Encodable {
    let id: String
    let hook: String
    let answered: Bool
    let problem: String?
}
