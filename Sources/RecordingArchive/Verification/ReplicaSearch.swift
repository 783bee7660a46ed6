internal import AuditTrail
internal import DurableFiles
internal import TransparencyLog

/// The copies of an archive, as far as anything that is left of it tells where they are.
struct ReplicaSearch {
    /// The id of the archive; nil where nothing tells it.
    let id: String?

    /// The folders that it knows of, or that were named, in the order of their paths.
    let paths: [String]

    /// Those of them that can be reached and are this archive's.
    let replicas: [Replica]

    /// Looks for replicas in catalog and journal, in the journals of those that are found, and where it is told to.
    init(_ layout: ArchiveLayout, naming others: [String], _ operations: any FileOperations) {
        let evidence = IdentityEvidence(layout, operations)
        var found: [String: Replica?] = [:]
        var waiting = others + Catalog.rememberedReplicas(layout) + evidence.replicas
        while let path = waiting.popLast() {
            guard found[path] == nil, Folder.isAbsolute(path) else { continue }
            let replica = Replica(path: path, operations: operations)
            if (try? replica.checkPlace(besides: layout, [])) == nil { continue }
            let its = IdentityEvidence(replica.layout, operations)
            let isOurs = evidence.id.map { its.ids.contains($0) } ?? (its.id != nil)
            found.updateValue(isOurs ? replica : nil, forKey: path)
            if isOurs { waiting += its.replicas }
        }
        id = evidence.id
        paths = found.keys.sorted()
        replicas = paths.compactMap { found[$0] ?? nil }
    }
}

/// What the files of an archive or a replica say of whose they are: description, keys, checkpoint, journal.
///
/// Any of them can be damaged, and one alone can be another archive's.
struct IdentityEvidence {
    /// The ids that are told, one for each file that tells one.
    private(set) var ids: [String] = []

    /// The replicas that the journal names.
    private(set) var replicas: [String] = []

    /// The id that most of them tell; nil where none does.
    var id: String? {
        let counts = Dictionary(grouping: ids, by: \.self).mapValues(\.count)
        return ids.max { counts[$0, default: 0] < counts[$1, default: 0] }
    }

    init(_ layout: ArchiveLayout, _ operations: any FileOperations) {
        if let keys = try? VerifierKeyList.read(layout.verifierKeys, operations), let key = keys.first {
            add(key.name)
        }
        let checkpoint = Folder.path(layout.log, "checkpoint")
        if let bytes = try? operations.contents(of: checkpoint, limit: SignedNote.largestSize + 1),
            let checkpoint = try? Checkpoint(bytes)
        {
            add(checkpoint.origin)
        }
        if let id = try? ArchiveDescription.read(layout, operations).id { ids.append(id) }
        var name: String?
        var paths: [String] = []
        JournalRemains.forEachLine(at: layout.journal, operations: operations) { line in
            if line.event == "replica", let path = line.text("path") { paths.append(path) }
            if line.event == "key", name == nil {
                name = line.entry?["new"]?.stringValue.flatMap { VerifierKey($0) }?.name
            }
        }
        if let name { add(name) }
        replicas = paths
    }

    private mutating func add(_ name: String) {
        let prefix = LogKey.origin(archiveID: "")
        if name.hasPrefix(prefix) { ids.append(String(name.dropFirst(prefix.count))) }
    }
}
