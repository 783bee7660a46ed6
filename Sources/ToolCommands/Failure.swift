internal import ByteSources
internal import DurableFiles
internal import Exporting
internal import FLACFiles
internal import Ingestion
internal import Leveling
internal import PBXClient
internal import PBXEmulator
internal import RecordingArchive
internal import SpeechFeed
internal import Timestamps
internal import Transcoding
internal import TransparencyLog
internal import WaveFiles

/// Why a command ends without having done its work: one sentence for a person and an exit code.
struct Failure: Error, CustomStringConvertible {
    let status: ExitStatus
    let description: String

    init(_ status: ExitStatus, _ description: String) {
        self.status = status
        self.description = description
    }

    /// Finds the exit code and the sentence for an error of any module.
    init(describing error: any Error) {
        let sentence = String(describing: error).printable
        switch error {
        case let error as Failure: self = error
        case is ByteSourceError: self.init(.noInput, sentence)
        case WaveReaderError.source(let error): self.init(describing: error)
        case is WaveReaderError: self.init(.itemsNeedAttention, sentence)
        case let error as FileError: self.init(.cannotWriteOutput, sentence.asSentence, error)
        case let error as PBXError: self.init(Self.status(of: error), sentence.asSentence)
        case is UnsteadyMessages: self.init(.itemsNeedAttention, sentence.asSentence)
        case is PBXConfigurationError: self.init(.usage, sentence.asSentence)
        case FLACError.unreadable(let error): self.init(describing: error)
        case let error as FLACError: self.init(Self.status(of: error), sentence)
        case is LevelingError: self.init(.internalFault, sentence.asSentence)
        case TranscodingError.proofFailed: self.init(.internalFault, sentence)
        case is TranscodingError: self.init(.itemsNeedAttention, sentence)
        case is OutputError: self.init(.itemsNeedAttention, sentence)
        case let error as ArchiveError: self.init(Self.status(of: error), sentence.asSentence)
        case is TimestampError: self.init(.noInput, sentence.asSentence)
        case is NoteError: self.init(.noInput, sentence.asSentence)
        case let error as ExportError: self.init(Self.status(of: error), sentence.asSentence)
        case let error as SpeechFeedError: self.init(Self.status(of: error), sentence.asSentence)
        case is CorpusFormatError: self.init(.itemsNeedAttention, sentence.asSentence)
        case is EmulatorStartError: self.init(.cannotWriteOutput, sentence.asSentence)
        case is StandardOutputError: self.init(.cannotWriteOutput, sentence)
        case is CancellationError: self.init(.interrupted, "Interrupted.")
        default:
            self.init(.internalFault, "An unexpected error occurred (\(sentence)); please report it.")
        }
    }

    private init(_ status: ExitStatus, _ description: String, _ error: FileError) {
        // A path that is missing on the way to being read is a lack of input; all else is about what we write.
        let isInput = error.operation == .read || (error.operation == .open && error.kind == .missing)
        self.init(isInput ? .noInput : status, description)
    }

    private static func status(of error: PBXError) -> ExitStatus {
        switch error {
        case .loginRefused, .locked, .httpStatus(.login, 401, _), .httpStatus(.login, 403, _): .notPermitted
        case .file: .cannotWriteOutput
        case .refused(_, .extensionMissing, _): .noInput
        case .tooLarge, .messageMoved, .ambiguousPlace, .inconsistentAudio: .itemsNeedAttention
        default: .pbxUnreachable
        }
    }

    private static func status(of error: ArchiveError) -> ExitStatus {
        switch error {
        case .missing, .exists, .notAnArchive, .damagedDescription, .newerFormat, .olderFormat,
            .catalogMissing,
            .catalogDamaged, .journalMissing, .journalRolledBack, .verifierKeysMissing, .verifierKeysDamaged,
            .sidecarDamaged, .unreadable, .noRecording, .noHold, .noMissing, .logMissing, .entryPending:
            .noInput
        case .inUse, .readOnly, .catalog, .journal, .log, .signing, .foreignKey, .retiredKey, .foreignReplica,
            .replicaIsArchive, .replicaMissing, .replicaAhead, .replicaDiffers, .olderThanReplica,
            .forkedFromReplica, .copyDiffers:
            .cannotWriteOutput
        case .refused, .replicaOverlaps: .notPermitted
        case .unencodable: .internalFault
        case .file(let error): Failure(describing: error).status
        }
    }

    private static func status(of error: ExportError) -> ExitStatus {
        switch error {
        case .empty: .noInput
        case .nothingLeft, .erasedMeanwhile: .itemsNeedAttention
        case .inArchive, .mountPoint: .cannotWriteOutput
        }
    }

    private static func status(of error: SpeechFeedError) -> ExitStatus {
        switch error {
        case .empty: .noInput
        case .inUse: .cannotWriteOutput
        case .nothingLeft, .nothingListed, .damaged, .unproved, .tooLong, .notFLAC, .wouldChange, .mixed:
            .itemsNeedAttention
        }
    }

    private static func status(of error: FLACError) -> ExitStatus {
        switch error {
        case .output: .cannotWriteOutput
        case .library, .sampleOutOfRange, .incompleteFrame, .invalidComment: .internalFault
        default: .itemsNeedAttention
        }
    }
}

extension String {
    /// The text with a capital first letter and a full stop.
    fileprivate var asSentence: String {
        let start = prefix(1).uppercased() + dropFirst()
        return start.hasSuffix(".") ? start : start + "."
    }
}
