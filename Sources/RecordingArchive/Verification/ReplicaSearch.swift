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
        // Two folders whose names differ in how a letter is encoded are two.
        var found: [PathKey: (path: String, replica: Replica?)] = [:]
        var waiting = others + Catalog.rememberedReplicas(layout) + Self.replicas(in: layout, operations)
        while let path = waiting.popLast() {
            let replica = Replica(path: path, operations: operations)
            guard found[PathKey(path)] == nil, Folder.isAbsolute(path),
                (try? replica.checkPlace(besides: layout, [])) != nil
            else { continue }
            let its = IdentityEvidence(replica.layout, operations)
            let isOurs = evidence.id.map { its.ids.contains($0) } ?? (its.id != nil)
            found[PathKey(path)] = (path, isOurs ? replica : nil)
            if isOurs { waiting += Self.replicas(in: replica.layout, operations) }
        }
        id = evidence.id
        let paths = found.values.map(\.path).sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) }
        self.paths = paths
        replicas = paths.enumerated().compactMap { number, path in
            guard let replica = found[PathKey(path)]?.replica else { return nil }
            return (try? replica.checkPlace(besides: layout, paths[..<number])) == nil ? nil : replica
        }
    }

    /// The replicas that a journal names, whatever else is wrong with it.
    private static func replicas(in layout: ArchiveLayout, _ operations: any FileOperations) -> [String] {
        var paths: [String] = []
        JournalRemains.forEachLine(at: layout.journal, operations: operations) { line in
            if let added = line.telling(ReplicaAdded.self) { paths.append(added.path) }
            return true
        }
        return paths
    }
}

/// What the files of an archive or a replica say of whose they are: description, keys, checkpoint, journal.
///
/// Any of them can be damaged, and one alone can be another archive's.
struct IdentityEvidence {
    /// The ids that are told, one for each file that tells one.
    private(set) var ids: [String] = []

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
        // The first line of a journal names the first key.
        JournalRemains.forEachLine(at: layout.journal, operations: operations) { line in
            guard let key = line.telling(KeyChanged.self).flatMap({ VerifierKey($0.new) })
            else { return line.number < Self.linesToTheKey }
            add(key.name)
            return false
        }
    }

    /// In how many lines the first key is looked for; what an archive did before it had a key comes before it.
    private static let linesToTheKey = 1000

    private mutating func add(_ name: String) {
        let prefix = LogKey.origin(archiveID: "")
        if name.hasPrefix(prefix) { ids.append(String(name.dropFirst(prefix.count))) }
    }
}
