import Foundation
import TestSupport
import Testing

/// Boxes that list no folders: a file name may be that of two messages.
@Suite struct SyncAmbiguityTests {
    private static func message(
        _ caller: String, _ file: String, seconds: Int, seed: UInt64
    ) -> SyncedBox.Message {
        .init(
            file: file, caller: caller, date: "2026-01-05 09:00:0\(seed)", length: "\(seconds)",
            audio: SyncedPBX.audio(seed: seed, seconds: seconds))
    }

    @Test func `files no audio under either of two callers that a file may be from`() async throws {
        let read = Self.message("6000", "msg0000.wav", seconds: 3, seed: 1)
        let unread = Self.message("7001", "msg0000.wav", seconds: 3, seed: 2)
        let other = Self.message("8000", "msg0001.wav", seconds: 3, seed: 3)
        let synced = try await SyncedBox([read, unread, other])
        for _ in 0..<2 {
            let result = try await synced.sync()
            #expect(result.status == 1, "\(result.diagnostics)")
            #expect(result.diagnostics.contains("2 failed"), "\(result.diagnostics)")
            let items = try SyncedBox.items(result).filter { $0.outcome == "failed" }
            #expect(items.map(\.caller).sorted() == ["6000", "7001"])
            #expect(items.allSatisfy { $0.error?.contains("cannot be told from another message") == true })
            #expect(try await synced.held() == SyncedBox.expectation([other]))
        }
        #expect(try await synced.voxkeep("status").status == 1)
        // One of them was heard and deleted.
        synced.box.messages = [read, other]
        #expect(try await synced.held() == SyncedBox.expectation([other]))
        _ = try await synced.sync()
        #expect(try await synced.held() == SyncedBox.expectation([read, other]))
    }

    @Test func `files no audio under either of two callers that are listed at one place, folder and all`()
        async throws
    {
        var read = Self.message("6000", "msg0000.wav", seconds: 3, seed: 1)
        var other = Self.message("7001", "msg0000.wav", seconds: 3, seed: 2)
        var third = Self.message("8000", "msg0001.wav", seconds: 3, seed: 3)
        (read.status, other.status, third.status) = ("read", "read", "read")
        let synced = try await SyncedBox([read, other, third])
        let result = try await synced.sync()
        #expect(result.status == 1, "\(result.diagnostics)")
        let items = try SyncedBox.items(result).filter { $0.outcome == "failed" }
        #expect(items.map(\.caller).sorted() == ["6000", "7001"])
        #expect(items.allSatisfy { $0.error?.contains("the PBX lists both there") == true })
        #expect(try await synced.held() == SyncedBox.expectation([third]))
    }

    @Test(arguments: ["6000", "7001"])
    func `files audio of a length that is one caller's alone under that one`(served: String) async throws {
        let read = Self.message("6000", "msg0000.wav", seconds: 3, seed: 1)
        let unread = Self.message("7001", "msg0000.wav", seconds: 7, seed: 2)
        let messages = served == "6000" ? [unread, read] : [read, unread]
        let synced = try await SyncedBox(messages)
        let result = try await synced.sync()
        #expect(result.status == 1, "\(result.diagnostics)")
        #expect(try await synced.held() == SyncedBox.expectation(messages.filter { $0.caller == served }))
    }

    @Test func `archives both where each download tells whose it is`() async throws {
        let read = Self.message("6000", "msg0000.wav", seconds: 3, seed: 1)
        let unread = Self.message("7001", "msg0000.wav", seconds: 7, seed: 2)
        let synced = try await SyncedBox([read, unread]) { request, contents in
            // It serves now the one, now the other.
            if request.operation == "voicemail/get_random" { contents.messages.reverse() }
            return nil
        }
        for _ in 0..<8 where try await synced.sync().status != 0 {}
        #expect(try await synced.held() == SyncedBox.expectation([read, unread]))
    }

    @Test func `notices a message that is heard and back in its folder between two listings`() async throws {
        let read = Self.message("6000", "msg0000.wav", seconds: 3, seed: 1)
        let unread = Self.message("7001", "msg0001.wav", seconds: 3, seed: 2)
        let synced = try await SyncedBox([read, unread]) { request, contents in
            // The first download of msg0000 comes while the other message has that name.
            guard request.operation == "voicemail/download", request.ordinal == 0 else { return nil }
            return .audio(unread.audio)
        }
        let result = try await synced.sync(["--jobs", "1", "--pbx-requests", "1"])
        #expect(result.status == 0, "\(result.diagnostics)")
        #expect(try await synced.held() == SyncedBox.expectation([read, unread]))
    }
}
