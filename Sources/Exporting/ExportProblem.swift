/// Why something is not in a bag that was asked for.
package enum ExportProblem: Sendable, Hashable {
    /// The recording was erased before it could be copied.
    case erased(id: String)
    /// The recording is left out, because its file is not the one that was stored.
    case damaged(id: String, path: String)
    /// The recording is left out, because its file cannot be read.
    case unreadable(id: String, reason: String)
    /// The recording is left out, because the log says something else of it than the catalog.
    case contradicted(id: String, entry: Int64)
    /// The sidecar or the report is left out.
    case companion(id: String, path: String, reason: String)
    /// The original is left out, because it cannot be restored.
    case original(id: String, reason: String)
    /// There is no proof yet, because the log lacks the entry.
    case unproved(id: String, entry: Int64)
    /// There is no proof, because the log cannot be read.
    case unprovable(id: String, reason: String)

    /// The recording that it is about.
    package var id: String {
        switch self {
        case .erased(let id), .damaged(let id, _), .unreadable(let id, _), .contradicted(let id, _),
            .companion(let id, _, _), .original(let id, _), .unproved(let id, _), .unprovable(let id, _):
            id
        }
    }

    /// Whether the recording itself is left out.
    package var isLeftOut: Bool {
        switch self {
        case .erased, .damaged, .unreadable, .contradicted: true
        case .companion, .original, .unproved, .unprovable: false
        }
    }
}

extension ExportProblem: CustomStringConvertible {
    /// One sentence that names the recording and says what to do.
    package var description: String {
        switch self {
        case .erased(let id):
            "The recording \(id) was erased and is left out."
        case .damaged(let id, let path):
            "The recording \(id) is left out: \(path) is not the file that was stored; run verify, and export again "
                + "when it is repaired from a copy."
        case .unreadable(let id, let reason):
            "The recording \(id) is left out: \(reason)"
        case .contradicted(let id, let entry):
            "The recording \(id) is left out: entry \(entry) of the log says something else of it than the catalog; "
                + "run verify."
        case .companion(let id, let path, let reason):
            "The recording \(id) is exported without \(path): \(reason)"
        case .original(let id, let reason):
            "The recording \(id) is exported without its original: \(reason)"
        case .unproved(let id, let entry):
            "The recording \(id) is exported without a proof: the log lacks entry \(entry) as yet; export again after the "
                + "next sync."
        case .unprovable(let id, let reason):
            "The recording \(id) is exported without a proof: \(reason)"
        }
    }
}
