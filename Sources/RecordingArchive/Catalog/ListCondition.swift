internal import GRDB

/// One condition of a list in SQL: how a row is tried, and how the rows that meet it are found.
struct ListCondition {
    /// A source of the rows that meet a condition, in the order of lists.
    struct Ordered {
        /// What stands after FROM; `r` is the row of `recording`.
        var source: String
        /// What stands after WHERE.
        var selection: String
        /// The column that the order is by.
        var position: String
    }

    /// The condition on `r`, a row of `recording`, with a plus where it might choose an index.
    let test: String
    /// A SELECT of the positions of all rows that meet it, in any order.
    let set: String
    /// The name of the position in `set`.
    let key: String
    /// A way to the same rows in the order of lists; nil where there is none.
    let ordered: Ordered?
    /// The values for the question marks, the same in `test`, `set` and `ordered`.
    let arguments: StatementArguments
    /// The search in the index of words that finds all of its rows, and perhaps more; nil where there is none.
    var facet: String?
    /// Whether the search finds no others.
    var isToldByFacet = false

    /// A condition on one column that has an index.
    ///
    /// - Parameters:
    ///   - condition: The column and what it must be.
    ///   - arguments: The values for its question marks.
    ///   - index: The index.
    ///   - isOrdered: Whether all rows that meet it have one value, so that the index has them in the order of lists.
    private init(
        _ condition: String, _ arguments: StatementArguments, _ index: String, isOrdered: Bool = true
    ) {
        test = "+r.\(condition)"
        set = "SELECT position FROM recording INDEXED BY \(index) WHERE \(condition)"
        key = "position"
        ordered =
            isOrdered
            ? Ordered(
                source: "recording AS r INDEXED BY \(index)", selection: "r.\(condition)",
                position: "r.position")
            : nil
        self.arguments = arguments
    }

    /// That one of some holds is on it.
    init(holds: [String]) {
        let marks = holds.map { _ in "?" }.joined(separator: ", ")
        test =
            "+r.holds > 0 AND EXISTS (SELECT 1 FROM holdMember WHERE recording = r.position AND hold IN (\(marks)))"
        set = "SELECT recording FROM holdMember WHERE hold IN (\(marks))"
        key = "recording"
        ordered =
            holds.count == 1
            ? Ordered(
                source: "holdMember AS m CROSS JOIN recording AS r INDEXED BY recordingWalk "
                    + "ON r.position = m.recording",
                selection: "m.hold = ?", position: "m.recording") : nil
        arguments = StatementArguments(holds)
    }

    /// The conditions of a filter but for those on time, text and the case of a hold, usually selective ones first.
    static func all(_ filter: RecordingFilter) -> [ListCondition] {
        var conditions: [ListCondition] = []
        func add(_ column: String, _ index: String, _ value: String?) {
            guard let value else { return }
            var condition = ListCondition("\(column) = ?", [value], index)
            condition.facet = ListFacet.word(column, value).map { "\"\($0)\"" }
            condition.isToldByFacet = condition.facet != nil
            conditions.append(condition)
        }
        add("caller", "recordingByCaller", filter.caller.map(NULFreeText.encode))
        add("extension", "recordingByExtension", filter.extension.map(NULFreeText.encode))
        conditions += length(filter).map { [$0] } ?? []
        switch filter.retention {
        case .endsBefore(let moment):
            conditions.append(ListCondition("retainUntil < ?", [moment], "recordingByEnd", isOrdered: false))
        case .endless: conditions.append(ListCondition("retainUntil IS NULL", [], "recordingByEnd"))
        case .policy(let policy): add("retentionPolicy", "recordingByPolicy", policy.description)
        case nil: break
        }
        switch filter.hold {
        case .any: conditions.append(ListCondition("holds > 0", [], "recordingByHolds", isOrdered: false))
        case HoldCondition.none?: conditions.append(ListCondition("holds = 0", [], "recordingByHolds"))
        case .caseID, nil: break
        }
        add("verdict", "recordingByVerdict", filter.verdict)
        add("pbx", "recordingByPBX", filter.pbx.map(NULFreeText.encode))
        add("state", "recordingByState", filter.state?.rawValue)
        return conditions
    }

    private static func length(_ filter: RecordingFilter) -> ListCondition? {
        guard filter.minDuration != nil || filter.maxDuration != nil else { return nil }
        // Far beyond any recording, and safe to multiply.
        let highest: Int64 = 1_000_000_000
        let shortest = min(max(filter.minDuration ?? 0, 0), highest)
        let longest = min(max(filter.maxDuration ?? highest, -1), highest)
        var condition = ListCondition(
            "milliseconds BETWEEN ? AND ?", [shortest * 1000, longest * 1000], "recordingByLength",
            isOrdered: false)
        let words = ListFacet.words(from: shortest, to: longest).map { "\"\($0)\"" }
        condition.facet = words.isEmpty ? nil : "(\(words.joined(separator: " OR ")))"
        return condition
    }
}
