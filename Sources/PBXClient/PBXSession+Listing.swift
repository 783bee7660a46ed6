internal import Logging

extension PBXSession {
    /// Lists mailboxes: all at once where that can be read, and otherwise each by itself.
    ///
    /// What is listed twice alike is one message.
    func query(_ selection: MailboxSelection) async throws -> VoicemailList {
        var named: [String]?
        if case .extensions(let extensions) = selection { named = extensions }
        do {
            let (answer, isConfirmed) = try await answer(to: selection)
            var list = VoicemailList(voicemails: answer.voicemails, unreadable: answer.unreadable)
            if let remaining = answer.remainingExtensions, named?.count != 1 {
                logger.info("a listing cannot be read as a whole, so each mailbox is listed by itself")
                list = try await queryEach(named ?? remaining, areNamed: named != nil)
                // There may be mailboxes behind its end, of which nobody has said anything.
                if named == nil { list.unreadable += answer.unreadable.filter { $0.position == nil } }
            } else if !isConfirmed, !list.unreadable.contains(where: { $0.position == nil }) {
                list.noteMissingEnd(of: named?.count == 1 ? named?.first : nil)
            }
            if !isConfirmed {
                // Another answer may have what is unreadable in this one, so that nothing of it is to be counted.
                for index in list.unreadable.indices { list.unreadable[index].message = nil }
            }
            list.voicemails = list.voicemails.withoutRepetitions
            return list
        } catch let error as PBXError where (named?.count ?? 0) > 1 && Self.mayBeOfOneMailbox(error) {
            return try await queryEach(named ?? [], areNamed: true)
        }
    }

    /// Lists mailboxes one after the other; those that are not there are noted where a person has named them.
    private func queryEach(_ extensions: [String], areNamed: Bool) async throws -> VoicemailList {
        var list = VoicemailList()
        var failure: (any Error)?
        var isAnswered = false
        for number in extensions {
            do {
                let mailbox = try await query(.extensions([number]))
                list.voicemails += mailbox.voicemails
                list.unreadable += mailbox.unreadable
                isAnswered = true
            } catch let error as PBXError where Self.mayBeOfOneMailbox(error) {
                failure = error
                var reason = "the PBX gives \(error.cause)"
                switch error {
                case .refused:
                    if areNamed { list.missingExtensions.append(number) }
                    continue
                case .badAnswer(_, let cause): reason = cause
                default: break
                }
                list.unreadable.append(
                    UnreadableEntry(extension: number, position: nil, file: nil, reason: reason))
            }
        }
        guard isAnswered else {
            throw failure ?? PBXError.badAnswer(.voicemailQuery, reason: "it is not the JSON of the API")
        }
        list.voicemails = list.voicemails.withoutRepetitions
        return list
    }

    /// Whether other mailboxes may well be listed though this has come of one, or of all of them at once.
    private static func mayBeOfOneMailbox(_ error: PBXError) -> Bool {
        switch error {
        case .refused(_, .extensionMissing, _), .badAnswer, .emptyBody, .webPage, .xml, .cutShort, .tooLarge,
            .httpStatus(_, 500, _):
            true
        default: false
        }
    }

    /// The answer to one query, which may have been cut by chance where it cannot be read as a whole or has no end; a
    /// second one like it shows that it is the box's own.
    private func answer(
        to selection: MailboxSelection
    ) async throws -> (answer: PBXAnswer, isConfirmed: Bool) {
        var partial = mailboxes.lastDoubtful(selection)
        var hasCome = false
        do {
            let answer = try await authorized { token in
                try await retries.run(.voicemailQuery) {
                    let answer = try await exchange.query(selection, token: token)
                    guard answer.isDoubtful else { return answer }
                    if let partial, partial.hasSameRemains(as: answer) { return answer }
                    (partial, hasCome) = (answer, true)
                    mailboxes.noteDoubtful(answer, selection)
                    throw PBXError.badAnswer(.voicemailQuery, reason: "it is not the JSON of the API")
                }
            }
            note(answer)
            return (answer, true)
        } catch PBXError.badAnswer(let operation, let reason) {
            guard let partial, hasCome else { throw PBXError.badAnswer(operation, reason: reason) }
            note(partial)
            return (partial, false)
        }
    }

    private func note(_ answer: PBXAnswer) {
        patience.progress()
        if let dialect = exchange.spoken.learn(from: answer.voicemails) {
            logger.info("the PBX lists folders", metadata: ["dialect": "\(dialect)"])
        }
        mailboxes.note(answer.voicemails)
    }
}
