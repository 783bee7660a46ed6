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

    /// The replicas that can be reached and are this archive's.
    let replicas: [Replica]

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
        layout: ArchiveLayout, damage: [ArchiveFinding], key: @escaping LogKey.Finder,
        operations: any FileOperations
    ) throws(ArchiveError) {
        self.layout = layout
        self.damage = damage
        self.key = key
        self.operations = operations
        catalog = try? Catalog.openForReading(layout)
        var paths = Self.replicaPaths(layout, operations)
        if let catalog { paths.formUnion((try? catalog.readNow { try CatalogQueries.replicas($0) }) ?? []) }
        let id = Self.expectedID(layout, operations)
        let sorted = paths.sorted()
        replicas = sorted.enumerated().compactMap { number, path in
            let replica = Replica(path: path, operations: operations)
            guard let found = try? ArchiveDescription.read(replica.layout, operations).id, found == id,
                (try? replica.checkPlace(besides: layout, sorted[..<number])) != nil
            else { return nil }
            return replica
        }
    }

    /// The places that a recording is looked for, the archive first.
    var places: [ArchiveLayout] { [layout] + replicas.map(\.layout) }

    /// The place that a finding is about.
    func place(of finding: ArchiveFinding) -> ArchiveLayout? {
        guard let path = finding.replica else { return layout }
        return replicas.first { $0.path == path }?.layout
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

    /// The id that the archive has by its description and by the name of its log, where both are there.
    private static func expectedID(_ layout: ArchiveLayout, _ operations: any FileOperations) -> String? {
        if let name = (try? VerifierKeyList.read(layout.verifierKeys, operations))?.first?.name {
            return name.split(separator: "/").last.map(String.init)
        }
        return try? ArchiveDescription.read(layout, operations).id
    }

    /// The replicas that the journal tells of, as far as it can be read.
    private static func replicaPaths(_ layout: ArchiveLayout, _ operations: any FileOperations) -> Set<String>
    {
        var paths: Set<String> = []
        do throws(JournalError) {
            var reader = try JournalReader(at: layout.journal, operations: operations)
            while let line = try reader.next() {
                if line.event == "replica", let path = line.text("path") { paths.insert(path) }
            }
        } catch {
            // The catalog knows the others.
        }
        return paths
    }
}
