import TestSupport
import Testing
import TransparencyLog

/// Trees and proofs, each made by a log on the disk and compared with RFC 6962 word by word.
struct MerkleTreeTests {
    /// The eight entries and the root hashes of the trees of their beginnings that Certificate Transparency's first
    /// implementation was tested with.
    private static let entries: [[UInt8]] = [
        [], [0x00], [0x10], [0x20, 0x21], [0x30, 0x31], [0x40, 0x41, 0x42, 0x43],
        (0x50...0x57).map { $0 }, (0x60...0x6F).map { $0 },
    ]
    private static let roots = [
        "6e340b9cffb37a989ca544e6bb780a2c78901d3fb33738768511a30617afa01d",
        "fac54203e7cc696cf0dfcb42c92a1d9dbaf70ad9e621f4bd8d98662f00e3c125",
        "aeb6bcfe274b70a14fb067a5e5578264db0fa9b51af5e0ba159158f329e06e77",
        "d37ee418976dd95753c1c73862b9398fa2a2cf9b4ff0fdfe8b30cd95209614b7",
        "4e3bbb1f7b478dcfe71fb631631519a3bca12c9aefca1612bfce4c13a86264d4",
        "76e67dadbcdf1e10e1b74ddc608abd2f98dfb16fbce75277b5232a127f2087ef",
        "ddb89be403809e325750d3d263cd78929c2942b7942a34b77e122c9594a74c8c",
        "5dc9da79a70659a9ad559cb701ded9a2ab9d823aad2f4960cfe370eff4604328",
    ]

