internal import ArgumentParser
internal import Foundation
internal import PBXEmulator

/// `voxkeep emulate-pbx`.
struct EmulatePBXCommand: Verb {
    static let configuration = CommandConfiguration(
        commandName: "emulate-pbx",
        abstract: "Serves voicemail as an OpenVox or a Yeastar PBX does, to develop and test against.",
        discussion: """
            Log in as "api" (--username) with the password in VOXKEEP_PBX_PASSWORD, or "password" where that is not set.

            Faults (--fault, repeatable) are written ACTION[-REQUEST][=VALUE][:COUNT], such as truncate-download:2 or \
            slow-download=500:*; the count is 1 where it is left out, and * means for ever. Actions:

            """ + faultTable + """


                While it runs, it takes commands on standard input, one a line, and answers each:
                \(commandTable)


                """ + ExitStatus.explanation)

    @Option(help: ArgumentHelp("The address to listen at.", valueName: "address"))
    var host = "127.0.0.1"

    @Option(
        help: ArgumentHelp(
            "The port to listen at, 0 for any free one; by default 8088, and 9011 for an OpenVox.",
            valueName: "port"))
    var port: Int?

    @OptionGroup var familyOption: EmulatedFamilyOption

    @Option(
        help: ArgumentHelp(
            "The serial number that a Yeastar tells, by which sync names it; by default it tells none.",
            valueName: "number"))
    var serialNumber: String?

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

    @Flag(
        help:
            "Follow the manual to the letter: refuse trailing commas and other slips that boxes may let pass, and an OpenVox's login that lacks a parameter."
    )
    var strict = false

    @OptionGroup var outputOptions: OutputOptions

    func validate() throws {
        if let port, !(0...65_535).contains(port) {
            throw ValidationError("--port takes a number from 0 to 65535, not \(port).")
        }
        for fault in faults {
            do {
                _ = try EmulatorFault(parsing: fault)
            } catch {
                throw ValidationError("--fault: \(error)")
            }
        }
    }

    func perform(on console: Console) async throws -> ExitStatus {
        var configuration = EmulatorConfiguration()
        configuration.host = host
        configuration.families = familyOption.families
        configuration.port = port ?? (configuration.families.contains(.openVox) ? 9011 : 8088)
        configuration.certificate = tls ? .selfSigned : nil
        configuration.username = username
        configuration.serialNumber = serialNumber
        if let password = ProcessInfo.processInfo.environment[PasswordSource.variable], !password.isEmpty {
            configuration.password = password
        }
        configuration.tolerance = strict ? [] : .all
        if !strict { configuration.requiredAtLogin = [.port] }
        configuration.mailboxes = try mailboxModel()
        for text in faults { configuration.faults.add(try EmulatorFault(parsing: text)) }
        if console.style == .people {
            configuration.logger = console.logger(isVerbose: true)
        }

        let emulator = try await PBXEmulator.start(configuration)
        let mailboxes = configuration.mailboxes
        let messages = mailboxes.extensions.reduce(0) { sum, mailbox in
            sum
                + MailboxModel.Folder.allCases.reduce(0) {
                    $0 + mailboxes.messages(in: mailbox, folder: $1).count
                }
        }
        console.line(
            "\(emulator.url) serves \(Quantities.count(messages, "message")) in "
                + "\(Quantities.count(mailboxes.extensions.count, "mailbox", "mailboxes"))"
                + " to the API user \(username); Ctrl-C ends it, help shows what else can be typed.")
        if let fingerprint = emulator.certificateFingerprint { console.line("--pin-sha256 \(fingerprint)") }
        // The end of standard input ends nothing but the commands; the end of the emulator ends both.
        async let commands: Void = Self.performCommands(on: emulator, console)
        try await emulator.run()
        await commands
        return .success
    }

    private func mailboxModel() throws -> MailboxModel {
        guard let mailboxes else {
            return DemoMailboxes.make(
                speechFolder: DemoMailboxes.installedSpeechFolder, listsFolders: familyOption.listsFolders)
        }
        do {
            return try MailboxLoader(extensions: ["1000", "1001", "1002"]).load(folder: mailboxes)
        } catch {
            throw Failure(.noInput, "\(error)".printable)
        }
    }

    private static func performCommands(on emulator: PBXEmulator, _ console: Console) async {
        for await line in StandardInput.lines() where line.contains(where: { !$0.isWhitespace }) {
            guard line != "help" else {
                console.line(EmulatorCommand.usage)
                continue
            }
            do {
                let answer = try await emulator.perform(EmulatorCommand(parsing: line))
                console.line(answer.isEmpty ? "ok" : answer)
            } catch {
                console.alert("\(error)".printable)
            }
        }
    }

    private static let commandTable = EmulatorCommand.usage.split(separator: "\n").map { "  \($0)" }
        .joined(separator: "\n")

    private static var faultTable: String {
        EmulatorFault.Action.allCases.map { "  \($0.rawValue.fitted(to: 18)) \($0.summary)" }.joined(
            separator: "\n")
    }
}
