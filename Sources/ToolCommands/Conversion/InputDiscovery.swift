internal import Foundation

/// A WAV file to work on, and where its output belongs below the output folder.
struct DiscoveredInput: Sendable, Hashable {
    /// The path, usable from the current folder.
    let path: String
    /// The path below the input folder it was found in; a file given by itself has just its name.
    let relativePath: String
    /// The size in bytes, for the progress bar.
    let size: Int64

    /// The file's own name.
    var name: String { relativePath.split(separator: "/").last.map(String.init) ?? relativePath }
}

/// Finds the WAV files that arguments name: files as they are, folders with all that lies below them.
struct InputDiscovery {
    /// What was found, in the order of the arguments and by name within a folder.
    private(set) var inputs: [DiscoveredInput] = []

    /// What could not be looked at, each with a sentence that names it.
    private(set) var failures: [(path: String, reason: String)] = []

    private let files = FileManager.default

    init(_ arguments: [String]) {
        for argument in arguments {
            add(argument)
        }
    }

    private mutating func add(_ argument: String) {
        guard files.fileExists(atPath: argument) else {
            failures.append((argument, "There is no such file or folder; check the path."))
            return
        }
        guard isFolder(argument) else {
            append(argument, relativePath: URL(filePath: argument).lastPathComponent)
            return
        }
        let found = inputs.count + failures.count
        walk(argument, below: "", through: [])
        if inputs.count + failures.count == found {
            failures.append((argument, "There is no WAV file in this folder; name files by themselves if theirs end otherwise."))
        }
    }

    /// Walks a folder; `ancestors` are the real paths of the folders on the way, so that a symbolic link that
    /// leads back to one of them is noticed.
    private mutating func walk(_ folder: String, below prefix: String, through ancestors: Set<String>) {
        let real = URL(filePath: folder).resolvingSymlinksInPath().path
        guard !ancestors.contains(real) else {
            failures.append((folder, "This symbolic link leads back to a folder above it; it was not followed."))
            return
        }
        let names: [String]
        do {
            names = try files.contentsOfDirectory(atPath: folder).sorted()
        } catch {
            failures.append((folder, "This folder cannot be read; check its permissions."))
            return
        }
        for name in names {
            let path = folder.hasSuffix("/") ? folder + name : "\(folder)/\(name)"
            let relativePath = prefix.isEmpty ? name : "\(prefix)/\(name)"
            // A dangling link or a link onto itself is no folder; its name decides whether it is looked at.
            if isFolder(path) {
                walk(path, below: relativePath, through: ancestors.union([real]))
            } else if Self.isWaveName(name) {
                append(path, relativePath: relativePath)
            }
        }
    }

    private mutating func append(_ path: String, relativePath: String) {
        let attributes = try? files.attributesOfItem(atPath: URL(filePath: path).resolvingSymlinksInPath().path)
        let size = (attributes?[.size] as? NSNumber)?.int64Value ?? 0
        inputs.append(DiscoveredInput(path: path, relativePath: relativePath, size: size))
    }

    private func isFolder(_ path: String) -> Bool {
        let values = try? URL(filePath: path).resolvingSymlinksInPath().resourceValues(forKeys: [.isDirectoryKey])
        return values?.isDirectory ?? false
    }

    private static func isWaveName(_ name: String) -> Bool {
        let lowercase = name.lowercased()
        return [".wav", ".wave", ".rf64", ".bwf"].contains { lowercase.hasSuffix($0) }
    }
}
