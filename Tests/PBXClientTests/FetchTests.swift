import Digests
import Foundation
import Synchronization
import Testing

@testable import PBXClient

/// Renumbering: what lies at a place may be another message a moment later.
@Suite struct FetchTests {
    private static let right = Array("RIFF right".utf8)
    private static let wrong = Array("RIFF wrong".utf8)
    private static let cut = Array("RIFF ri".utf8)
    private let listing = Sample.listing(length: "42")

    private func fetch(
        downloads: [[UInt8]], listings: [[VoicemailListing]], randoms: [Reply] = [.random("r1")],
        seconds: @escaping @Sendable ([UInt8]) -> Double?
    ) async throws -> (result: Result<FetchedMessage, PBXError>, bytes: [UInt8]?, downloads: Int) {
        let transport = ScriptedTransport([
            .login: [.login("t1")], .voicemailRandom: randoms, .voicemailDownload: downloads.map(Reply.audio),
            .voicemailQuery: listings.map(Reply.list),
        ])
        let session = try Sample.session(transport)
        return try await withScratchFolder { folder in
            let file = folder.appending(path: "a.wav")
            do {
                let message = try await session.fetch(listing, to: file.path) { path in
                    let bytes = FileManager.default.contents(atPath: path).map { Array($0) } ?? []
                    return ExaminedAudio(duration: seconds(bytes), isWhole: bytes != Self.cut)
                }
                return (
                    .success(message), try Array(Data(contentsOf: file)), transport.count(.voicemailDownload)
                )
            } catch let error as PBXError {
                #expect(try FileManager.default.contentsOfDirectory(atPath: folder.path) == [])
                return (.failure(error), nil, transport.count(.voicemailDownload))
            }
        }
    }

    @Test(arguments: [41.0, 42.0, 42.7, 43.0])
    func `accepts audio that is as long as listed`(seconds: Double) async throws {
        let (result, bytes, downloads) = try await fetch(downloads: [Self.right], listings: [[listing]]) {
            _ in seconds
        }
        #expect(try result.get().warnings.isEmpty)
        #expect(try result.get().listing == listing)
        #expect(bytes == Self.right)
        #expect(downloads == 1)
    }

    @Test(arguments: [0.0, 32, 39.5, 40.99, 43.01, 44.5, 52, 4242])
    func `does not take audio of another length for the message's at once`(seconds: Double) async throws {
        let (result, _, downloads) = try await fetch(downloads: [Self.right], listings: [[listing]]) { _ in
            seconds
        }
        #expect(try result.get().warnings == [.durationMismatch(listed: 42, audio: seconds)])
        #expect(downloads == 2)
    }

    @Test func `does not hold audio against a length that is not listed`() async throws {
        var unknown = listing
        unknown.length = ""
        let transport = ScriptedTransport([
            .login: [.login("t1")], .voicemailRandom: [.random("r1")],
            .voicemailDownload: [.audio(Self.right)],
            .voicemailQuery: [.list([unknown])],
        ])
        let session = try Sample.session(transport)
        try await withScratchFolder { folder in
            let path = folder.appending(path: "a.wav").path
            let message = try await session.fetch(unknown, to: path) { _ in
                ExaminedAudio(duration: nil, isWhole: true)
            }
            #expect(message.warnings.isEmpty)
        }
    }

    @Test func `downloads again when audio of the right length is cut`() async throws {
        let (result, bytes, downloads) = try await fetch(
            downloads: [Self.cut, Self.right], listings: [[listing]], randoms: [.random("r1"), .random("r2")]
        ) { _ in 42 }
        #expect(try result.get().warnings.isEmpty)
        #expect(bytes == Self.right)
        #expect(downloads == 2)
    }

    @Test func `takes cut audio of the right length for what lies on the PBX when it came twice`()
        async throws
    {
        let (result, bytes, downloads) = try await fetch(
            downloads: [Self.cut, Self.cut], listings: [[listing]], randoms: [.random("r1"), .random("r2")]
        ) { _ in 42 }
        #expect(try result.get().warnings.isEmpty)
        #expect(bytes == Self.cut)
        #expect(downloads == 2)
    }

    @Test func `downloads again when the audio of another message came`() async throws {
        let (result, bytes, downloads) = try await fetch(
            downloads: [Self.wrong, Self.right], listings: [[listing]]
        ) {
            $0 == Self.right ? 42.3 : 5
        }
        #expect(try result.get().warnings.isEmpty)
        #expect(bytes == Self.right)
        #expect(downloads == 2)
    }

    @Test(arguments: [5.0, nil])
    func `accepts a damaged file that came twice alike, with a warning`(seconds: Double?) async throws {
        let warning = FetchWarning.durationMismatch(listed: 42, audio: seconds)
        let (result, bytes, downloads) = try await fetch(downloads: [Self.wrong], listings: [[listing]]) {
            _ in seconds
        }
        #expect(try result.get().warnings == [warning])
        #expect(warning.code == "pbx.duration-mismatch")
        #expect(bytes == Self.wrong)
        #expect(downloads == 2)
    }

