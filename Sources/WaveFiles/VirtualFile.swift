internal import ByteSources
internal import CSndFile

/// A source as libsndfile reads it: through callbacks, with a position of its own.
///
/// A callback cannot throw. It keeps the error here and reports the end of the file, and whoever called
/// libsndfile looks for the error afterwards.
final class VirtualFile {
    private let window: ByteWindow
    private var position: Int64 = 0
    private(set) var failure: ByteSourceError?

    init(_ window: ByteWindow) {
        self.window = window
    }

    static var callbacks: SF_VIRTUAL_IO {
        SF_VIRTUAL_IO(
            get_filelen: { VirtualFile.at($0)?.window.byteCount ?? -1 },
            seek: { (offset, whence, file) in VirtualFile.at(file)?.seek(offset, whence) ?? -1 },
            read: { (buffer, count, file) in VirtualFile.at(file)?.read(buffer, count) ?? 0 },
            write: { (_, _, _) in 0 },
            tell: { VirtualFile.at($0)?.position ?? -1 })
    }

    private static func at(_ pointer: UnsafeMutableRawPointer?) -> VirtualFile? {
        pointer.map { Unmanaged<VirtualFile>.fromOpaque($0).takeUnretainedValue() }
    }

    private func seek(_ offset: Int64, _ whence: Int32) -> Int64 {
        let base: Int64
        switch whence {
        case SEEK_CUR: base = position
        case SEEK_END: base = window.byteCount
        default: base = 0
        }
        let (target, overflow) = base.addingReportingOverflow(offset)
        if !overflow, target >= 0 { position = target }
        return position
    }

    private func read(_ buffer: UnsafeMutableRawPointer?, _ count: Int64) -> Int64 {
        guard let buffer, count > 0, failure == nil else { return 0 }
        do throws(ByteSourceError) {
            let target = UnsafeMutableRawBufferPointer(start: buffer, count: Int(count))
            let filled = try window.read(at: position, into: target)
            position += Int64(filled)
            return Int64(filled)
        } catch {
            failure = error
            return 0
        }
    }
}
