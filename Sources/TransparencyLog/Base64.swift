#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// Bytes in the base64 of RFC 4648 §4, with padding.
enum Base64 {
    static func text(of bytes: some Sequence<UInt8>) -> String {
        Data(bytes).base64EncodedString()
    }

    /// The bytes of a text; nil unless the text is the one way to write them.
    ///
    /// Decoders let unused bits of the last character pass, so that two texts stand for the same bytes. Here a
    /// changed character must never go unnoticed.
    static func bytes(of text: some StringProtocol) -> [UInt8]? {
        guard let data = Data(base64Encoded: String(text)), data.base64EncodedString() == text else {
            return nil
        }
        return Array(data)
    }
}
