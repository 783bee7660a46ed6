import Foundation
import RecordingArchive
import TestSupport
import Testing

/// What was erased must be on no page of the catalog; while another program reads them, it is said that it is.
struct ErasedPagesTests {
    private static let caller = "5551234567"
    private static let mailbox = "77553311"

    private let scratch: ScratchArchive
    private let gone: Recording
    /// What must be found nowhere, in small letters: the index of words has hexadecimal digits of some values.
    private let traces: [Data]

    init() async throws {
        scratch = try ScratchArchive()
        let archive = try await scratch.open()
        let identity = MessageIdentity(
            pbx: "office", extension: Self.mailbox, listedDate: "2020-01-02 12:00:00", caller: Self.caller,
            listedLength: "42")
        gone = try await archive.addSample(.sample(identity))
        for number in 1...40 { try await archive.addMessage(from: "\(number)") }
        try await archive.close()
        let salt = try #require(try scratch.sidecar(of: gone)["salt"] as? String)
        let bytes = stride(from: 0, to: salt.utf8.count, by: 2).map { place in
            UInt8(salt.dropFirst(place).prefix(2), radix: 16) ?? 0
        }
        traces =
            [Self.caller, Self.mailbox].flatMap { text in
                [Data(text.utf8), Data(text.utf8.map { String($0, radix: 16) }.joined().utf8)]
            } + [Data(salt.utf8), Data(bytes.map(Self.small))]
        #expect(try files().contains("archive/catalog.sqlite"))
    }

    private static func small(_ byte: UInt8) -> UInt8 {
        (UInt8(ascii: "A")...UInt8(ascii: "Z")).contains(byte) ? byte | 0x20 : byte
    }

    /// The files of the archive in which there is a trace.
    private func files() throws -> [String] {
        try scratch.folder.files().filter { file in
            let bytes = Data(try Data(contentsOf: URL(filePath: scratch.folder(file))).map(Self.small))
            return file.hasPrefix("archive/") && traces.contains { bytes.range(of: $0) != nil }
        }
    }

    @Test func `leaves no trace where nobody reads`() async throws {
        let archive = try await scratch.open()
        try await archive.erase([gone.id], ground: "request")
        #expect(try files() == [])
        #expect(try archive.hasErasedPages() == false)
        try await archive.close()
        #expect(try files() == [])
    }

    @Test func `says so while another program reads, and the next run takes it out`() async throws {
        let reader = try await CatalogReader(of: scratch.folder("archive/catalog.sqlite"))
        var archive = try await scratch.open()
        try await archive.erase([gone.id], ground: "request")
        #expect(try archive.hasErasedPages())
        #expect(try await archive.status().hasErasedPages)
        try await archive.close()
        let left = try files()
        #expect(!left.isEmpty && left.allSatisfy { $0.hasPrefix("archive/catalog.sqlite") }, "\(left)")
        // That is work for the next run, and no damage.
        #expect(try await scratch.findings().map(\.kind) == [.erasureUnfinished])

        // A run beside the reader does what it is for.
        archive = try await scratch.open()
        try await archive.addMessage(from: "41")
        #expect(try archive.hasErasedPages())
        try await archive.close()
        #expect(try await scratch.openForReading().status().hasErasedPages)

        await reader.kill()
        #expect(try !files().isEmpty)
        archive = try await scratch.open()
        #expect(try files() == [])
        #expect(try archive.hasErasedPages() == false)
        try await archive.close()
        #expect(try files() == [])
        #expect(try await scratch.findings() == [])
        #expect(try await !scratch.openForReading().status().hasErasedPages)
    }

    @Test func `waits for no reader that was killed before`() async throws {
        let reader = try await CatalogReader(of: scratch.folder("archive/catalog.sqlite"))
        await reader.kill()
        let archive = try await scratch.open()
        try await archive.erase([gone.id], ground: "request")
        #expect(try files() == [])
        try await archive.close()
    }

    @Test func `says so of what has expired, too`() async throws {
        var archive = try await scratch.open()
        let policy = try #require(RetentionPolicy("30d"))
        let due = try await archive.addMessage(from: "due", retention: policy)
        #expect(try await archive.expire(isDryRun: true).ids == [due.id])
        try await archive.close()
        let reader = try await CatalogReader(of: scratch.folder("archive/catalog.sqlite"))
        archive = try await scratch.open()
        #expect(try await archive.expire(isDryRun: false).wereErased)
        #expect(try archive.hasErasedPages())
        try await archive.close()
        await reader.kill()
        archive = try await scratch.open()
        #expect(try archive.hasErasedPages() == false)
        try await archive.close()
    }

    @Test func `takes it out of a catalog that is made anew, and of what was left of a damaged one`()
        async throws
    {
        let catalog = scratch.folder("archive/catalog.sqlite")
        // The sidecar comes back, as out of a backup, so that making the catalog anew comes upon it.
        let stem = try #require(gone.path.split(separator: ".").first)
        let sidecar = try Data(contentsOf: URL(filePath: scratch.folder("archive/\(stem).json")))
        var archive = try await scratch.open()
        try await archive.close()
        try FileManager.default.copyItem(atPath: catalog, toPath: catalog + ".damaged")
        archive = try await scratch.open()
        try await archive.erase([gone.id], ground: "request")
        try await archive.close()
        #expect(try files() == [])
        try scratch.folder.write(sidecar, to: "archive/\(stem).json")
        try scratch.removeCatalog()
        _ = try await scratch.rebuild()
        #expect(try files() == [])
        #expect(try await scratch.findings() == [])
    }
}
