internal import PCM
internal import Transcoding
internal import WaveFiles

/// What became of the files of a batch, in numbers.
struct ConversionCounts: Sendable {
    private var converted = 0
    private var unchanged = 0
    /// How many of the converted and of the unchanged ones were salvaged.
    private var salvaged = (converted: 0, unchanged: 0)
    private var rejected = 0
    private var failed = 0
    /// How many of the failed ones could not be read.
    private var unread = 0
    private var sourceBytes: Int64 = 0
    private var outputBytes: Int64 = 0
    private var seconds = 0.0
    private var worst: ExitStatus = .success

    /// How many items were counted.
    var total: Int { converted + unchanged + rejected + failed }

    /// Counts an item.
    mutating func add(_ item: ConversionItem) {
        let isSalvaged = item.report.inspection?.verdict == .salvaged
        switch item.outcome {
        case .converted:
            converted += 1
            if isSalvaged { salvaged.converted += 1 }
        case .unchanged:
            unchanged += 1
            if isSalvaged { salvaged.unchanged += 1 }
        case .rejected: rejected += 1
        case .failed(let status):
            failed += 1
            if status == .noInput { unread += 1 }
        }
        note(item.status)
        if let recording = item.report.conversion?.recording {
            sourceBytes += item.report.size ?? 0
            outputBytes += recording.size
            seconds += item.report.inspection?.duration ?? 0
        }
    }

    /// Keeps the status that a script must know of first: a fault of ours, then an output that cannot be written.
    private mutating func note(_ status: ExitStatus) {
        let order: [ExitStatus] = [.success, .itemsNeedAttention, .cannotWriteOutput, .internalFault]
        let candidate = order.contains(status) ? status : .itemsNeedAttention
        if (order.firstIndex(of: candidate) ?? 0) > (order.firstIndex(of: worst) ?? 0) { worst = candidate }
    }

    /// The exit status that the items add up to; where none could be read, there was no input.
    var status: ExitStatus { total == unread ? .noInput : worst }

    /// The counts as a person reads them.
    var text: String {
        var parts = [Self.part(converted, "converted", salvaged: salvaged.converted)]
        if unchanged > 0 { parts.append(Self.part(unchanged, "unchanged", salvaged: salvaged.unchanged)) }
        if rejected > 0 { parts.append("\(rejected) rejected") }
        if failed > 0 { parts.append("\(failed) failed") }
        var text = parts.joined(separator: ", ")
        if sourceBytes > 0 {
            let share = 100 * Double(outputBytes) / Double(sourceBytes)
            text +=
                "; \(Quantities.time(seconds)) of audio, \(Quantities.size(sourceBytes)) -> "
                + "\(Quantities.size(outputBytes)) (\(share.text(decimals: 1)) %)"
        }
        return text
    }

    private static func part(_ count: Int, _ word: String, salvaged: Int) -> String {
        "\(count) \(word)" + (salvaged > 0 ? " (\(salvaged) salvaged)" : "")
    }
}
