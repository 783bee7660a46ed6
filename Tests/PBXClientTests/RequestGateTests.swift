import Synchronization
import Testing

@testable import PBXClient

/// How many are inside of the gate, and were at most.
private final class Counts: Sendable {
    private let state = Mutex((now: 0, most: 0, total: 0))

    var most: Int { state.withLock { $0.most } }
    var total: Int { state.withLock { $0.total } }

    func enter() {
        state.withLock { state in
            state.now += 1
            state.most = max(state.most, state.now)
        }
    }

    func leave() {
        state.withLock { state in
            state.now -= 1
            state.total += 1
        }
    }
}

@Suite struct RequestGateTests {
    @Test(arguments: [1, 2, 5])
    func `lets so many through at a time and in the end all`(limit: Int) async throws {
        let gate = RequestGate(limit: limit)
        let counts = Counts()
        try await withThrowingTaskGroup(of: Void.self) { group in
            for _ in 0..<40 {
                group.addTask {
                    try await gate.withPassage {
                        counts.enter()
                        for _ in 0..<10 { await Task.yield() }
                        counts.leave()
                    }
                }
            }
            try await group.waitForAll()
        }
        #expect(counts.total == 40)
        #expect((1...limit).contains(counts.most))
    }

    @Test func `lets a task go that is cancelled while it waits, and keeps its place free`() async throws {
        let gate = RequestGate(limit: 1)
        try await gate.withPassage {
            let waiting = Task { try await gate.withPassage { true } }
            for _ in 0..<50 { await Task.yield() }
            waiting.cancel()
            await #expect(throws: CancellationError.self) { try await waiting.value }
        }
        #expect(try await gate.withPassage { true })
    }

    @Test func `frees the place of an operation that fails`() async throws {
        let gate = RequestGate(limit: 1)
        await #expect(throws: PBXError.emptyBody(.login)) {
            try await gate.withPassage { throw PBXError.emptyBody(.login) }
        }
        #expect(try await gate.withPassage { true })
    }
}
