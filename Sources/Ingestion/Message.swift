internal import ByteSources
internal import FLACFiles
internal import Foundation
internal import Leveling
internal import PBXClient
internal import PCM
internal import RecordingArchive
internal import SpeechMeasures
internal import Transcoding
internal import WaveFiles

/// A listed message on its way into the archive.
struct Message: Sendable {
    let identity: MessageIdentity
    let listing: VoicemailListing
    /// When it was left; nil where the listed date is none, or one that cannot be.
    let date: ListedDate?
    /// Whether the listed date is one that no message can be from: the PBX's clock is wrong, or the zone.
    var hasImplausibleDate = false

    private var readStatus: String { listing.status?.rawValue ?? "" }

    /// The codes of what is odd about the listed date.
    var warnings: [String] {
        guard let date else {
            if hasImplausibleDate { return [SyncItem.implausibleDate] }
            return [ListedDate.needsOrder(listing.date) ? SyncItem.unorderedDate : "date.unreadable"]
        }
        return date.warning.map { [$0] } ?? []
    }

    /// The tags of the message's recording.
    var comments: [VorbisComment] {
        VoicemailTags(identity: identity, readStatus: readStatus, date: date?.iso8601).comments
    }

    func item(_ outcome: SyncItem.Outcome, _ report: SourceReport, warnings: [String]) -> SyncItem {
        SyncItem(listing: listing, date: date?.iso8601, outcome: outcome, report: report, warnings: warnings)
    }

    /// What is known before anything is stored; the stored file is the source itself until a recording is made.
    func facts(_ analysis: SourceAnalysis, warnings: [String], archivedAt: String) -> RecordingFacts {
        let inspection = analysis.inspection
        var audio: RecordingFacts.Audio?
        if inspection.verdict != .rejected, let format = inspection.format {
            audio = RecordingFacts.Audio(
                sampleRate: format.sampleRate, channels: format.channels, bitsPerSample: format.bitsPerSample,
                frames: inspection.frames, duration: inspection.duration ?? 0)
        }
        return RecordingFacts(
            identity: identity, readStatus: readStatus, date: date?.iso8601,
            source: RecordingFacts.Source(
                name: listing.plainFileName, size: inspection.size, sha256: analysis.digest,
                container: inspection.container, codec: inspection.codec?.name),
            verdict: inspection.verdict.rawValue, findings: inspection.findingsAsJSON, audio: audio,
            stored: RecordingFacts.StoredFile(size: inspection.size, sha256: analysis.digest), level: nil,
            restore: nil, warnings: warnings, archivedAt: archivedAt)
    }
}

extension RecordingFacts {
    /// The facts with what was made of the source.
    func describing(_ recording: ProvedRecording, _ speech: Speech, mode: String) -> RecordingFacts {
        var facts = self
        facts.speech = speech
        facts.stored = StoredFile(size: recording.size, sha256: recording.digest)
        facts.restore = recording.restoration.rawValue
        facts.level = Level(
            mode: mode, method: recording.level.method, target: recording.level.target,
            measured: recording.level.measured, gain: recording.level.gain,
            limitedBy: recording.level.limitedBy)
        return facts
    }
}

extension RecordingFacts.Speech {
    /// Measures a file as it is stored, with the margin and the hangover of ITU-T P.56.
    init(inFile path: String) throws {
        let measures = try SpeechMeasures(of: try SourceSamples(try FileByteSource(path: path)))
        let audio = measures.audio
        self.init(
            segments: measures.segments, margin: ActivityDetector.standardMargin.value,
            hangover: ActivityDetector.standardHangover,
            activeLevel: audio.activeSpeech.map(Self.hundredths),
            activity: Self.hundredths(audio.activity), rms: audio.rms.map(Self.hundredths),
            peak: audio.peak.map(Self.hundredths), clippedSamples: audio.clippedSamples,
            offset: Self.hundredths(audio.offset * 10_000) / 100,
            signalToNoise: audio.signalToNoise.map(Self.hundredths))
    }

    /// No more decimals than the measure is good for; and no number so small that programs write it in several ways,
    /// since the facts are hashed as text.
    private static func hundredths(_ value: Double) -> Double { (value * 100).rounded() / 100 }
}
