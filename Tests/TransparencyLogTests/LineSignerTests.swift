import Foundation
import TestSupport
import Testing
import TransparencyLog

struct LineSignerTests {
    private static let before = String(repeating: "0a", count: 32)

    private func signer(_ seed: UInt8) throws -> LineSigner {
        let folder = try ScratchFolder(inMemory: true)
        try SigningKey.create(
            at: folder("key"), name: "archive.example/log1", seed: [UInt8](repeating: seed, count: 32))
        return try SigningKey.open(at: folder("key")).lineSigner
    }

    @Test func `signs what openssl finds signed`() async throws {
        let signer = try signer(1)
        let statement = LineStatement(
            origin: "archive.example/log1", before: Self.before, content: #"{"details":{}}"#.utf8)
        #expect(
            String(decoding: statement.bytes, as: UTF8.self)
                == "voxkeep line\narchive.example/log1\n\(Self.before)\n{\"details\":{}}")
        let signature = try #require(signer.sign(statement))
        let folder = try ScratchFolder(inMemory: true)
        let prefix: [UInt8] = [0x30, 0x2A, 0x30, 0x05, 0x06, 0x03, 0x2B, 0x65, 0x70, 0x03, 0x21, 0x00]
        try folder.write(prefix + signer.verifierKey.publicKey, to: "key.der")
        try folder.write(statement.bytes, to: "signed")
        try folder.write(try #require(Data(base64Encoded: signature)), to: "signature")
        let result = try await Tool("openssl").run([
            "pkeyutl", "-verify", "-pubin", "-keyform", "DER", "-inkey", folder("key.der"), "-rawin", "-in",
            folder("signed"), "-sigfile", folder("signature"),
        ])
        #expect(result.status == 0, "\(result.diagnostics)")
    }

    @Test func `has signed no other line, and with no other key`() throws {
        let key = try signer(1).verifierKey
        let content = Array(#"{"details":{"n":1}}"#.utf8)
        let statement = LineStatement(origin: key.name, before: Self.before, content: content)
        let signature = try #require(try signer(1).sign(statement))
        #expect(key.isValid(signature, for: statement))
        #expect(try !signer(2).verifierKey.isValid(signature, for: statement))
        for other in [
            LineStatement(origin: "archive.example/log2", before: Self.before, content: content),
            LineStatement(
                origin: key.name, before: Self.before.replacing("0a", with: "0b"), content: content),
            LineStatement(origin: key.name, before: Self.before, content: content + [0x20]),
        ] {
            #expect(!key.isValid(signature, for: other))
        }
        for text in ["", "A", signature + "=", " " + signature, String(signature.dropLast(4))] {
            #expect(!key.isValid(text, for: statement))
        }
    }

    @Test func `signs nothing that could be a checkpoint`() throws {
        let statement = LineStatement(origin: "a", before: Self.before, content: "".utf8)
        let note = String(decoding: statement.bytes, as: UTF8.self)
        #expect(throws: NoteError.self) {
            try Checkpoint(Array("\(note)\n\n\u{2014} a AAAAAAAA\n".utf8))
        }
        // The origin is a name, and names have no spaces.
        #expect(VerifierKey(name: "voxkeep line", publicKey: try signer(1).verifierKey.publicKey) == nil)
    }

    @Test func `reads a key back from what it was kept as`() throws {
        let key = try signer(1).verifierKey
        let data = try JSONEncoder().encode([key])
        #expect(try JSONDecoder().decode([VerifierKey].self, from: data) == [key])
        #expect(throws: DecodingError.self) {
            try JSONDecoder().decode([VerifierKey].self, from: Data(#"["\#(key.text)x"]"#.utf8))
        }
    }
}
