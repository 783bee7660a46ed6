/// Permission to download one file once.
struct DownloadGrant: Sendable, Hashable {
    let random: String
    let mailbox: String
    let folder: MailboxModel.Folder
    let file: String
    let token: String
    /// The addresses that may use it: the one that logged in, and the one that `allowedip` named.
    let addresses: Set<String>
    let issued: Duration
}

/// What a download asks for, to be held against the grant of its random string.
struct DownloadClaim: Sendable {
    let random: String
    let mailbox: String
    /// nil where the request does not say, which only the oldest version allows.
    let folder: MailboxModel.Folder?
    let file: String
    let token: String
    let address: String
}

/// The random strings that are out: each serves once, for a short time, for one file, token and address.
struct RandomStringTable: Sendable {
    /// Grants remembered; the oldest are forgotten beyond it.
    private static let capacity = 1024

    /// How long a random string may be used.
    let life: Duration
    private var grants: [DownloadGrant] = []

    init(life: Duration) {
        self.life = life
    }

    mutating func add(_ grant: DownloadGrant) {
        if grants.count == Self.capacity { grants.removeFirst() }
        grants.append(grant)
    }

    /// Takes the grant that a claim may use; a claim that fits no grant uses none up.
    mutating func take(_ claim: DownloadClaim, at now: Duration) throws(PBXErrno) -> DownloadGrant {
        grants.removeAll { now - $0.issued >= life }
        guard
            let index = grants.firstIndex(where: {
                $0.random == claim.random && $0.token == claim.token && $0.mailbox == claim.mailbox
                    && $0.file == claim.file && (claim.folder == nil || $0.folder == claim.folder)
            })
        else { throw .randomInvalid }
        guard grants[index].addresses.contains(claim.address) else { throw .allowedAddressWrong }
        return grants.remove(at: index)
    }

    /// Lets all random strings run out now.
    mutating func expireAll() {
        grants.removeAll()
    }
}
