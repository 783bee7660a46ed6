internal import Digests
internal import Foundation
internal import Logging

extension PBXSession {
    /// How often a message is downloaded at most before it is given up.
    private static let mostFetches = 4

    /// How far the audio's duration and the listed length may be apart, in seconds.
    private static let durationTolerance = 1.0

    /// Fetches a message, and makes sure that the audio is the one that was listed.
    ///
    /// The PBX renames its files when messages are heard or deleted, so that the audio of one message could
    /// come under the listing of another. After each download the mailbox is listed again, and the audio's
    /// duration is held against the listed length. Audio that does not fit, or is damaged, is thrown away and
    /// downloaded again. When two downloads are the same, it is the file on the PBX that is damaged: it is
    /// accepted, with a warning where the duration differs.
    ///
    /// - Parameters:
    ///   - listing: The message as it was listed.
    ///   - path: The file to make; nothing is left there on failure.
    ///   - examine: Looks at the audio in the file of a path.
    /// - Returns: The message, and what is odd about it.
    /// - Throws: `PBXError.messageMoved` where something else lies at the place by now, so that the mailbox
    ///   has to be listed again; `inconsistentAudio` where no two downloads agree; `ambiguousPlace` where
    ///   v0.0.1 cannot name the message; and what a download throws.
    @concurrent
    public func fetch(
        _ listing: VoicemailListing, to path: String,
        examining examine: @Sendable (String) async -> ExaminedAudio
    ) async throws -> FetchedMessage {
        var misfit: Digest?
        for _ in 1...Self.mostFetches {
            let audio = try await downloadListed(listing, to: path)
            do {
                let mailbox = try await mailboxStillHolding(listing)
                let examined = await examine(path)
                let duration = examined.duration
                try checkFolder(of: listing, duration: duration, mailbox: mailbox)
                let fits = listing.seconds.map { Self.fits(duration, seconds: $0) } ?? true
                if fits, examined.isWhole {
                    return FetchedMessage(listing: listing, audio: audio, warnings: [])
                }
                if misfit == audio.digest {
                    var warnings: [FetchWarning] = []
                    if !fits, let seconds = listing.seconds {
                        warnings.append(.durationMismatch(listed: seconds, audio: duration))
                    }
                    for warning in warnings {
                        logger.info(
                            "\(warning.code)", metadata: ["item": "\(listing.place)", "found": "\(warning)"])
                    }
                    return FetchedMessage(listing: listing, audio: audio, warnings: warnings)
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

    /// Lists the message's mailbox again; throws where the message no longer lies at its place.
    private func mailboxStillHolding(_ listing: VoicemailListing) async throws -> [VoicemailListing] {
        let mailbox = try await query(.extensions([listing.extension]))
        guard mailbox.contains(where: { $0.isAtSamePlace(as: listing) && $0.isSameMessage(as: listing) })
        else {
            throw PBXError.messageMoved(listing)
        }
        return mailbox
    }

    /// Throws where the audio may be that of the file with the same name in the other folder.
    ///
    /// v0.0.1 does not send the folder, so that the box chooses one. Only a duration that fits this message
    /// and no other one of that name shows that it chose right.
    private func checkFolder(
        of listing: VoicemailListing, duration: Double?, mailbox: [VoicemailListing]
    ) throws(PBXError) {
        guard configuration.dialect.family == .extensionIDWithoutStatus else { return }
        let namesakes = mailbox.filter {
            $0.extension == listing.extension && $0.file == listing.file && $0.status != listing.status
        }
        guard !namesakes.isEmpty else { return }
        let fitsThis = listing.seconds.map { Self.fits(duration, seconds: $0) } ?? false
        let fitsOther = namesakes.contains { $0.seconds.map { Self.fits(duration, seconds: $0) } ?? true }
        guard fitsThis, !fitsOther else { throw .ambiguousPlace(listing) }
    }

    /// Downloads a message; one that is missing because it has moved is told from one that is merely missing.
    private func downloadListed(_ listing: VoicemailListing, to path: String) async throws -> DownloadedAudio
    {
        do {
            return try await download(listing, to: path)
        } catch let error as PBXError where error.code == .voicemailMissing {
            _ = try await mailboxStillHolding(listing)
            throw error
        }
    }
}
