internal import AuditTrail
internal import Digests
internal import DurableFiles
internal import TransparencyLog

/// What a verification goes by: the archive's own catalog, or where that cannot be gone by, one made of what is left.
struct VerificationBasis: Sendable {
    let catalog: Catalog

    /// The place whose journal tells what each recording must be: a copy's where catalog and journal are damaged together.
    let journal: ArchiveLayout

    /// How many entries of the log the catalog has taken in.
    let entries: UInt64

    /// Whether the catalog was made for this verification, so that nothing is to be found out about it.
    let isDerived: Bool

    /// Whether neither catalog nor journal nor log tell which recordings there are.
    var isBlind: Bool { isDerived && entries == 0 }

    /// The folders that are held against the archive: its replicas, and those that were named.
    let replicas: [String]

    /// How the archive was before all this was gathered.
    let start: WriterWatch.State

    /// What was found out when all this was gathered.
    private(set) var findings: [ArchiveFinding] = []

    /// Goes by the catalog where that is sound, and else by what else there is.
    init(
        _ layout: ArchiveLayout, naming others: [String], isThorough: Bool, _ operations: any FileOperations
    ) throws(ArchiveError) {
        let start = WriterWatch(layout: layout, operations: operations).state
        // Read before the catalog, which is ahead of the log at every moment.
        let logged = JournalGuard.loggedEntries(layout, operations) ?? 0
        let problem: ArchiveFinding
        do throws(ArchiveError) {
            let catalog = try RecordingArchive.soundCatalog(layout, isThorough: isThorough, operations)
            guard let lag = try RecordingArchive.lag(of: catalog, behind: logged, layout, operations) else {
                self = try VerificationBasis(catalog, layout, naming: others, since: start)
                return
            }
            problem = lag
        } catch {
            // The database tells no more than that it cannot be opened.
            let access = AccessCheck(layout: layout, replica: nil, operations: operations)
            if let finding = access.finding(at: layout.catalog) {
                problem = finding
            } else {
                problem = try RecordingArchive.catalogFinding(error, layout)
            }
        }
        self = try VerificationBasis(
            without: problem, layout, naming: others, since: start, operations)
    }

    /// Goes by the catalog of an archive that is open.
    init(
        _ catalog: Catalog, _ layout: ArchiveLayout, naming others: [String] = [],
        since start: WriterWatch.State
    ) throws(ArchiveError) {
        self.start = start
        let (applied, replicas) = try catalog.readNow {
            (try Progress.position(.applied, $0), try CatalogQueries.replicas($0))
        }
        self.catalog = catalog
        journal = layout
        entries = UInt64(applied.entries)
        isDerived = false
        let known = Set(replicas.map(PathKey.init))
        self.replicas = replicas + others.filter { !known.contains(PathKey($0)) }
    }

    /// Goes by what journal, sidecars, log and copies tell, for the archive's own catalog has a problem.
    init(
        without problem: ArchiveFinding, _ layout: ArchiveLayout, naming others: [String],
        since start: WriterWatch.State, _ operations: any FileOperations
    ) throws(ArchiveError) {
        self.start = start
        let search = ReplicaSearch(layout, naming: others, operations)
        let derived = try DerivedCatalog(
            layout, copies: search.replicas.map(\.layout), try? ArchiveDescription.read(layout, operations),
            operations)
        catalog = derived.catalog
        journal = derived.journal
        entries = derived.entries
        isDerived = true
        replicas = search.paths
        findings = [problem]
    }
}

extension RecordingArchive {
    /// Opens an archive to verify it: also one of which description, catalog or journal are damaged or gone.
    ///
    /// Where the catalog is, one is made in a temporary file of what else there is.
    ///
    /// - Parameters:
    ///   - path: The archive's folder.
    ///   - replicas: Folders that are held against it beside those that it knows of.
    ///   - isThorough: Whether every page of the catalog is looked at.
    ///   - context: Clock, randomness, system calls and the actor.
    /// - Returns: The archive, to be verified and nothing else.
    /// - Throws: `ArchiveError` where there is no archive, or one of another version.
    package static func openForVerification(
        at path: String, replicas: [String] = [], isThorough: Bool = true,
        context: ArchiveContext = ArchiveContext()
    ) throws(ArchiveError) -> RecordingArchive {
        let layout = ArchiveLayout(root: absolute(path))
        let operations = context.operations
        let others = replicas.map { absolute($0) }
        let description = try presumedDescription(layout, others, operations)
        let basis = try VerificationBasis(layout, naming: others, isThorough: isThorough, operations)
        return RecordingArchive(
            layout: layout, description: description, catalog: basis.catalog, lock: nil, context: context,
            basis: basis)
    }

