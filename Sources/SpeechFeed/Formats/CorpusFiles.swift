/// Where the files of a corpus are written to.
///
/// Lines come one at a time and in turns for several files, so a type that conforms had better gather them.
package protocol CorpusFiles: AnyObject {
    /// Writes bytes at the end of a file, which is made, with its folder, when it is first named.
    ///
    /// - Parameters:
    ///   - bytes: What to write; may be empty, to make a file.
    ///   - name: The path of the file below the corpus, in ASCII, with `/`.
    /// - Throws: Whatever keeps the bytes from being written.
    func append(_ bytes: [UInt8], to name: String) throws

    /// Takes note that nothing more will be written to a file.
    ///
    /// - Parameter name: The path that the file was written under.
    /// - Throws: Whatever keeps the file from being completed.
    func close(_ name: String) throws
}

/// Gives the next bytes of an audio file, and nil or nothing at its end.
package typealias AudioPieces = () throws -> [UInt8]?
