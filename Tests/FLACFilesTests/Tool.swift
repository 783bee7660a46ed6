import Foundation
import Testing

/// A tool that we did not write, run as the judge of our files.
enum Tool {
    struct Outcome {
        let status: Int32
        let output: [UInt8]

        var text: String { String(decoding: output, as: UTF8.self) }
    }

    /// Runs a tool found in PATH; standard output and error are gathered together unless `quiet` drops the latter.
    static func run(_ arguments: String..., quiet: Bool = false) throws -> Outcome {
        try run(arguments, quiet: quiet)
    }

    static func run(_ arguments: [String], quiet: Bool = false) throws -> Outcome {
        let process = Process()
        process.executableURL = URL(filePath: "/usr/bin/env")
        process.arguments = arguments
        let pipe = Pipe()
        process.standardOutput = pipe
        process.standardError = quiet ? FileHandle.nullDevice : pipe
        process.standardInput = FileHandle.nullDevice
        try process.run()
        let output = try pipe.fileHandleForReading.readToEnd() ?? Data()
        process.waitUntilExit()
        return Outcome(status: process.terminationStatus, output: [UInt8](output))
    }

    /// Whether a command can be run and ends well: a tool that is not installed cannot judge.
    static func succeeds(_ arguments: String...) -> Bool {
        (try? run(arguments).status) == 0
    }

    /// The SHA-256 of a file, by coreutils.
    static func sha256(ofFile path: String) throws -> [UInt8] {
        let outcome = try run("sha256sum", "--", path)
        try #require(outcome.status == 0, "\(outcome.text)")
        let digits = Array(outcome.text.prefix(64))
        return try stride(from: 0, to: 64, by: 2).map { index in
            try #require(UInt8(String(digits[index...(index + 1)]), radix: 16))
        }
    }

    /// The samples of a FLAC file, interleaved, as the reference decoder gives them.
    static func samples(ofFLAC path: String, bits: Int, _ options: [String] = []) throws -> [Int32] {
        let command = ["flac", "-d", "-c", "-s", "--force-raw-format", "--endian=little", "--sign=signed"]
        let outcome = try run(command + options + [path], quiet: true)
        try #require(outcome.status == 0)
        return littleEndianSamples(outcome.output, bits: bits)
    }

    static func littleEndianSamples(_ bytes: [UInt8], bits: Int) -> [Int32] {
        let width = bits / 8
        return stride(from: 0, to: bytes.count, by: width).map { start in
            let value = (0..<width).reversed().reduce(Int32(0)) { $0 << 8 | Int32(bytes[start + $1]) }
            return (value << Int32(32 - bits)) >> Int32(32 - bits)
        }
    }
}
