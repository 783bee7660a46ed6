internal import AuditTrail
internal import Digests
internal import DurableFiles
internal import TransparencyLog

/// The damage of an archive while it is being repaired: each finding is taken off once it is dealt with.
struct ArchiveRepairs {
    let layout: ArchiveLayout
    let operations: any FileOperations
    let key: LogKey.Finder

    /// What is damaged and not yet dealt with.
    private(set) var damage: [ArchiveFinding]

    /// What was dealt with, in order.
    private(set) var results: [ArchiveRepair] = []

    /// The catalog, where it can be read.
    var catalog: Catalog?

    /// The replicas that can be reached and are this archive's, those that were named included.
    let replicas: [Replica]

    /// The archive's id, as most of what is left of it tells; nil where nothing does.
    let id: String?

    /// Whether the catalog lacks rows of recordings whose lines were brought back.
    var isRowless = false

    /// Lines that the archive's journal has lost to another, and that are to be told again.
    var repeated: [JournalLine] = []

    /// What the journal says of the recordings that are damaged, by id; filled once the journal is whole.
    var expected: [String: RecordingCheck.Expected] = [:]

    /// The commitments to the answers that recordings have, by their ids and the names of the hooks.
    var answers: [String: [String: String]] = [:]

    /// The SHA-256 of the reports of those that are in quarantine, by id.
    var reports: [String: Digest] = [:]

    init(
        layout: ArchiveLayout, damage: [ArchiveFinding], naming others: [String],
        key: @escaping LogKey.Finder, operations: any FileOperations
    ) {
        self.layout = layout
        self.damage = damage
        self.key = key
        self.operations = operations
        catalog = try? Catalog.openForReading(layout)
        let search = ReplicaSearch(layout, naming: others, operations)
        replicas = search.replicas
        id = search.id ?? replicas.lazy.compactMap { IdentityEvidence($0.layout, operations).id }.first
    }

    /// The places that a recording is looked for, the archive first.
    var places: [ArchiveLayout] { [layout] + replicas.map(\.layout) }

    /// The place that a finding is about.
    func place(of finding: ArchiveFinding) -> ArchiveLayout? {
        guard let path = finding.replica else { return layout }
        return replica(at: path)?.layout
    }

    /// The replica in a folder.
    func replica(at path: String) -> Replica? {
        replicas.first { PathKey($0.path) == PathKey(path) }
    }

    /// What is damaged in a replica.
    func damage(in replica: Replica) -> [ArchiveFinding] {
        damage.filter { $0.replica.map(PathKey.init) == PathKey(replica.path) }
    }

    /// The findings of these kinds in the archive itself.
    func ownDamage(_ kinds: Set<ArchiveFinding.Kind>) -> [ArchiveFinding] {
        damage.filter { $0.replica == nil && kinds.contains($0.kind) }
    }

    /// Notes that findings were dealt with.
    mutating func settle(_ findings: [ArchiveFinding], from source: String) {
        for finding in findings { results.append(ArchiveRepair(of: finding, from: source)) }
        drop(findings)
    }

    /// Takes away what is in the place of files and folders, so that they can be written; a link in the place of a folder
    /// stays, for it may lead to what was moved there.
    mutating func clearPlaces(_ isWanted: (ArchiveFinding) -> Bool) {
        for finding in damage where finding.kind == .obstructed && isWanted(finding) {
            guard let place = place(of: finding) else { continue }
            let name = Folder.relativePath(of: finding.item, in: place.root) ?? ""
            let isFolder = ArchiveLayout.isFolder(name)
            let status = try? operations.status(of: finding.item, followingLinks: false)
            if isFolder, status?.kind == .link || status?.kind == .file { continue }
            do throws(FileError) {
                try FileForm.makeRoom(at: finding.item, operations)
                if isFolder { try Folder.makeDurably(finding.item, operations: operations) }
                results.append(ArchiveRepair(clearing: finding))
                drop([finding])
            } catch {
                refuse([finding], "\(finding.item) cannot be cleared: \(error)")
            }
        }
    }

    /// Notes that something was brought back that no finding had named.
    mutating func add(_ result: ArchiveRepair) {
        results.append(result)
    }

    /// Notes that findings cannot be dealt with.
    mutating func refuse(_ findings: [ArchiveFinding], _ reason: String) {
        for finding in findings { results.append(ArchiveRepair(of: finding, impossible: reason)) }
        drop(findings)
    }

    /// Notes that nothing else can be dealt with; without a reason, each finding's own sentence says what to do.
    mutating func giveUp(_ reason: String?) {
        for finding in damage {
            results.append(ArchiveRepair(of: finding, impossible: reason ?? finding.message))
        }
        damage = []
    }

    private mutating func drop(_ findings: [ArchiveFinding]) {
        let dealtWith = Set(findings)
        damage.removeAll { dealtWith.contains($0) }
    }
}
