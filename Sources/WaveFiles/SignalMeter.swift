public import PCM

/// Measures decoded audio for what a listener or an archive should know: the `signal.*` and `sample.*`
/// findings.
///
/// Give it all frames from the first to the last, in runs of any length, then ask for the findings.
public struct SignalMeter: Sendable {
    /// Audio is silent when no channel spans more than ±2^-12 of full scale (-72.2 dBFS).
    ///
    /// That covers the smallest A-law codes, ±8 of 32768. A constant far from 0 is no silence but an offset.
    public static let silenceSpan = 0x1p-11

    /// A mean of more than this part of full scale is an offset (-40 dBFS).
    public static let offsetLimit = 0.01

    /// The fewest samples from which bits that never change are told: by chance 1 in 2^15 files has one.
    private static let constantBitsSamples = 16

    private let format: PCMFormat
    private let codec: WaveCodec
    private let audioOffset: Int64?
    private let blockBytes: Int64

    private var channels: [ChannelMeter]
    private var frames: Int64 = 0
    private var channelsDiffer = false

    /// Makes a meter for the audio of an inspected file; nil for a rejected one.
    public init?(_ inspection: WaveInspection) {
        guard let layout = inspection.layout, let audio = inspection.audio else { return nil }
        self.init(layout.format, codec: layout.codec, audioOffset: audio.lowerBound)
    }

    /// Makes a meter.
    ///
    /// - Parameters:
    ///   - format: The shape of the samples, at least one channel.
    ///   - codec: What they were decoded from; it decides what full scale is.
    ///   - audioOffset: The byte of the file at which uncompressed audio begins, for the offsets of findings.
    public init(_ format: PCMFormat, codec: WaveCodec, audioOffset: Int64? = nil) {
        self.format = format
        self.codec = codec
        self.audioOffset = codec.isBlockCoded ? nil : audioOffset
        let count = max(1, format.channels)
        blockBytes = Int64(count) * Int64(codec.decodedBits / 8)
        let scale = FullScale(codec)
        channels = (0..<count).map { _ in ChannelMeter(scale) }
    }

    /// Takes in interleaved frames of integers, right-justified in the format's bits.
    public mutating func add(_ samples: Span<Int32>) {
        let count = channels.count
        let whole = samples.count / count * count
        samples.withUnsafeBufferPointer { buffer in
            guard let base = buffer.baseAddress else { return }
            for channel in 0..<count {
                channels[channel].add(base + channel, frames: whole / count, stride: count)
            }
        }
        if count > 1, !channelsDiffer {
            for start in stride(from: 0, to: whole, by: count) where !channelsDiffer {
                for channel in 1..<count where samples[start + channel] != samples[start] {
                    channelsDiffer = true
                }
            }
        }
        frames += Int64(whole / count)
    }

    /// Takes in interleaved frames of real numbers, full scale being 1.0.
    public mutating func add(_ samples: Span<Double>) {
        let count = channels.count
        let whole = samples.count / count * count
        for channel in 0..<count {
            var meter = channels[channel]
            var index = channel
            var frame = frames
            while index < whole {
                meter.add(samples[index], frame: frame)
                index += count
                frame += 1
            }
            channels[channel] = meter
        }
        if count > 1, !channelsDiffer {
            for start in stride(from: 0, to: whole, by: count) where !channelsDiffer {
                let first = samples[start].bitPattern
                for channel in 1..<count where samples[start + channel].bitPattern != first {
                    channelsDiffer = true
                }
            }
        }
        frames += Int64(whole / count)
    }

    /// The samples that lie in runs of three or more at the highest level, over all channels.
    public var clippedSamples: Int64 { channels.reduce(0) { $0 + $1.clippedSamples } }

    /// The mean of the channel that is farthest from 0, as a part of full scale.
    public var offset: Double { channels.map(\.mean).max { $0.magnitude < $1.magnitude } ?? 0 }

    /// What was found out about the frames so far.
    public func findings() -> [WaveFinding] {
        var findings = FindingList()
        guard frames > 0 else { return [] }
        noteNumbers(&findings)
        if channels.allSatisfy({ $0.span <= Self.silenceSpan && $0.mean.magnitude <= Self.offsetLimit }) {
            findings.add(
                .signalSilent, .note, found: "\(frames) frames",
                "The recording is silent from beginning to end.")
        } else {
            noteClipping(&findings)
            noteConstantBits(&findings)
            if channels.count > 1, !channelsDiffer {
                findings.add(
                    .signalIdenticalChannels, .note, found: "\(channels.count) channels",
                    "All channels carry the same samples.")
            }
        }
        noteOffset(&findings)
        return findings.sorted
    }

    private func noteNumbers(_ findings: inout FindingList) {
        let notNumbers = channels.reduce(0) { $0 + $1.notNumbers }
        if notNumbers > 0 {
            findings.add(
                .sampleNaN, .error, at: offset(of: channels.compactMap(\.firstNotNumber).min()),
                expected: "numbers", found: "\(notNumbers) samples",
                "\(notNumbers) samples are no numbers, infinite or beyond all measure; they are taken for 0.")
        }
        let over = channels.reduce(0) { $0 + $1.overFullScale }
        if over > 0 {
            findings.add(
                .sampleOverFullScale, .note, at: offset(of: channels.compactMap(\.firstOverFullScale).min()),
                expected: "-1.0 to 1.0", found: "\(over) samples", "\(over) samples lie beyond full scale.")
        }
    }

    private func offset(of frame: Int64?) -> Int64? {
        guard let audioOffset, let frame else { return nil }
        return audioOffset + frame * blockBytes
    }

    private func noteClipping(_ findings: inout FindingList) {
        let clipped = clippedSamples
        guard clipped > 0 else { return }
        findings.add(
            .signalClipped, .note, found: "\(clipped) samples",
            "\(clipped) samples lie in runs of three or more at the highest level: the recording is clipped.")
    }

    private func noteConstantBits(_ findings: inout FindingList) {
        guard !codec.isFloatingPoint, frames >= Int64(Self.constantBitsSamples) else { return }
        let varying = channels.reduce(0) { $0 | $1.varyingBits }
        // G.711 (14 and 13 bits) and GSM 06.10 (13 bits) leave the lowest of 16 bits constant by their
        // nature.
        let natural = codec == .pcmMuLaw ? 2 : codec == .pcmALaw || codec == .gsmMS ? 3 : 0
        let constant = varying == 0 ? 0 : varying.trailingZeroBitCount
        guard constant > natural else { return }
        findings.add(
            .signalLowBitsConstant, .note, expected: "\(format.bitsPerSample) bits",
            found: "\(constant) bits",
            "The lowest \(constant) bits never change: the samples come from a format of fewer bits.")
    }

    private func noteOffset(_ findings: inout FindingList) {
        let worst = offset
        guard worst.magnitude > Self.offsetLimit else { return }
        let percent = (worst * 1000).rounded() / 10
        findings.add(
            .signalOffset, .note, expected: "a mean near 0", found: "\(percent) %",
            "The mean of the signal is \(percent) % of full scale away from 0.")
    }
}
