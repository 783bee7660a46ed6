internal import Foundation
internal import Synchronization

/// A file of JSON rows that grows with the batch, so that an interrupted one leaves what it knew.
final class ReportFile: Sendable {
    private struct State {
        let handle: FileHandle
        var failure: Failure?
    }

    private let path: String
    private let state: Mutex<State>

    /// Begins the file anew; a device, such as /dev/stderr, is written to as it is.
    ///
    /// - Throws: `Failure` where it cannot be written.
    init(path: String) throws(Failure) {
        let files = FileManager.default
        // `createFile` would put a file in the place of a device.
        if !files.fileExists(atPath: path) {
            _ = files.createFile(atPath: path, contents: nil, attributes: [.posixPermissions: 0o600])
        }
        guard !NamedFile.mayWait(path), let handle = FileHandle(forWritingAtPath: path) else {
            throw Self.failure(path)
        }
        // What is no regular file has no length to take away.
        try? handle.truncate(atOffset: 0)
        self.path = path
        self.state = Mutex(State(handle: handle))
    }

    /// Why the report is not whole; nil while it is.
    var failure: Failure? { state.withLock { $0.failure } }

    /// Appends a row; once that has failed, no more are, and the batch goes on without.
    func append(_ row: some Encodable) throws {
        let line = Data((try JSONLine.text(of: row) + "\n").utf8)
        state.withLock { state in
            guard state.failure == nil else { return }
            do {
                try state.handle.write(contentsOf: line)
            } catch {
                state.failure = Self.failure(path)
            }
        }
    }

    private static func failure(_ path: String) -> Failure {
        Failure(
            .cannotWriteOutput,
            "The report \(path.printable) cannot be written; check its folder, its permissions and the free space, and "
                + "that it is no pipe."
        )
    }
}
