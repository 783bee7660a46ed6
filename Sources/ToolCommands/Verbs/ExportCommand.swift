internal import ArgumentParser
internal import DurableFiles
internal import Exporting
internal import Foundation
internal import RecordingArchive
internal import SpeechFeed

/// `voxkeep export`.
struct ExportCommand: Verb {
    /// What an export can be.
    enum Format: String, ExpressibleByArgument, CaseIterable {
        case bagit, lhotse, kaldi, nemo, huggingface, webdataset, csv

        /// The form as a corpus for speech tools; nil for a bag.
        var corpus: CorpusFormat? { CorpusFormat(rawValue: rawValue) }
    }

    static let configuration = CommandConfiguration(
        commandName: "export",
        abstract:
            "Copies recordings into a folder that proves itself, a BagIt bag, or makes a corpus for speech tools of them.",
        discussion: """
            The bag (RFC 8493) holds the FLAC files with their sidecars, the original WAV files with --originals, \
            metadata.csv and metadata.json, a page to listen to them in a browser (data/index.html), what the audit \
            trail says of them, and a proof for each that the archive's log has it. Without ids or filters, all \
            recordings are exported.

            Each file is compared with what was stored while it is copied; one that is damaged is told of and left out. \
            The bag gets its name when it is complete, and the audit trail tells of the export before that. Others may \
            write to the archive meanwhile.

            A corpus (lhotse, kaldi, nemo, huggingface, webdataset, csv) has the audio in 16 bits (or --bits 24), of one \
            sample rate and number of channels, at one level, and a manifest with lengths, levels and where there is \
            speech, as those tools read it. It is made of an archive, or without --archive of WAV and FLAC files and \
            folders. The same input gives the same bytes. When it is interrupted, the same command goes on with what is \
            made. What is in quarantine has no audio and is left out.

            A hook is a program of yours that is shown each recording before the export: on its standard input it finds the \
            path of the audio file in one line, and what is known of the recording as JSON in the next; it answers with one \
            JSON object, whose text is what was said. Answers are kept with the recordings of an archive, where list \
            --text finds their words; a recording that has one is not shown again. Corpora have the texts. With --hook, \
            --output may be left out.

            Examples:
              voxkeep export --format bagit --archive /srv/voicemail --output case-7 --caller 2000
              voxkeep export --format bagit --archive /srv/voicemail --output two 4be07c15 91d5a2c0 --originals
              bagit.py --validate case-7
              voxkeep export --format lhotse --archive /srv/voicemail --output corpus --pseudonymize
              voxkeep export --format kaldi --output data prompts/ more.wav
              voxkeep export --archive /srv/voicemail --hook ./transcribe --since 2026-01-01


            """ + ExitStatus.explanation)

    @Argument(
        help: ArgumentHelp(
            "Ids of recordings, or their first 6 or more digits, instead of filters; without --archive files and folders.",
            valueName: "id"))
    var ids: [String] = []

