internal import ByteSources
internal import CSndFile

/// What libsndfile says about the untouched file.
public struct LibsndfileResult: Sendable, Hashable {
    /// The container that it took the file for: `WAV`, `WAVEX`, `RF64`; nil where it did not open the file.
    public let container: String?

    /// The codec in libsndfile's names, such as `PCM_16`.
    public let subtype: String?

    /// The number of frames that it counts; not reliable where the header is damaged.
    public let frames: Int64?

    /// Why it did not open the file, or was not asked to.
    public let error: String?

    /// Its log, which ends at 2,047 bytes.
    public let log: String

    init(container: String?, subtype: String?, frames: Int64?, error: String?, log: String) {
        self.container = container
        self.subtype = subtype
        self.frames = frames
        self.error = error
        self.log = log
    }

    /// The result for a file that libsndfile was not given.
    static func notAsked(_ reason: String) -> LibsndfileResult {
        LibsndfileResult(container: nil, subtype: nil, frames: nil, error: "Not opened: \(reason).", log: "")
    }

    /// Has libsndfile open a file as it is.
    init(opening window: ByteWindow) throws(ByteSourceError) {
        do throws(SoundFileError) {
            let file = try SoundFile(window)
            self.init(
                container: Self.container(file.format), subtype: Self.subtype(file.format),
                frames: file.frames, error: nil, log: file.log)
        } catch {
            switch error {
            case .source(let failure):
                throw failure
            case .refused(let message, let log):
                self.init(container: nil, subtype: nil, frames: nil, error: message, log: log)
            }
        }
    }

    /// Whether a format is one of the kinds of WAVE file, and not another that libsndfile found in the
    /// content.
    static func isWave(_ format: Int32) -> Bool { containers[Int(format) & SF_FORMAT_TYPEMASK] != nil }

    private static func container(_ format: Int32) -> String {
        containers[Int(format) & SF_FORMAT_TYPEMASK] ?? "0x"
            + String(Int(format) & SF_FORMAT_TYPEMASK, radix: 16)
    }

    private static func subtype(_ format: Int32) -> String {
        subtypes[Int(format) & SF_FORMAT_SUBMASK] ?? "0x" + String(Int(format) & SF_FORMAT_SUBMASK, radix: 16)
    }

    private static let containers = [SF_FORMAT_WAV: "WAV", SF_FORMAT_WAVEX: "WAVEX", SF_FORMAT_RF64: "RF64"]

    private static let subtypes = [
        SF_FORMAT_PCM_U8: "PCM_U8", SF_FORMAT_PCM_S8: "PCM_S8", SF_FORMAT_PCM_16: "PCM_16",
        SF_FORMAT_PCM_24: "PCM_24", SF_FORMAT_PCM_32: "PCM_32", SF_FORMAT_FLOAT: "FLOAT",
        SF_FORMAT_DOUBLE: "DOUBLE", SF_FORMAT_ULAW: "ULAW", SF_FORMAT_ALAW: "ALAW",
        SF_FORMAT_IMA_ADPCM: "IMA_ADPCM", SF_FORMAT_MS_ADPCM: "MS_ADPCM", SF_FORMAT_GSM610: "GSM610",
        SF_FORMAT_G721_32: "G721_32", SF_FORMAT_NMS_ADPCM_16: "NMS_ADPCM_16",
        SF_FORMAT_NMS_ADPCM_24: "NMS_ADPCM_24", SF_FORMAT_NMS_ADPCM_32: "NMS_ADPCM_32",
        SF_FORMAT_MPEG_LAYER_III: "MPEG_LAYER_III",
    ]
}
