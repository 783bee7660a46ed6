public import Digests

/// All that is known of a message when its file is ready to be stored.
///
/// Words from other modules (verdicts, codecs, level methods) are kept as text, so that the archive can hold what a
/// later version has more of.
public struct RecordingFacts: Sendable, Hashable, Codable {
    /// The WAV file as the PBX sent it.
    public struct Source: Sendable, Hashable, Codable {
        /// The name that the PBX gave the file; any text.
        public var name: String
        /// Bytes.
        public var size: Int64
        /// The digest of all of its bytes.
        public var sha256: Digest
        /// RIFF, RIFX, RF64 or BW64; nil where it is none.
        public var container: String?
        /// The codec's name, such as `pcm_s16le`; nil where there is none that is known.
        public var codec: String?

        /// Makes a description of a source.
        public init(name: String, size: Int64, sha256: Digest, container: String?, codec: String?) {
            self.name = name
            self.size = size
            self.sha256 = sha256
            self.container = container
            self.codec = codec
        }
    }

    /// The shape and the length of the audio.
    public struct Audio: Sendable, Hashable, Codable {
        /// Frames per second.
        public var sampleRate: Int
        /// Samples in a frame.
        public var channels: Int
        /// Bits of a sample.
        public var bitsPerSample: Int
        /// How many frames there are.
        public var frames: Int64
        /// Seconds.
        public var duration: Double

        /// Makes a description of audio.
        public init(sampleRate: Int, channels: Int, bitsPerSample: Int, frames: Int64, duration: Double) {
            self.sampleRate = sampleRate
            self.channels = channels
            self.bitsPerSample = bitsPerSample
            self.frames = frames
            self.duration = duration
        }
    }

    /// The file in the archive: the FLAC file, or the WAV file in quarantine.
    public struct StoredFile: Sendable, Hashable, Codable {
        /// Bytes.
        public var size: Int64
        /// The digest of all of its bytes.
        public var sha256: Digest

        /// Makes a description of a stored file.
        public init(size: Int64, sha256: Digest) {
            self.size = size
            self.sha256 = sha256
        }
    }

    /// What was measured of the level, and what was done about it.
    public struct Level: Sendable, Hashable, Codable {
        /// `applied` to the samples, or only `tagged`.
        public var mode: String
        /// `p56`, `lufs`, `peak` or `none`.
        public var method: String
        /// The level aimed at, in the method's unit; nil for `none`.
        public var target: Double?
        /// The level measured, in the method's unit; nil for silence.
        public var measured: Double?
        /// Decibels; nil for `none`.
        public var gain: Double?
        /// What kept the gain from reaching the target; nil where nothing did.
        public var limitedBy: String?

        /// Makes a description of a level.
        public init(
            mode: String, method: String, target: Double?, measured: Double?, gain: Double?,
            limitedBy: String?
        ) {
            self.mode = mode
            self.method = method
            self.target = target
            self.measured = measured
            self.gain = gain
            self.limitedBy = limitedBy
        }
    }

    /// Where in the stored file there is speech, and what was measured of it, as it is stored.
    public struct Speech: Sendable, Hashable, Codable {
        /// The stretches of speech in frames, in order; in JSON the first frame of each and the frame after its last.
        public var segments: [Range<Int64>]
        /// How far below the active speech level a stretch begins, in dB.
        public var margin: Double
        /// How long it outlasts its end, in seconds.
        public var hangover: Double
        /// The active speech level of ITU-T P.56 in dBov; nil where there is no speech.
        public var activeLevel: Double?
        /// How much of the time there is speech, in percent.
        public var activity: Double
        /// The level of the whole in dBov; nil for silence.
        public var rms: Double?
        /// The sample peak in dBFS; nil for silence.
        public var peak: Double?
        /// Samples in runs at the highest level.
        public var clippedSamples: Int64
        /// The mean, in percent of full scale.
        public var offset: Double
        /// Power in the stretches over power between them, in dB; nil where there is nothing of one of them.
        public var signalToNoise: Double?

        /// Puts what was measured together.
        public init(
            segments: [Range<Int64>], margin: Double, hangover: Double, activeLevel: Double?,
            activity: Double,
            rms: Double?, peak: Double?, clippedSamples: Int64, offset: Double, signalToNoise: Double?
        ) {
            self.segments = segments
            self.margin = margin
            self.hangover = hangover
            self.activeLevel = activeLevel
            self.activity = activity
            self.rms = rms
            self.peak = peak
            self.clippedSamples = clippedSamples
            self.offset = offset
            self.signalToNoise = signalToNoise
        }
    }

    /// The message as the PBX listed it.
    public var identity: MessageIdentity
    /// The folder of the mailbox when it was fetched, `read` or `unread`.
    public var readStatus: String
    /// The listed date on the time line, ISO 8601 with its offset; nil where it could not be read, or cannot be.
    public var date: String?
    /// The file as the PBX sent it.
    public var source: Source
    /// The verdict of the inspection: `valid`, `flawed`, `salvaged` or `rejected`.
    public var verdict: String
    /// The findings of the inspection: a JSON array.
    public var findings: String
    /// The audio; nil where there is none that can be decoded.
    public var audio: Audio?
    /// The file that is to be stored.
    public var stored: StoredFile
    /// The leveling; nil in quarantine.
    public var level: Level?
    /// The speech in it; nil in quarantine, and for recordings that were stored before this was measured.
    public var speech: Speech?
    /// How the source comes back, `rebuilt` or `kept`; nil in quarantine, where it is stored as it came.
    public var restore: String?
    /// Codes of what is remarkable beyond the file itself, such as `pbx.duration-mismatch`.
    public var warnings: [String]
    /// When the recording was made, ISO 8601.
    public var archivedAt: String

    /// Makes facts from their parts.
    public init(
        identity: MessageIdentity, readStatus: String, date: String?, source: Source, verdict: String,
        findings: String, audio: Audio?, stored: StoredFile, level: Level?, speech: Speech? = nil,
        restore: String?, warnings: [String], archivedAt: String
    ) {
        self.identity = identity
        self.readStatus = readStatus
        self.date = date
        self.source = source
        self.verdict = verdict
        self.findings = findings
        self.audio = audio
        self.stored = stored
        self.level = level
        self.speech = speech
        self.restore = restore
        self.warnings = warnings
        self.archivedAt = archivedAt
    }
}
