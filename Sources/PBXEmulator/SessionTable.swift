/// How long a token is good for.
public enum TokenLife: Sendable, Hashable {
    /// A time from the last request with the token: S-Series and K2, 30 minutes.
    case sliding(Duration)
    /// A time from the issue of the token, whatever is requested with it: Cloud PBX, 30 minutes.
    case fixed(Duration)
}

/// A login that has been granted.
struct Session: Sendable, Hashable {
    let token: String
    let refreshToken: String
    /// The address that logged in, which the manual calls the third-party server.
    let address: String
    /// The moment the life of the token counts from.
    var start: Duration
    var isExpired = false
}

/// The tokens issued, the recently expired ones included, since those are answered differently from unknown
/// ones.
struct SessionTable: Sendable {
    /// Sessions remembered; the oldest are forgotten beyond it.
    private static let capacity = 1024

    let life: TokenLife
    private var sessions: [Session] = []

    init(life: TokenLife) {
        self.life = life
    }

    /// Records a new session, ending all others first where only one is allowed.
    mutating func add(_ session: Session, endingOthers: Bool) {
        if endingOthers { sessions.removeAll() }
        if sessions.count == Self.capacity { sessions.removeFirst() }
        sessions.append(session)
    }

    /// The session of a token; a request with it keeps a sliding token alive.
    mutating func use(_ token: String?, at now: Duration) throws(PBXErrno) -> Session {
        guard let token, !token.isEmpty else { throw .tokenEmpty }
        guard let index = sessions.firstIndex(where: { $0.token == token }) else { throw .noSuchToken }
        let limit =
            switch life {
            case .sliding(let duration), .fixed(let duration): duration
            }
        if now - sessions[index].start >= limit { sessions[index].isExpired = true }
        if sessions[index].isExpired { throw .tokenExpired }
        if case .sliding = life { sessions[index].start = now }
        return sessions[index]
    }

    /// Takes out the session of a refresh token, so that neither of its tokens serves again.
    mutating func take(refreshToken: String) -> Session? {
        guard let index = sessions.firstIndex(where: { $0.refreshToken == refreshToken }) else { return nil }
        return sessions.remove(at: index)
    }

    /// Forgets a token.
    mutating func remove(_ token: String) {
        sessions.removeAll { $0.token == token }
    }

    /// Lets a token time out now.
    mutating func expire(_ token: String?) {
        for index in sessions.indices where sessions[index].token == token {
            sessions[index].isExpired = true
        }
    }
}
