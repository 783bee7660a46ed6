internal import ArgumentParser
internal import PBXEmulator

/// Whose box is emulated.
struct EmulatedFamilyOption: ParsableArguments {
    @Option(
        name: .customLong("pbx-family"),
        help: ArgumentHelp(
            "Whose box to be: openvox, yeastar-v1 or yeastar-v2; by default a Yeastar that speaks both versions.",
            valueName: "family"),
        transform: EmulatedFamilyOption.family)
    var family: EmulatedFamily?

    var families: Set<EmulatedFamily> { family.map { [$0] } ?? [.yeastarV1, .yeastarV2] }

    /// An OpenVox lists none, so that two files of one name could not be told apart.
    var listsFolders: Bool { family != .openVox }

    /// What to call the box.
    var maker: String { family == .openVox ? "an emulated OpenVox PBX" : "an emulated Yeastar PBX" }

    private static func family(_ text: String) throws -> EmulatedFamily {
        guard let family = EmulatedFamily(rawValue: text) else {
            throw ValidationError("There is no family \(text); use openvox, yeastar-v1 or yeastar-v2.")
        }
        return family
    }
}