    /// Whose an archive is, and how many keys its log has had, as far as anything that is left of it or of its copies tells.
    ///
    /// - Parameters:
    ///   - path: The archive's folder.
    ///   - replicas: Folders of copies beside those that it knows of.
    ///   - context: The system calls.
    /// - Returns: The id, and the number of the newest key; nil where nothing tells them.
    package static func identify(
        at path: String, replicas: [String], context: ArchiveContext = ArchiveContext()
    ) -> (id: String, generation: Int)? {
        let layout = ArchiveLayout(root: absolute(path))
        let search = ReplicaSearch(layout, naming: replicas.map { absolute($0) }, context.operations)
        let places = [layout] + search.replicas.map(\.layout)
        let counts = places.map {
            (try? VerifierKeyList.read($0.verifierKeys, context.operations))?.count ?? 0
        }
        let id = search.id ?? places.lazy.compactMap { IdentityEvidence($0, context.operations).id }.first
        return id.map { ($0, max(1, counts.max() ?? 1)) }
    }

    fileprivate static func soundCatalog(
        _ layout: ArchiveLayout, isThorough: Bool, _ operations: any FileOperations
    ) throws(ArchiveError) -> Catalog {
        let status = try files(layout) { () throws(FileError) in
            try operations.status(of: layout.catalog, followingLinks: false)
        }
        guard status != nil else { throw .catalogMissing(path: layout.root) }
        let catalog = try Catalog.openForReading(layout)
        if isThorough, let problem = try catalog.structuralProblem() {
            throw .catalogDamaged(path: layout.root, reason: problem)
        }
        guard !isOlder(catalog, layout, operations) else {
            throw .catalogDamaged(path: layout.root, reason: olderCopy)
        }
        return catalog
    }

    private static let aheadOfItself =
        "it has more of the journal than it says, as with a log of changes of another moment"

    /// What is told of a catalog that lacks lines of which the log has the entries: an older one, which what they have done
    /// to files contradicts.
    fileprivate static func lag(
        of catalog: Catalog, behind logged: Int, _ layout: ArchiveLayout, _ operations: any FileOperations
    ) throws(ArchiveError) -> ArchiveFinding? {
        let applied = try catalog.readNow { try Progress.position(.applied, $0) }
        guard logged > applied.entries,
            var reader = try? JournalReader(of: layout, from: applied, operations: operations)
        else { return nil }
        var lines = 0
        while let line = try? reader.next() {
            lines += 1
            if try catalog.readNow({ try CatalogQueries.contradictsItself($0, over: line) }) {
                throw .catalogDamaged(path: layout.root, reason: aheadOfItself)
            }
        }
        return lines == 0 ? nil : .catalogBehind(layout, lines: lines)
    }

    /// What is told of a catalog that cannot be gone by.
    ///
    /// - Throws: The error itself where it is none of the catalog's content.
    static func catalogFinding(
        _ error: ArchiveError, _ layout: ArchiveLayout
    ) throws(ArchiveError) -> ArchiveFinding {
        switch error {
        case .catalogMissing, .catalogDamaged:
            return ArchiveFinding(.catalogDamaged, item: layout.catalog, error.description)
        default: throw error
        }
    }

    /// The description of an archive; where it is damaged, as far as keys and copies tell it.
    ///
    /// - Throws: `ArchiveError` where there is nothing of an archive.
    private static func presumedDescription(
        _ layout: ArchiveLayout, _ others: [String], _ operations: any FileOperations
    ) throws(ArchiveError) -> ArchiveDescription {
        do throws(ArchiveError) {
            guard let description = try describe(layout, operations, needsCatalog: false) else {
                throw .missing(path: layout.root)
            }
            return description
        } catch {
            switch error {
            case .damagedDescription, .file: break
            case .notAnArchive where try hasParts(layout, operations): break
            // A catalog of this version is not that of an archive of another one.
            case .newerFormat where (try? Catalog.openForReading(layout)) != nil,
                .olderFormat where (try? Catalog.openForReading(layout)) != nil:
                break
            default: throw error
            }
        }
        let search = ReplicaSearch(layout, naming: others, operations)
        for replica in search.replicas {
            if let found = try? ArchiveDescription.read(replica.layout, operations) { return found }
        }
        // Only the id is made use of, to find the key.
        return ArchiveDescription(
            format: ArchiveDescription.format, version: ArchiveDescription.version, id: search.id ?? "",
            created: "", pseudonymKey: SHA256Hasher.digest(of: []))
    }

    /// Whether a folder has what an archive that has lost its description has.
    private static func hasParts(
        _ layout: ArchiveLayout, _ operations: any FileOperations
    ) throws(ArchiveError) -> Bool {
        let names = try files(layout) { () throws(FileError) in
            try operations.status(of: layout.root)?.kind == .folder
                ? try operations.names(inFolder: layout.root) : []
        }
        return Set(names).intersection([
            "catalog.sqlite", "journal", "log", "recordings", "quarantine", "verifier-keys.txt",
        ]).count > 1
    }
}
