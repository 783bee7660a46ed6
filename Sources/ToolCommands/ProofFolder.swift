internal import ByteSources
internal import Digests
internal import DurableFiles
internal import Foundation
internal import RecordingArchive
internal import TransparencyLog

/// The files that prove a recording to somebody without voxkeep; docs/verify-without-voxkeep.md says how.
struct ProofFolder {
    /// Bytes that are copied at a time.
    private static let pieceSize = 1 << 18

    let path: String
    let proof: RecordingProof

    func write(from archive: RecordingArchive) throws {
        if let recording = proof.recording {
            let suffix = recording.state == .archived ? "flac" : "wav"
            try copy(recording, from: archive.absolutePath(of: recording), to: "recording.\(suffix)")
        }
        if let metadata = proof.metadata { try write(metadata, to: "metadata.json") }
        if let salt = proof.salt { try write(Array("\(salt.hexadecimal)\n".utf8), to: "salt.txt") }
        try write(proof.ingest.entry, to: "entry.json")
        try write(proof.ingest.proof.bytes, to: "entry.tlog-proof")
        if let erasure = proof.erasure {
            try write(erasure.entry, to: "erasure.json")
            try write(erasure.proof.bytes, to: "erasure.tlog-proof")
        }
        try write(Array(proof.keys.map { $0.text + "\n" }.joined().utf8), to: "verifier-keys.txt")
        try write(Array(Self.page.utf8), to: "README.txt")
    }

    /// Copies the stored file, which has to be the one that the log tells of: a proof of anything else would be none.
    private func copy(_ recording: Recording, from source: String, to name: String) throws {
        let source = try FileByteSource(path: source)
        let file = try PendingFile(inFolder: path)
        var hasher = SHA256Hasher()
        var offset: Int64 = 0
        while offset < source.byteCount {
            let piece = try source.bytes(at: offset, count: Self.pieceSize)
            guard !piece.isEmpty else { break }
            hasher.update(piece)
            try file.write(piece)
            offset += Int64(piece.count)
        }
        guard hasher.finalize() == recording.facts.stored.sha256 else {
            throw Failure(
                .itemsNeedAttention,
                "\(source.path.printable) is not the file that was stored; run verify, and restore it from a copy."
            )
        }
        try file.publish(as: Folder.path(path, name))
    }

    private func write(_ bytes: [UInt8], to name: String) throws {
        try PendingFile.writeFile(bytes, to: Folder.path(path, name), replacing: false)
    }

    private static let page = """
        What this folder proves
        =======================

        recording.*        the recording as it is stored: FLAC, or the WAV file as it came where nothing could be decoded
        metadata.json      what is known of the message
        salt.txt           32 random bytes, hexadecimal, that keep the log from telling the metadata
        entry.json         the log's entry of the day the recording was taken in; erasure.json: that of its erasure
        entry.tlog-proof   the proof that the signed log has that entry (c2sp.org/tlog-proof)
        verifier-keys.txt  the public keys of the log, the oldest first; compare them with a copy from elsewhere

        By hand, with coreutils, xxd and openssl:

        1. The recording is the one in the entry: this prints the value of "stored" in entry.json.
               sha256sum recording.*
        2. The metadata are those of the entry: this prints the value of "metadata" in entry.json.
               (xxd -r -p salt.txt; cat metadata.json) | sha256sum
        3. The entry is in the log: its leaf hash is
               (printf '\\0'; cat entry.json) | sha256sum
           and the hashes in entry.tlog-proof lead from it to the root hash in the third line of the checkpoint below them.
        4. The root hash is signed: the last line of entry.tlog-proof has an Ed25519 signature over the three lines of the
           checkpoint, by a key of verifier-keys.txt.

        docs/verify-without-voxkeep.md in Voxkeep's source has every step of 3 and 4 as commands, and a program of a page.

        """
}
