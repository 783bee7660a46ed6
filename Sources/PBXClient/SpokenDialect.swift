internal import Synchronization

/// The dialect of one box: given, or found at its first contact and kept for the session.
final class SpokenDialect: Sendable {
    private struct State {
        var index = 0
        /// The dialect in which a login was granted; nil before that.
        var found: PBXDialect?
    }

    private let candidates: [PBXDialect]
    private let state = Mutex(State())

    /// Takes the dialects to try, at least one.
    init(_ candidates: [PBXDialect]) {
        self.candidates = candidates.isEmpty ? PBXDialect.candidates : candidates
    }

    /// The one to speak now.
    var current: PBXDialect {
        state.withLock { $0.found ?? candidates[$0.index] }
    }

    /// Takes note that a login was granted.
    func settle() {
        state.withLock { $0.found = $0.found ?? candidates[$0.index] }
    }

    /// Goes on to the next candidate; false behind the last one, whereupon the first is current again.
    func moveOn() -> Bool {
        state.withLock { state in
            guard state.found == nil else { return false }
            state.index = (state.index + 1) % candidates.count
            return state.index > 0
        }
    }

    /// Learns from a listing whose box it is, unless that was given.
    ///
    /// - Returns: The dialect, where this has changed it.
    func learn(from listings: [VoicemailListing]) -> PBXDialect? {
        guard candidates.count > 1 else { return nil }
        return state.withLock { state in
            guard let found = state.found else { return nil }
            let recognized = found.recognized(in: listings)
            guard recognized != found else { return nil }
            state.found = recognized
            return recognized
        }
    }
}
