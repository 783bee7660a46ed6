internal import Foundation
internal import Synchronization

/// The state in which a shell may have left the three standard streams.
enum StandardStreams {
    /// Makes the streams safe to write to; to be called before any file is opened.
    ///
    /// A reader that goes away (`| head`) then fails a write instead of killing the process. A stream that is
    /// closed (`>&-`) gets its number taken, lest the next file that is opened has it, and is printed into.
    static func prepare() {
        signal(SIGPIPE, SIG_IGN)
        // The lowest free number is the one given. What is opened for reading makes writes fail, as they should.
        while let handle = FileHandle(forReadingAtPath: "/dev/null") {
            guard handle.fileDescriptor <= STDERR_FILENO else { return }
            placeholders.withLock { $0.append(handle) }
        }
    }

    private static let placeholders = Mutex<[FileHandle]>([])
}
