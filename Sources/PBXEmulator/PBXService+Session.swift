internal import NIOCore

extension PBXService {
    mutating func login(
        _ fields: RequestFields, address: String, version: APIVersion
    ) throws(PBXErrno) -> Answer {
        if loginGuard.isLocked(address, at: now) { throw .loginLocked }
        let username = try fields.required("username")
        let password = try fields.required("password")
        if let port = fields["port"] {
            guard Self.isPort(port) else { throw .portWrong }
        } else if version.family == .yeastarV1 {
            throw configuration.missingPort
        }
        try checkPassword(password, of: username, address: address, refusal: .loginRefused)
        return startSession(
            for: address, extra: version.family == .yeastarV2 ? [("transport", .text("TCP"))] : [])
    }

    /// A login at an OpenVox: what it must have is looked at before the password, so that a client that lacks
    /// some of it is not locked out.
    mutating func openVoxLogin(
        _ fields: RequestFields, type: String?, address: String
    ) throws(PBXErrno) -> Answer {
        if loginGuard.isLocked(address, at: now) { throw .loginLocked }
        let username = try fields.required("username")
        let password = try fields.required("password")
        if let type, type != "json", type != "xml" { throw .parameterEmpty }
        if type == nil, configuration.requiredAtLogin.contains(.type) { throw .xmlNotSupported }
        for parameter in LoginParameter.allCases
        where parameter != .type && configuration.requiredAtLogin.contains(parameter) {
            _ = try fields.required(parameter.rawValue)
        }
        if let port = fields["port"], !Self.isPort(port) { throw .portWrong }
        // A number in the page's example of a login, and a text in that of a heartbeat.
        if let tag = fields["urltag"], tag != "0", tag != "1" { throw .parameterEmpty }
        try checkPassword(password, of: username, address: address, refusal: .openVoxLoginRefused)
        return startSession(for: address, extra: [])
    }

    private mutating func checkPassword(
        _ password: String, of username: String, address: String, refusal: PBXErrno
    ) throws(PBXErrno) {
        let isTolerant = configuration.tolerance.contains(.upperCasePassword)
        guard username == configuration.username,
            (isTolerant ? password.lowercased() : password) == passwordDigest
        else {
            loginGuard.recordFailure(address, at: now)
            throw refusal
        }
        loginGuard.recordSuccess(address)
    }

    /// Both tokens are replaced, and the old ones are unknown from then on.
    mutating func refresh(_ fields: RequestFields, address: String) throws(PBXErrno) -> Answer {
        guard sessions.take(refreshToken: try fields.required("refreshtoken")) != nil else {
            throw .noSuchToken
        }
        return startSession(for: address, extra: [])
    }

    /// Checks what the manuals say of `ipaddr` and `port`; only OpenVox's has both in its example, and so asks
    /// for both.
    func heartbeat(_ fields: RequestFields, version: APIVersion) throws(PBXErrno) -> Answer {
        if version.family == .openVox, fields["ipaddr"] == nil || fields["port"] == nil {
            throw .heartbeatFailed
        }
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
