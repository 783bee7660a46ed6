internal import SwiftASN1
internal import X509

/// Certificates that a check of time stamps is given: authorities that are trusted, or what leads to them.
package struct TimestampCertificates: Sendable, Hashable {
    let certificates: [Certificate]

    /// How many there are: at least one.
    package var count: Int { certificates.count }

    /// Reads certificates in PEM, one or many; texts between them are skipped.
    ///
    /// - Parameter text: The content of a PEM file.
    /// - Throws: `TimestampError.unreadableCertificates` where one cannot be read, or there is none.
    package init(pem text: String) throws(TimestampError) {
        var certificates: [Certificate] = []
        do {
            for document in try PEMDocument.parseMultiple(pemString: text) {
                certificates.append(try Certificate(pemDocument: document))
            }
        } catch {
            throw .unreadableCertificates(index: certificates.count + 1)
        }
        guard !certificates.isEmpty else { throw .unreadableCertificates(index: 1) }
        self.certificates = certificates
    }
}