    @Test func `has the root hashes of the trees that Certificate Transparency is tested with`() throws {
        let folder = try ScratchFolder(inMemory: true)
        try folder.makeKey()
        var writer = try folder.writer()
        #expect(
            writer.checkpoint.head.root.treeHash.hexadecimal
                == "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855")
        for (entry, root) in zip(Self.entries.compactMap { LogEntry($0) }, Self.roots) {
            #expect(try writer.append([entry]).head.root.treeHash.hexadecimal == root)
        }
    }

    @Test func `proves every entry in every tree of up to 70 entries, and nothing else`() throws {
        let folder = try ScratchFolder(inMemory: true)
        try folder.makeKey()
        var writer = try folder.writer()
        let entries = numberedEntries(0..<70)
        let leaves = entries.map { NaiveTree.leaf($0.bytes) }
        for size in 1...70 {
            let root = try writer.append([entries[size - 1]]).head.root
            #expect(root.treeHash == NaiveTree.root(leaves[..<size]))
            let reader = writer.reader
            for index in 0..<size {
                let proof = try reader.proof(of: UInt64(index)).inclusion
                #expect(proof.hashes == NaiveTree.inclusion(index, leaves[..<size]))
                let leaf = LeafHash(leaves[index])
                #expect(throws: Never.self) { try proof.verify(leaf, root: root) }
                refuses(proof, leaf, root, not: LeafHash(leaves[(index + 1) % 70]))
            }
        }
    }

    private func refuses(_ proof: InclusionProof, _ leaf: LeafHash, _ root: RootHash, not other: LeafHash) {
        func fails(_ index: UInt64, _ size: UInt64, _ hashes: [TreeHash], _ leaf: LeafHash) {
            let changed = InclusionProof(index: index, treeSize: size, hashes: hashes)
            #expect(throws: ProofError.self) { try changed.verify(leaf, root: root) }
        }
        let (index, size, hashes) = (proof.index, proof.treeSize, proof.hashes)
        fails(index, size, hashes, other)
        fails(index, size, hashes + [leaf.treeHash], leaf)
        fails(size, size, hashes, leaf)
        fails(index, index, hashes, leaf)
        if index > 0 { fails(index - 1, size, hashes, leaf) }
        if !hashes.isEmpty {
            fails(index, size, Array(hashes.dropLast()), leaf)
            fails(index, size, Array(hashes.dropFirst()), leaf)
            fails(index, size, [leaf.treeHash] + hashes.dropFirst(), leaf)
        }
    }

    @Test func `proves that each tree of up to 70 entries extends each smaller one, and nothing else`() throws
    {
        let folder = try ScratchFolder(inMemory: true)
        try folder.makeKey()
        var writer = try folder.writer()
        let entries = numberedEntries(0..<70)
        let leaves = entries.map { NaiveTree.leaf($0.bytes) }
        var heads = [TreeHead.empty]
        for size in 1...70 {
            heads.append(try writer.append([entries[size - 1]]).head)
            let reader = writer.reader
            for old in 0...size {
                let proof = try reader.consistencyProof(from: heads[old])
                #expect(proof.hashes == (old == 0 ? [] : NaiveTree.consistency(old, leaves[..<size])))
                refuses(proof, heads[old].root, heads[size].root)
            }
        }
    }

    private func refuses(_ proof: ConsistencyProof, _ old: RootHash, _ new: RootHash) {
        func fails(
            _ oldSize: UInt64, _ newSize: UInt64, _ hashes: [TreeHash], _ old: RootHash, _ new: RootHash
        ) {
            let changed = ConsistencyProof(oldSize: oldSize, newSize: newSize, hashes: hashes)
            #expect(throws: ProofError.self) { try changed.verify(from: old, to: new) }
        }
        func isTooLong(_ proof: ConsistencyProof) {
            // It says nothing of what became of the log.
            #expect(throws: ProofError.wrongLength) { try proof.verify(from: old, to: new) }
        }
        let other = RootHash(NaiveTree.leaf([]))
        let (from, to, hashes) = (proof.oldSize, proof.newSize, proof.hashes)
        fails(from, to, hashes, other, new)
        isTooLong(ConsistencyProof(oldSize: from, newSize: to, hashes: hashes + [other.treeHash]))
        fails(to + 1, to, hashes, old, new)
        if from > 0 { fails(from, to, hashes, old, other) }
        if !hashes.isEmpty {
            fails(from, to, Array(hashes.dropLast()), old, new)
            fails(from, to, Array(hashes.dropFirst()), old, new)
            fails(from, to, [other.treeHash] + hashes.dropFirst(), old, new)
            fails(from, from, hashes, old, new)
        }
    }

    @Test func `agrees with the naive recursion on thousands of random trees`() throws {
        var random = SplitMix(state: 6962)
        var collected: [UInt8] = []
        for _ in 0..<2000 {
            let size = Int.random(in: 0...20, using: &random)
            let entries = (0..<size).compactMap { _ in
                LogEntry(
                    (0..<Int.random(in: 0...9, using: &random)).map { _ in
                        .random(in: 0...255, using: &random)
                    })
            }
            let leaves = entries.map { NaiveTree.leaf($0.bytes) }
            let root = NaiveTree.root(leaves[...])
            collected += root.bytes
            guard size > 0 else { continue }
            let index = Int.random(in: 0..<size, using: &random)
            let path = NaiveTree.inclusion(index, leaves[...])
            let proof = InclusionProof(index: UInt64(index), treeSize: UInt64(size), hashes: path)
            #expect(throws: Never.self) { try proof.verify(entries[index].leafHash, root: RootHash(root)) }
            let old = Int.random(in: 1...size, using: &random)
            let steps = NaiveTree.consistency(old, leaves[...])
            let consistency = ConsistencyProof(oldSize: UInt64(old), newSize: UInt64(size), hashes: steps)
            #expect(throws: Never.self) {
                try consistency.verify(from: RootHash(NaiveTree.root(leaves[..<old])), to: RootHash(root))
            }
            for hash in path + steps { collected += hash.bytes }
        }
        #expect(
            NaiveTree.hash(collected).hexadecimal
                == "6393713432576042f78e59c1562489a5db22c118b3d279c33e8e662b4d33fa90")
    }

    @Test(arguments: [UInt64.max, TreeHead.largestSize, TreeHead.largestSize + 1, 0, 1 << 62])
    func `takes no size or index too far`(size: UInt64) {
        let hash = NaiveTree.leaf([])
        for index in [0, 1, size / 2, size &- 1, size, .max] {
            for count in [0, 1, 62, 63, 64, 200] {
                let inclusion = InclusionProof(
                    index: index, treeSize: size, hashes: Array(repeating: hash, count: count))
                #expect(throws: ProofError.self) { try inclusion.verify(LeafHash(hash), root: .empty) }
                let consistency = ConsistencyProof(
                    oldSize: index, newSize: size, hashes: Array(repeating: hash, count: count))
                #expect(throws: ProofError.self) {
                    try consistency.verify(from: RootHash(hash), to: RootHash(NaiveTree.leaf([1])))
                }
            }
        }
    }
}
