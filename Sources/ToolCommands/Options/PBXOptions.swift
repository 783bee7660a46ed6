internal import ArgumentParser
internal import Foundation
internal import PBXClient

/// How to reach a PBX and how to log in.
struct PBXOptions: ParsableArguments {
    @Option(
        name: .customLong("pbx-url"),
        help: ArgumentHelp("The PBX's address, e.g. https://192.168.5.150:8088.", valueName: "url"))
    var url: String

    @Option(help: ArgumentHelp("The API user set in the PBX.", valueName: "name"))
    var username: String

    @Option(
        name: .customLong("password-file"),
        help: ArgumentHelp(
            "A file whose first line is the API password; otherwise VOXKEEP_PBX_PASSWORD is read.",
            valueName: "file"))
    var passwordFile: String?

    @Option(
        name: .customLong("pbx-family"),
        help: ArgumentHelp(
            "Whose API the box speaks: openvox, yeastar-v1 or yeastar-v2. By default it is found out at the login.",
            valueName: "family"),
        transform: PBXOptions.family)
    var family: PBXDialect.Family?

    @Option(
        name: .customLong("api-version"),
        help: ArgumentHelp(
            "The version in the API's path, by default the one of the family's pages; alone it names the family: v0.x is "
                + "openvox, v1.x yeastar-v1, v2.x yeastar-v2.",
            valueName: "version"))
    var apiVersion: String?

    @Option(
        name: .customLong("extension"),
        help: ArgumentHelp(
            "An extension to fetch; repeat it for several. All by default.", valueName: "number"))
    var extensions: [String] = []

    @Option(
        name: .customLong("text-encoding"),
        help: ArgumentHelp(
            "How the PBX writes the names of callers: utf-8, or gb18030 for one that has GBK or GB2312.",
            valueName: "encoding"),
        transform: PBXOptions.textEncoding)
    var textEncoding = TextEncoding.utf8

    @Option(
        name: .customLong("allowed-ip"),
        help: ArgumentHelp(
            "The address that may download, sent as the API's allowedip; '' sends it empty.",
            valueName: "address"))
    var allowedIP: String?

    @Option(
        name: .customLong("report-address"),
        help: ArgumentHelp(
            "This machine's address as the PBX sees it, which an OpenVox is told; by default the one that connections to "
                + "it leave from.",
            valueName: "address"))
    var reportAddress: String?

    @Option(
        name: .customLong("link-template"),
        help: ArgumentHelp(
            "The download link's path and query, where a firmware wants another than its family's; with {version} "
                + "{extid} {voicemailstatus} {token} {voicemailfile} {random} where the values go.",
            valueName: "template"))
    var linkTemplate: String?

    @Option(
        name: .customLong("ca-file"),
        help: ArgumentHelp("A PEM file of authorities to trust instead of the system's.", valueName: "file"))
    var caFile: String?

    @Option(
        name: .customLong("pin-sha256"),
        help: ArgumentHelp(
            "The SHA-256 fingerprint of the PBX's certificate, for one that is self-signed.", valueName: "hex"
        ))
    var pins: [String] = []

    @Flag(help: "Accept any certificate. Anyone on the way can then read and change what is fetched.")
    var insecure = false

    @Option(
        name: .customLong("tls-minimum"),
        help: ArgumentHelp(
            "The oldest TLS version to speak: 1.0, 1.1, 1.2 or 1.3; old firmware may need 1.0.",
            valueName: "version"),
        transform: PBXOptions.minimumTLS)
    var minimumTLS = TLSMinimum.tls12

    @Option(
        name: .customLong("pbx-requests"),
        help: ArgumentHelp(
            "How many requests to have under way at a time; it is a small box.", valueName: "N"))
    var requestLimit = 2

    @Option(
        name: .customLong("connect-timeout"),
        help: ArgumentHelp(
            "How long to wait for a connection to the PBX, TLS included, e.g. 20s.", valueName: "time"),
        transform: PBXOptions.seconds)
    var connectTimeout: Int64 = 10

    @Option(
        name: .customLong("answer-timeout"),
        help: ArgumentHelp("How long an answer of the PBX's API may take as a whole.", valueName: "time"),
        transform: PBXOptions.seconds)
    var answerTimeout: Int64 = 60

    @Option(
        name: .customLong("message-timeout"),
        help: ArgumentHelp("How long the download of one message may take as a whole.", valueName: "time"),
        transform: PBXOptions.seconds)
    var messageTimeout: Int64 = 300

    @Option(
        name: .customLong("min-rate"),
        help: ArgumentHelp(
            "The fewest bytes a second of a download, counted over 30 seconds; 0 for no limit.",
            valueName: "bytes"))
    var leastRate = 500

