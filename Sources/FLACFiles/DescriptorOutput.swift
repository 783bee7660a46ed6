#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// Bytes on their way to a file, gathered so that a frame of some hundred bytes costs no system call.
///
/// The descriptor stays the caller's, and is neither closed nor synchronized here.
struct DescriptorOutput {
    /// One past the highest byte written.
    private(set) var byteCount: Int64 = 0

    private let descriptor: Int32
    private var pending: [UInt8] = []
    private var pendingStart: Int64 = 0

    /// How many bytes are gathered before they are written.
    private static let capacity = 1 << 16

    init(descriptor: Int32) {
        self.descriptor = descriptor
    }

    /// Puts bytes at an offset of the file.
    mutating func write(_ bytes: RawSpan, at offset: Int64) throws(FLACError) {
        if offset >= pendingStart, offset + Int64(bytes.byteCount) <= pendingStart + Int64(pending.count) {
            // A short file is still all here when its STREAMINFO is completed.
            let start = Int(offset - pendingStart)
            bytes.withUnsafeBytes {
                pending.replaceSubrange(start..<start + $0.count, with: $0)
            }
            return
        }
        if offset != pendingStart + Int64(pending.count) {
            try flush()
            pendingStart = offset
        }
        bytes.withUnsafeBytes { pending.append(contentsOf: $0) }
        byteCount = max(byteCount, offset + Int64(bytes.byteCount))
        if pending.count >= Self.capacity { try flush() }
    }

    /// Hands all gathered bytes to the system, however many calls that takes.
    mutating func flush() throws(FLACError) {
        var written = 0
        while written < pending.count {
            let count = pending.withUnsafeBytes { bytes in
                let rest = UnsafeRawBufferPointer(rebasing: bytes[written...])
                return pwrite(descriptor, rest.baseAddress, rest.count, off_t(pendingStart) + off_t(written))
            }
            if count < 0 {
                let code = errno
                if code == EINTR { continue }
                throw .output(code: code)
            }
            // A regular file takes at least one byte or fails; a loop would not end on anything else.
            guard count > 0 else { throw .output(code: EIO) }
            written += count
        }
        pendingStart += Int64(written)
        pending.removeAll(keepingCapacity: true)
    }
}
