import Foundation

/// A program that is not ours, with a read transaction open in a catalog until it is killed.
public final class CatalogReader: Sendable {
    private let tool: RunningTool

    private static let script = """
        import sqlite3, sys, time
        catalog = sqlite3.connect(sys.argv[1], isolation_level=None)
        catalog.execute("BEGIN")
        catalog.execute("SELECT COUNT(*) FROM recording").fetchone()
        open(sys.argv[2], "w").close()
        time.sleep(3600)
        """

    /// Starts the program, and returns when it reads.
    ///
    /// - Parameter path: The catalog.
    /// - Throws: What keeps the program from being started.
    public init(of path: String) async throws {
        let sign = FileManager.default.temporaryDirectory.appending(path: UUID().uuidString).path
        tool = try Tool.python.start(["-c", Self.script, path, sign])
        while !FileManager.default.fileExists(atPath: sign) { try await Task.sleep(for: .milliseconds(10)) }
        try FileManager.default.removeItem(atPath: sign)
    }

    deinit { tool.signal(SIGKILL) }

    /// Kills the program, and returns when it is gone.
    public func kill() async {
        tool.signal(SIGKILL)
        _ = await tool.result()
    }
}
