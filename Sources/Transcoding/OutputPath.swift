internal import ByteSources
internal import DurableFiles
internal import FLACFiles

/// The final name of a file that is to be written.
struct OutputPath {
    let path: String

    init(_ path: String) {
        self.path = path
    }

    /// Makes sure that the name is free or a regular file's other than the input, so that replacing it destroys
    /// neither a device nor the only copy of what is being read.
    ///
    /// - Throws: `OutputError`, and `FileError` where the name cannot be looked up.
    func requireDistinct(from input: FileByteSource) throws {
        switch try FileSystem.posix.status(of: path)?.kind {
        case nil: return
        case .folder, .link, .other: throw OutputError.isNoFile(path)
        case .file:
            // A file that may not be read is not the input, which was opened.
            guard let existing = try? FileByteSource(path: path) else { return }
            guard try !existing.isSameFile(as: input) else { throw OutputError.isInput(path) }
        }
    }

    /// The error to tell of: one about the temporary file names the output, which a person knows.
    func blamed(for error: any Error) -> any Error {
        switch error {
        case FLACError.output(let code):
            return FileError(operation: .write, path: path, code: code)
        case let error as FileError:
            guard TemporaryName.process(of: Folder.name(of: error.path)) != nil else { return error }
            return FileError(operation: error.operation, path: path, code: error.code)
        default:
            return error
        }
    }
}
