internal import DurableFiles

/// Whether a replica has a recording, by a look at its folder; only a verification compares the bytes.
public struct RecordingCopy: Sendable, Hashable {
    /// What a look at a replica can tell.
    public enum State: String, Sendable, Hashable {
        /// A file of the right size is there.
        case present
        /// There is no such file.
        case missing
        /// There is a file of another size.
        case differs
        /// The replica itself is not there: its disk is not mounted, or it cannot be read.
        case unreachable
    }

    /// The replica's folder.
    public let replica: String
    /// What is there.
    public let state: State
}

extension RecordingArchive {
    /// Looks for the copies of a recording.
    ///
    /// - Parameter recording: The recording.
    /// - Returns: One for each replica, in the order of their paths.
    /// - Throws: `ArchiveError`.
    public nonisolated func copies(of recording: Recording) async throws(ArchiveError) -> [RecordingCopy] {
        var copies: [RecordingCopy] = []
        let paths = try await replicas()
        for (number, path) in paths.enumerated() {
            copies.append(
                RecordingCopy(
                    replica: path, state: state(of: recording, in: path, besides: paths[..<number])))
        }
        return copies
    }

    private nonisolated func state(
        of recording: Recording, in replica: String, besides others: ArraySlice<String>
    ) -> RecordingCopy.State {
        do throws(ArchiveError) {
            try Replica(path: replica, operations: operations).checkPlace(besides: self.layout, others)
        } catch {
            return .unreachable
        }
        let layout = ArchiveLayout(root: replica)
        do throws(FileError) {
            guard try operations.status(of: layout.description) != nil else { return .unreachable }
            guard let status = try operations.status(of: layout.absolute(recording.path)) else {
                return .missing
            }
            return status.kind == .file && status.size == recording.facts.stored.size ? .present : .differs
        } catch {
            return .unreachable
        }
    }
}
