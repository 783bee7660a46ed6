internal import ByteSources
internal import CSndFile
internal import Synchronization

/// An open file of libsndfile.
struct SoundFile: ~Copyable {
    /// The container and codec that libsndfile takes the content for, as its number.
    let format: Int32
    /// The frames that it counts.
    let frames: Int64

    private let channels: Int32
    private let handle: OpaquePointer
    private let file: VirtualFile

    /// libsndfile keeps the error and the log of a failed open in variables of the whole process.
    private static let opening = Mutex(())

    /// Opens what a window shows.
    ///
    /// The content must begin with a WAVE form: libsndfile judges by content and would hand MPEG to a decoder
    /// of its own.
    init(_ window: ByteWindow) throws(SoundFileError) {
        let file = VirtualFile(window)
        var info = SF_INFO()
        let opened = Self.open(file, &info)
        if let failure = file.failure {
            if let handle = opened.handle { sf_close(handle) }
            throw .source(failure)
        }
        guard let handle = opened.handle else {
            throw .refused(message: opened.message, log: opened.log)
        }
        format = info.format
        frames = info.frames
        channels = info.channels
        self.handle = handle
        self.file = file
    }

    deinit {
        withExtendedLifetime(file) { _ = sf_close(handle) }
    }

    private struct Opened {
        var handle: OpaquePointer?
        var message = ""
        var log = ""
    }

    private static func open(_ file: VirtualFile, _ info: inout SF_INFO) -> Opened {
        var callbacks = VirtualFile.callbacks
        let pointer = Unmanaged.passUnretained(file).toOpaque()
        var opened = Opened()
        opening.withLock { (_) in
            opened.handle = sf_open_virtual(&callbacks, Int32(SFM_READ), &info, pointer)
            if opened.handle == nil {
                opened.message = sf_strerror(nil).map { String(cString: $0) } ?? ""
                opened.log = log(of: nil)
            }
        }
        return opened
    }

    private static func log(of handle: OpaquePointer?) -> String {
        // libsndfile's own log holds 2,048 bytes.
        let bytes = [UInt8](unsafeUninitializedCapacity: 4096) { (buffer, count) in
            let length = sf_command(handle, Int32(SFC_GET_LOG_INFO), buffer.baseAddress, Int32(buffer.count))
            count = max(0, min(buffer.count, Int(length)))
        }
        // Names and texts of the file are quoted in it.
        let content = bytes.prefix { $0 != 0 }
        let text = String(decoding: content, as: UTF8.self)
        // Nearly every log is plain, and sorting characters by their kind costs more than inspecting the file.
        if content.allSatisfy({ (0x20..<0x7F).contains($0) || $0 == UInt8(ascii: "\n") }) { return text }
        return text.filter {
            $0 == "\n" || $0.isLetter || $0.isNumber || $0.isPunctuation || $0.isSymbol || $0 == " "
        }
    }

    /// Whether libsndfile took the content for a WAVE file of a number of channels, and not for another kind.
    func isWave(channels: Int) -> Bool {
        LibsndfileResult.isWave(format) && self.channels == Int32(truncatingIfNeeded: channels)
    }

    /// What libsndfile noted about the file when it opened it.
    var log: String { Self.log(of: handle) }

    /// The error that kept libsndfile from reading on, if it was the source's.
    var failure: ByteSourceError? { file.failure }

    /// Reads frames of integers, each left-justified in 32 bits; returns fewer only at the end.
    func read(_ samples: UnsafeMutableBufferPointer<Int32>, frames: Int) -> Int {
        Int(sf_readf_int(handle, samples.baseAddress, sf_count_t(frames)))
    }

    /// Reads frames of real numbers, full scale being 1.0; returns fewer only at the end.
    func read(_ samples: UnsafeMutableBufferPointer<Double>, frames: Int) -> Int {
        Int(sf_readf_double(handle, samples.baseAddress, sf_count_t(frames)))
    }
}

/// Why libsndfile did not open a file.
enum SoundFileError: Error {
    case source(ByteSourceError)
    case refused(message: String, log: String)
}
