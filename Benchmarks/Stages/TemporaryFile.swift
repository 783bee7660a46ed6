import DurableFiles
import Foundation

/// A file in the system's folder for such, which goes with the object.
final class TemporaryFile {
    private let file: PendingFile

    init(_ bytes: [UInt8] = []) throws {
        file = try PendingFile(inFolder: FileManager.default.temporaryDirectory.path)
        try file.write(bytes)
    }

    var path: String { file.path }
    var descriptor: Int32 { file.descriptor }
}
