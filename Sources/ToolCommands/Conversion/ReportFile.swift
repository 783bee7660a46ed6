internal import Foundation
internal import Synchronization

/// A file of JSON rows that grows with the batch, so that an interrupted one leaves what it knew.
final class ReportFile: Sendable {
    private let path: String
    private let handle: Mutex<FileHandle>

    /// Begins the file anew.
    ///
    /// - Throws: `Failure` where it cannot be written.
    init(path: String) throws(Failure) {
        guard FileManager.default.createFile(atPath: path, contents: nil), let handle = FileHandle(forWritingAtPath: path)
        else { throw Self.failure(path) }
        self.path = path
        self.handle = Mutex(handle)
    }

    /// Appends a row.
    func append(_ row: some Encodable) throws {
        let line = Data((try JSONLine.text(of: row) + "\n").utf8)
        do {
            try handle.withLock { try $0.write(contentsOf: line) }
        } catch {
            throw Self.failure(path)
        }
    }

    private static func failure(_ path: String) -> Failure {
        Failure(
            .cannotWriteOutput,
            "The report \(path.printable) cannot be written; check its folder, its permissions and the free space.")
    }
}
