internal import Digests

extension PBXDialect {
    /// The path of a request; the token, where there is one, travels in the query.
    func path(_ operation: PBXOperation, token: Secret? = nil) -> String {
        let path = "/api/\(version)/\(operation.rawValue)"
        guard let token else { return path }
        return path + "?token=" + PercentEncoding.encode(token.reveal())
    }

    /// The body of a login.
    ///
    /// The port is where the PBX would post its reports. It has to be given although nobody listens there.
    /// Without `version` v1 posts reports that are not even JSON.
    func loginBody(username: String, password: Secret, reportPort: Int) -> [UInt8] {
        var body = JSONObjectText()
        body.add("username", username)
        body.add("password", MD5.hexadecimal(of: password.reveal()))
        body.add("port", String(reportPort))
        body.add("version", family == .number ? "2.0.0" : "1.0.2")
        return body.bytes
    }

    /// The body of a heartbeat.
    ///
    /// The address is left out where none is known: the tables require it, the example omits it, and a wrong
    /// one might move the right to download to another host.
    func heartbeatBody(reportAddress: String?, reportPort: Int) -> [UInt8] {
        var body = JSONObjectText()
        if let reportAddress { body.add("ipaddr", reportAddress) }
        if family == .number {
            body.add("port", digits: String(reportPort))
        } else {
            body.add("port", String(reportPort))
        }
        return body.bytes
    }

    /// The body that trades a refresh token for a new pair.
    func refreshBody(_ refreshToken: Secret) -> [UInt8] {
        var body = JSONObjectText()
        body.add("refreshtoken", refreshToken.reveal())
        return body.bytes
    }

    /// The body that lists mailboxes; nil where the request has none, which is how v1 asks for all of them.
    func queryBody(_ selection: MailboxSelection) -> [UInt8]? {
        var body = JSONObjectText()
        switch selection {
        case .all:
            guard family == .number else { return nil }
            body.add(extensionField, "all")
        case .extensions(let extensions):
            add(extensions.joined(separator: ","), to: &body)
        }
        return body.bytes
    }

    /// The body that asks for the random string of one voicemail.
    func randomBody(_ listing: VoicemailListing, allowedAddress: AllowedAddress) -> [UInt8] {
        var body = JSONObjectText()
        add(listing.extension, to: &body)
        body.add("voicemailfile", listing.file)
        if family != .extensionIDWithoutStatus, let status = listing.status {
            body.add("voicemailstatus", status.rawValue)
        }
        switch allowedAddress {
        case .unspecified: break
        // The v2 page writes its blank as one space, and v1 has an empty text.
        case .blank: body.add("allowedip", family == .number ? " " : "")
        case .address(let address): body.add("allowedip", address)
        }
        return body.bytes
    }

    /// The path and query of the link that downloads one voicemail.
    func downloadPath(_ listing: VoicemailListing, token: Secret, random: Secret) -> String {
        linkTemplate.path(version: version, listing: listing, token: token, random: random)
    }

    private var extensionField: String { family == .number ? "number" : "extid" }

    private func add(_ text: String, to body: inout JSONObjectText) {
        let isNumber =
            (1...9).contains(text.utf8.count) && text.utf8.allSatisfy { (0x30...0x39).contains($0) }
        if extensionEncoding == .integer, isNumber, text == "0" || !text.hasPrefix("0") {
            body.add(extensionField, digits: text)
        } else {
            body.add(extensionField, text)
        }
    }
}
