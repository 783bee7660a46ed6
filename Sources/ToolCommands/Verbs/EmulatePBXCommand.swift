internal import ArgumentParser
internal import Foundation
internal import PBXEmulator

/// `voxkeep emulate-pbx`.
struct EmulatePBXCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "emulate-pbx",
        abstract: "Serves voicemail as a Yeastar S-Series PBX does, to develop and test against.",
        discussion: """
            Log in as "api" (--username) with the password in VOXKEEP_PBX_PASSWORD, or "password" where that is not set.

            Faults (--fault, repeatable) are written ACTION[-REQUEST][=VALUE][:COUNT], such as truncate-download:2 or \
            slow-download=500:*; the count is 1 where it is left out, and * means for ever. Actions:

            """ + faultTable + "\n\n" + ExitStatus.explanation)

    @Option(help: ArgumentHelp("The address to listen at.", valueName: "address"))
    var host = "127.0.0.1"

    @Option(help: ArgumentHelp("The port to listen at, 0 for any free one.", valueName: "port"))
    var port = 8088

    @Flag(help: "Serve HTTPS with a certificate made at the start; its fingerprint is printed.")
    var tls = false

    @Option(help: ArgumentHelp("The API user.", valueName: "name"))
    var username = "api"

    @Option(
        help: ArgumentHelp(
            "A folder of WAV files: <folder>/<extension>/*.wav, or flat to be spread over extensions. By default "
                + "messages are made up.",
            valueName: "folder"))
    var mailboxes: String?

    @Option(
        name: .customLong("fault"), parsing: .singleValue,
        help: ArgumentHelp("A fault to switch on; see above.", valueName: "fault"))
    var faults: [String] = []

    @Flag(help: "Follow the manual to the letter: refuse trailing commas and other slips that boxes may let pass.")
    var strict = false

    @OptionGroup var outputOptions: OutputOptions

    func perform(on console: Console) async throws -> ExitStatus {
        var configuration = EmulatorConfiguration()
        configuration.host = host
        configuration.port = port
        configuration.certificate = tls ? .selfSigned : nil
        configuration.username = username
        if let password = ProcessInfo.processInfo.environment[PasswordSource.variable], !password.isEmpty {
            configuration.password = password
        }
        configuration.tolerance = strict ? [] : .all
        configuration.mailboxes = 
            try mailboxes.map { try MailboxLoader(extensions: ["1000", "1001", "1002"]).load(folder: $0) }
            ?? DemoMailboxes.make(speechFolder: DemoMailboxes.installedSpeechFolder)
        for text in faults { configuration.faults.add(try EmulatorFault(parsing: text)) }
        if console.style == .people {
            configuration.logger = console.logger(isVerbose: true)
        }

        let emulator = try await PBXEmulator.start(configuration)
        let mailboxes = configuration.mailboxes
        let messages = mailboxes.extensions.reduce(0) { sum, mailbox in
            sum + MailboxModel.Folder.allCases.reduce(0) { $0 + mailboxes.messages(in: mailbox, folder: $1).count }
        }
        console.line(
            "\(emulator.url) serves \(Quantities.count(messages, "message")) in "
                + "\(Quantities.count(mailboxes.extensions.count, "mailbox", "mailboxes"))"
                + " to the API user \(username); Ctrl-C ends it.")
        if let fingerprint = emulator.certificateFingerprint { console.line("--pin-sha256 \(fingerprint)") }
        try await emulator.run()
        return .success
    }

    private static var faultTable: String {
        EmulatorFault.Action.allCases.map { "  \($0.rawValue.fitted(to: 18)) \($0.summary)" }.joined(separator: "\n")
    }
}
