internal import ByteSources
internal import DurableFiles
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

    /// Puts together what is to be made.
    package init(_ format: CorpusFormat, settings: CorpusSettings, options: CorpusOptions) {
        self.format = format
        self.settings = settings
        self.options = options
    }

    /// Writes a corpus; it gets its name when it is complete and on the disk.
    ///
    /// - Parameters:
    ///   - inputs: The recordings; none twice.
    ///   - output: The folder: one that is missing or empty.
    ///   - observer: Is told what happens.
    ///   - confirm: Called with the ids of what is in the corpus before that gets its name; may refuse by throwing.
    /// - Returns: How it came out.
    /// - Throws: `SpeechFeedError`, `CorpusFormatError`, `FileError`, or what `confirm` throws; nothing is left then.
    package func write(
        _ inputs: [CorpusInput], to output: String, observer: Observer,
        confirm: ([String]) async throws -> Void
    ) async throws -> Summary {
        guard !inputs.isEmpty else { throw SpeechFeedError.empty }
        let sorted = inputs.sorted { ($0.speaker, $0.id) < ($1.speaker, $1.id) }
        let folder = try CorpusFolder(at: output)
        var manifest = try CorpusManifest(format, settings: settings, files: folder)
        var summary = Summary()
        var ids: [String] = []
        var shape: (rate: Int, channels: Int)?
        for input in sorted {
            try Task.checkCancellation()
            let recording: CorpusRecording?
            do {
                recording = try add(input, to: folder, &manifest)
            } catch let error as FileError {
                throw error
            } catch let error as CorpusFormatError {
                throw error
            } catch is CancellationError {
                throw CancellationError()
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
        try await confirm(ids)
        try folder.publish()
        return summary
    }

    /// Makes the audio of an input and tells the manifest; nil for one whose length is not wanted.
    private func add(
        _ input: CorpusInput, to folder: CorpusFolder, _ manifest: inout CorpusManifest
    ) throws -> CorpusRecording? {
        let stored = try FileByteSource(path: input.path)
        if let digest = input.digest, try stored.digest() != digest {
            throw SpeechFeedError.damaged(path: input.path)
        }
        let isLink = options.audio == .linked && !format.holdsAudio
        let encoding: CorpusRecording.Encoding =
            if case .made(let encoding) = options.audio { encoding } else { .flac }
        let suffix = encoding.rawValue
        let name =
            format.holdsAudio
            ? "\(input.id).\(suffix)" : "\(format.audioFolder(split: input.split))/\(input.id).\(suffix)"
        let file = try folder.makeFile(name)
        let made: SpeechMeasures
        do {
            made =
                if case .made = options.audio {
                    try make(stored, of: input, as: encoding, in: folder, file)
                } else {
                    try take(stored, in: file, isLink: isLink)
                }
        } catch {
            try file.discard()
            throw error
        }
        let duration = made.format.duration(ofFrames: made.frames)
        guard made.frames > 0, options.durations.contains(duration) else {
            try file.discard()
            return nil
        }
        let written = isLink ? stored : try FileByteSource(path: file.path)
        let recording = CorpusRecording(
            id: input.id, speaker: input.speaker, split: input.split, path: name, encoding: encoding,
            size: written.byteCount, sampleRate: made.format.sampleRate, channels: made.format.channels,
            frames: made.frames, segments: made.segments, measures: CorpusRecording.Measures(made),
            transcript: input.transcript,
            facts: input.facts)
        var offset: Int64 = 0
        try manifest.add(recording) {
            let piece = try written.bytes(at: offset, count: 1 << 16)
            offset += Int64(piece.count)
            return piece.isEmpty ? nil : piece
        }
        if format.holdsAudio {
            try file.discard()
        } else if isLink {
            let path = file.path
            try file.discard()
            try FileManager.default.createSymbolicLink(
                atPath: path, withDestinationPath: URL(filePath: input.path).path)
        } else {
            try file.finish()
        }
        return recording
    }

    /// Copies a FLAC file as it is, unless a link will stand for it, and measures it.
    private func take(
        _ stored: FileByteSource, in file: borrowing FolderFile, isLink: Bool
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
