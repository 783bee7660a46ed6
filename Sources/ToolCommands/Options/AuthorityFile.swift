internal import Timestamps

/// Reads the certificates of time-stamp authorities that a person names.
enum AuthorityFile {
    /// Reads a PEM file.
    ///
    /// - Throws: `Failure` where it cannot be read, `TimestampError` where it holds something else.
    static func read(_ path: String) throws -> TimestampCertificates {
        try TimestampCertificates(pem: try text(path))
    }

    /// The file's text, as it is kept in an archive.
    static func text(_ path: String) throws -> String {
        guard let text = NamedFile.text(of: path) else {
            throw Failure(.noInput, "\(path.printable) cannot be read; check its path and permissions.")
        }
        return text
    }
}
