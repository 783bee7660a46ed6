/// A system call that writes below a folder.
struct TracedCall: Hashable, CustomStringConvertible {
    let name: String

    /// Counts the thread's calls of this name below the folder, from 1 on: what `when=` of strace means.
    let ordinal: Int

    /// What it is about: a path.
    let path: String

    var description: String { "\(name) \(ordinal) of \(path)" }
}
