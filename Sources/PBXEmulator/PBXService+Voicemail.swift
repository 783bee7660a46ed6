extension PBXService {
    mutating func query(
        _ fields: RequestFields, version: APIVersion, fault: EmulatorFault?
    ) throws(PBXErrno) -> Answer {
        let mailboxes = try mailboxes(named: mailbox(in: fields, version: version), version: version)
        var entries: [AnswerValue] = []
        for mailbox in mailboxes {
            model.open(mailbox)
            let messages = MailboxModel.Folder.allCases.flatMap { model.messages(in: mailbox, folder: $0) }
            if messages.isEmpty, !configuration.listsEmptyMailboxes { continue }
            var list: [AnswerValue] = []
            for (place, message) in messages {
                var members: [(name: String, value: AnswerValue)] = [
                    ("voicemailfile", .text(listedName(of: place.file, at: list.count, fault: fault))),
                    ("messagefrom", .text(message.caller)),
                ]
                if version.family != .openVox {
                    members.append(("voicemailstatus", .text(place.folder.rawValue)))
                }
                members += [
                    ("voicemaildate", .text(message.date)),
                    ("voicemaillength", .text(String(message.length))),
                ]
                list.append(.object(members))
            }
            entries.append(.object([(version.extensionField, .text(mailbox)), ("voicemail", .list(list))]))
        }
        return .success(entries.isEmpty ? [] : [("voicemails", .list(entries))])
    }

    /// All but v2 ask for all mailboxes by naming none, v2 by the word `all`.
    private func mailboxes(named list: String?, version: APIVersion) throws(PBXErrno) -> [String] {
        guard let list, !list.allSatisfy(\.isWhitespace) else {
            if version.requiresQueryExtension { throw .parameterEmpty }
            return model.extensions
        }
        if version.requiresQueryExtension, list == "all" { return model.extensions }
        var names: [String] = []
        for part in list.split(separator: ",") {
            let name = String(part.filter { !$0.isWhitespace })
            guard model.hasExtension(name) else { throw .noSuchExtension }
            if !names.contains(name) { names.append(name) }
        }
        return names
    }

    mutating func random(
        _ fields: RequestFields, session: Session, version: APIVersion
    ) throws(PBXErrno) -> Answer {
        guard let mailbox = mailbox(in: fields, version: version), !mailbox.isEmpty else {
            throw .parameterEmpty
        }
        guard model.hasExtension(mailbox) else { throw .noSuchExtension }
        let listed = try fields.required("voicemailfile")
        let file = disguises[listed] ?? listed
        let folder = try folder(in: fields, version: version)
        let candidates = folder.map { [$0] } ?? MailboxModel.Folder.allCases
        let found = candidates.first { model.message(in: mailbox, folder: $0, file: file) != nil }
        let addresses = try allowedAddresses(fields["allowedip"], session: session)
        guard let found else { throw .voicemailMissing }
        let grant = DownloadGrant(
            random: newSecret(), mailbox: mailbox, folder: found, file: file, token: session.token,
            addresses: addresses, issued: now)
        randoms.add(grant)
        var members: [(name: String, value: AnswerValue)] = [(version.extensionField, .text(mailbox))]
        if version.hasStatus, folder != nil { members.append(("voicemailstatus", .text(found.rawValue))) }
        return .success(members + [("voicemailfile", .text(listed)), ("random", .text(grant.random))])
    }

    mutating func download(
        _ fields: RequestFields, address: String, version: APIVersion, fault: EmulatorFault?
    ) throws(PBXErrno) -> Answer {
        let session = try sessions.use(fields["token"], at: now)
        guard let mailbox = mailbox(in: fields, version: version), !mailbox.isEmpty else {
            throw .parameterEmpty
        }
        let listed = try fields.required("voicemailfile")
        let claim = DownloadClaim(
            random: try fields.required("random"), mailbox: mailbox,
            folder: try folder(in: fields, version: version),
            file: disguises[listed] ?? listed, token: session.token, address: address)
        let grant = try randoms.take(claim, at: now)
        guard let message = model.message(in: mailbox, folder: grant.folder, file: grant.file) else {
            throw .voicemailMissing
        }
        if fault?.action == .wrongMessage {
            let others = model.messages(in: mailbox, folder: grant.folder).filter {
                $0.message.id != message.id
            }
            return .audio((others.first?.message ?? message).audio)
        }
        return .audio(message.audio)
    }

    private func mailbox(in fields: RequestFields, version: APIVersion) -> String? {
        if let value = fields[version.extensionField] { return value }
        return configuration.tolerance.contains(.eitherExtensionField)
            ? fields[version.otherExtensionField] : nil
    }

    /// The folder that `voicemailstatus` names; nil where it is absent and may be.
    private func folder(
        in fields: RequestFields, version: APIVersion
    ) throws(PBXErrno) -> MailboxModel.Folder? {
        guard let status = fields["voicemailstatus"], !status.isEmpty else {
            if version.hasStatus, !configuration.tolerance.contains(.missingStatus) { throw .parameterEmpty }
            return nil
        }
        guard let folder = MailboxModel.Folder(rawValue: status) else { throw .voicemailStatusWrong }
        return folder
    }

    /// Absent and blank mean the address that logged in; an address means that one as well.
    private func allowedAddresses(_ allowed: String?, session: Session) throws(PBXErrno) -> Set<String> {
        guard let allowed, !allowed.allSatisfy(\.isWhitespace) else { return [session.address] }
        guard let address = Self.normalizedAddress(allowed) else { throw .allowedAddressWrong }
        return [session.address, address]
    }
}
