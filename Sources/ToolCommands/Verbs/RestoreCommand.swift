internal import ArgumentParser
internal import ByteSources
internal import FLACFiles
internal import Foundation
internal import Transcoding

/// `voxkeep restore`.
struct RestoreCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Gives back the original WAV file from a FLAC file, byte for byte.",
        discussion: """
            Nothing is written unless the SHA-256 of the whole original agrees. An output that exists with the same \
            content is left alone; one that differs is refused unless --force is given.

            Examples:
              voxkeep restore flac/message.flac
              voxkeep restore flac/message.flac --output original.wav
              voxkeep restore flac/message.flac --output - | aplay


            """ + ExitStatus.explanation)

    @Argument(help: "The FLAC file.")
    var flac: String

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Where to write the original, - for standard output; by default its own name in the current folder.",
            valueName: "file"))
    var output: String?

    @Flag(help: "Replace an output that exists and differs.")
    var force = false

    @OptionGroup var outputOptions: OutputOptions

    func validate() throws {
        guard !flac.isEmpty else { throw ValidationError("The FLAC file's name is empty.") }
        guard output?.isEmpty != true else {
            throw ValidationError("--output takes a file, not an empty name.")
        }
        guard !(output == "-" && outputOptions.json) else {
            throw ValidationError(
                "--json and --output - would both write to standard output; use one of them.")
        }
    }

    func perform(on console: Console) async throws -> ExitStatus {
        let file = try FileByteSource(path: flac)
        do {
            let restorer = try SourceRestorer(file)
            if output == "-" {
                try Self.writeToStandardOutput(restorer)
            } else {
                try restore(file, restorer, on: console)
            }
            return .success
        } catch FLACError.illFormed(_, offset: 0) {
            throw Failure(
                .itemsNeedAttention, "\(flac.printable) is no FLAC file; name one that voxkeep made.")
        } catch let error as OutputError {
            // A batch goes on past an output that is refused; here it was all there was to write.
            throw Failure(.cannotWriteOutput, Failure(describing: error).description)
        } catch {
            let failure = Failure(describing: error)
            guard failure.status == .itemsNeedAttention else { throw failure }
            throw Failure(failure.status, "\(flac.printable): \(failure.description)")
        }
    }

    private func restore(_ file: FileByteSource, _ restorer: SourceRestorer, on console: Console) throws {
        let path = output ?? Self.defaultName(for: restorer, flac: flac)
        let isThere = try RestoredFile.write(file, restorer, to: path, replacing: force)
        try console.row(
            RestoreRow(
                file: flac, output: path, size: restorer.size, sha256: "\(restorer.digest)",
                unchanged: isThere))
        console.line(
            "\(path.printable)  \(Quantities.size(restorer.size))  "
                + (isThere ? "was there already, " : "restored, ") + "SHA-256 \(restorer.digest)")
    }

    private static func writeToStandardOutput(_ restorer: SourceRestorer) throws {
        // The whole is checked first, so that a reader never takes in a damaged original.
        try restorer.restore { _ in }
        try restorer.restore { try StandardOutput.write(Data($0)) }
    }

    /// The original's own name, made harmless: the last component, without control characters, never hidden.
    private static func defaultName(for restorer: SourceRestorer, flac: String) -> String {
        let fallback = URL(filePath: flac).deletingPathExtension().lastPathComponent + ".wav"
        guard let name = restorer.name.map(DiscoveredInput.name(of:)), !name.isEmpty,
            !name.hasPrefix("."), name == name.printable, name.utf8.count <= 255
        else { return fallback }
        return name
    }
}

/// What `restore --json` prints.
private struct RestoreRow: Encodable {
    let file: String
    let output: String
    let size: Int64
    let sha256: String
    let unchanged: Bool
}
