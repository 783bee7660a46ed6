internal import Foundation

/// How many more files the process may open, which a person limits with `ulimit -n`.
///
/// Where there is no descriptor left, a file of ours is a failure like any other; but NIO, Dispatch and swift-subprocess
/// end the process. So nothing is begun that could come to that.
enum OpenFileLimit {
    /// What a command has open at most beside the files of its jobs: the catalog, locks, the journal, the log, signals, an
    /// event loop and connections are some 30.
    private static let reserve = 48

    /// Makes sure that a command can begin; to be called before anything is opened.
    ///
    /// - Throws: `Failure` that says how to raise the limit.
    static func check() throws {
        let free = free(upTo: reserve)
        guard free == reserve else {
            throw Failure(
                .cannotWriteOutput,
                "No more than \(free) files can be opened here, and voxkeep may need \(reserve) at once; raise the "
                    + "limit, as with ulimit -n 256.")
        }
    }

    /// How many jobs can run at once.
    ///
    /// - Parameters:
    ///   - wanted: How many a person wants.
    ///   - count: How many files each has open at most.
    /// - Returns: As many, or fewer, but at least one.
    static func jobs(_ wanted: Int, files count: Int) -> Int {
        max(1, spare(upTo: wanted * count) / count)
    }

    /// How many files jobs may have open, all together.
    static func spare(upTo limit: Int) -> Int {
        max(0, free(upTo: reserve + limit) - reserve)
    }

    private static func free(upTo limit: Int) -> Int {
        var taken: [Int32] = []
        defer { for descriptor in taken { close(descriptor) } }
        while taken.count < limit {
            let descriptor = dup(STDERR_FILENO)
            guard descriptor >= 0 else { break }
            taken.append(descriptor)
        }
        return taken.count
    }
}
