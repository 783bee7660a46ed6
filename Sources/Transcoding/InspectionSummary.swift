public import WaveFiles

extension WaveInspection {
    /// The sentence of the first finding among the gravest; empty where nothing was found.
    public var worstFinding: String {
        let worst = findings.map(\.severity).max()
        return findings.first { $0.severity == worst }?.message ?? ""
    }
}
