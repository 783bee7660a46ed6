internal import ArgumentParser
internal import ByteSources
internal import DurableFiles
internal import Foundation
internal import Transcoding

/// `voxkeep restore`.
struct RestoreCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "restore",
        abstract: "Gives back the original WAV file from a FLAC file, byte for byte.",
        discussion: "Nothing is written unless the SHA-256 of the whole original agrees. " + ExitStatus.explanation)

    @Argument(help: "The FLAC file.")
    var flac: String

    @Option(
        name: .shortAndLong,
        help: ArgumentHelp(
            "Where to write the original, - for standard output; by default its own name in the current folder.",
            valueName: "file"))
    var output: String?

    @Flag(help: "Replace an output that exists.")
    var force = false

    @OptionGroup var outputOptions: OutputOptions

    func perform(on console: Console) async throws -> ExitStatus {
        let restorer = try SourceRestorer(try FileByteSource(path: flac))
        if output == "-" {
            // The whole is checked first, so that a reader never takes in a damaged original.
            try restorer.restore { _ in }
            try restorer.restore { try FileHandle.standardOutput.write(contentsOf: Data($0)) }
            return .success
        }
        let path = output ?? Self.defaultName(for: restorer, flac: flac)
        try RestoredFile.write(restorer, to: path, replacing: force)
        console.note(
            "\(flac.printable) -> \(path.printable)  \(Quantities.size(restorer.size))  SHA-256 \(restorer.digest) as it came in")
        return .success
    }

    /// The original's own name, made harmless: the last component, without control characters, never hidden.
    private static func defaultName(for restorer: SourceRestorer, flac: String) -> String {
        let fallback = URL(filePath: flac).deletingPathExtension().lastPathComponent + ".wav"
        guard let name = restorer.name?.split(separator: "/").last.map(String.init),
            !name.hasPrefix("."), name == name.printable, name.utf8.count <= 255
        else { return fallback }
        return name
    }
}
