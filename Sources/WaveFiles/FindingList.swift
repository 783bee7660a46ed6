/// The findings about one file: bounded in number, whatever the file holds.
struct FindingList {
    /// How many findings of one code and severity are listed one by one; the rest become one summary.
    static let repetitions = 8

    /// The worst severity of all findings, those included that were only counted.
    private(set) var worst: Severity?

    private struct Kind: Hashable {
        let code: FindingCode
        let severity: Severity
    }

    private var listed: [WaveFinding] = []
    private var listedCounts: [Kind: Int] = [:]
    private var counts: [Kind: Int] = [:]

    /// Where the first finding stands that was counted and not listed.
    private var firstUnlisted: [Kind: Int64?] = [:]

    mutating func add(
        _ code: FindingCode, _ severity: Severity, at offset: Int64? = nil, expected: String? = nil,
        found: String? = nil, _ message: String
    ) {
        worst = max(worst ?? severity, severity)
        let kind = Kind(code: code, severity: severity)
        counts[kind, default: 0] += 1
        if listedCounts[kind, default: 0] < Self.repetitions {
            listedCounts[kind, default: 0] += 1
            listed.append(
                WaveFinding(
                    code: code.rawValue, severity: severity, offset: offset, expected: expected, found: found,
                    message: message))
        } else if firstUnlisted[kind] == nil {
            firstUnlisted[kind] = .some(offset)
        }
    }

    /// Adds the findings of another list, its counts included.
    mutating func add(contentsOf other: FindingList) {
        worst = [worst, other.worst].compactMap { $0 }.max()
        listed += other.listed
        listedCounts.merge(other.listedCounts) { $0 + $1 }
        counts.merge(other.counts) { $0 + $1 }
        firstUnlisted.merge(other.firstUnlisted) { (first, _) in first }
    }

    /// The findings in the order of their offsets, those about the whole file last.
    var sorted: [WaveFinding] {
        let summaries = firstUnlisted.map { (kind, offset) in
            let more = counts[kind, default: 0] - listedCounts[kind, default: 0]
            return WaveFinding(
                code: kind.code.rawValue, severity: kind.severity, offset: offset, expected: nil,
                found: "\(more) more",
                message: "From here on there are \(more) more findings of this kind.")
        }
        // Summaries come out of a dictionary, whose order differs from run to run.
        let all = listed + summaries.sorted { ($0.code, $0.severity) < ($1.code, $1.severity) }
        return all.enumerated()
            .sorted { (left, right) in
                (left.element.offset ?? .max, left.offset) < (right.element.offset ?? .max, right.offset)
            }
            .map(\.element)
    }
}
