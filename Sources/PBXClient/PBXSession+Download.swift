extension PBXSession {
    /// How often a random string is asked for at most, where the PBX calls one invalid that it has just
    /// given.
    private static let mostRandoms = 3

    /// Downloads whatever lies at a message's place into a new file.
    ///
    /// A random string is asked for right before each attempt, and used once. Whether the audio is the
    /// message's is not looked at: see `fetch(_:to:audioDuration:)`.
    ///
    /// - Parameters:
    ///   - listing: The message, by its place.
    ///   - path: The file to make; nothing is left there on failure, not even of an attempt that was
    ///     repeated.
    /// - Returns: The count and the digest of the bytes.
    /// - Throws: `PBXError`: among them `refused` with `voicemailMissing` where nothing lies there, and
    ///   `file` where something lies at the path.
    @concurrent
    public func download(_ listing: VoicemailListing, to path: String) async throws -> DownloadedAudio {
        try await authorized { token in
            var randoms = 1
            while true {
                do {
                    return try await retries.run(.voicemailDownload) {
                        try await attemptDownload(listing, token: token, path: path)
                    }.get()
                } catch PBXError.refused(_, .voicemailRandomInvalid, _) where randoms < Self.mostRandoms {
                    randoms += 1
                }
            }
        }
    }

    /// Downloads once, with a random string of its own; the result fails where there was none to be had, which
    /// has been repeated enough by then.
    private func attemptDownload(
        _ listing: VoicemailListing, token: Secret, path: String
    ) async throws -> Result<DownloadedAudio, any Error> {
        try await exchange.withPassage {
            let random: Secret
            do {
                random = try await retries.run(.voicemailRandom) {
                    try await exchange.random(for: listing, token: token)
                }
            } catch {
                return .failure(error)
            }
            tokens.used(token)
            return .success(
                try await exchange.download(listing, token: token, random: random) { response in
                    try await receive(response, path: path, listing: listing)
                })
        }
    }

    private func receive(
        _ response: TransportResponse, path: String, listing: VoicemailListing
    ) async throws -> DownloadedAudio {
        let operation = PBXOperation.voicemailDownload
        let limit = configuration.downloadLimit
        if let length = response.contentLength, length > limit {
            throw PBXError.tooLarge(operation, limit: limit)
        }
        var file = try AudioFile(path: path)
        var sniffer = BodySniffer(hiding: exchange.secrets)
        let timeouts = configuration.timeouts
        var pace = Pace(
            of: operation, whole: timeouts.message, leastRate: timeouts.leastRate, over: timeouts.idle,
            uptime: timing.uptime)
        var received: Int64 = 0
        do {
            for try await piece in response.body {
                try Task.checkCancellation()
                try pace.note(piece.count)
                received += Int64(piece.count)
                guard received <= limit else { throw PBXError.tooLarge(operation, limit: limit) }
                try file.append(sniffer.take(piece))
            }
        } catch PBXError.cutShort(_, nil, let received) where !file.isWholeByItsHeader {
            throw PBXError.cutShort(operation, expected: nil, received: received)
        } catch PBXError.cutShort(_, nil, _) {
            // The box has closed the connection without a farewell, and all of the file is there.
        }
        if let length = response.contentLength, received < length {
            throw PBXError.cutShort(operation, expected: length, received: received)
        }
        let rest = try sniffer.finish()
        if let code = rest.refusal {
            throw exchange.error(for: code, operation: operation, item: listing.place)
        }
        try file.append(rest.audio)
        let audio = try file.finish()
        patience.progress()
        return audio
    }
}
