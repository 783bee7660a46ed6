#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// A failure of the operating system to open or read a source.
public struct ByteSourceError: Error, Sendable, Hashable {
    /// The path or other name of what could not be read.
    public let name: String

    /// The system's error number; 0 for a source that ended before the bytes it had promised.
    public let code: Int32

    /// Makes an error about a named source.
    public init(name: String, code: Int32) {
        self.name = name
        self.code = code
    }
}

extension ByteSourceError: CustomStringConvertible {
    /// One sentence that names the source and says what to do about it.
    ///
    /// The name is as it was given, control characters included.
    public var description: String {
        switch code {
        case 0: "\(name) ended before all of its bytes were read; try again when nothing writes to it."
        case ENOENT: "\(name) does not exist; check the path."
        case ENOTDIR: "\(name) does not exist, as a part of its path is a file; check the path."
        case EISDIR: "\(name) is a folder; name a file."
        case EINVAL, ENXIO: "\(name) is a pipe, a socket or a device; name a regular file."
        case EACCES, EPERM: "\(name) may not be read; change its permissions or run as another user."
        case ELOOP:
            "\(name) is a symbolic link that leads back to itself; name the file that it should lead to."
        case ENAMETOOLONG: "\(name) is too long a path; change into a folder on the way and give the rest."
        case EMFILE, ENFILE:
            "\(name) cannot be read, as too many files are open; lower --jobs or raise the limit with ulimit -n."
        default: "\(name) cannot be read (\(String(cString: strerror(code)))); check the file and the disk."
        }
    }
}
