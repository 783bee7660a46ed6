extension PBXService {
    /// Lets happen what a fault has happen before the request is handled.
    mutating func prepare(_ fault: EmulatorFault?, for request: PBXRequest) {
        switch fault?.action {
        case .expireToken: sessions.expire(request.query["token"])
        case .expireRandom: randoms.expireAll()
        case .renumber: renumber(for: request)
        default: break
        }
    }

    /// Moves the first message of the folder that a request is about to the other folder, as a person at the
    /// telephone does who hears it, or marks it unread.
    private mutating func renumber(for request: PBXRequest) {
        let body = try? RequestFields(json: request.body, tolerating: .all)
        let fields = request.body.isEmpty ? RequestFields(request.query) : body ?? RequestFields()
        let mailbox = fields["extid"] ?? fields["number"] ?? model.extensions.first ?? ""
        let asked = fields["voicemailstatus"].flatMap { MailboxModel.Folder(rawValue: $0) }
        let folder =
            asked ?? MailboxModel.Folder.allCases.first { !model.messages(in: mailbox, folder: $0).isEmpty }
        guard let folder, let first = model.messages(in: mailbox, folder: folder).first?.message.id else {
            return
        }
        switch folder {
        case .inbox: model.listen(to: first)
        case .old: model.markUnread(first)
        }
    }

    /// The name under which a file is listed: its own, or under the `hostile-names` fault one of four that
    /// lead out of a folder, end a C string, overflow a file system's limit or break a line.
    mutating func listedName(of file: String, at position: Int, fault: EmulatorFault?) -> String {
        guard fault?.action == .hostileNames else { return file }
        let name =
            switch position % 4 {
            case 0: "../../etc/\(file)"
            case 1: "\(file)\0.sh"
            case 2: String(repeating: "x", count: 300 - file.count) + file
            default: "\(file)\nInjected: 1"
            }
        disguises[name] = file
        return name
    }

    /// Distorts a reply as a fault will have it.
    func shaped(_ original: PBXReply, by fault: EmulatorFault?, path: String) -> PBXReply {
        guard let fault else { return original }
        var reply = original
        switch fault.action {
        case .truncate:
            // Without a promise to fall short of, there is nothing to notice.
            reply.framing = .contentLength
            reply.delivery = .truncated(after: min(fault.value ?? reply.body.count / 2, reply.body.count))
        case .wrongLength:
            reply.framing = .contentLength
            reply.delivery = .misdeclared(by: min(fault.value ?? 100, reply.body.count))
        case .empty: reply.body = []
        case .slow: reply.delivery = .slow(pause: .milliseconds((fault.value ?? 2000) / 8))
        case .oversize: reply.delivery = .padded(to: max(fault.value ?? 64 << 20, reply.body.count))
        case .drop: reply.delivery = .dropped
        case .gatewayTimeout: reply = .page(status: 504, title: "Gateway Time-out")
        case .html: reply = .page(status: 200, title: "Web Management")
        case .busy: reply.body = Array("Service temporarily unavailable".utf8)
        case .redirect:
            reply = .page(status: 302, title: "Moved Temporarily")
            reply.location = secureURL + path
        case .error, .missingCommas, .trailingCommas, .unclosed, .integers, .hostileNames, .renumber,
            .wrongMessage, .expireToken, .expireRandom:
            break
        }
        return reply
    }
}
