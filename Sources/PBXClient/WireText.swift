internal import Foundation

/// The encoding in which a PBX writes the names of callers.
public enum TextEncoding: String, Sendable, Hashable, CaseIterable {
    /// UTF-8, as JSON has to be (RFC 8259 §8.1).
    case utf8 = "utf-8"
    /// GB18030, and so GBK and GB2312, as some Chinese boxes have it.
    case gb18030
}

/// The bytes of an answer made UTF-8, whatever a telephone has put into a name.
///
/// The second byte of a character in GBK may be that of a backslash. A box that does not know this escapes it with
/// another one, or not at all: then it would swallow the quotation mark behind it. Either way it belongs to the
/// character, and goes with it.
struct WireText {
    private static let replacement = Array("\u{FFFD}".utf8)
    private static let backslash = UInt8(ascii: "\\")
    private static let gb18030 = String.Encoding(rawValue: 0x8000_0632)

    private let body: [UInt8]
    private var index = 0
    private var output: [UInt8] = []
    /// Characters of GB18030 that are still to be decoded.
    private var run: [UInt8] = []

    /// The text as UTF-8, with U+FFFD for what cannot be read.
    static func utf8(_ body: [UInt8], as encoding: TextEncoding) -> [UInt8] {
        switch encoding {
        case .utf8:
            if String(validating: body, as: UTF8.self) != nil { return body }
            var text = WireText(body)
            text.mend()
            return text.output
        case .gb18030:
            if body.allSatisfy({ $0 < 0x80 }) { return body }
            var text = WireText(body)
            text.decode()
            return text.output
        }
    }

    private init(_ body: [UInt8]) {
        self.body = body
        output.reserveCapacity(body.count)
    }

    /// Keeps what is UTF-8, and puts a replacement for each character that is not.
    private mutating func mend() {
        while index < body.count {
            if let length = sequenceLength(at: index) {
                output.append(contentsOf: body[index..<index + length])
                index += length
                continue
            }
            output.append(contentsOf: Self.replacement)
            let isLead = (0x81...0xFE).contains(body[index])
            index += 1
            guard isLead, index < body.count else { continue }
            if body[index] == Self.backslash {
                // One that is escaped stays, as an escaped one: it cannot be told from a name's own.
                if !isEscapedBackslash { index += 1 }
            } else if (0x80...0xFE).contains(body[index]), sequenceLength(at: index) == nil {
                index += 1
            }
        }
    }

    /// Decodes the whole as GB18030.
    private mutating func decode() {
        while index < body.count {
            let byte = body[index]
            guard byte >= 0x80 else {
                flush()
                output.append(byte)
                index += 1
                continue
            }
            let length = characterLength
            if length == 2, body[index + 1] == Self.backslash {
                run += [byte, Self.backslash]
                index += 1
                index += isEscapedBackslash ? 2 : 1
            } else if length > 0 {
                run += body[index..<index + length]
                index += length
            } else {
                flush()
                output.append(contentsOf: Self.replacement)
                index += 1
            }
        }
        flush()
    }

    /// How many bytes the character of GB18030 here has: 2, 4, or 0 for none.
    private var characterLength: Int {
        guard (0x81...0xFE).contains(body[index]), index + 1 < body.count else { return 0 }
        switch body[index + 1] {
        case 0x40...0x7E, 0x80...0xFE: return 2
        case 0x30...0x39 where index + 3 < body.count:
            return (0x81...0xFE).contains(body[index + 2]) && (0x30...0x39).contains(body[index + 3]) ? 4 : 0
        default: return 0
        }
    }

    private mutating func flush() {
        guard !run.isEmpty else { return }
        if let text = String(bytes: run, encoding: Self.gb18030) {
            output.append(contentsOf: text.utf8)
        } else {
            // One character that the table lacks fails them all.
            var rest = run[...]
            while let second = rest.dropFirst().first {
                let character = rest.prefix((0x30...0x39).contains(second) ? 4 : 2)
                rest = rest.dropFirst(character.count)
                let text = String(bytes: character, encoding: Self.gb18030)
                output.append(contentsOf: text.map { Array($0.utf8) } ?? Self.replacement)
            }
        }
        run = []
    }

    /// Whether the backslash here is followed by an odd number of them, so that it escapes another one.
    private var isEscapedBackslash: Bool {
        body[index...].prefix { $0 == Self.backslash }.count.isMultiple(of: 2)
    }

    /// The length of a well-formed sequence of UTF-8; nil where there is none.
    private func sequenceLength(at index: Int) -> Int? {
        let length: Int
        switch body[index] {
        case 0..<0x80: return 1
        case 0xC2...0xDF: length = 2
        case 0xE0...0xEF: length = 3
        case 0xF0...0xF4: length = 4
        default: return nil
        }
        guard index + length <= body.count else { return nil }
        return String(validating: body[index..<index + length], as: UTF8.self) == nil ? nil : length
    }
}
