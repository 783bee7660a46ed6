import DurableFiles
import FileFaults
import Glibc
import TestSupport
import Testing

struct FileErrorTests {
    @Test(
        arguments: [
            (ENOSPC, FileError.Kind.noSpace, "the disk is full"), (EDQUOT, .noSpace, "quota"),
            (EROFS, .readOnly, "read-only"), (EEXIST, .exists, "already"), (ENOENT, .missing, "no such"),
            (EACCES, .notPermitted, "permission"), (EPERM, .notPermitted, "permission"),
            (ENOTDIR, .notAFolder, "folder is needed"), (EISDIR, .isAFolder, "folder is there"),
            (ENAMETOOLONG, .nameTooLong, "too long"), (EMFILE, .tooManyOpen, "too many"),
            (EIO, .inputOutput, "disk"),
            (ELOOP, .isALink, "symbolic link"), (ENXIO, .notAFile, "a pipe"),
            (EBADF, .other, "error \(EBADF)"),
        ])
    func `names the path, the cause and the remedy in one sentence`(
        code: Int32, kind: FileError.Kind, words: String
    ) {
        let error = FileError(operation: .write, path: "/archive/a.flac", code: code)
        #expect(error.kind == kind)
        #expect(error.description.hasPrefix("cannot write /archive/a.flac: "))
        #expect(error.description.contains(words))
        #expect(error.description.contains(";"))
    }

    @Test func `shows no control characters of a hostile name`() {
        let error = FileError(operation: .open, path: "a\n\u{1B}[31mb", code: ENOENT)
        #expect(error.description.hasPrefix("cannot open a??[31mb: "))
    }

    @Test(arguments: [
        ("/proc/self/nothing/x", FileError.Kind.missing), ("/dev/null/x", .notAFolder),
        ("/tmp/" + String(repeating: "x", count: 300), .nameTooLong),
    ])
    func `comes with the system's own reason`(path: String, kind: FileError.Kind) {
        let error = #expect(throws: FileError.self) { _ = try FileSystem.posix.contents(of: path, limit: 1) }
        #expect(error?.kind == kind)
    }

    @Test func `refuses to publish into a folder that is not there`() throws {
        let folder = try ScratchFolder()
        let error = #expect(throws: FileError.self) {
            let file = try PendingFile(inFolder: folder.path)
            try file.publish(as: folder("missing/a.flac"))
        }
        #expect(error?.kind == .missing)
        #expect(folder.files().isEmpty)
    }
}
