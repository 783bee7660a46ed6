internal import Foundation

/// The mailboxes of the demonstration: four extensions whose messages show each codec and each common damage.
public enum DemoMailboxes {
    /// The first of the folders where Debian's package of English prompts puts its files; nil where none is
    /// there.
    public static var installedSpeechFolder: String? {
        ["en_US_f_Allison", "en"].map { "/usr/share/asterisk/sounds/" + $0 }
            .first { !((try? speechFiles(in: $0)) ?? []).isEmpty }
    }

    /// Makes the mailboxes.
    ///
    /// - Parameters:
    ///   - speechFolder: A folder of 16-bit mono WAV files to take the speech from. Speech is generated where
    ///     it is nil, cannot be read, or has too few files of 2 to 20 seconds.
    ///   - listsFolders: Whether the box lists folders; where it does not, all messages lie in one, as two of one
    ///     name could not be told apart.
    ///   - extra: Further files, for extension 6100, such as GSM and ADPCM ones. The names only set the
    ///     order.
    /// - Returns: Extensions 1000, 1001, 1002 (the damaged files), 6100 and 1003, which is empty.
    public static func make(
        speechFolder: String?, listsFolders: Bool = true, extra: [(name: String, bytes: [UInt8])] = []
    ) -> MailboxModel {
        var speech = Speech(folder: speechFolder)
        var dates = MessageSequence()
        var model = MailboxModel()
        func deliver(_ audio: [UInt8], to mailbox: String, _ folder: MailboxModel.Folder, seconds: Int) {
            let (date, caller) = dates.next()
            model.deliver(
                to: mailbox, folder: listsFolders ? folder : .inbox, date: date, caller: caller,
                length: seconds, audio: audio)
        }
        for (mailbox, folder, encoding) in sound {
            let (samples, rate) = speech.next()
            deliver(
                WaveComposer.file(samples: samples, sampleRate: rate, encoding: encoding), to: mailbox,
                folder,
                seconds: samples.count / rate)
        }
        for (folder, damage) in damaged {
            let (samples, rate) = speech.next()
            let wave = WaveComposer.file(samples: samples, sampleRate: rate, encoding: .pcm16)
            deliver(damage.applied(to: wave), to: "1002", folder, seconds: samples.count / rate)
        }
        for (_, bytes) in extra.sorted(by: { $0.name < $1.name }) {
            deliver(bytes, to: "6100", .inbox, seconds: WaveEstimate(bytes)?.seconds ?? 0)
        }
        model.addExtension("1003")
        return model
    }

    private static let sound: [(String, MailboxModel.Folder, WaveComposer.Encoding)] = [
        ("1000", .inbox, .pcm16), ("1000", .inbox, .pcm16), ("1000", .inbox, .muLaw), ("1000", .old, .pcm16),
        ("1000", .old, .aLaw), ("1001", .inbox, .pcm24), ("1001", .inbox, .float32), ("1001", .old, .pcm16),
        ("6100", .inbox, .aLaw), ("6100", .inbox, .pcm8), ("6100", .old, .muLaw),
    ]

    private static let damaged: [(MailboxModel.Folder, DamagedWave)] = [
        (.inbox, .sizesZero), (.inbox, .truncated), (.inbox, .sizesStreaming), (.old, .leadingGarbage),
        (.old, .zeroBytes), (.old, .foreign),
    ]

    /// The WAV files at the top of a folder, by name.
    private static func speechFiles(in folder: String) throws -> [String] {
        try FileManager.default.contentsOfDirectory(atPath: folder).filter { $0.hasSuffix(".wav") }.sorted()
            .map { folder + "/" + $0 }
    }

    /// Recorded speech where there is enough of it, generated speech otherwise.
    private struct Speech {
        private var recorded: [([Int32], Int)] = []
        private var count = 0

        init(folder: String?) {
            let files = folder.flatMap { try? speechFiles(in: $0) } ?? []
            let needed = sound.count + damaged.count
            // A stride through the names, so that the messages do not all begin with the same word.
            let order = (0..<7).flatMap { start in
                stride(from: start, to: files.count, by: 7).map { files[$0] }
            }
            for path in order where recorded.count < needed {
                guard let content = FileManager.default.contents(atPath: path), content.count < 1 << 20 else {
                    continue
                }
                let bytes = Array(content)
                guard let wave = WaveEstimate(bytes), (2...20).contains(wave.seconds), wave.sampleRate > 0,
                    let samples = wave.samples(in: bytes)
                else { continue }
                recorded.append((samples, wave.sampleRate))
            }
            if recorded.count < needed { recorded = [] }
        }

        mutating func next() -> (samples: [Int32], sampleRate: Int) {
            defer { count += 1 }
            if !recorded.isEmpty { return recorded[count % recorded.count] }
            // Levels from loud to faint, as callers are.
            var generator = SpeechGenerator(seed: UInt64(count) + 1, level: 0.6 / Double(1 + count % 5 * 3))
            return (generator.speak(seconds: 3 + Double(count * 5 % 11) * 0.75), SpeechGenerator.sampleRate)
        }
    }
}
