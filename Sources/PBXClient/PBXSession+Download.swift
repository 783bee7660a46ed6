internal import Digests
internal import Foundation

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
            var ends = EarlyEnds(attempts: configuration.retry.retries + 1)
            while true {
                do {
                    return try await retries.run(.voicemailDownload) {
                        try await attemptDownload(listing, token: token, path: path, &ends)
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
        _ listing: VoicemailListing, token: Secret, path: String, _ ends: inout EarlyEnds
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
                    try await receive(response, path: path, listing: listing, &ends)
                })
        }
    }

    private func receive(
        _ response: TransportResponse, path: String, listing: VoicemailListing, _ ends: inout EarlyEnds
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
        var earlyEnd: PBXError?
        do {
            for try await piece in response.body {
                try Task.checkCancellation()
                try pace.note(piece.count)
                received += Int64(piece.count)
                guard received <= limit else { throw PBXError.tooLarge(operation, limit: limit) }
                try file.append(sniffer.take(piece))
            }
        } catch PBXError.cutShort(_, nil, let received) {
            // The box has closed the connection without a farewell; perhaps all is there.
            if !file.isWholeByItsHeader, !sniffer.holdsWholeAnswer {
                earlyEnd = .cutShort(operation, expected: nil, received: received)
            }
        }
        if let length = response.contentLength, received < length {
            throw PBXError.cutShort(operation, expected: length, received: received)
        }
        let rest: (audio: [UInt8], refusal: PBXErrorCode?)
        do {
            rest = try sniffer.finish()
        } catch {
            throw earlyEnd ?? error
        }
        if let code = rest.refusal {
            throw exchange.error(for: code, operation: operation, item: listing.place)
        }
        try file.append(rest.audio)
        let audio = try file.finish()
        if let earlyEnd {
            guard ends.areAlike(with: audio.digest) else {
                try? FileManager.default.removeItem(atPath: path)
                throw earlyEnd
            }
        }
        patience.progress()
        return DownloadedAudio(
            byteCount: audio.byteCount, digest: audio.digest, isCutShort: earlyEnd != nil)
    }
}

/// Attempts at one download that the box has ended early, without having said how long the file is.
///
/// One such end may have any cause. Where every attempt has the same bytes, they are what the box has.
private struct EarlyEnds {
    /// How many attempts there are at most.
    let attempts: Int

    private var digest: Digest?
    private var count = 0

    init(attempts: Int) {
        self.attempts = attempts
    }

    /// Takes note of an attempt; returns whether it is the last one, and all were like it.
    mutating func areAlike(with digest: Digest) -> Bool {
        count = digest == self.digest ? count + 1 : 1
        self.digest = digest
        return attempts > 1 && count >= attempts
    }
}
