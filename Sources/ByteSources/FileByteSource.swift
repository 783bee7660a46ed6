#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// The bytes of a regular file, read in place; memory does not grow with the file.
public final class FileByteSource: ByteSource {
    /// The path that was opened.
    public let path: String

    /// How many bytes there were when the file was opened.
    public let byteCount: Int64

    /// What the owner may do with the file, of reading and writing, and nobody else: the mode for what is made of it.
    public let ownerPermissions: UInt16

    private let descriptor: Int32

    /// Opens a regular file for reading.
    ///
    /// Anything else is refused before it can block or run on for ever: a folder with EISDIR, and a pipe, a
    /// socket or a device with EINVAL.
    ///
    /// - Parameter path: The file; a symbolic link is followed.
    /// - Throws: `ByteSourceError` with the system's reason.
    public init(path: String) throws(ByteSourceError) {
        // Without O_NONBLOCK the open of a FIFO that nobody writes to would never return.
        let descriptor = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK)
        guard descriptor >= 0 else { throw ByteSourceError(name: path, code: errno) }
        var status = stat()
        var code: Int32 = 0
        if fstat(descriptor, &status) != 0 {
            code = errno
        } else if status.st_mode & S_IFMT == S_IFDIR {
            code = EISDIR
        } else if status.st_mode & S_IFMT != S_IFREG {
            code = EINVAL
        }
        guard code == 0 else {
            close(descriptor)
            throw ByteSourceError(name: path, code: code)
        }
        self.path = path
        self.byteCount = Int64(status.st_size)
        self.ownerPermissions = UInt16(truncatingIfNeeded: status.st_mode & 0o200 | 0o400)
        self.descriptor = descriptor
    }

    deinit {
        close(descriptor)
    }

    private func status() throws(ByteSourceError) -> stat {
        var status = stat()
        guard fstat(descriptor, &status) == 0 else { throw ByteSourceError(name: path, code: errno) }
        return status
    }

    /// Fills a buffer from an offset, as `ByteSource` says.
    public func read(at offset: Int64, into buffer: UnsafeMutableRawBufferPointer) throws(ByteSourceError)
        -> Int
    {
        let wanted = Int(max(0, min(Int64(buffer.count), byteCount - offset)))
        var filled = 0
        while filled < wanted {
            let rest = UnsafeMutableRawBufferPointer(rebasing: buffer[filled..<wanted])
            let count = pread(descriptor, rest.baseAddress, rest.count, off_t(offset) + off_t(filled))
            if count < 0 {
                if errno == EINTR { continue }
                throw ByteSourceError(name: path, code: errno)
            }
            if count == 0 { break }
            filled += count
        }
        return filled
    }
}

extension FileByteSource {
    /// Whether two open files are one and the same, by whatever paths they were opened.
    public func isSameFile(as other: FileByteSource) throws(ByteSourceError) -> Bool {
        let (mine, theirs) = (try status(), try other.status())
        return mine.st_dev == theirs.st_dev && mine.st_ino == theirs.st_ino
    }
}
