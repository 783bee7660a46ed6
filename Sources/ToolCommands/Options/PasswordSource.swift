internal import DurableFiles
internal import Foundation
internal import PBXClient

/// Where a password is read from: a file or the environment, never an argument, which any user could list.
enum PasswordSource {
    static let variable = "VOXKEEP_PBX_PASSWORD"

    /// Reads the password.
    ///
    /// - Throws: `Failure` with the usage status where there is none.
    static func password(
        file: String?, environment: [String: String] = ProcessInfo.processInfo.environment
    ) throws(Failure) -> Secret {
        if let file {
            guard let content = NamedFile.text(of: file) else {
                throw Failure(
                    .noInput,
                    "The password file \(file.printable) cannot be read; check its path and permissions, and that it is no "
                        + "pipe.")
            }
            try checkPermissions(file)
            let line = content.split(whereSeparator: \.isNewline).first.map(String.init) ?? ""
            guard !line.isEmpty else {
                throw Failure(
                    .noInput,
                    "The password file \(file.printable) is empty; write the API password into its first line."
                )
            }
            return Secret(line)
        }
        guard let password = environment[variable], !password.isEmpty else {
            throw Failure(
                .usage, "There is no password; set \(variable) or name a file with --password-file.")
        }
        return Secret(password)
    }

    /// Refuses a file that others have access to, as a key is; a pipe of the shell is the shell's.
    private static func checkPermissions(_ file: String) throws(Failure) {
        guard let status = try? FileSystem.posix.status(of: file), status.kind == .file,
            status.permissions & 0o077 != 0
        else { return }
        throw Failure(
            .noInput,
            "\(file.printable) has mode \(String(status.permissions, radix: 8)), so that others have access to the "
                + "password; run: chmod 600 \(file.printable)")
    }
}
