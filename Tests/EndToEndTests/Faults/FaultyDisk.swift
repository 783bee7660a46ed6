import Foundation
import TestSupport

/// A disk that is mounted in place of a prepared folder, and that fails the command which works there.
///
/// The mount ends with the process that made it; the folder then holds what the disk kept.
enum FaultyDisk {
    /// An ext4 that loses, when the command has ended, all that was not synced.
    case losingUnsynced

    /// An ext4 that is turned read-only by `breakNow(_:)`, and loses all that was not synced.
    case turningReadOnly

    /// A tmpfs with options that make it small.
    case small(options: String)

    /// A tmpfs of a size that is full to the last byte.
    case full(size: String)

    /// An ext4 that is full to the last block, none of which is kept for root.
    case fullImage

    /// Runs a command on the disk; it begins with the prepared content.
    func run(
        _ command: [String], environment: [String: String], in folder: PreparedFolder
    ) async throws -> ToolResult {
        try await folder.setBack()
        try await folder.run("rm", "-rf", folder.aside("kept"), folder.aside("break"), folder.aside("broken"))
        let result = try await Tool("unshare").run(
            ["--mount"] + rights + ["bash", "-c", script, "bash", folder.path] + command,
            environment: environment, folder: folder.aside.path)
        guard result.status != 99 else { throw UnexpectedEnd(result) }
        try await folder.replace(by: "kept")
        return result
    }

    /// Lets a disk that is in use turn read-only, and returns when it has.
    static func breakNow(_ folder: PreparedFolder) throws {
        try folder.aside.write([], to: "break")
        let deadline = ContinuousClock.now + .seconds(20)
        while !FileManager.default.fileExists(atPath: folder.aside("broken")), .now < deadline {
            usleep(5000)
        }
    }

    private var rights: [String] {
        switch self {
        // A user who is root in a name space of users may not mount ext4.
        case .losingUnsynced, .turningReadOnly, .fullImage: []
        case .small, .full: ["--map-root-user"]
        }
    }

    private var script: String {
        let steps =
            switch self {
            case .losingUnsynced: [Self.mountImage, "\"$@\"; status=$?", Self.loseUnsynced]
            case .turningReadOnly: [Self.mountImage, Self.runAndBreak, Self.loseUnsynced]
            case .small(let options):
                [
                    "mount -t tmpfs -o \(options) none \"$folder\" && cp -a prepared/. \"$folder\" || exit 99",
                    "\"$@\"; status=$?",
                ]
            case .full(let size):
                [
                    "mount -t tmpfs -o size=\(size) none \"$folder\" && cp -a prepared/. \"$folder\" || exit 99",
                    Self.fill, "\"$@\"; status=$?", Self.empty,
                ]
            case .fullImage: [Self.mountImage, Self.fill, "\"$@\"; status=$?", Self.empty]
            }
        return (["folder=$1; shift"] + steps + ["cp -a \"$folder\" kept || exit 99; exit $status"])
            .joined(separator: "\n")
    }

    private static let mountImage = """
        rm -f image && truncate -s 64M image && mkfs.ext4 -q -m 0 -d prepared image || exit 99
        mount -o loop,commit=300,errors=remount-ro image "$folder" || exit 99
        rmdir "$folder/lost+found" && sync --file-system "$folder" || exit 99
        mounted=/sys/fs/ext4/$(basename "$(findmnt --noheadings --output SOURCE "$folder")")
        """

    private static let fill = """
        for size in 64K 4K 1; do dd if=/dev/zero bs=$size of="$folder/filler" oflag=append conv=notrunc,fsync; done 2>/dev/null
        [ $(df --output=avail "$folder" | tail -n 1) = 0 ] || exit 99
        """

    private static let empty = "rm -f \"$folder/filler\""

    private static let runAndBreak = """
        "$@" & command=$!
        until [ -e break ] || ! kill -0 $command 2>/dev/null; do sleep 0.01; done
        echo 1 > $mounted/trigger_fs_error; touch broken
        wait $command; status=$?
        """

    /// EXT4_IOC_SHUTDOWN with EXT4_GOING_FLAGS_NOLOGFLUSH: nothing more reaches the disk, not even the log.
    private static let loseUnsynced = """
        /usr/bin/python3 -c 'if True:
            import fcntl, os, struct, sys
            fcntl.ioctl(os.open(sys.argv[1], os.O_RDONLY), 0x8004587D, struct.pack("I", 2))' "$folder" || exit 99
        umount "$folder" || exit 99
        # A name space that has just ended may still hold the mount for a moment.
        for try in {1..500}; do [ -e $mounted ] || break; sleep 0.01; done
        mount -o loop image "$folder" || exit 99
        """
}
