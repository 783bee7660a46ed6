/// A time-stamp authority of RFC 3161 that `openssl` plays: a root, and a signer under it, with their keys in a folder.
///
/// Two of them have the same names and other keys, as an impostor would.
public struct LocalTimestampAuthority: Sendable {
    /// A kind of key that the signer can have.
    public enum Key: String, Sendable, CaseIterable {
        case rsa = "rsa:2048"
        case p256 = "P-256"
        case p384 = "P-384"
        case p521 = "P-521"

        var arguments: [String] {
            self == .rsa
                ? ["-newkey", rawValue] : ["-newkey", "ec", "-pkeyopt", "ec_paramgen_curve:\(rawValue)"]
        }
    }

    /// What the authority does that others do not.
    public struct Settings: Sendable {
        /// The kind of the signer's key.
        public var key = Key.p256
        /// The kind of the root's and the intermediate authority's keys.
        public var issuerKey = Key.p256
        /// The hash that certificates are signed over.
        public var issuerDigest = "sha256"
        /// The hash that is signed: `sha256`, `sha384` or `sha512`.
        public var signerDigest = "sha256"
        /// The hash that names the certificate; `sha1` makes openssl write the attribute's first version.
        public var certificateHash = "sha256"
        /// Whether there is an authority between the root and the signer.
        public var hasIntermediate = false
        /// The last moment at which the signer's certificate is valid.
        public var signerEnd = "20491231235959Z"
        /// The last moment at which the intermediate certificate is valid.
        public var intermediateEnd = "20491231235959Z"
        /// The signer's key usage, as openssl's configuration has it.
        public var signerKeyUsage = "critical,digitalSignature"
        /// The signer's extended key usage, as openssl's configuration has it; empty for none.
        ///
        /// Of others than this one openssl makes no time stamps, only signatures.
        public var signerUsage = "critical,timeStamping"
        /// A line of openssl's configuration for the intermediate certificate's extensions.
        public var intermediateExtension = ""

        /// The settings of an ordinary authority.
        public init() {}

        /// The settings of an ordinary authority, with changes.
        public init(_ change: (inout Settings) -> Void) {
            change(&self)
        }
    }

    /// Why `openssl` did not do what it was told.
    public struct Failure: Error, CustomStringConvertible {
        /// The command and what it printed.
        public let description: String
    }

    /// Where keys, certificates and openssl's configuration are: `root.pem`, `signer.pem`, `signer.key`,
    /// `openssl.cnf`, and `intermediate.pem` where there is one.
    public let folder: ScratchFolder

    /// The root's certificate in PEM: what a client trusts.
    public var root: String { folder.text("root.pem") ?? "" }

    /// Makes the keys and certificates.
    ///
    /// - Parameter settings: What is not as it is with others.
    /// - Throws: `Failure`, or what goes wrong with files.
    public init(_ settings: Settings = Settings()) async throws {
        folder = try ScratchFolder()
        try folder.write(Self.configuration(settings).utf8, to: "openssl.cnf")
        try folder.write([], to: "issued")
        try await issue("root", "Local root", settings.issuerKey, nil, "20491231235959Z")
        if settings.hasIntermediate {
            try await issue(
                "intermediate", "Local intermediate", settings.issuerKey, "root", settings.intermediateEnd)
        }
        let issuer = settings.hasIntermediate ? "intermediate" : "root"
        try await issue("signer", "Local time-stamp authority", settings.key, issuer, settings.signerEnd)
        // What goes into answers besides the signer's certificate.
        try folder.write((folder.text("intermediate.pem") ?? "").utf8, to: "chain.pem")
    }

    /// Answers a query as the authority does, by refusing it, too.
    ///
    /// - Parameter query: A TimeStampReq in DER.
    /// - Returns: A TimeStampResp in DER.
    /// - Throws: `Failure`, or what goes wrong with files.
    public func answer(_ query: [UInt8]) async throws -> [UInt8] {
        try folder.write(query, to: "query")
        let chain = folder.text("chain.pem")?.isEmpty == false ? ["-chain", "chain.pem"] : []
        return try await output(
            [
                "ts", "-reply", "-config", "openssl.cnf", "-queryfile", "query", "-inkey", "signer.key",
                "-signer", "signer.pem",
            ] + chain)
    }

