internal import Logging

extension PBXSession {
    /// Lists mailboxes: all at once where that can be read, and otherwise each by itself.
    func query(_ selection: MailboxSelection) async throws -> VoicemailList {
        var named: [String]?
        if case .extensions(let extensions) = selection { named = extensions }
        do {
            let answer = try await answer(to: selection)
            guard let remaining = answer.remainingExtensions, named?.count != 1 else {
                return VoicemailList(voicemails: answer.voicemails, unreadable: answer.unreadable)
            }
            logger.info("a listing cannot be read as a whole, so each mailbox is listed by itself")
            return try await queryEach(named ?? remaining, areNamed: named != nil)
        } catch PBXError.refused(_, .extensionMissing, _) where (named?.count ?? 0) > 1 {
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
            } catch PBXError.refused(let operation, .extensionMissing, let item) {
                if areNamed { list.missingExtensions.append(number) }
                failure = PBXError.refused(operation, .extensionMissing, item: item)
            } catch PBXError.badAnswer(let operation, let reason) {
                list.unreadable.append(
                    UnreadableEntry(extension: number, position: nil, file: nil, reason: reason))
                failure = PBXError.badAnswer(operation, reason: reason)
            }
        }
        guard isAnswered else {
            throw failure ?? PBXError.badAnswer(.voicemailQuery, reason: "it is not the JSON of the API")
        }
        return list
    }

    /// The answer to one query, which may have been cut by chance where it cannot be read as a whole; a second one
    /// like it shows that it is the box's own.
    private func answer(to selection: MailboxSelection) async throws -> PBXAnswer {
        var partial: PBXAnswer?
        do {
            let answer = try await authorized { token in
                try await retries.run(.voicemailQuery) {
                    let answer = try await exchange.query(selection, token: token)
                    guard answer.remainingExtensions != nil else { return answer }
                    if let partial, partial.hasSameRemains(as: answer) { return answer }
                    partial = answer
                    throw PBXError.badAnswer(.voicemailQuery, reason: "it is not the JSON of the API")
                }
            }
            note(answer)
            return answer
        } catch PBXError.badAnswer(let operation, let reason) {
            guard let partial else { throw PBXError.badAnswer(operation, reason: reason) }
            note(partial)
            return partial
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
