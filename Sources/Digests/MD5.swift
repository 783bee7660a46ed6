internal import Crypto

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// MD5 (RFC 1321), which proves nothing any more: it is here because the PBX wants passwords sent in it.
public enum MD5 {
    /// The digest of a text's UTF-8 bytes, as 32 lowercase hexadecimal digits.
    public static func hexadecimal(of text: String) -> String {
        Hexadecimal.text(of: Array(Insecure.MD5.hash(data: Array(text.utf8))))
    }
}