    @Test func `does not take two different misfits for a damaged file`() async throws {
        let (result, bytes, _) = try await fetch(
            downloads: (0..<6).map { Self.wrong + [$0] }, listings: [[listing]]
        ) { _ in 5 }
        #expect(throws: PBXError.inconsistentAudio(listing, attempts: 6)) { try result.get() }
        #expect(bytes == nil)
    }

    @Test(arguments: [
        [], [Sample.listing(caller: "2001", length: "42")], [Sample.listing(date: "2020-01-02 18:00:01")],
        [Sample.listing(length: "43")], [Sample.listing(status: .read)], [Sample.listing("msg0001.wav")],
    ])
    func `throws audio away when the message no longer lies where it was`(after: [VoicemailListing])
        async throws
    {
        let (result, bytes, downloads) = try await fetch(downloads: [Self.right], listings: [after]) { _ in 42
        }
        #expect(throws: PBXError.messageMoved(listing)) { try result.get() }
        #expect(bytes == nil)
        #expect(downloads == 1)
    }

    @Test func `finds its message among those that moved up beside it`() async throws {
        let others = [Sample.listing(status: .read), Sample.listing("msg0001.wav", caller: "9")]
        let (result, _, _) = try await fetch(downloads: [Self.right], listings: [others + [listing]]) { _ in
            42
        }
        #expect(try result.get().listing == listing)
    }

    @Test(arguments: [
        (42.0, "7", true), (42.0, "42", false), (42.0, "44", false), (42.0, "45", true), (7.0, "7", false),
        (42.0, "", false), (44.0, "7", false), (40.5, "7", false),
    ])
    func `does not guess between two messages of one file name where the box lists no folders`(
        seconds: Double, lengthOfOther: String, isAccepted: Bool
    ) async throws {
        let listing = Sample.listing(status: nil, length: "42")
        let other = Sample.listing(status: nil, caller: "6000", length: lengthOfOther)
        for dialect in [PBXDialect.openVox, .yeastarV1, .yeastarV2] {
            let result = await fetchOne(listing, [Self.right], [[other, listing]], dialect, seconds: seconds)
            if isAccepted {
                #expect(try result.get().warnings.isEmpty)
            } else {
                #expect(throws: PBXError.ambiguousPlace(listing)) { try result.get() }
            }
        }
    }

    @Test func `does not take part of a longer message for a message of one file name`() async throws {
        let listing = Sample.listing(status: nil, length: "42")
        let other = Sample.listing(status: nil, caller: "6000", length: "90")
        let result = await fetchOne(listing, [Self.cut], [[other, listing]], .openVox, seconds: 42)
        #expect(throws: PBXError.ambiguousPlace(listing)) { try result.get() }
    }

    @Test func `remembers a message of one file name that is gone after the download`() async throws {
        let listing = Sample.listing(status: nil, length: "42")
        let other = Sample.listing(status: nil, caller: "6000", length: "42")
        let result = await fetchOne(
            listing, [Self.right], [[other, listing], [listing]], .openVox, seconds: 42)
        #expect(throws: PBXError.ambiguousPlace(listing)) { try result.get() }
    }

    @Test(arguments: [("42", 2), ("7", 1)])
    func `wants two equal downloads where no folder shows that a message was heard`(
        lengthOfOther: String, needed: Int
    ) async throws {
        let listing = Sample.listing(status: nil, length: "42")
        let other = Sample.listing("msg0001.wav", status: nil, caller: "6000", length: lengthOfOther)
        let downloads = needed == 1 ? [Self.right] : [Self.wrong, Self.right, Self.right]
        let result = await fetchOne(listing, downloads, [[listing, other]], .openVox, seconds: 42)
        #expect(try result.get().audio.digest == SHA256Hasher.digest(of: Self.right))
    }

    /// Lists a mailbox, and fetches one of its messages, all of whose downloads are of one duration.
    private func fetchOne(
        _ listing: VoicemailListing, _ downloads: [[UInt8]], _ mailboxes: [[VoicemailListing]],
        _ dialect: PBXDialect, seconds: Double
    ) async -> Result<FetchedMessage, any Error> {
        let transport = ScriptedTransport([
            .login: [.login("t1")], .voicemailRandom: [.random("r1")],
            .voicemailDownload: downloads.map(Reply.audio), .voicemailQuery: mailboxes.map(Reply.list),
        ])
        do {
            let session = try Sample.session(transport, dialect: dialect)
            return try await withScratchFolder { folder in
                _ = try await session.voicemails()
                return .success(
                    try await session.fetch(listing, to: folder.appending(path: "a.wav").path) { path in
                        let bytes = FileManager.default.contents(atPath: path).map { Array($0) }
                        return ExaminedAudio(duration: seconds, isWhole: bytes != Self.cut)
                    })
            }
        } catch {
            return .failure(error)
        }
    }

