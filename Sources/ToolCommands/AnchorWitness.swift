internal import Anchoring
internal import Foundation
internal import RecordingArchive

/// What others vouch for the time with: the time stamps that anchor an archive's log.
enum AnchorWitness {
    /// The newest time that a time-stamp authority vouches for.
    ///
    /// - Returns: The time; nil where the archive has no anchor that holds.
    static func newest(in archive: RecordingArchive) async -> Date? {
        await AnchorCheck.run(archive).newestTime
    }
}
