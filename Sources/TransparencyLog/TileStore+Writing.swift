internal import DurableFiles

extension TileStore {
    /// Replaces the checkpoint in one step.
    func write(_ checkpoint: Checkpoint) throws(LogError) {
        try files { () throws(FileError) in
            try PendingFile.writeFile(
                checkpoint.bytes, to: checkpointPath, replacing: true, operations: operations)
        }
    }

    /// Puts a tile in its place, where an unsigned one may be.
    func write(_ bytes: [UInt8], as tile: Tile) throws(LogError) {
        try files { () throws(FileError) in
            // All temporary files are in the one folder that is swept.
            try PendingFile.writeFile(
                bytes, to: path(tile.path), replacing: true, temporaryFolder: root, permissions: 0o400,
                operations: operations)
        }
    }

    static func bytes(of hashes: [TreeHash]) -> [UInt8] { hashes.flatMap(\.bytes) }

    /// Removes what stood in a tile's place before it was full; readers take the full tile instead.
    ///
    /// Nothing is lost where it fails: the leavings agree with the full tile.
    func removePartialTiles(of tile: Tile) {
        let folder = path(tile.partialFolder)
        guard let names = try? operations.names(inFolder: folder) else { return }
        for name in names { try? operations.remove(Folder.path(folder, name)) }
    }

    /// Removes the tiles that a run wrote, but did not live to sign.
    ///
    /// They would be overwritten one day, except for partial tiles of widths that no checkpoint comes to have
    /// again: those would stay, and disagree with the log.
    func removeUnsignedTiles(size: UInt64) throws(LogError) {
        var unsigned = try unsignedTiles(.entries, size: size)
        var level = 0
        while true {
            let found = try unsignedTiles(.hashes(level: level), size: size)
            unsigned += found
            level += 1
            // A run can also have begun levels that the signed tree does not have.
            guard level <= Tile.levels(treeSize: size) || (!found.isEmpty && level <= Tile.highestLevel)
            else { break }
        }
        try files { () throws(FileError) in
            // Backwards, so that what a crash leaves of them is again without gaps.
            for tile in unsigned.reversed() {
                try operations.remove(path(tile.path))
                try operations.synchronizeFolder(Folder.parent(of: path(tile.path)))
            }
        }
    }

    /// The tiles of a kind that go beyond a size, from left to right; there are no gaps in what a run leaves.
    private func unsignedTiles(_ content: Tile.Content, size: UInt64) throws(LogError) -> [Tile] {
        let count = Tile.count(ofLevel: content.level, treeSize: size)
        var index = count >> 8
        var signedWidth = Int(count & 0xFF)
        var tiles: [Tile] = []
        while true {
            let found = try files { () throws(FileError) in
                try tilesInPlace(of: Tile(checked: content, index, Tile.fullWidth), beyond: signedWidth)
            }
            tiles += found
            guard !found.isEmpty else { return tiles }
            index += 1
            signedWidth = 0
        }
    }

    private func tilesInPlace(of tile: Tile, beyond width: Int) throws(FileError) -> [Tile] {
        var tiles: [Tile] = []
        let folder = path(tile.partialFolder)
        if try operations.status(of: folder)?.kind == .folder {
            tiles = try operations.names(inFolder: folder)
                .compactMap { Tile(path: "\(tile.partialFolder)/\($0)") }
                .filter { $0.width > width }
        }
        if try operations.status(of: path(tile.path)) != nil { tiles.append(tile) }
        return tiles
    }

    func files<Result>(_ body: () throws(FileError) -> Result) throws(LogError) -> Result {
        do throws(FileError) {
            return try body()
        } catch {
            throw .file(error)
        }
    }
}
