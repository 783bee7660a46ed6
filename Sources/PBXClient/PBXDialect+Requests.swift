internal import Digests

extension PBXDialect {
    /// The path of a request; the token, where there is one, travels in the query.
    func path(_ operation: PBXOperation, token: Secret? = nil) -> String {
        let path = "/api/\(version)/\(operation.rawValue)"
        if let token { return path + "?token=" + PercentEncoding.encode(token.reveal()) }
        // Without it an OpenVox may answer in XML.
        return operation == .login && family == .openVox ? path + "?type=json" : path
    }

    /// The body of a login.
    ///
    /// The receiver is where the PBX would post its reports. It has to be given although nobody listens there.
    /// Without `version` Yeastar's v1 posts reports that are not even JSON.
    func loginBody(username: String, password: Secret, receiver: ReportReceiver) -> [UInt8] {
        var body = JSONObjectText()
        body.add("username", username)
        body.add("password", MD5.hexadecimal(of: password.reveal()))
        body.add("port", String(receiver.port))
        switch family {
        case .openVox:
            body.add("version", "0.0.1")
            if let url = receiver.url {
                body.add("url", url)
                // A number here, and a text in the heartbeat: so the pages print it.
                body.add("urltag", digits: "1")
            }
        case .yeastarV1: body.add("version", "1.0.2")
        case .yeastarV2: body.add("version", "2.0.0")
        }
        return body.bytes
    }

    /// The body of a heartbeat.
    ///
    /// The address is left out where none is known: Yeastar's tables require it, its example omits it, and a
    /// wrong one might move the right to download to another host.
    func heartbeatBody(receiver: ReportReceiver) -> [UInt8] {
        var body = JSONObjectText()
        if let address = receiver.address { body.add("ipaddr", address) }
        if family == .yeastarV2 {
            body.add("port", digits: String(receiver.port))
        } else {
            body.add("port", String(receiver.port))
        }
        if family == .openVox, let url = receiver.url {
            body.add("url", url)
            body.add("urltag", "1")
        }
        return body.bytes
    }

    /// The body that trades a refresh token for a new pair.
    func refreshBody(_ refreshToken: Secret) -> [UInt8] {
        var body = JSONObjectText()
        body.add("refreshtoken", refreshToken.reveal())
        return body.bytes
    }

    /// The body that lists mailboxes; nil where the request has none, which is how all are asked for but in v2.
    func queryBody(_ selection: MailboxSelection) -> [UInt8]? {
        var body = JSONObjectText()
        switch selection {
        case .all:
            guard family == .yeastarV2 else { return nil }
            body.add(extensionField, "all")
        case .extensions(let extensions):
            add(extensions.joined(separator: ","), to: &body)
        }
        return body.bytes
    }

    /// The body that asks for the random string of one voicemail: with its folder where the box has listed one.
    func randomBody(_ listing: VoicemailListing, allowedAddress: AllowedAddress) -> [UInt8] {
        var body = JSONObjectText()
        add(listing.extension, to: &body)
        body.add("voicemailfile", listing.file)
        if let status = listing.status { body.add("voicemailstatus", status.rawValue) }
        switch allowedAddress {
        case .unspecified: break
        // The v2 page writes its blank as one space, and v1 has an empty text.
        case .blank: body.add("allowedip", family == .yeastarV2 ? " " : "")
        case .address(let address): body.add("allowedip", address)
        }
        return body.bytes
    }

    /// The path and query of the link that downloads one voicemail.
    func downloadPath(_ listing: VoicemailListing, token: Secret, random: Secret) -> String {
        linkTemplate.path(version: version, listing: listing, token: token, random: random)
    }

    private var extensionField: String { family == .yeastarV2 ? "number" : "extid" }

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

/// Where a PBX is told to post its reports, though nobody listens there.
struct ReportReceiver: Sendable {
    /// This machine's address as the PBX sees it; nil where it is not known.
    let address: String?
    /// The port: 1 to 65535.
    let port: Int

    /// Address and port as OpenVox's `url` has them.
    var url: String? {
        address.map { $0.contains(":") ? "[\($0)]:\(port)" : "\($0):\(port)" }
    }
}