    /// Signs bytes as if they were the TSTInfo of a time stamp, whatever they and the certificate are.
    ///
    /// - Parameters:
    ///   - content: What is signed.
    ///   - type: The object identifier of the content's type.
    ///   - arguments: More arguments of `openssl cms`; without `-cades` the signer's certificate is not named.
    /// - Returns: A token in DER.
    /// - Throws: `Failure`, or what goes wrong with files.
    public func token(
        signing content: [UInt8], type: String = "1.2.840.113549.1.9.16.1.4",
        _ arguments: [String] = ["-cades"]
    ) async throws -> [UInt8] {
        try folder.write(content, to: "content")
        return try await output(
            [
                "cms", "-sign", "-binary", "-nodetach", "-outform", "DER", "-in", "content",
                "-econtent_type", type, "-signer", "signer.pem", "-inkey",
                "signer.key",
            ] + arguments)
    }

    /// Runs `openssl` in the authority's folder, and returns the file that its argument `-out` names.
    ///
    /// - Parameter arguments: The arguments, without `-out`.
    /// - Returns: What it has written.
    /// - Throws: `Failure` where nothing was written, or what goes wrong with files.
    public func output(_ arguments: [String]) async throws -> [UInt8] {
        let name = "output"
        try folder.write([], to: name)
        try await openssl(arguments + ["-out", name])
        return folder.bytes(name)
    }

    /// Runs `openssl` in the authority's folder to a good end, and returns what it printed.
    ///
    /// - Parameter arguments: The arguments.
    /// - Returns: What it printed.
    /// - Throws: `Failure` where it ends otherwise.
    @discardableResult
    public func openssl(_ arguments: [String]) async throws -> String {
        let result = try await Tool("openssl").run(arguments, folder: folder.path)
        guard result.status == 0 else {
            throw Failure(
                description:
                    "openssl \(arguments.joined(separator: " ")): \(result.text)\(result.diagnostics)")
        }
        return result.text
    }

    /// Certifies the key of a certificate that there is once more, under the root.
    ///
    /// - Parameters:
    ///   - name: Which one: `signer`, for instance.
    ///   - file: Where the new certificate goes.
    /// - Throws: `Failure`, or what goes wrong with files.
    public func recertify(_ name: String, to file: String) async throws {
        try await certify(name, to: file, "root", "20491231235959Z")
    }

    private func issue(
        _ name: String, _ subject: String, _ key: Key, _ issuer: String?, _ end: String
    ) async throws {
        try await openssl(
            ["req", "-new", "-config", "openssl.cnf"] + key.arguments
                + ["-nodes", "-keyout", "\(name).key", "-out", "\(name).csr", "-subj", "/CN=\(subject)"])
        try await certify(name, to: "\(name).pem", issuer, end)
    }

    /// Signs a request; with its own key where there is no issuer.
    private func certify(_ name: String, to file: String, _ issuer: String?, _ end: String) async throws {
        let authority = issuer.map { ["-cert", "\($0).pem", "-keyfile", "\($0).key"] }
        try await openssl(
            [
                "ca", "-batch", "-notext", "-config", "openssl.cnf", "-in", "\(name).csr", "-out", file,
                "-extensions", name, "-startdate", "20200101000000Z", "-enddate", end,
            ] + (authority ?? ["-selfsign", "-keyfile", "\(name).key"]))
    }

    private static func configuration(_ settings: Settings) -> String {
        """
        [req]
        distinguished_name = name
        prompt = no
        [name]
        CN = unused
        [ca]
        default_ca = issuer
        [issuer]
        new_certs_dir = .
        database = issued
        unique_subject = no
        rand_serial = yes
        default_md = \(settings.issuerDigest)
        policy = any
        [any]
        commonName = supplied
        [root]
        basicConstraints = critical,CA:TRUE
        keyUsage = critical,keyCertSign,cRLSign
        subjectKeyIdentifier = hash
        [intermediate]
        basicConstraints = critical,CA:TRUE
        keyUsage = critical,keyCertSign,cRLSign
        subjectKeyIdentifier = hash
        \(settings.intermediateExtension)
        [signer]
        basicConstraints = critical,CA:FALSE
        keyUsage = \(settings.signerKeyUsage)
        subjectKeyIdentifier = hash
        \(settings.signerUsage.isEmpty ? "" : "extendedKeyUsage = \(settings.signerUsage)")
        [tsa]
        default_tsa = local
        [local]
        serial = serial
        signer_digest = \(settings.signerDigest)
        ess_cert_id_alg = \(settings.certificateHash)
        default_policy = 1.2.3.4.1
        other_policies = 1.2.3.4.5
        digests = sha256, sha512
        accuracy = secs:1, millisecs:500, microsecs:100
        clock_precision_digits = 6
        ordering = yes
        tsa_name = yes

        """
    }
}