    @Option(help: "The form of the export; bagit unless it is given.")
    var format: Format?

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp("The folder to make: one that is missing or empty.", valueName: "folder"))
    var output: String?

    @Flag(help: "Add the original WAV files, restored and verified.")
    var originals = false

    @Option(help: ArgumentHelp("The archive's folder; bagit needs it.", valueName: "folder"))
    var archive: String?

    @OptionGroup var actorOption: ActorOption
    @OptionGroup var keyOption: KeyOption
    @OptionGroup(title: "Filters") var filterOptions: FilterOptions
    @OptionGroup var replacedOption: ReplacedOption
    @OptionGroup(title: "Corpus options") var speechOptions: SpeechOptions
    @OptionGroup(title: "Hook") var hookOptions: HookOptions
    @OptionGroup var outputOptions: OutputOptions

    func validate() throws {
        guard output != "" else { throw ValidationError("--output takes a folder, not an empty name.") }
        guard output != nil || hookOptions.hook != nil else {
            throw ValidationError("Name the folder to make with --output.")
        }
        guard output != nil || archive != nil && format == nil && !originals else {
            throw ValidationError(
                archive == nil
                    ? "Without --archive there is nothing to keep a hook's answers with; make a corpus of them with --output."
                    : "An export goes into a folder; name it with --output.")
        }
        guard archive != "" else { throw ValidationError("--archive takes a folder, not an empty name.") }
        guard format?.corpus == nil || !originals else {
            throw ValidationError("--originals belongs to a bag; a corpus has audio of one shape.")
        }
        guard format == .webdataset || speechOptions.shardSize == nil else {
            throw ValidationError("--shard-size belongs to --format webdataset.")
        }
        guard archive != nil else {
            guard format?.corpus != nil else {
                throw ValidationError("A bag is made of an archive; name it with --archive.")
            }
            guard !ids.isEmpty, !ids.contains("") else {
                throw ValidationError("Name an archive with --archive, or WAV or FLAC files and folders.")
            }
            var filter = filterOptions.filter()
            (filter.minDuration, filter.maxDuration) = (nil, nil)
            guard filter == RecordingFilter() else {
                throw ValidationError("Without --archive there is no filter but the two of durations.")
            }
            return
        }
        guard ids.isEmpty || filterOptions.filter() == RecordingFilter() else {
            throw ValidationError("Ids and filters exclude one another; give the ones or the others.")
        }
    }

    func perform(on console: Console) async throws -> ExitStatus {
        let output = output.map { URL(filePath: $0).resolvingSymlinksInPath().path }
        guard let archive else {
            let durations =
                Double(
                    filterOptions.minDuration ?? 0)...(filterOptions.maxDuration.map(Double.init) ?? .infinity)
            guard let output, let speech = speech(to: output, console) else { return .internalFault }
            return try await speech.run(
                InputDiscovery(ids, includingFLAC: true), durations: durations, hook: hookOptions)
        }
        let context = actorOption.context
        let reader = try await RecordingArchive.open(at: archive, access: .read, context: context)
        let bag = ArchiveBag(
            reader, context: context, agent: "voxkeep \(Voxkeep.version)", includesOriginals: originals)
        if let output { try bag.check(output) }
        let writer = BriefWriter(reader: reader, key: keyOption, context: context)
        let notes = ExportNotes(writer: writer)
        try await notes.bringUpToDate()

        let filter = filterOptions.filter()
        func note(_ ids: [String], _ format: String) async throws {
            try await notes.write(ids, format: format, filter: self.ids.isEmpty ? filter : nil, on: console)
        }
        var erased = 0
        let items = try await items(filter, in: reader) { id in
            erased += 1
            try report(.erased(id: id), on: console)
        }
        guard !items.isEmpty || erased == 0 else { throw ExportError.nothingLeft(count: erased) }
        var unanswered: Set<String> = []
        if let name = hookOptions.name {
            guard !items.isEmpty else { throw SpeechFeedError.empty }
            unanswered = try await ArchiveHook(options: hookOptions, writer: writer, console: console)
                .run(items.map(\.id)) { try await note($0, "hook \(name)") }
        }
        let leftOut = erased + unanswered.count
        let isIncomplete = leftOut > 0
        guard let output else { return isIncomplete ? .itemsNeedAttention : .success }
        if let speech = speech(to: output, console) {
            return try await speech.run(
                items.filter { !unanswered.contains($0.id) }, in: reader, hook: hookOptions.name,
                leftOut: leftOut
            ) { try await note($0, speech.format.rawValue) }
        }
        let summary = try await write(bag, items, to: output, on: console) {
            try await note($0, Format.bagit.rawValue)
        }
        return summary.isIncomplete || isIncomplete ? .itemsNeedAttention : .success
    }

    private func write(
        _ bag: ArchiveBag, _ items: [ExportedItem], to output: String, on console: Console,
        note: ([String]) async throws -> Void
    ) async throws -> ArchiveBag.Summary {
        let bar = ProgressBar(on: console)
        defer { bar.remove() }
        bar.begin(
            files: items.count,
            bytes: items.reduce(0) { $0 + $1.size + (originals ? $1.originalSize : 0) })
        let observer = ArchiveBag.Observer { problem in
            try? report(problem, on: console)
        } advance: {
            bar.advance(bytes: $0)
        } finish: { _ in
            bar.finished(bytes: 0, duration: 0)
        }
        let summary = try await bag.write(items, to: output, note: note, observer: observer)
        bar.remove()
        try console.row(
            ExportRow(
                output: output, format: Format.bagit.rawValue, recordings: summary.recordings,
                files: summary.files,
                size: summary.size))
        console.line(
            "\(output.printable)  \(Quantities.count(summary.recordings, "recording")), "
                + "\(Quantities.count(summary.files, "file")), \(Quantities.size(summary.size))")
        return summary
    }

    private func speech(to output: String, _ console: Console) -> SpeechExport? {
        format?.corpus.map {
            SpeechExport(format: $0, output: output, options: speechOptions, console: console)
        }
    }

    private func items(
        _ filter: RecordingFilter, in archive: RecordingArchive, erased: (String) throws -> Void
    ) async throws -> [ExportedItem] {
        guard !ids.isEmpty else {
            return try await ExportedItem.matching(replacedOption.applied(to: filter), in: archive)
        }
        var whole: [String] = []
        for id in ids { whole.append(try await RecordingID.resolve(id, in: archive)) }
        var missing: [String] = []
        let items = try await ExportedItem.named(whole, in: archive) { missing.append($0) }
        for id in missing { try erased(id) }
        return items
    }

    private func report(_ problem: ExportProblem, on console: Console) throws {
        try console.row(
            ProblemRow(id: problem.id, leftOut: problem.isLeftOut, problem: problem.description))
        console.alert(problem.description.printable)
    }
}

/// What `export --json` prints last.
private struct ExportRow: Encodable {
    let output: String
    let format: String
    let recordings: Int
    let files: Int
    let size: Int64
}

/// What `export --json` prints of a recording that is not in the bag as it was asked for.
private struct ProblemRow: Encodable {
    let id: String
    let leftOut: Bool
    let problem: String
}
