internal import Foundation
public import WaveFiles

extension WaveInspection {
    /// The sentence of the first finding among the gravest; empty where nothing was found.
    public var worstFinding: String {
        let worst = findings.map(\.severity).max()
        return findings.first { $0.severity == worst }?.message ?? ""
    }

    /// The findings as a JSON array, with the names that `SourceReport` has.
    public var findingsAsJSON: String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        // Texts and integers alone can always be encoded.
        guard let json = try? encoder.encode(findings.map(FindingRow.init)) else { return "[]" }
        return String(decoding: json, as: UTF8.self)
    }
}
