internal import NIOCore

extension PBXService {
    mutating func login(
        _ fields: RequestFields, address: String, version: APIVersion
    ) throws(PBXErrno) -> Answer {
        if loginGuard.isLocked(address, at: now) { throw .loginLocked }
        let username = try fields.required("username")
        var password = try fields.required("password")
        if let port = fields["port"] {
            guard Self.isPort(port) else { throw .portWrong }
        } else if version.requiresPort {
            throw configuration.missingPort
        }
        if configuration.tolerance.contains(.upperCasePassword) { password = password.lowercased() }
        guard username == configuration.username, password == passwordDigest else {
            loginGuard.recordFailure(address, at: now)
            throw .loginRefused
        }
        loginGuard.recordSuccess(address)
        return startSession(
            for: address, extra: version.answersTransport ? [("transport", .text("TCP"))] : [])
    }

    /// Both tokens are replaced, and the old ones are unknown from then on.
    mutating func refresh(_ fields: RequestFields, address: String) throws(PBXErrno) -> Answer {
        guard sessions.take(refreshToken: try fields.required("refreshtoken")) != nil else {
            throw .noSuchToken
        }
        return startSession(for: address, extra: [])
    }

    /// Checks what the manual says of `ipaddr` and `port`, but asks for neither, as the manual's example has
    /// neither.
    func heartbeat(_ fields: RequestFields) throws(PBXErrno) -> Answer {
        if let address = fields["ipaddr"], Self.normalizedAddress(address) == nil { throw .heartbeatFailed }
        if let port = fields["port"], !Self.isPort(port) { throw .heartbeatFailed }
        return .success([])
    }

    private mutating func startSession(
        for address: String, extra: [(name: String, value: AnswerValue)]
    ) -> Answer {
        let session = Session(token: newSecret(), refreshToken: newSecret(), address: address, start: now)
        sessions.add(session, endingOthers: configuration.allowsOneSessionOnly)
        var members: [(name: String, value: AnswerValue)] = [("token", .text(session.token))]
        if configuration.hasRefresh { members.append(("refreshtoken", .text(session.refreshToken))) }
        return .success(members + extra)
    }

    /// The manual gives 0 to 65536 in one place and the numbers between in another; the wider range is
    /// accepted.
    private static func isPort(_ text: String) -> Bool {
        Int(text).map { (0...65536).contains($0) } ?? false
    }

    /// The usual form of an IP address, an IPv4 address mapped into IPv6 as IPv4; nil for what is no address.
    static func normalizedAddress(_ text: String) -> String? {
        let mapped = text.lowercased().hasPrefix("::ffff:") && text.contains(".")
        let plain = mapped ? String(text.dropFirst(7)) : text
        return (try? SocketAddress(ipAddress: plain, port: 0))?.ipAddress
    }
}
