/// The way from the signed root down to every entry.
struct TreeWalk {
    typealias Visit = (UInt64, LogEntry) -> Bool
    typealias Report = (LogFinding) -> Void

    let store: TileStore
    let head: TreeHead
    let start: UInt64

    private(set) var verified: UInt64 = 0
    private(set) var next: UInt64
    private(set) var isStopped = false

    init(store: TileStore, head: TreeHead, start: UInt64) {
        self.store = store
        self.head = head
        self.start = start
        next = start
    }

    mutating func run(_ visit: Visit, _ report: Report) {
        let edge = authenticatedEdge(report)
        // The highest level's hashes stand for the first entries.
        for level in edge.indices.reversed() {
            let content = Tile.Content.hashes(level: level)
            guard let tile = Tile.lastPartial(content, treeSize: head.size) else { continue }
            check(below: tile, edge[level], visit, report)
        }
    }

    /// The hashes of the tiles at the right edge, by level, from which the signed root follows.
    private func authenticatedEdge(_ report: Report) -> [[TreeHash]] {
        var stored: [[TreeHash]?] = []
        for level in 0..<Tile.levels(treeSize: head.size) {
            let tile = Tile.lastPartial(.hashes(level: level), treeSize: head.size)
            stored.append(tile.map { read($0, report) } ?? [])
        }
        if let edge = complete(stored), isRight(edge) { return edge }
        // Which tile is at fault shows when one at a time is made anew from what lies below it.
        let derived = stored.indices.map { level in
            Tile.lastPartial(.hashes(level: level), treeSize: head.size).map { derivedHashes(of: $0) } ?? []
        }
        let repaired = stored.indices.map { stored[$0] ?? derived[$0] }
        var attempts = stored.indices.map { level in
            var attempt = repaired
            attempt[level] = derived[level]
            return attempt
        }
        attempts.append(derived)
        for case let edge? in attempts.lazy.map({ complete($0) }) where isRight(edge) {
            for level in edge.indices where stored[level] != nil && stored[level] != edge[level] {
                if let tile = Tile.lastPartial(.hashes(level: level), treeSize: head.size) {
                    report(.failure(.damaged(path: store.path(tile.path), .altered)))
                }
            }
            return edge
        }
        report(.failure(.rootMismatch(path: store.root, size: head.size)))
        return repaired.map { $0 ?? [] }
    }

    private func complete(_ levels: [[TreeHash]?]) -> [[TreeHash]]? {
        let known = levels.compactMap { $0 }
        return known.count == levels.count ? known : nil
    }

    private func isRight(_ edge: [[TreeHash]]) -> Bool {
        RightEdge(levels: edge, size: head.size).head == head
    }

    /// Checks what the hashes of a tile stand for: entries, or full tiles of the level below.
    private mutating func check(below tile: Tile, _ hashes: [TreeHash], _ visit: Visit, _ report: Report) {
        if tile.content.level == 0 {
            let entries = Tile(checked: .entries, tile.index, tile.width)
            checkEntries(of: entries, hashes, visit, report)
            return
        }
        let first = tile.index << 8
        for (offset, hash) in hashes.enumerated() where !isStopped {
            let index = first + UInt64(offset)
            let child = Tile(checked: .hashes(level: tile.content.level - 1), index, Tile.fullWidth)
            // What ends before the start was verified by an earlier run.
            guard (index + 1) << UInt64(8 * tile.content.level) > start else { continue }
            check(below: child, authenticatedHashes(of: child, hash, report), visit, report)
        }
    }

    /// The hashes of a full tile, made anew from what lies below where the file is not the one that was signed.
    private func authenticatedHashes(of tile: Tile, _ expected: TreeHash, _ report: Report) -> [TreeHash] {
        let stored = read(tile, report)
        if let stored, MerkleTree.root(of: stored) == expected { return stored }
        if stored != nil { report(.failure(.damaged(path: store.path(tile.path), .altered))) }
        if let derived = derivedHashes(of: tile), MerkleTree.root(of: derived) == expected { return derived }
        return stored ?? []
    }

    private mutating func checkEntries(
        of tile: Tile, _ hashes: [TreeHash], _ visit: Visit, _ report: Report
    ) {
        let bundle: EntryBundle
        do throws(LogError) {
            bundle = try store.entries(of: tile)
        } catch {
            return report(.failure(error))
        }
        for (offset, (entry, hash)) in zip(bundle.entries, hashes).enumerated() where !isStopped {
            let index = tile.index << 8 + UInt64(offset)
            guard entry.leafHash.treeHash == hash else {
                report(.entryAltered(path: store.path(tile.path), index: index))
                continue
            }
            verified += 1
            next = index + 1
            isStopped = !visit(index, entry)
        }
    }

    private func read(_ tile: Tile, _ report: Report) -> [TreeHash]? {
        do throws(LogError) {
            return try store.hashes(of: tile)
        } catch {
            report(.failure(error))
            return nil
        }
    }

    /// The hashes that a tile should have, going by the files one step below it; nil where one cannot be read.
    private func derivedHashes(of tile: Tile) -> [TreeHash]? {
        guard tile.content.level > 0 else {
            let entries = try? store.entries(of: Tile(checked: .entries, tile.index, tile.width))
            return entries?.entries.map(\.leafHash.treeHash)
        }
        var hashes: [TreeHash] = []
        for offset in 0..<UInt64(tile.width) {
            let child = Tile(
                checked: .hashes(level: tile.content.level - 1), tile.index << 8 + offset, Tile.fullWidth)
            guard let below = try? store.hashes(of: child) else { return nil }
            hashes.append(MerkleTree.root(of: below))
        }
        return hashes
    }
}
