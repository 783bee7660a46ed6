internal import ByteSources
internal import DurableFiles
internal import Foundation

/// Finds the audio files that arguments name: files as they are, folders with all that lies below them.
struct InputDiscovery {
    /// What was found, in the order of the arguments and by name within a folder.
    private(set) var inputs: [DiscoveredInput] = []

    /// What could not be looked at, each with a sentence that names it.
    private(set) var failures: [(path: String, reason: String)] = []

    private let files = FileSystem.posix
    private let suffixes: [String]
    private let kinds: String

    /// Looks for WAV files, and where they are wanted for FLAC files too.
    init(_ arguments: [String], includingFLAC: Bool = false) {
        suffixes = [".wav", ".wave", ".rf64", ".bwf"] + (includingFLAC ? [".flac"] : [])
        kinds = includingFLAC ? "WAV or FLAC" : "WAV"
        for argument in arguments {
            add(argument)
        }
    }

    private mutating func add(_ argument: String) {
        guard let status = status(of: argument) else { return }
        guard status.kind == .folder else {
            inputs.append(DiscoveredInput(argument: argument, size: status.size))
            return
        }
        let found = inputs.count + failures.count
        walk(argument, status.identity, below: "", through: [])
        if inputs.count + failures.count == found {
            failures.append(
                (
                    argument,
                    "There is no \(kinds) file in this folder; name files by themselves if theirs end otherwise."
                ))
        }
    }

    /// Walks a folder; `ancestors` are the folders on the way, so that a symbolic link that leads back to one of
    /// them is noticed.
    private mutating func walk(
        _ folder: String, _ identity: FileIdentity?, below prefix: String,
        through ancestors: Set<FileIdentity?>
    ) {
        guard !ancestors.contains(identity) else {
            failures.append(
                (folder, "This symbolic link leads back to a folder above it; it was not followed."))
            return
        }
        let names: [String]
        do throws(FileError) {
            names = try files.names(inFolder: folder)
        } catch {
            failures.append((folder, Failure(describing: error).description))
            return
        }
        let place = InputFolder(
            pathPrefix: Folder.path(folder, ""), relativePrefix: prefix.isEmpty ? "" : Folder.path(prefix, "")
        )
        for name in names {
            let path = Folder.path(folder, name)
            let isAudio = isAudioName(name)
            guard let status = status(of: path, isBrokenLinkIgnored: !isAudio) else { continue }
            if status.kind == .folder {
                walk(
                    path, status.identity, below: place.relativePrefix + name,
                    through: ancestors.union([identity]))
            } else if isAudio {
                inputs.append(DiscoveredInput(folder: place, name: name, size: status.size))
            }
        }
    }

    /// What a path leads to; nil where that cannot be told, which is then among the failures.
    private mutating func status(of path: String, isBrokenLinkIgnored: Bool = false) -> FileStatus? {
        do throws(FileError) {
            if let status = try files.status(of: path) { return status }
        } catch {
            failures.append((path, ByteSourceError(name: path, code: error.code).description))
            return nil
        }
        // The system's bytes have become replacement characters, which lead to no file.
        if path.unicodeScalars.contains("\u{FFFD}") {
            failures.append(
                (path, "This name is not UTF-8 (� stands for the bytes that are not); rename it."))
        } else if (try? FileManager.default.destinationOfSymbolicLink(atPath: path)) != nil {
            // Among the names in a folder it matters only where it promises audio.
            guard !isBrokenLinkIgnored else { return nil }
            failures.append((path, "This symbolic link leads nowhere; name the file that it should lead to."))
        } else if isBelowFile(path) {
            failures.append((path, ByteSourceError(name: path, code: ENOTDIR).description))
        } else {
            failures.append((path, "There is no such file or folder; check the path."))
        }
        return nil
    }

    /// Whether what is there of a path ends in a file, where a folder would have to be.
    private func isBelowFile(_ path: String) -> Bool {
        let parent = Folder.parent(of: path)
        guard let status = try? files.status(of: parent) else { return parent != path && isBelowFile(parent) }
        return status.kind != .folder
    }

    private func isAudioName(_ name: String) -> Bool {
        let lowercase = name.lowercased()
        return suffixes.contains { lowercase.hasSuffix($0) }
    }
}
