import TestSupport

/// A folder as a test prepared it, to which it is set back before each fault.
struct PreparedFolder {
    /// Where a command works.
    let path: String

    /// What must lie elsewhere: the folder's first state, logs, disk images, and what a disk gave back.
    let aside: ScratchFolder

    /// Remembers a folder as it is now.
    init(_ path: String) async throws {
        self.path = path
        aside = try ScratchFolder(inMemory: true)
        try await run("cp", "-a", path, aside("prepared"))
    }

    /// Makes the folder what it was in the beginning.
    func setBack() async throws {
        try await replace(by: "prepared")
    }

    /// Makes the folder a copy of one that lies aside.
    func replace(by name: String) async throws {
        try await run("rm", "-rf", path)
        try await run("cp", "-a", aside(name), path)
    }

    /// Runs a program that has to succeed.
    func run(_ program: String, _ arguments: String...) async throws {
        let result = try await Tool(program).run(arguments)
        guard result.status == 0 else { throw UnexpectedEnd(result) }
    }
}
