public import ArgumentParser

/// The root command.
public struct Voxkeep: AsyncParsableCommand {
    /// The version that `--version` prints.
    public static let version = "0.1.0"

    /// What `--help` says, and the subcommands.
    public static let configuration = CommandConfiguration(
        commandName: "voxkeep",
        abstract:
            "Takes voicemail off an OpenVox or Yeastar PBX, proves it, levels it and keeps it as FLAC that restores to "
            + "the original WAV, byte for byte.",
        discussion: ExitStatus.explanation,
        version: version,
        subcommands: [
            DemoCommand.self, InitCommand.self, SyncCommand.self, ConvertCommand.self, InspectCommand.self,
            RestoreCommand.self,
            ListCommand.self, ShowCommand.self, ExportCommand.self, ProveCommand.self, VerifyCommand.self,
            StatusCommand.self, MissingCommand.self, AuditCommand.self, HoldCommand.self, HoldsCommand.self,
            ReleaseCommand.self,
            RetainCommand.self, ExpireCommand.self, EraseCommand.self, ReplicateCommand.self,
            RebuildCatalogCommand.self, AnchorCommand.self, KeyCommand.self, EmulatePBXCommand.self,
        ])

    /// Makes the root command.
    public init() {}

    /// Parses the arguments of the process, runs the subcommand they name, and exits with its code.
    public static func main() async {
        Allocator.prepare()
        StandardStreams.prepare()
        await main(nil)
    }
}
