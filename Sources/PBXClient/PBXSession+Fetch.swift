internal import Digests
internal import Foundation
internal import Logging

extension PBXSession {
    /// How often a message is downloaded at most before it is given up.
    private static let mostFetches = 6

    /// How often a message is followed to another place at most.
    private static let mostMoves = 8

    /// How far the audio's duration and the listed length may be apart, in seconds.
    private static let durationTolerance = 1.0

    /// Fetches a message, and makes sure that the audio is the one that was listed.
    ///
    /// The PBX renames its files when messages are heard or deleted, so that the audio of one message could
    /// come under the listing of another. After each download the mailbox is listed again, and the audio's
    /// duration is held against the listed length. One download is enough where the audio fits and is whole,
    /// and either nothing in the mailbox has changed while the session has looked at it, or no other message
    /// there is as long. Where two downloads are damaged alike, it is the file on the PBX that is damaged: it is
    /// accepted, with a warning where the duration differs. Where files may have been renamed to and fro in
    /// between, three have to be the same.
    ///
    /// - Parameters:
    ///   - listing: The message as it was listed.
    ///   - path: The file to make; nothing is left there on failure.
    ///   - equals: All messages that have the same listing, this one among them, by their places; empty where
    ///     they are not known. Nothing but the place tells them apart, so one that is alone is followed to a
    ///     new place, and none is accepted where any of several has moved.
    ///   - examine: Looks at the audio in the file of a path.
    /// - Returns: The message, with the place from which it came, and what is odd about it.
    /// - Throws: `PBXError.messageMoved` where something else lies at the place by now, so that the mailbox
    ///   has to be listed again; `inconsistentAudio` where no two downloads agree; `ambiguousPlace` where a
    ///   request cannot say which of two messages is meant, and their lengths do not tell; and what a download
    ///   throws.
    @concurrent
    public func fetch(
        _ listing: VoicemailListing, to path: String, among equals: [VoicemailListing] = [],
        examining examine: @Sendable (String) async -> ExaminedAudio
    ) async throws -> FetchedMessage {
        var place = listing
        var confirmations: [Digest: Int] = [:]
        var downloads = 0
        var moves = 0
        while downloads < Self.mostFetches {
            let before = mailboxes.latest(of: listing.extension)
            let download = try await downloadIfPresent(place, to: path)
            do {
                let after = try await query(.extensions([listing.extension])).voicemails
                let places = after.filter { $0.isSameMessage(as: listing) }
                let hasMoved = !places.contains { $0.isAtSamePlace(as: place) }
                if hasMoved || equals.count > 1 && Set(places) != Set(equals) {
                    guard equals.count == 1, places.count == 1, moves < Self.mostMoves else {
                        throw PBXError.messageMoved(place)
                    }
                    moves += 1
                    place = places[0]
                    try? FileManager.default.removeItem(atPath: path)
                    continue
                }
                downloads += 1
                let audio = try download.get()
                let examined = await examine(path)
                try checkPlace(of: place, examined, before ?? [], after)
                let fits = listing.seconds.map { Self.fits(examined.duration, seconds: $0) }
                confirmations[audio.digest, default: 0] += 1
                let needed = confirmationsNeeded(
                    fits == true && examined.isWhole && !audio.isCutShort ? examined.duration : nil,
                    of: listing, before, after)
                if confirmations[audio.digest, default: 0] >= needed {
                    var warnings: [FetchWarning] = audio.isCutShort ? [.cutShort] : []
                    if fits == false, let seconds = listing.seconds {
                        warnings.append(.durationMismatch(listed: seconds, audio: examined.duration))
                    }
                    for warning in warnings {
                        logger.info(
                            "\(warning.code)", metadata: ["item": "\(place.place)", "found": "\(warning)"])
                    }
                    return FetchedMessage(listing: place, audio: audio, warnings: warnings)
                }
                try FileManager.default.removeItem(atPath: path)
            } catch {
                try? FileManager.default.removeItem(atPath: path)
                throw error
            }
        }
        throw PBXError.inconsistentAudio(listing, attempts: Self.mostFetches)
    }

    /// How many downloads have to be the same for their audio to be the message's.
    ///
    /// - Parameters:
    ///   - duration: That of the audio, in seconds; nil where it does not fit the listing, or is damaged.
    ///   - listing: The message.
    ///   - before: Its mailbox before the download; nil where that is not known.
    ///   - after: Its mailbox after the download.
    /// - Returns: 1 to 3.
    private func confirmationsNeeded(
        _ duration: Double?, of listing: VoicemailListing, _ before: [VoicemailListing]?,
        _ after: [VoicemailListing]
    ) -> Int {
        let isQuiet = before.map { Set($0) == Set(after) } ?? true
        guard let duration else { return isQuiet ? 2 : 3 }
        // Where a request names no folder, the box chooses between files of one name, and a message that is heard
        // and becomes another's namesake stays at its place as far as a listing shows.
        if isQuiet, listing.status != nil, !mailboxes.hasChanged(listing.extension) { return 1 }
        // Files may have been renamed to and fro: then the audio may be that of any message as long.
        let others = ((before ?? []) + after).filter { !$0.isSameMessage(as: listing) }
        let fitsOther = others.contains { $0.seconds.map { Self.fits(duration, seconds: $0) } ?? true }
        return fitsOther ? (isQuiet ? 2 : 3) : 1
    }

    private static func fits(
        _ duration: Double?, seconds: Int, within tolerance: Double = durationTolerance
    ) -> Bool {
        duration.map { abs($0 - Double(seconds)) <= tolerance } ?? false
    }

    /// Throws where the audio may be that of another message whose file has the same name.
    ///
    /// Only whole audio whose duration fits this message, and is far from that of every namesake, shows that the
    /// box chose right.
    private func checkPlace(
        of listing: VoicemailListing, _ audio: ExaminedAudio, _ before: [VoicemailListing],
        _ after: [VoicemailListing]
    ) throws(PBXError) {
        let namesakes =
            if listing.status == nil {
                (before + after).filter {
                    $0.extension == listing.extension && $0.file == listing.file && $0 != listing
                }
            } else {
                // Of two messages that one listing has at one place, folder and all, the box serves one.
                [before, after].filter { $0.contains(listing) }.joined().filter {
                    $0.isAtSamePlace(as: listing) && $0 != listing
                }
            }
        guard !namesakes.isEmpty else { return }
        let fitsThis = listing.seconds.map { Self.fits(audio.duration, seconds: $0) } ?? false
        let mayFitOther = namesakes.contains {
            $0.seconds.map { Self.fits(audio.duration, seconds: $0, within: 2 * Self.durationTolerance) }
                ?? true
        }
        guard fitsThis, audio.isWhole, !mayFitOther else { throw .ambiguousPlace(listing) }
    }

    /// Downloads a message; that its file is missing is kept for when it is known whether it has moved.
    private func downloadIfPresent(
        _ listing: VoicemailListing, to path: String
    ) async throws -> Result<DownloadedAudio, PBXError> {
        do {
            return .success(try await download(listing, to: path))
        } catch let error as PBXError where error.code == .voicemailMissing {
            return .failure(error)
        }
    }
}