    @Test func `tells a file that is missing from a message that moved`() async throws {
        let moved = try await fetch(downloads: [], listings: [[]], randoms: [.refusal(20018)]) { _ in 42 }
        #expect(throws: PBXError.messageMoved(listing)) { try moved.result.get() }
        let missing = try await fetch(downloads: [], listings: [[listing]], randoms: [.refusal(20018)]) { _ in
            42
        }
        #expect(throws: PBXError.refused(.voicemailRandom, .voicemailMissing, item: listing.place)) {
            try missing.result.get()
        }
    }

    @Test func `leaves nothing behind when the second listing fails`() async throws {
        let transport = ScriptedTransport([
            .login: [.login("t1")], .voicemailRandom: [.random("r1")],
            .voicemailDownload: [.audio(Self.right)],
            .voicemailQuery: [.refusal(10006)],
        ])
        let session = try Sample.session(transport)
        try await withScratchFolder { folder in
            await #expect(throws: PBXError.self) {
                try await session.fetch(listing, to: folder.appending(path: "a.wav").path) { _ in
                    ExaminedAudio(duration: 42, isWhole: true)
                }
            }
            let left = try FileManager.default.contentsOfDirectory(atPath: folder.path)
            #expect(left == [])
        }
    }

    /// Lists the mailbox, and fetches from it as it changes from one listing to the next.
    private func fetch(
        downloads: [[UInt8]], from mailboxes: [[VoicemailListing]], among equals: [VoicemailListing] = []
    ) async throws -> (message: FetchedMessage, bytes: [UInt8], downloads: Int) {
        let transport = ScriptedTransport([
            .login: [.login("t1")], .voicemailRandom: [.random("r1")],
            .voicemailDownload: downloads.map(Reply.audio), .voicemailQuery: mailboxes.map(Reply.list),
        ])
        let session = try Sample.session(transport)
        return try await withScratchFolder { folder in
            let path = folder.appending(path: "a.wav").path
            _ = try await session.voicemails()
            let message = try await session.fetch(listing, to: path, among: equals) { _ in
                ExaminedAudio(duration: 42, isWhole: true)
            }
            let bytes = try Array(Data(contentsOf: URL(filePath: path)))
            return (message, bytes, transport.count(.voicemailDownload))
        }
    }

    @Test func `wants three equal downloads while files as long are renamed`() async throws {
        let mailboxes = (0..<9).map {
            [listing, Sample.listing("msg0001.wav", caller: "\($0)", length: "42")]
        }
        let (_, bytes, downloads) = try await fetch(
            downloads: [Self.wrong, Self.right, Self.wrong, Self.right, Self.right], from: mailboxes)
        #expect(bytes == Self.right)
        #expect(downloads == 5)
    }

    @Test func `wants two equal downloads from a mailbox that has been seen to change`() async throws {
        let other = Sample.listing("msg0001.wav", caller: "9", length: "42")
        let (_, bytes, downloads) = try await fetch(
            downloads: [Self.wrong, Self.right, Self.right], from: [[listing], [listing, other]])
        #expect(bytes == Self.right)
        #expect(downloads == 3)
    }

    @Test func `needs one download while files of other lengths are renamed`() async throws {
        let mailboxes = (0..<2).map {
            [listing, Sample.listing("msg0001.wav", caller: "\($0)", length: "7")]
        }
        #expect(try await fetch(downloads: [Self.right], from: mailboxes).downloads == 1)
    }

    @Test func `follows a message to its new place`() async throws {
        let moved = Sample.listing("msg0003.wav", status: .read, length: "42")
        let (message, bytes, downloads) = try await fetch(
            downloads: [Self.wrong, Self.right], from: [[listing], [moved]], among: [listing])
        #expect(message.listing == moved)
        #expect(bytes == Self.right)
        #expect(downloads == 2)
    }

    @Test func `follows no message that may be either of two`() async throws {
        let moved = [3, 4].map { Sample.listing("msg000\($0).wav", length: "42") }
        for equals in [[], [listing]] {
            await #expect(throws: PBXError.messageMoved(listing)) {
                try await fetch(downloads: [Self.right], from: [[listing], moved], among: equals)
            }
        }
    }

    @Test func `accepts none of several equal messages of which one has moved`() async throws {
        let equals = [listing, Sample.listing("msg0001.wav", length: "42")]
        #expect(try await fetch(downloads: [Self.right], from: [equals], among: equals).downloads == 1)
        let heard = [listing, Sample.listing(status: .read, length: "42")]
        await #expect(throws: PBXError.messageMoved(listing)) {
            try await fetch(downloads: [Self.right], from: [equals, heard], among: equals)
        }
    }
}
