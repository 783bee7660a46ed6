#if canImport(Glibc)
    internal import CGlibc
    internal import Glibc

    extension POSIXFileOperations {
        /// From how many files on their whole file system is synced instead.
        ///
        /// Each fsync(2) waits for the disk to empty its cache, some milliseconds, as one syncfs(2) does. But that also
        /// writes what others have left, so it has to be worth it.
        private static let smallestGroup = 16

        func synchronize(_ files: [OpenFile]) -> [FileError?] {
            if files.count >= Self.smallestGroup, Self.isSyncfsReliable, synchronizeFileSystems(of: files) {
                return files.map { _ in nil }
            }
            // Also where syncfs(2) failed, perhaps over a file of somebody else's: fsync(2) tells about each of ours.
            return files.map(error(synchronizing:))
        }

        /// Syncs the file systems that files are on; false where that failed.
        private func synchronizeFileSystems(of files: [OpenFile]) -> Bool {
            var synced: Set<dev_t> = []
            return files.allSatisfy { file in
                var status = stat()
                guard fstat(file.descriptor, &status) == 0 else { return false }
                return synced.contains(status.st_dev)
                    || retrying { syncfs(file.descriptor) } == 0 && synced.insert(status.st_dev).inserted
            }
        }

        /// Whether syncfs(2) tells of data that could not be written; before Linux 5.8 it did not.
        private static let isSyncfsReliable: Bool = {
            var system = utsname()
            guard uname(&system) == 0 else { return false }
            let release = withUnsafeBytes(of: &system.release) {
                String(decoding: $0.prefix { $0 != 0 }, as: UTF8.self)
            }
            let numbers = release.split { !$0.isNumber }.prefix(2).compactMap { Int($0) }
            return numbers.count == 2 && (numbers[0], numbers[1]) >= (5, 8)
        }()
    }
#endif
