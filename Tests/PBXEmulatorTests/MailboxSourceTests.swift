import TestSupport
import Testing

@testable import PBXEmulator

@Suite struct MailboxSourceTests {
    private static let wave = WaveComposer.file(
        samples: Array(repeating: 100, count: 24_000), sampleRate: 8000, encoding: .muLaw)

    @Test func `files folders by extension and deals out the files at the top`() throws {
        let folder = try ScratchFolder()
        for name in ["2000/b.wav", "2000/a.WAV", "2000/notes.txt", "x.wav", "y.wav", "z.wav", "other/c.wav"] {
            try folder.write(Self.wave, to: name)
        }
        let model = try MailboxLoader(extensions: ["1000", "1001"]).load(folder: folder.path)
        #expect(Set(model.extensions) == ["1000", "1001", "2000"])
        let counts = model.extensions.sorted().map { name in
            MailboxModel.Folder.allCases.reduce(0) { $0 + model.messages(in: name, folder: $1).count }
        }
        #expect(counts == [2, 1, 2])
        let lengths = model.extensions.flatMap {
            model.messages(in: $0, folder: .inbox).map(\.message.length)
        }
        #expect(lengths.allSatisfy { $0 == 3 })
        let again = try MailboxLoader(extensions: ["1000", "1001"]).load(folder: folder.path)
        for name in model.extensions {
            #expect(
                model.messages(in: name, folder: .inbox).map(\.message)
                    == again.messages(in: name, folder: .inbox).map(\.message))
        }
    }

    @Test func `takes damaged files too`() throws {
        let folder = try ScratchFolder()
        for damage in DamagedWave.allCases {
            try folder.write(damage.applied(to: Self.wave), to: "1000/\(damage.rawValue).wav")
        }
        let model = try MailboxLoader().load(folder: folder.path)
        #expect(MailboxModel.Folder.allCases.flatMap { model.messages(in: "1000", folder: $0) }.count == 8)
    }

    @Test func `refuses a folder without WAV files, one that is missing, and a file that is too large`()
        async throws
    {
        let folder = try ScratchFolder()
        #expect(throws: MailboxLoaderError(path: folder.path, problem: .noWaveFiles)) {
            try MailboxLoader().load(folder: folder.path)
        }
        #expect(throws: MailboxLoaderError(path: folder.path("none"), problem: .unreadable)) {
            try MailboxLoader().load(folder: folder.path("none"))
        }
        #expect(try await Tool("mkfifo").run([folder.path("pipe.wav")]).status == 0)
        #expect(throws: MailboxLoaderError(path: folder.path("pipe.wav"), problem: .unreadable)) {
            try MailboxLoader().load(folder: folder.path)
        }
        try folder.write(Self.wave, to: "a.wav")
        var loader = MailboxLoader()
        loader.fileSizeLimit = 100
        #expect(throws: MailboxLoaderError(path: folder.path("a.wav"), problem: .tooLarge)) {
            try loader.load(folder: folder.path)
        }
    }

    @Test func `dates messages in order, each at another second and on a day that exists`() {
        var sequence = MessageSequence()
        let dates = (0..<4000).map { _ in sequence.next().date }
        #expect(dates.first == "2026-01-05 09:00:00")
        #expect(dates == dates.sorted())
        #expect(Set(dates).count == 4000)
        #expect(dates.last?.hasPrefix("2027-") == true)
        #expect(!dates.contains { $0.contains("-02-29") || $0.contains("-04-31") || $0.contains("-00") })
    }

    @Test func `makes the demonstration of generated speech, always the same`() {
        let extra = [(name: "b", bytes: Array("two".utf8)), (name: "a", bytes: Array("one".utf8))]
        let model = DemoMailboxes.make(speechFolder: nil, extra: extra)
        #expect(model.extensions == ["1000", "1001", "6100", "1002", "1003"])
        let messages = model.extensions.flatMap { name in
            MailboxModel.Folder.allCases.flatMap { model.messages(in: name, folder: $0).map(\.message) }
        }
        #expect(messages.count == 19)
        #expect(model.names(in: "6100", .inbox).suffix(2) == ["one", "two"])
        let again = DemoMailboxes.make(speechFolder: "/nonexistent", extra: extra)
        #expect(
            messages
                == again.extensions.flatMap { name in
                    MailboxModel.Folder.allCases.flatMap {
                        again.messages(in: name, folder: $0).map(\.message)
                    }
                })
        let tags = Set(messages.compactMap { WaveEstimate($0.audio)?.formatTag })
        #expect(tags == [1, 3, 6, 7])
    }

    @Test(.enabled(if: DemoMailboxes.installedSpeechFolder != nil))
    func `takes installed prompts as speech`() throws {
        let prompts = DemoMailboxes.make(speechFolder: DemoMailboxes.installedSpeechFolder)
        let first = try #require(prompts.messages(in: "1000", folder: .inbox).first?.message)
        let generated = DemoMailboxes.make(speechFolder: nil)
        #expect(first.audio != generated.messages(in: "1000", folder: .inbox).first?.message.audio)
        #expect(WaveEstimate(first.audio)?.seconds == first.length)
        #expect((2...20).contains(first.length))
    }
}
