import Crypto
import Foundation
import TestSupport
import Testing
import TransparencyLog

struct SignedNoteTests {
    /// The example of c2sp.org/signed-note's own form: a text with an empty line, and two signatures.
    private let note = """
        Ein Text

        mit leerer Zeile

        \u{2014} archive.example/a AAAAAQE=
        \u{2014} archive.example/b AAAAAgEC

        """

    @Test func `is divided at its last empty line`() throws {
        let note = try SignedNote(self.note.utf8)
        #expect(note.text == "Ein Text\n\nmit leerer Zeile\n")
        #expect(note.signatures.map(\.name) == ["archive.example/a", "archive.example/b"])
        #expect(note.signatures.map(\.keyID) == [1, 2])
        #expect(note.signatures.map(\.bytes) == [[1], [1, 2]])
        #expect(note.bytes == Array(self.note.utf8))
    }

    @Test(arguments: [
        "", "\n", "\n\n", "text\n", "text\n\n", "\n\u{2014} a AAAAAQE=\n", "text\n\n\u{2014} a AAAAAQE=",
        "text\n\n- a AAAAAQE=\n", "text\n\n\u{2014}a AAAAAQE=\n", "text\n\n\u{2014} a AAAAAQ==\n",
        "text\n\n\u{2014} a AAAAAQF=\n", "text\n\n\u{2014} a AAAAAQE\n", "text\n\n\u{2014} a  AAAAAQE=\n",
        "text\n\n\u{2014}  AAAAAQE=\n", "text\n\n\u{2014} a+b AAAAAQE=\n",
        "text\n\n\u{2014} a\u{A0}b AAAAAQE=\n",
        "text\n\n\u{2014} a AAAAAQE= \n", "te\txt\n\n\u{2014} a AAAAAQE=\n",
        "text\r\n\n\u{2014} a AAAAAQE=\n",
        "text\n\n\u{2014} a AAAAAQE=\n\n",
        "text\n\n" + String(repeating: "\u{2014} a AAAAAQE=\n", count: 101),
    ])
    func `is refused where it is not exactly of its form`(text: String) {
        #expect(throws: NoteError.self) { try SignedNote(text.utf8) }
    }

    @Test func `is refused where it is too large or not UTF-8`() throws {
        #expect(throws: NoteError.self) { try SignedNote([0xFF] + Array(note.utf8)) }
        let long = String(repeating: "x", count: SignedNote.largestSize) + "\n" + note
        #expect(throws: NoteError.self) { try SignedNote(long.utf8) }
        let many = "text\n\n" + String(repeating: "\u{2014} a AAAAAQE=\n", count: 100)
        #expect(try SignedNote(many.utf8).signatures.count == 100)
    }

    @Test func `needs one known signature, and no wrong one of a known key`() throws {
        let folder = try ScratchFolder(inMemory: true)
        let key = try folder.makeKey()
        let other = try SigningKey.create(
            at: folder("keys/other"), name: "archive.example/log1", seed: Array(repeating: 7, count: 32))
        let empty = try folder.writer().checkpoint
        let text = try #require(String(validating: empty.bytes, as: UTF8.self))
        let line = try #require(text.split(separator: "\n").last)
        #expect(try empty.note.verify(with: [other, key]) == key)
        #expect(throws: NoteError.unsigned(keys: [other.name])) { try empty.note.verify(with: [other]) }
        #expect(throws: NoteError.unsigned(keys: [])) { try empty.note.verify(with: []) }
        // A stranger's line is passed over.
        let witnessed = try Checkpoint((text + "\u{2014} witness.example AAAAAQE=\n").utf8)
        #expect(try witnessed.verify(with: [key]) == key)
        // A wrong line of the same key beside the right one.
        var signature = try #require(Data(base64Encoded: String(line.split(separator: " ")[2])))
        signature[10] ^= 1
        let wrong = "\u{2014} \(key.name) \(signature.base64EncodedString())\n"
        let doubled = try SignedNote((text + wrong).utf8)
        #expect(throws: NoteError.badSignature(key: key.name)) { try doubled.verify(with: [key]) }
        let altered = try SignedNote(text.replacing("\n0\n", with: "\n1\n").utf8)
        #expect(throws: NoteError.badSignature(key: key.name)) { try altered.verify(with: [key]) }
    }

    @Test func `keeps to a name, an id and a key that belong together`() throws {
        let text = GoldenVector.verifierKey
        #expect(VerifierKey(text + "\n")?.text == text)
        for wrong in [
            "", "a", "a+b", text + "\n\n", text + "=", text.uppercased(), " " + text,
            text.replacing("f3cf121c", with: "f3cf121d"), text.replacing("log1", with: "log2"),
            text.replacing("+AQ", with: "+BA"), text.replacing("+f3cf121c", with: "+F3CF121C"),
            String(text.dropLast(4)), text.replacing("archive", with: "arch ive"),
        ] {
            #expect(VerifierKey(wrong) == nil, "\(wrong)")
        }
    }
}

struct CheckpointTests {
    private let signature = "\n\u{2014} a AAAAAQE=\n"
    private let root = GoldenVector.root

    @Test func `has an origin, a size, a root hash and perhaps more lines`() throws {
        let checkpoint = try Checkpoint("a\n109482\n\(root)\nextension\n\(signature)".utf8)
        #expect(checkpoint.origin == "a")
        #expect(checkpoint.head.size == 109_482)
        #expect(checkpoint.head.root.description == root)
    }

    @Test(arguments: [
        "a\n1\n", "a\n01\nROOT\n", "a\n+1\nROOT\n", "a\n-1\nROOT\n", "a\n\nROOT\n", "a\n1\n\nROOT\n",
        "\n1\nROOT\n",
        "a\n9223372036854775808\nROOT\n", "a\n99999999999999999999\nROOT\n", "a\n1\nROOT=\n", "a\n1\nAAAA\n",
        "a\n1 \nROOT\n", "a\n1\nROOT\n\nb\n",
    ])
    func `is refused where a line is not exactly of its form`(text: String) {
        let note = text.replacing("ROOT", with: root) + signature
        #expect(throws: NoteError.self) { try Checkpoint(note.utf8) }
    }

    @Test func `is not taken from a key with another log's name`() throws {
        let folder = try ScratchFolder(inMemory: true)
        let key = try folder.makeKey()
        // Text that another program signed with the same key: a checkpoint of a log with another name.
        let signingKey = try Curve25519.Signing.PrivateKey(rawRepresentation: GoldenVector.seed)
        let text = "other.example/log\n0\n\(RootHash.empty)\n"
        let id: [UInt8] = [0xF3, 0xCF, 0x12, 0x1C]
        let signature = Data(id + (try signingKey.signature(for: Array(text.utf8)))).base64EncodedString()
        let checkpoint = try Checkpoint("\(text)\n\u{2014} \(key.name) \(signature)\n".utf8)
        #expect(try checkpoint.note.verify(with: [key]) == key)
        #expect(throws: NoteError.foreignOrigin(found: "other.example/log", expected: key.name)) {
            try checkpoint.verify(with: [key])
        }
    }
}
