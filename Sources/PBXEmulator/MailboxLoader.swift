internal import Foundation

/// Fills mailboxes from WAV files on the disk.
///
/// A folder either has a folder for each extension (`1000/anything.wav`), whose files go to that extension,
/// or WAV files at its top, which are dealt out to the extensions given; both may be mixed. Files go in the
/// order of their names, one in four into the read folder. Dates and callers are invented, always the same
/// ones; the length is taken from the header where there is one, since damaged files belong in a mailbox too.
public struct MailboxLoader: Sendable {
    /// The extensions that files at the top of the folder are dealt out to.
    public var extensions: [String]

    /// Bytes beyond which a file is refused, since mailboxes are kept in memory.
    public var fileSizeLimit = 256 << 20

    /// Makes a loader; without extensions, files at the top go to 1000.
    public init(extensions: [String] = ["1000"]) {
        self.extensions = extensions.isEmpty ? ["1000"] : extensions
    }

    /// Reads a folder.
    ///
    /// Throws `MailboxLoaderError` where the folder or a file cannot be read, or no WAV file is there.
    public func load(folder: String) throws(MailboxLoaderError) -> MailboxModel {
        var model = MailboxModel()
        var dates = MessageSequence()
        var count = 0
        for name in try names(in: folder) {
            let path = folder + "/" + name
            if Self.isWave(name) {
                try deliver(
                    path, to: extensions[count % extensions.count], of: &model, dates: &dates, index: count)
                count += 1
            } else if !name.isEmpty, name.allSatisfy({ $0.isASCII && $0.isNumber }), Self.isFolder(path) {
                model.addExtension(name)
                for file in try names(in: path) where Self.isWave(file) {
                    try deliver(path + "/" + file, to: name, of: &model, dates: &dates, index: count)
                    count += 1
                }
            }
        }
        guard count > 0 else { throw MailboxLoaderError(path: folder, problem: .noWaveFiles) }
        return model
    }

    private func deliver(
        _ path: String, to mailbox: String, of model: inout MailboxModel, dates: inout MessageSequence,
        index: Int
    ) throws(MailboxLoaderError) {
        let target = URL(filePath: path).resolvingSymlinksInPath().path
        let attributes = try? FileManager.default.attributesOfItem(atPath: target)
        let size = (attributes?[.size] as? NSNumber)?.intValue ?? 0
        guard size <= fileSizeLimit else { throw MailboxLoaderError(path: path, problem: .tooLarge) }
        // Only a regular file is opened: a FIFO would be waited for without end.
        guard attributes?[.type] as? FileAttributeType == .typeRegular,
            let content = FileManager.default.contents(atPath: target)
        else { throw MailboxLoaderError(path: path, problem: .unreadable) }
        let audio = Array(content)
        let (date, caller) = dates.next()
        model.deliver(
            to: mailbox, folder: index % 4 == 3 ? .old : .inbox, date: date, caller: caller,
            length: WaveEstimate(audio)?.seconds ?? 0, audio: audio)
    }

    private func names(in folder: String) throws(MailboxLoaderError) -> [String] {
        do {
            return try FileManager.default.contentsOfDirectory(atPath: folder).sorted()
        } catch {
            throw MailboxLoaderError(path: folder, problem: .unreadable)
        }
    }

    private static func isWave(_ name: String) -> Bool { name.lowercased().hasSuffix(".wav") }

    private static func isFolder(_ path: String) -> Bool {
        let attributes = try? FileManager.default.attributesOfItem(atPath: path)
        return attributes?[.type] as? FileAttributeType == .typeDirectory
    }
}

/// Why mailboxes could not be filled from a folder.
public struct MailboxLoaderError: Error, Sendable, Hashable, CustomStringConvertible {
    /// What is wrong.
    public enum Problem: Sendable, Hashable {
        /// The file or folder cannot be read.
        case unreadable
        /// The file is larger than the loader's limit.
        case tooLarge
        /// The folder has no WAV files, at its top or in folders named by extension.
        case noWaveFiles
    }

    /// The file or the folder.
    public let path: String
    /// What is wrong with it.
    public let problem: Problem

    /// Says what is wrong and what to do.
    public var description: String {
        switch problem {
        case .unreadable:
            "“\(path)” cannot be read: check that it exists, is no device, and that you may read it."
        case .tooLarge: "“\(path)” is too large to be kept in a mailbox: take it out of the folder."
        case .noWaveFiles:
            "“\(path)” has no WAV files: put some in, or in folders named by extension, such as 1000/."
        }
    }
}
