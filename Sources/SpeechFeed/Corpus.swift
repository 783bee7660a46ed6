internal import ByteSources
internal import Digests
internal import DurableFiles
internal import FLACFiles
internal import PCM
internal import SpeechMeasures
internal import Transcoding

#if canImport(FoundationEssentials)
    internal import FoundationEssentials
#else
    internal import Foundation
#endif

/// Writes recordings as a corpus for speech tools: audio of one shape, and the manifest of a format.
package struct Corpus: Sendable {
    /// How a corpus came out.
    package struct Summary: Sendable, Hashable {
        /// Recordings in it.
        package var recordings = 0
        /// Recordings in it that its manifest does not list, as they have no speech.
        package var unlisted = 0
        /// How long they play, in seconds.
        package var duration = 0.0
        /// Bytes of audio.
        package var size: Int64 = 0
        /// Recordings whose audio an earlier run had made, which was interrupted.
        package var takenOver = 0
    }

    /// A corpus was interrupted; a run that is to make the same goes on with what there is of it.
    package struct Interrupted: Error, Sendable {
        /// The recordings that are made.
        package let ids: [String]
        /// How many there are in all.
        package let of: Int
        /// Where they are.
        package let path: String
    }

    /// Told of what happens.
    package struct Observer {
        /// Takes the id of a recording that is left out, and a sentence why.
        package var leaveOut: (String, String) -> Void
        /// Is told after each recording how long it is, in seconds.
        package var finish: (CorpusInput, Double) -> Void

        /// Makes an observer.
        package init(
            leaveOut: @escaping (String, String) -> Void, finish: @escaping (CorpusInput, Double) -> Void
        ) {
            self.leaveOut = leaveOut
            self.finish = finish
        }
    }

    private let format: CorpusFormat
    private let settings: CorpusSettings
    private let options: CorpusOptions
    private let fingerprint: String

    /// Puts together what is to be made.
    ///
    /// - Parameters:
    ///   - format: How the manifest is written.
    ///   - settings: What has to be known of the whole corpus.
    ///   - options: How the audio is to be.
    ///   - maker: The name and the version of what makes it; no other goes on with what it has left.
    package init(
        _ format: CorpusFormat, settings: CorpusSettings, options: CorpusOptions, maker: String = ""
    ) {
        self.format = format
        self.settings = settings
        self.options = options
        let made = Array("\(maker)\n\(format.rawValue)\n\(options)".utf8)
        fingerprint = SHA256Hasher.digest(of: made).hexadecimal
    }

    /// Writes a corpus; it gets its name when it is complete and on the disk.
    ///
    /// - Parameters:
    ///   - inputs: The recordings; none twice.
    ///   - output: The folder: one that is missing or empty.
    ///   - observer: Is told what happens.
    ///   - confirm: Called with the ids of what is in the corpus before that gets its name; may refuse by throwing.
    /// - Returns: How it came out.
    /// - Throws: `Interrupted`, where what is made stays for the next run; `SpeechFeedError`, `CorpusFormatError`,
    ///   `FileError`, or what `confirm` throws, where nothing is left.
    package func write(
        _ inputs: [CorpusInput], to output: String, observer: Observer,
        confirm: ([String]) async throws -> Void
    ) async throws -> Summary {
        guard !inputs.isEmpty else { throw SpeechFeedError.empty }
        let sorted = inputs.sorted { ($0.speaker, $0.id) < ($1.speaker, $1.id) }
        let folder = try CorpusFolder(at: output, fingerprint: fingerprint)
        var manifest = try CorpusManifest(format, settings: settings, files: folder)
        var summary = Summary()
        var ids: [String] = []
        var shape: (rate: Int, channels: Int)?
        for input in sorted {
            if Task.isCancelled {
                try folder.leave()
                throw Interrupted(ids: ids, of: sorted.count, path: PendingFolder.unfinishedPath(of: output))
            }
            let recording: CorpusRecording?
            do {
                recording = try add(input, to: folder, &manifest, &summary)
            } catch  where !Self.isAboutOne(error) {
                throw error
            } catch {
                observer.leaveOut(input.id, "\(error)")
                continue
            }
            observer.finish(input, recording?.duration ?? 0)
            guard let recording else { continue }
            if let shape {
                if shape.rate != recording.sampleRate {
                    throw SpeechFeedError.mixed(
                        what: "sample rates", first: shape.rate, second: recording.sampleRate)
                }
                if shape.channels != recording.channels {
                    throw SpeechFeedError.mixed(
                        what: "numbers of channels", first: shape.channels, second: recording.channels)
                }
            }
            shape = (recording.sampleRate, recording.channels)
            ids.append(input.id)
            summary.recordings += 1
            summary.duration += recording.duration
            summary.size += recording.size
        }
        guard !ids.isEmpty else { throw SpeechFeedError.nothingLeft(count: inputs.count) }
        try manifest.finish()
        summary.unlisted = manifest.leftOut
        guard summary.unlisted < ids.count else {
            throw SpeechFeedError.nothingListed(format: format.rawValue, count: ids.count)
        }
        try await confirm(ids)
        try folder.publish()
        return summary
    }

    /// Whether an error is about one recording, which is left out, and not about the corpus.
    private static func isAboutOne(_ error: any Error) -> Bool {
        switch error {
        case FLACError.output, is FileError, is CorpusFormatError, is CancellationError: false
        default: true
        }
    }

    /// Makes the audio of an input, unless an earlier run has, and tells the manifest; nil for one whose length is not
    /// wanted.
    private func add(
        _ input: CorpusInput, to folder: CorpusFolder, _ manifest: inout CorpusManifest,
        _ summary: inout Summary
    ) throws -> CorpusRecording? {
        let stored = try FileByteSource(path: input.path)
        let digest = try stored.digest()
        guard input.digest == nil || input.digest == digest else {
            throw SpeechFeedError.damaged(path: input.path)
        }
        let encoding: CorpusRecording.Encoding =
            if case .made(let encoding) = options.audio { encoding } else { .flac }
        let suffix = encoding.rawValue
        let name =
            format.holdsAudio
            ? "\(input.id).\(suffix)" : "\(format.audioFolder(split: input.split))/\(input.id).\(suffix)"
        let key = SHA256Hasher.digest(of: Array("\(name)\n\(digest.hexadecimal)".utf8)).hexadecimal
        let earlier = folder.made(key)
        var file = try folder.makeFile(name)
        let isTakenOver =
            try earlier.map { try isLink || folder.copy($0, to: file) } ?? false
        if !isTakenOver, earlier != nil {
            try file.discard()
            file = try folder.makeFile(name)
        }
        var made: MadeAudio
        if isTakenOver, let earlier {
            made = earlier
            summary.takenOver += 1
        } else {
            do {
                made = try make(stored, digest, of: input, as: encoding, key: key, in: folder, file)
            } catch {
                try file.discard()
                throw error
            }
        }
        let duration = Double(made.frames) / Double(made.sampleRate)
        guard made.frames > 0, options.durations.contains(duration) else {
            try file.discard()
            return nil
        }
        let written = isLink ? stored : try FileByteSource(path: file.path)
        let recording = CorpusRecording(
            id: input.id, speaker: input.speaker, split: input.split, path: name, encoding: encoding,
            size: made.size, sampleRate: made.sampleRate, channels: made.channels, frames: made.frames,
            segments: made.segments, measures: made.measures, transcript: input.transcript,
            facts: input.facts)
        var offset: Int64 = 0
        try manifest.add(recording) {
            let piece = try written.bytes(at: offset, count: 1 << 16)
            offset += Int64(piece.count)
            return piece.isEmpty ? nil : piece
        }
        made.file = isLink ? nil : manifest.audioPlace?.file ?? name
        made.offset = manifest.audioPlace?.offset ?? 0
        if format.holdsAudio {
            try file.discard()
        } else if isLink {
            let path = try file.discard()
            try FileManager.default.createSymbolicLink(
                atPath: path, withDestinationPath: URL(filePath: input.path).path)
        } else {
            try file.finish()
        }
        try folder.note(made)
        return recording
    }

    /// Whether a link stands for each file.
    private var isLink: Bool { options.audio == .linked && !format.holdsAudio }

    private func make(
        _ stored: FileByteSource, _ digest: Digest, of input: CorpusInput,
        as encoding: CorpusRecording.Encoding, key: String, in folder: CorpusFolder,
        _ file: borrowing FolderFile
    ) throws -> MadeAudio {
        let measures =
            if case .made = options.audio {
                try make(stored, of: input, as: encoding, in: folder, file)
            } else {
                try take(stored, in: file)
            }
        let written = isLink ? stored : try FileByteSource(path: file.path)
        return MadeAudio(
            measures, key: key, size: written.byteCount,
            sha256: isLink ? digest.hexadecimal : try written.digest().hexadecimal)
    }

    /// Copies a FLAC file as it is, unless a link will stand for it, and measures it.
    private func take(
        _ stored: FileByteSource, in file: borrowing FolderFile
    ) throws -> SpeechMeasures {
        let samples = try SourceSamples(stored)
        guard samples.isFLAC else { throw SpeechFeedError.notFLAC }
        guard samples.format.channels == 1 || !options.isMono else {
            throw SpeechFeedError.wouldChange(channels: samples.format.channels)
        }
        let maker = AudioMaker(options: options)
        guard !isLink else { return try maker.measure(samples) }
        try stored.forEachPiece(in: 0..<stored.byteCount) { try file.write($0) }
        return try maker.measure(try SourceSamples(try FileByteSource(path: file.path)))
    }

    /// Makes the audio from what is stored, or from the original where that is to have another level.
    private func make(
        _ stored: FileByteSource, of input: CorpusInput, as encoding: CorpusRecording.Encoding,
        in folder: CorpusFolder, _ file: borrowing FolderFile
    ) throws -> SpeechMeasures {
        let maker = AudioMaker(options: options)
        guard maker.isLeveling, let restorer = try? SourceRestorer(stored) else {
            return try maker.make(try SourceSamples(stored), as: encoding, in: file)
        }
        let original = try folder.makeFile("\(input.id).original")
        let result = Swift.Result {
            try restorer.restore { try original.write($0) }
            return try maker.make(
                try SourceSamples(try FileByteSource(path: original.path)), as: encoding, in: file)
        }
        try original.discard()
        return try result.get()
    }
}
