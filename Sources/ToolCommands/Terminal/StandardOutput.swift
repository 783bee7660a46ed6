internal import Foundation

/// Bytes to standard output.
enum StandardOutput {
    static func write(_ bytes: Data) throws(StandardOutputError) {
        do {
            try FileHandle.standardOutput.write(contentsOf: bytes)
        } catch {
            throw StandardOutputError(code: Self.code(of: error))
        }
    }

    /// The system's error number, which Foundation wraps once or twice.
    private static func code(of error: any Error) -> Int32? {
        var wrapped: NSError? = error as NSError
        while let error = wrapped {
            if error.domain == NSPOSIXErrorDomain { return Int32(exactly: error.code) }
            wrapped = error.userInfo[NSUnderlyingErrorKey] as? NSError
        }
        return nil
    }
}

/// Why standard output took no more.
struct StandardOutputError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The system's error number, where it is known.
    let code: Int32?

    /// Whether the reader went away, as `head` does when it has seen enough.
    var isReaderGone: Bool { code == EPIPE }

    var description: String {
        switch code {
        case EPIPE: "The reader of standard output went away before all was written."
        case ENOSPC:
            "Standard output cannot be written, as the disk it goes to is full; make room and run again."
        default: "Standard output is closed or cannot be written; check where it leads."
        }
    }
}