    @Option(
        name: .customLong("give-up-after"),
        help: ArgumentHelp(
            "How long a run goes on while requests fail, without a login, a listing or a whole message; then it ends "
                + "with exit code 69.",
            valueName: "time"),
        transform: PBXOptions.seconds)
    var patience: Int64 = 300

    @Option(
        name: .customLong("max-message-size"),
        help: ArgumentHelp("The largest message to accept, in MiB.", valueName: "MiB"))
    var largestMessage = 256

    func validate() throws {
        let trustOptions = [insecure, !pins.isEmpty, caFile != nil].count { $0 }
        guard trustOptions <= 1 else {
            throw ValidationError("--ca-file, --pin-sha256 and --insecure exclude one another.")
        }
        guard (1...32).contains(requestLimit) else {
            throw ValidationError("--pbx-requests takes a number from 1 to 32, not \(requestLimit).")
        }
        guard (0...1_000_000).contains(leastRate) else {
            throw ValidationError("--min-rate takes 0 to 1000000 bytes a second, not \(leastRate).")
        }
        guard (1...65_536).contains(largestMessage) else {
            throw ValidationError(
                "--max-message-size takes a size from 1 to 65536 MiB, not \(largestMessage).")
        }
    }

    private static func family(_ text: String) throws -> PBXDialect.Family {
        guard let family = PBXDialect.Family(rawValue: text) else {
            throw ValidationError("There is no family \(text); use openvox, yeastar-v1 or yeastar-v2.")
        }
        return family
    }

    private static func textEncoding(_ text: String) throws -> TextEncoding {
        guard let encoding = TextEncoding(rawValue: text.lowercased()) else {
            throw ValidationError("There is no text encoding \(text); use utf-8 or gb18030.")
        }
        return encoding
    }

    private static func seconds(_ text: String) throws -> Int64 {
        let seconds = try DurationText.seconds(text)
        guard (1...86_400).contains(seconds) else {
            throw ValidationError("A time to wait is 1 second to 24 hours, not \(text).")
        }
        return seconds
    }

    private static func minimumTLS(_ text: String) throws -> TLSMinimum {
        guard let version = TLSMinimum(rawValue: text) else {
            throw ValidationError("There is no TLS \(text); use 1.0, 1.1, 1.2 or 1.3.")
        }
        return version
    }

    /// The configuration that these options ask for.
    ///
    /// - Throws: `PBXConfigurationError` for a value that makes no sense, `Failure` where there is no password.
    func configuration() throws -> PBXConfiguration {
        var configuration = PBXConfiguration(
            address: try PBXAddress(url), username: username,
            password: try PasswordSource.password(file: passwordFile))
        configuration.dialects = try dialects()
        configuration.reportAddress = reportAddress
        configuration.lockMemory = RememberedLock(of: configuration.address).memory
        configuration.textEncoding = textEncoding
        configuration.proxy = try PBXProxy.inEnvironment(
            ProcessInfo.processInfo.environment, for: configuration.address)
        configuration.allowedAddress = try AllowedAddress(allowedIP)
        configuration.minimumTLS = minimumTLS
        configuration.requestLimit = requestLimit
        configuration.timeouts = PBXTimeouts(
            connect: .seconds(connectTimeout), idle: .seconds(min(30, answerTimeout)),
            answer: .seconds(answerTimeout), message: .seconds(messageTimeout), leastRate: leastRate,
            patience: .seconds(patience))
        configuration.downloadLimit = Int64(largestMessage) << 20
        if insecure {
            configuration.trust = .anything
        } else if !pins.isEmpty {
            var fingerprints: [CertificateFingerprint] = []
            for pin in pins { fingerprints.append(try CertificateFingerprint(pin)) }
            configuration.trust = .pinned(fingerprints)
        } else if let caFile {
            configuration.trust = .certificates(file: caFile)
        }
        return configuration
    }

    private func dialects() throws -> [PBXDialect] {
        var dialects: [PBXDialect]
        if let family {
            dialects = [try PBXDialect(family: family, version: apiVersion)]
        } else if let apiVersion {
            dialects = [try PBXDialect(apiVersion)]
        } else {
            dialects = PBXDialect.candidates
        }
        guard let linkTemplate else { return dialects }
        let template = try DownloadLinkTemplate(linkTemplate)
        for index in dialects.indices { dialects[index].linkTemplate = template }
        return dialects
    }

    var selection: MailboxSelection {
        extensions.isEmpty ? .all : .extensions(extensions)
    }
}
