/// Text that a PBX sent, in a form that a catalog and a tag can hold.
///
/// Text ends at the first NUL for most functions of SQLite and for every reader of tags in C, so two callers that
/// differ only behind a NUL would become one. A NUL is written as `\0`, and a backslash as two.
public enum NULFreeText {
    /// Writes a text without NUL.
    public static func encode(_ text: String) -> String {
        guard text.utf8.contains(where: { $0 == 0 || $0 == backslash }) else { return text }
        var bytes: [UInt8] = []
        for byte in text.utf8 {
            switch byte {
            case 0: bytes += [backslash, UInt8(ascii: "0")]
            case backslash: bytes += [backslash, backslash]
            default: bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    /// Reads a text that `encode` has written.
    public static func decode(_ text: String) -> String {
        guard text.utf8.contains(backslash) else { return text }
        var bytes: [UInt8] = []
        var isEscaped = false
        for byte in text.utf8 {
            if isEscaped {
                bytes.append(byte == UInt8(ascii: "0") ? 0 : byte)
                isEscaped = false
            } else if byte == backslash {
                isEscaped = true
            } else {
                bytes.append(byte)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }

    private static let backslash = UInt8(ascii: "\\")
}
