package import Digests
internal import DurableFiles
package import TransparencyLog

/// All that it takes to show somebody without the archive that a recording was taken in, and what became of it.
package struct RecordingProof: Sendable {
    /// An entry of the log, to the byte, with the proof that the log has it.
    package struct Part: Sendable {
        /// The entry: canonical JSON.
        package let entry: [UInt8]
        /// Its place in the log, from 0.
        package let index: UInt64
        /// The proof, in the newest checkpoint.
        package let proof: LogProof
    }

    /// The ingest.
    package let ingest: Part
    /// The erasure; nil for a recording that is there.
    package let erasure: Part?
    /// The recording as it is; nil where it was erased.
    package let recording: Recording?
    /// The facts as they were committed to: canonical JSON; nil where the recording was erased.
    package let metadata: [UInt8]?
    /// The salt of the commitment; nil where the recording was erased.
    package let salt: Digest?
    /// The keys that the log's signatures are checked with, the oldest first.
    package let keys: [VerifierKey]
}

extension RecordingArchive {
    /// The newest signed state of the log.
    ///
    /// - Returns: The checkpoint, verified with the archive's own keys.
    /// - Throws: `ArchiveError`: `logMissing` where no log was begun yet.
    package nonisolated func checkpoint() throws(ArchiveError) -> Checkpoint {
        guard let log = try logReader() else { throw .logMissing(path: path) }
        return log.checkpoint
    }

    /// Proves that the log has a recording's ingest, and its erasure where it was erased.
    ///
    /// - Parameter id: The recording.
    /// - Returns: The proofs, verified.
    /// - Throws: `ArchiveError`: `entryPending` where an entry waits for the log.
    package nonisolated func proof(of id: String) throws(ArchiveError) -> RecordingProof {
        let (recording, sidecar, tombstone) = try catalog.readNow {
            (
                try CatalogQueries.recording($0, id: id), try CatalogQueries.sidecar($0, id: id),
                try Tombstone.with(id: id, $0)
            )
        }
        guard let ingest = recording?.ingestEntry ?? tombstone?.ingestEntry else {
            throw .noRecording(id: id)
        }
        guard let log = try logReader() else { throw .logMissing(path: path) }
        return RecordingProof(
            ingest: try part(ingest, in: log, of: id),
            erasure: try tombstone.map { (tombstone) throws(ArchiveError) in
                try part(tombstone.eraseEntry, in: log, of: id)
            },
            recording: recording, metadata: try sidecar?.metadata(), salt: sidecar?.salt,
            keys: try verifierKeys())
    }

    private nonisolated func part(
        _ index: Int64, in log: LogReader, of id: String
    ) throws(ArchiveError) -> RecordingProof.Part {
        guard index < log.size else { throw .entryPending(id: id) }
        do throws(LogError) {
            let index = UInt64(index)
            return RecordingProof.Part(
                entry: try log.entry(at: index).bytes, index: index, proof: try log.proof(of: index))
        } catch {
            throw .log(error)
        }
    }
}
