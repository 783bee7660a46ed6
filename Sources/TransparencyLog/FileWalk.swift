internal import DurableFiles

/// A look at every file in a log's folder, for those that the tree has no place for.
struct FileWalk {
    let store: TileStore
    let size: UInt64
    /// Tiles that are not what was signed, so that nothing is judged by them.
    let damaged: Set<String>

    func run(_ report: (LogFinding) -> Void) {
        for name in names(in: store.root, report) {
            switch name {
            case "checkpoint", "lock": break
            case "tile": look(into: name, report)
            default:
                let path = store.path(name)
                report(TemporaryName.process(of: name) == nil ? .stray(path: path) : .leaving(path: path))
            }
        }
    }

    private func look(into folder: String, _ report: (LogFinding) -> Void) {
        for name in names(in: store.path(folder), report) {
            let path = "\(folder)/\(name)"
            // A symbolic link can lead back to where the walk has come from.
            let status = try? store.operations.status(of: store.path(path), followingLinks: false)
            if status?.kind == .link {
                report(.stray(path: store.path(path)))
            } else if let tile = Tile(path: path) {
                examine(tile, report)
            } else if Tile(path: path + "/000") != nil || Tile(path: path + "/1") != nil {
                // Tiles can be below. No index has so many digits that a folder leading back to itself would matter.
                look(into: path, report)
            } else {
                report(.stray(path: store.path(path)))
            }
        }
    }

    private func examine(_ tile: Tile, _ report: (LogFinding) -> Void) {
        let count = Tile.count(ofLevel: tile.content.level, treeSize: size)
        let current = Tile.at(tile.index, tile.content, treeSize: size)
        if tile == current { return }
        guard tile.index << 8 + UInt64(tile.width) <= count, let current else {
            return report(.leaving(path: store.path(tile.path)))
        }
        if !damaged.contains(store.path(current.path)), !agrees(tile, current) {
            report(.earlierTileAltered(path: store.path(tile.path)))
        }
    }

    /// Whether an earlier tile has the first hashes or entries of the one in its place; true where that one cannot be
    /// read, which was reported already.
    private func agrees(_ earlier: Tile, _ current: Tile) -> Bool {
        switch earlier.content {
        case .entries:
            guard let entries = try? store.entries(of: current).entries else { return true }
            return (try? store.entries(of: earlier).entries) == Array(entries.prefix(earlier.width))
        case .hashes:
            guard let hashes = try? store.hashes(of: current) else { return true }
            return (try? store.hashes(of: earlier)) == Array(hashes.prefix(earlier.width))
        }
    }

    private func names(in folder: String, _ report: (LogFinding) -> Void) -> [String] {
        do throws(FileError) {
            return try store.operations.names(inFolder: folder)
        } catch {
            // The empty log has no tiles; of any other the missing ones have been reported.
            if error.kind != .missing { report(.failure(.file(error))) }
            return []
        }
    }
}
