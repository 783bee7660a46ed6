internal import Foundation
internal import Synchronization

/// What a login gives.
struct Grant: Sendable {
    let token: Secret
    /// Present on boxes whose tokens do not live on by being used.
    let refreshToken: Secret?
}

/// The session's token: one for all tasks, renewed by one of them while the others wait.
final class TokenKeeper: Sendable {
    /// How a token comes about and is kept alive.
    struct Source: Sendable {
        let logIn: @Sendable () async throws -> Grant
        let refresh: @Sendable (Secret) async throws -> Grant
        let heartbeat: @Sendable (Secret) async throws -> Void
    }

    private struct State {
        var grant: Grant?
        var issued = Date.distantPast
        var lastUse = Date.distantPast
        /// The last token with which a request was granted.
        var served: Secret?
        /// How many renewals have ended, well or not.
        var renewals = 0
        /// How the last renewal failed; nil when it went well.
        var failure: (any Error)?
        /// Why no login may be tried: it was refused, or this machine is locked out.
        var bar: PBXError?

        /// When the token's life began: with its last use, unless it is one that must be refreshed.
        var start: Date { grant?.refreshToken == nil ? lastUse : issued }
    }

    private let source: Source
    private let life: Double
    private let now: @Sendable () -> Date
    private let renewal = RequestGate(limit: 1)
    private let state = Mutex(State())

    init(source: Source, life: Duration, now: @escaping @Sendable () -> Date) {
        self.source = source
        self.life = Double(life.components.seconds)
        self.now = now
    }

    /// The token to send next: the present one, kept alive where it is about to die, or a new one.
    func current() async throws -> Secret {
        if let token = fresh() { return token }
        let seen = state.withLock { $0.renewals }
        return try await renew(since: seen) { self.fresh() }
    }

    /// A token in place of one that the PBX has just refused; tasks that were refused together log in once.
    func replacement(for refused: Secret) async throws -> Secret {
        let seen = state.withLock { state in
            if state.grant?.token == refused { state.grant = nil }
            return state.renewals
        }
        return try await renew(since: seen) { self.state.withLock { $0.grant?.token } }
    }

    /// Notes that the PBX has granted a request, which lets the token live on.
    func used(_ token: Secret) {
        let now = now()
        state.withLock { state in
            state.served = token
            if state.grant?.token == token { state.lastUse = now }
        }
    }

    /// True where the PBX has granted a request with the token, so that it was a good one.
    func hasServed(_ token: Secret) -> Bool {
        state.withLock { $0.served == token }
    }

    /// Gives the token away to be logged out.
    func take() -> Secret? {
        state.withLock { state in
            defer { state.grant = nil }
            return state.grant?.token
        }
    }

    /// The token, if nothing has to be done for it: at half of its life it is time.
    private func fresh() -> Secret? {
        let now = now()
        return state.withLock { state in
            guard let grant = state.grant else { return nil }
            return now.timeIntervalSince(state.start) < life / 2 ? grant.token : nil
        }
    }

    private func renew(since seen: Int, unless present: () -> Secret?) async throws -> Secret {
        try await renewal.withPassage {
            if let token = present() { return token }
            // Whoever waited while another task's login failed has its answer: asking again would only count
            // towards the lock.
            let failure = state.withLock { $0.renewals == seen ? nil : $0.failure }
            if let failure, !(failure is CancellationError) { throw failure }
            do {
                let grant = try await nextGrant()
                let now = now()
                state.withLock { state in
                    if state.grant?.token != grant.token { state.issued = now }
                    state.grant = grant
                    state.lastUse = now
                    state.renewals += 1
                    state.failure = nil
                }
                return grant.token
            } catch {
                state.withLock { state in
                    state.renewals += 1
                    state.failure = error
                }
                throw error
            }
        }
    }

    /// The present grant prolonged where that is possible, and a login otherwise.
    private func nextGrant() async throws -> Grant {
        let now = now()
        let (present, age) = state.withLock { ($0.grant, now.timeIntervalSince($0.start)) }
        guard let present, age < life else { return try await logIn() }
        do {
            if let refreshToken = present.refreshToken { return try await source.refresh(refreshToken) }
            try await source.heartbeat(present.token)
            return present
        } catch is PBXError {
            return try await logIn()
        }
    }

    /// Logs in, unless that has been refused before: the fifth refusal would lock this machine out.
    private func logIn() async throws -> Grant {
        switch state.withLock({ $0.bar }) {
        case .locked(_, let until)? where until <= now(): break
        case let bar?: throw bar
        case nil: break
        }
        do {
            return try await source.logIn()
        } catch let error as PBXError {
            switch error {
            case .loginRefused, .locked: state.withLock { $0.bar = error }
            default: break
            }
            throw error
        }
    }
}
