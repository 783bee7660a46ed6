internal import Digests
internal import Foundation

/// The file that a download is written to: made anew, and removed again unless the download is finished.
struct AudioFile: ~Copyable {
    private let path: String
    private let handle: FileHandle
    private var hasher = SHA256Hasher()
    private var byteCount: Int64 = 0
    private var head: [UInt8] = []
    private var isFinished = false

    /// Makes the file, which must not exist.
    init(path: String) throws(PBXError) {
        let handle: FileHandle
        do {
            let url = URL(filePath: path)
            // Exclusive creation: neither a file nor a link that waits at the path is written through.
            try Data().write(to: url, options: .withoutOverwriting)
            // While it is empty: what comes is for this user alone.
            try FileManager.default.setAttributes([.posixPermissions: 0o600], ofItemAtPath: path)
            handle = try FileHandle(forWritingTo: url)
        } catch {
            throw .file(path: path, reason: Self.reason(error))
        }
        self.path = path
        self.handle = handle
    }

    deinit {
        guard !isFinished else { return }
        try? handle.close()
        try? FileManager.default.removeItem(atPath: path)
    }

    mutating func append(_ bytes: [UInt8]) throws(PBXError) {
        do {
            try handle.write(contentsOf: Data(bytes))
        } catch {
            throw .file(path: path, reason: Self.reason(error))
        }
        hasher.update(bytes)
        head += bytes.prefix(max(0, WaveExtent.headLength - head.count))
        byteCount += Int64(bytes.count)
    }

    /// Whether there are as many bytes as the header of a WAV file says.
    var isWholeByItsHeader: Bool {
        WaveExtent.size(in: head).map { byteCount >= $0 } ?? false
    }

    consuming func finish() throws(PBXError) -> DownloadedAudio {
        do {
            try handle.close()
        } catch {
            throw .file(path: path, reason: Self.reason(error))
        }
        isFinished = true
        return DownloadedAudio(byteCount: byteCount, digest: hasher.finalize())
    }

    private static func reason(_ error: any Error) -> String {
        switch (error as? CocoaError)?.code {
        case .fileWriteFileExists?: "it exists already"
        case .fileNoSuchFile?, .fileReadNoSuchFile?: "its folder does not exist"
        case .fileWriteNoPermission?, .fileReadNoPermission?: "permission is denied"
        case .fileWriteOutOfSpace?: "no space is left"
        case .fileWriteVolumeReadOnly?: "the volume is read-only"
        default: EscapedText.of((error as NSError).localizedDescription, limit: 200)
        }
    }
}
