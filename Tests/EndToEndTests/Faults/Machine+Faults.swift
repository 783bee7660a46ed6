import Foundation

extension Machine {
    /// Whether faults can be injected into system calls.
    static let canInject = succeeds(
        "unshare --map-root-user --pid --fork --mount-proc strace -f -qq -o /dev/null -e inject=write:error=EIO true"
    )

    /// Whether a disk can be mounted that loses what was not synced.
    static let canCutPower =
        canInject && getuid() == 0
        && succeeds(
            """
            folder=$(mktemp -d) && truncate -s 4M $folder/disk && mkfs.ext4 -q -F $folder/disk &&
            unshare --mount mount -o loop $folder/disk /mnt; status=$?; rm -r $folder; exit $status
            """)

    /// Whether a program can be shown another time.
    static let canFakeTime = succeeds("faketime '2001-01-01 00:00:00' true")

    /// What a program's environment needs in order to be traced, or loaded with another library: a search for leaks would
    /// end it with an error, and a backtrace takes long.
    static let quietly = [
        "ASAN_OPTIONS": "detect_leaks=0:verify_asan_link_order=0", "SWIFT_BACKTRACE": "enable=no",
    ]

    /// The number of a processor that may be used.
    static let processor: String = {
        let status = (try? String(contentsOfFile: "/proc/self/status", encoding: .utf8)) ?? ""
        return status.firstMatch(of: /Cpus_allowed_list:\s*(\d+)/).map { String($0.1) } ?? "0"
    }()
}
