package import Digests

#if canImport(FoundationEssentials)
    package import FoundationEssentials
#else
    package import Foundation
#endif

/// Who signed a time stamp, and how far that was checked.
package struct TimestampAuthority: Sendable, Hashable {
    /// What the signer's certificate was checked against.
    package enum Trust: Sendable, Hashable {
        /// Nothing: anybody can have made the certificate, and the time stamp with it.
        case unchecked
        /// A trusted authority, whose subject this is, stands at the end of its chain.
        case root(String)
    }

    /// The subject of the signer's certificate, made printable and at most 200 characters long.
    package let name: String

    /// The SHA-256 of the signer's certificate in DER.
    package let fingerprint: Digest

    /// When the signer's certificate ends; a time stamp is renewed before that, while nobody can have its key.
    package let validUntil: Date

    /// What the signer's certificate was checked against.
    package let trust: Trust
}

extension TimestampAuthority: CustomStringConvertible {
    /// The authority and how far it was checked, as a clause.
    package var description: String {
        switch trust {
        case .unchecked:
            "\(name), whose certificate was not checked against any authority"
        case .root(let root):
            "\(name), trusted through \(root)"
        }
    }
}
