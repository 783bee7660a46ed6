public import ByteSources

#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// Why a FLAC file could not be written or read.
///
/// A caller acts on the case: what is `unreadable` or `output` may pass on another try, what is `illFormed`,
/// `frameCountMismatch`, `md5Mismatch` or `envelope` is a damaged file, and what is `unsupported` stays so.
public enum FLACError: Error, Sendable, Hashable {
    /// The bytes of a source could not be read; code 0 stands for a source that has become shorter.
    case unreadable(ByteSourceError)

    /// The output could not be written, for the system's reason (`errno`, such as ENOSPC).
    case output(code: Int32)

    /// The bytes at an offset of the file break a rule of RFC 9639.
    case illFormed(String, offset: Int64)

    /// The request or the file is sound, but is not served here.
    case unsupported(String)

    /// Another number of frames was announced than there are.
    case frameCountMismatch(expected: Int64, found: Int64)

    /// The decoded samples have another MD5 than STREAMINFO says.
    case md5Mismatch

    /// The envelope in the APPLICATION blocks is malformed, or one to be written contradicts itself.
    case envelope(EnvelopeError)

    /// The Vorbis comment of this name cannot be stored: the name is none, or the value holds U+0000.
    case invalidComment(name: String)

    /// A sample to be encoded does not fit the bits per sample.
    case sampleOutOfRange

    /// The samples handed over do not make up whole frames.
    case incompleteFrame

    /// libFLAC stopped for a reason of its own, such as a lack of memory.
    case library(state: String)
}

extension FLACError: CustomStringConvertible {
    /// One sentence that names the fault and what to do about it.
    public var description: String {
        switch self {
        case .unreadable(let error) where error.code == 0:
            "\(error.name) ended before all of its bytes were read; do not change it while it is in use."
        case .unreadable(let error):
            "\(error.name) cannot be read (\(Self.reason(error.code))); check the file and its permissions."
        case .output(let code):
            "The FLAC output cannot be written (\(Self.reason(code))); check the disk and its permissions."
        case .illFormed(let rule, let offset):
            "The FLAC file is damaged at byte \(offset) (\(rule)); fetch an intact copy."
        case .unsupported(let what):
            "FLAC support ends here: \(what)."
        case .frameCountMismatch(let expected, let found):
            "The FLAC stream has \(found) frames where \(expected) are announced; fetch an intact copy."
        case .md5Mismatch:
            "The FLAC samples differ from the MD5 in STREAMINFO; fetch an intact copy."
        case .envelope(let error):
            error.description
        case .invalidComment(let name):
            "The tag “\(name)” cannot be stored; name it in characters 0x20 to 0x7D except “=”, and leave U+0000 out."
        case .sampleOutOfRange:
            "A sample does not fit the bits per sample of the FLAC stream; encode with more bits."
        case .incompleteFrame:
            "The samples to encode do not make up whole frames; hand over every channel of a frame."
        case .library(let state):
            "libFLAC stopped in the state \(state); try again with more memory."
        }
    }

    private static func reason(_ code: Int32) -> String {
        String(cString: strerror(code))
    }
}
