#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// A system call on a file or a folder that failed.
public struct FileError: Error, Sendable, Hashable {
    /// What was being done, worded to follow "cannot".
    public enum Operation: String, Sendable {
        case create, open, read, write, truncate, synchronize, link, rename, remove, list, lock, examine
        case makeFolder = "make the folder"
    }

    /// The causes that a person or a program acts on differently.
    public enum Kind: Sendable {
        case noSpace, readOnly, exists, missing, notPermitted, notAFolder, isAFolder, isALink, notAFile,
            nameTooLong, notOwn, unmarked
        case tooManyOpen, tooLarge, inputOutput, endedEarly, other
    }

    /// What was being done.
    public let operation: Operation

    /// The file or folder that it was done to.
    public let path: String

    /// The system's error number (`errno`); negative for what is none to the system.
    public let code: Int32

    /// Makes an error about a path from the system's error number.
    public init(operation: Operation, path: String, code: Int32) {
        self.operation = operation
        self.path = path
        self.code = code
    }

    /// Makes an error of a library that tells only that the disk is full, or a quota used up.
    public static func fullDisk(_ operation: Operation, path: String) -> FileError {
        FileError(operation: operation, path: path, code: ENOSPC)
    }

    /// The cause, as far as the error number tells it.
    public var kind: Kind {
        switch code {
        case ENOSPC, EDQUOT: .noSpace
        case EROFS: .readOnly
        case EEXIST: .exists
        case ENOENT: .missing
        case EACCES, EPERM: .notPermitted
        case ENOTDIR: .notAFolder
        case EISDIR: .isAFolder
        case ELOOP: .isALink
        // The two are what open(2) answers to sockets, and to devices that are not there.
        case FileError.notAFileCode, ENXIO, ENODEV: .notAFile
        case ENAMETOOLONG: .nameTooLong
        case EMFILE, ENFILE: .tooManyOpen
        case EFBIG: .tooLarge
        case EIO: .inputOutput
        case FileError.endedEarlyCode: .endedEarly
        case FileError.notOwnCode: .notOwn
        case FileError.unmarkedCode: .unmarked
        default: .other
        }
    }

    /// Whether something else is there in the place of a file.
    public var isNoFile: Bool { [.isAFolder, .isALink, .notAFile].contains(kind) }

    /// Whether the file system does not know the operation at all, so that another way may serve.
    ///
    /// EPERM is what Linux answers to link(2) on a file system without hard links.
    var isUnsupported: Bool {
        [EPERM, ENOTSUP, EOPNOTSUPP, ENOSYS, EINVAL, EMLINK].contains(code)
    }
}

extension FileError: CustomStringConvertible {
    /// One sentence that names the path and says what to do.
    public var description: String {
        "cannot \(operation.rawValue) \(printablePath): \(reason); \(remedy)"
    }

    /// Why, in words that follow a colon.
    public var reason: String { explanation.reason }

    private var remedy: String { explanation.remedy }

    private var explanation: (reason: String, remedy: String) {
        switch kind {
        case .noSpace: ("the disk is full or the quota is used up", "make room and run again")
        case .readOnly: ("the file system is read-only", "mount it for writing or choose another folder")
        case .exists: ("there is something of that name already", "move it away or choose another name")
        case .missing: ("there is no such file or folder", "check the path")
        case .notPermitted: ("permission denied", "change the permissions or run as another user")
        case .notAFolder: ("a part of the path is a file where a folder is needed", "choose another path")
        case .isAFolder: ("a folder is there where a file is needed", "move it away or choose another name")
        case .isALink: ("a symbolic link is there", "put in its place what it is to lead to")
        case .notAFile: ("a pipe, a socket or a device is there where a file is needed", "move it away")
        case .nameTooLong: ("the name is too long for this file system", "choose a shorter one")
        case .tooManyOpen: ("too many files are open", "lower --jobs or raise the limit with ulimit -n")
        case .tooLarge:
            ("the file would become larger than this file system allows", "choose another disk")
        case .inputOutput: ("the disk reports an input/output error", "check it before running again")
        case .notOwn:
            (
                "it is another user's, open to others, or has a second name elsewhere",
                "find out who put it there, and move it away"
            )
        case .unmarked:
            (
                "it was not left by a run of voxkeep that was interrupted",
                "look what it holds, and move it away"
            )
        case .endedEarly: ("it ended before all of its bytes were read", "check the disk, and run again")
        case .other: ("\(String(cString: strerror(code))) (error \(code))", "check the path and the disk")
        }
    }

    /// The path with control characters shown as `?`, for a name may hold line feeds and terminal commands.
    private var printablePath: String {
        String(
            String.UnicodeScalarView(
                path.unicodeScalars.map { $0.properties.generalCategory == .control ? "?" : $0 }))
    }
}

extension FileError {
    static let notAFolderCode = ENOTDIR
    static let missingCode = ENOENT
    static let isALinkCode = ELOOP
    static let notAFileCode: Int32 = -1
    static let endedEarlyCode: Int32 = -2
    static let notOwnCode: Int32 = -3
    static let unmarkedCode: Int32 = -4

    /// That something is another user's, or open to others, which only this user should have in hand.
    static func notOwn(_ operation: Operation, _ path: String) -> FileError {
        FileError(operation: operation, path: path, code: notOwnCode)
    }

    /// That a folder is not one that we had begun.
    static func unmarked(_ path: String) -> FileError {
        FileError(operation: .open, path: path, code: unmarkedCode)
    }

    /// That a name is taken which a folder was to have.
    public static func taken(_ path: String) -> FileError {
        FileError(operation: .makeFolder, path: path, code: EEXIST)
    }

    /// Whether a folder was to be removed that holds something; POSIX allows either answer.
    var isFolderFilled: Bool { code == ENOTEMPTY || code == EEXIST }
}
