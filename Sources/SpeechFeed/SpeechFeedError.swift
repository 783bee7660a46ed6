/// Why a recording or a whole corpus cannot be made.
package enum SpeechFeedError: Error, Sendable, Hashable {
    /// There is nothing to export.
    case empty
    /// Another process makes a corpus at the same place.
    case inUse(path: String, process: Int32?)
    /// Everything had to be left out.
    case nothingLeft(count: Int)
    /// The format lists only recordings with speech or with words, and there is none.
    case nothingListed(format: String, count: Int)
    /// The file is not the one that was stored.
    case damaged(path: String)
    /// The audio that was written does not decode to what it was made of.
    case unproved(path: String)
    /// The audio does not fit a WAV file.
    case tooLong(path: String)
    /// Only FLAC files can be copied or linked.
    case notFLAC
    /// The file has more channels than are wanted, and may not be changed.
    case wouldChange(channels: Int)
    /// Recordings have several sample rates or numbers of channels, which the format takes for one.
    case mixed(what: String, first: Int, second: Int)
}

extension SpeechFeedError: CustomStringConvertible {
    /// One sentence that says what to do.
    package var description: String {
        switch self {
        case .empty:
            "there is nothing to export; list shows what an archive has, and without one files or folders are named"
        case .inUse(let path, let process):
            "another process\(process.map { " (\($0))" } ?? "") makes a corpus for \(path); wait for it, or choose another folder"
        case .nothingLeft(let count):
            count == 1
                ? "the one recording that was to be exported had to be left out, so there is no corpus"
                : "all \(count) recordings had to be left out, so there is no corpus"
        case .nothingListed(let format, let count):
            "\(format) lists recordings with speech, and with words where any has some, and "
                + (count == 1 ? "the one there is has none" : "none of the \(count) has any")
                + ", so there is no corpus"
        case .damaged(let path):
            "\(path) is not the file that was stored; run verify, and export again when it is repaired from a copy"
        case .unproved(let path):
            "\(path) does not read back as it was written; check the disk"
        case .tooLong(let path):
            "\(path) would be longer than the 4 GiB of a WAV file; use --audio flac"
        case .notFLAC:
            "it is no FLAC file, and only such can be copied or linked; use --audio flac"
        case .wouldChange(let channels):
            "it has \(channels) channels, which copy and link cannot mix; use --channels keep or --audio flac"
        case .mixed(let what, let first, let second):
            "the recordings have several \(what) (\(first) and \(second)); choose one with "
                + (what == "sample rates" ? "--rate" : "--channels mono")
        }
    }
}
