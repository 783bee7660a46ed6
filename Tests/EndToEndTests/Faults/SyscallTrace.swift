import Foundation

/// What a command that was run under strace wrote below a folder.
struct SyscallTrace {
    /// Every call by which a file or a folder can change; a question mark stands before those that not every processor
    /// has.
    static let names =
        "?open,?creat,openat,write,pwrite64,writev,pwritev,pwritev2,fsync,fdatasync,sync_file_range,ftruncate,fallocate,"
        + "?link,linkat,?symlink,symlinkat,?rename,?renameat,renameat2,?unlink,unlinkat,?rmdir,?mkdir,mkdirat,"
        + "fchmod,?chmod,fchmodat,copy_file_range,sendfile"

    /// The calls that write, each once, in the order in which they came first.
    private(set) var calls: [TracedCall] = []

    /// The paths of all calls, also of those that only open a file for reading.
    private(set) var paths: Set<String> = []

    /// Reads what `strace -f -y -s 0` wrote: lines such as `14 fsync(7</a/lock>) = 0`.
    init(_ text: String, below folder: String) {
        var ordinals: [String: Int] = [:]
        var known: Set<String> = []
        for line in text.split(separator: "\n") {
            guard let match = line.prefixMatch(of: /(\d+) +(\w+)\(/) else { continue }
            let arguments = line.replacing(/AT_FDCWD<[^>]*>/, with: "")
            let found = arguments.matches(of: /[<"](\/[^<>"]*)[>"]/).map { Self.unescaped($0.1) }
                .filter { $0 == folder || $0.hasPrefix(folder + "/") }
            guard let path = found.last else { continue }
            paths.formUnion(found)
            let name = String(match.2)
            // A thread's calls are counted on their own.
            ordinals["\(match.1) \(name)", default: 0] += 1
            let isReading = name.hasPrefix("open") && !line.contains("O_CREAT") && !line.contains("O_TRUNC")
            let call = TracedCall(name: name, ordinal: ordinals["\(match.1) \(name)"] ?? 0, path: path)
            guard !isReading, known.insert("\(name) \(call.ordinal)").inserted else { continue }
            calls.append(call)
        }
    }

    /// The path that strace wrote, whose bytes beyond ASCII are octal numbers there.
    private static func unescaped(_ path: Substring) -> String {
        var bytes: [UInt8] = []
        var rest = path
        while let character = rest.popFirst() {
            let digits = rest.prefix(3).prefix { ("0"..."7").contains($0) }
            if character == "\\", let byte = UInt8(digits, radix: 8) {
                bytes.append(byte)
                rest = rest.dropFirst(digits.count)
            } else {
                bytes += Array(character.utf8)
            }
        }
        return String(decoding: bytes, as: UTF8.self)
    }
}

extension [TracedCall] {
    /// Some calls of every name, evenly spaced.
    ///
    /// - Parameters:
    ///   - size: How many of each name.
    ///   - phase: Where in each of as many equal parts, 0 to 1.
    /// - Returns: The calls, those of each name in their order.
    func sample(_ size: Int, phase: Double) -> [TracedCall] {
        Dictionary(grouping: self, by: \.name).sorted { $0.key < $1.key }.flatMap { _, calls in
            guard calls.count > size else { return calls }
            return (0..<size).map { calls[Int((Double($0) + phase) * Double(calls.count) / Double(size))] }
        }
    }
}
