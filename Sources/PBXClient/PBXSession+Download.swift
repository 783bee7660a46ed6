internal import Digests
internal import Foundation
internal import Logging

extension PBXSession {
    /// How often a random string is asked for at most, where the PBX calls one invalid that it has just
    /// given.
    private static let mostRandoms = 3

    /// How often a message is downloaded at most before it is given up.
    private static let mostFetches = 4

    /// How far the audio's duration and the listed length may be apart, in seconds.
    private static let durationTolerance = 1.0

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
                    }
                } catch PBXError.refused(_, .voicemailRandomInvalid, _) where randoms < Self.mostRandoms {
                    randoms += 1
                }
            }
        }
    }

    /// Fetches a message, and makes sure that the audio is the one that was listed.
    ///
    /// The PBX renames its files when messages are heard or deleted, so that the audio of one message could
    /// come under the listing of another. After each download the mailbox is listed again, and the audio's
    /// duration is held against the listed length. Audio that does not fit is thrown away and downloaded
    /// again. When two downloads are the same and only the duration differs, the file on the PBX is damaged:
    /// it is accepted, with a warning.
    ///
    /// - Parameters:
    ///   - listing: The message as it was listed.
    ///   - path: The file to make; nothing is left there on failure.
    ///   - audioDuration: The duration of the audio in a file, in seconds; nil where it cannot be decoded.
    /// - Returns: The message, and what is odd about it.
    /// - Throws: `PBXError.messageMoved` where something else lies at the place by now, so that the mailbox
    ///   has to be listed again; `inconsistentAudio` where no two downloads agree; and what a download
    ///   throws.
    @concurrent
    public func fetch(
        _ listing: VoicemailListing, to path: String, audioDuration: @Sendable (String) async -> Double?
    ) async throws -> FetchedMessage {
        var misfit: Digest?
        for _ in 1...Self.mostFetches {
            let audio = try await downloadListed(listing, to: path)
            do {
                guard try await isStillListed(listing) else { throw PBXError.messageMoved(listing) }
                let duration = await audioDuration(path)
                guard let seconds = listing.seconds, !Self.fits(duration, seconds: seconds) else {
                    return FetchedMessage(listing: listing, audio: audio, warnings: [])
                }
                if misfit == audio.digest {
                    let warning = FetchWarning.durationMismatch(listed: seconds, audio: duration)
                    logger.warning(
                        "\(warning.code)", metadata: ["item": "\(listing.place)", "found": "\(warning)"])
                    return FetchedMessage(listing: listing, audio: audio, warnings: [warning])
                }
                misfit = audio.digest
                try FileManager.default.removeItem(atPath: path)
            } catch {
                try? FileManager.default.removeItem(atPath: path)
                throw error
            }
        }
        throw PBXError.inconsistentAudio(listing, attempts: Self.mostFetches)
    }

    private static func fits(_ duration: Double?, seconds: Int) -> Bool {
        duration.map { abs($0 - Double(seconds)) <= durationTolerance } ?? false
    }

    private func isStillListed(_ listing: VoicemailListing) async throws -> Bool {
        try await query(.extensions([listing.extension]))
            .contains { $0.isAtSamePlace(as: listing) && $0.isSameMessage(as: listing) }
    }

    /// Downloads a message; one that is missing because it has moved is told from one that is merely missing.
    private func downloadListed(_ listing: VoicemailListing, to path: String) async throws -> DownloadedAudio
    {
        do {
            return try await download(listing, to: path)
        } catch let error as PBXError where error.code == .voicemailMissing {
            throw try await isStillListed(listing) ? error : PBXError.messageMoved(listing)
        }
    }

    private func attemptDownload(
        _ listing: VoicemailListing, token: Secret, path: String
    ) async throws -> DownloadedAudio {
        let random = try await exchange.random(for: listing, token: token)
        return try await exchange.download(listing, token: token, random: random) { response in
            try await receive(response, path: path, listing: listing)
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
        var sniffer = BodySniffer(contentType: response.contentType)
        var received: Int64 = 0
        for try await piece in response.body {
            try Task.checkCancellation()
            received += Int64(piece.count)
            guard received <= limit else { throw PBXError.tooLarge(operation, limit: limit) }
            try file.append(sniffer.take(piece))
        }
        if let length = response.contentLength, received < length {
            throw PBXError.cutShort(operation, expected: length, received: received)
        }
        let rest = try sniffer.finish()
        if let code = rest.refusal {
            throw exchange.error(for: code, operation: operation, item: listing.place)
        }
        try file.append(rest.audio)
        return try file.finish()
    }
}
