/// Why a file has no samples to give.
package enum SourceSamplesError: Error, Sendable, Hashable {
    /// It holds no audio that can be decoded.
    case noAudio(reason: String)
}

extension SourceSamplesError: CustomStringConvertible {
    /// A clause that says why.
    package var description: String {
        switch self {
        case .noAudio(let reason): "it holds no audio that can be decoded: \(reason)"
        }
    }
}
