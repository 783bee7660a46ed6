internal import GRDB

/// Finds the positions of a page of a list.
///
/// SQLite keeps no statistics of a catalog, so each condition's index is asked how many rows it has, up to a bound.
/// The rows of the smallest are fetched and tried. Where none is small, all rows are tried in the order of the list, in
/// an index that has every column that filters name; where words are searched, it is the index of words that gives
/// rows in that order. Both end as soon as the page is full. docs/scale.md has what each costs.
struct ListQuery {
    /// Below how many rows a condition's rows are fetched and tried one by one, unless a test says otherwise.
    static let fewRows = 20_000

    private let conditions: [ListCondition]
    private let words: [String]
    private let bounds: Range<ListPosition>
    /// Conditions on a moment that positions do not tell apart.
    private let moments: [(test: String, moment: Int64)]
    /// Whether rows must have been replaced, or must not; nil where that does not count.
    private let isReplaced: Bool?
    private let limit: Int
    private let fewRows: Int

    /// A statement that gives positions, last first.
    private struct Statement {
        var sql: String
        var arguments: StatementArguments
    }

    /// Prepares a question.
    ///
    /// - Parameters:
    ///   - database: The catalog.
    ///   - filter: The conditions.
    ///   - limit: The most positions wanted.
    ///   - cursor: Where the page before ended; nil for the first.
    ///   - position: The one position to try; nil for all.
    ///   - fewRows: Below how many rows a condition's rows are fetched.
    /// - Throws: What the database throws.
    init(
        _ database: Database, _ filter: RecordingFilter, limit: Int,
        after cursor: RecordingPage.Cursor? = nil,
        at position: ListPosition? = nil, fewRows: Int = Self.fewRows
    ) throws {
        var conditions = ListCondition.all(filter)
        if case .caseID(let caseID) = filter.hold {
            let holds = try String.fetchAll(
                database, sql: "SELECT id FROM hold WHERE caseID = ? AND releasedAt IS NULL ORDER BY id",
                arguments: [caseID])
            conditions.append(ListCondition(holds: holds))
        }
        self.conditions = conditions
        words = (filter.text ?? "").split(whereSeparator: \.isWhitespace).map {
            "\"\(NULFreeText.encode(String($0)).replacing("\"", with: "\"\""))\""
        }
        let bounds = Self.bounds(filter, cursor)
        self.bounds = position.map { bounds.clamped(to: $0..<ListPosition(number: $0.number + 1)) } ?? bounds
        moments =
            [("+r.time >= ?", filter.since), ("+r.time < ?", filter.before)].compactMap { test, moment in
                moment.flatMap { ListPosition.tellsApart($0) ? nil : (test, $0) }
            }
        isReplaced = filter.isReplaced
        self.limit = limit
        self.fewRows = fewRows
    }

    private static func bounds(
        _ filter: RecordingFilter, _ cursor: RecordingPage.Cursor?
    ) -> Range<ListPosition> {
        let isDated = filter.since != nil || filter.before != nil
        let first = isDated ? ListPosition.first(at: filter.since ?? .min) : ListPosition.lowest
        let end = [filter.before.map(ListPosition.end(before:)), cursor?.position].compactMap(\.self).min()
        return first..<max(first, end ?? .beyond)
    }

    /// The positions, last first.
    func positions(_ database: Database) throws -> [Int64] {
        guard !bounds.isEmpty, let statement = try statement(database) else { return [] }
        return try Int64.fetchAll(database, sql: statement.sql, arguments: statement.arguments)
    }

    /// Chooses the way; nil where a condition has no rows.
    private func statement(_ database: Database) throws -> Statement? {
        guard words.isEmpty else { return try searched(database) }
        if conditions.count == 1, let ordered = conditions[0].ordered {
            return found(by: conditions[0], ordered)
        }
        if let (condition, count) = try smallest(of: conditions, database, bound: fewRows) {
            guard count > 0 else { return nil }
            if let ordered = condition.ordered { return found(by: condition, ordered) }
            return bounded(
                from: "recording AS r", ["r.position IN (\(condition.set))"], condition.arguments,
                trying: conditions.filter { $0.set != condition.set })
        }
        // The members of a hold are in order, and need not be looked for.
        if let condition = conditions.last, condition.key == "recording", let ordered = condition.ordered {
            return found(by: condition, ordered)
        }
        return bounded(from: "recording AS r INDEXED BY recordingWalk", [], [], trying: conditions)
    }

    /// Tries the rows that meet one condition, in the order of the list.
    private func found(by condition: ListCondition, _ ordered: ListCondition.Ordered) -> Statement {
        bounded(
            from: ordered.source, [ordered.selection], condition.arguments, position: ordered.position,
            trying: conditions.filter { $0.set != condition.set })
    }

    /// Tries the rows of a source that has them by their position.
    private func bounded(
        from source: String, _ leading: [String], _ arguments: StatementArguments,
        position: String = "r.position", trying conditions: [ListCondition]
    ) -> Statement {
        select(
            from: source, leading + ["\(position) >= ?", "\(position) < ?"],
            arguments + [bounds.lowerBound.number, bounds.upperBound.number], order: "\(position) DESC",
            trying: conditions)
    }

    /// Tries the rows that have the words, in the order of the list.
    private func searched(_ database: Database) throws -> Statement? {
        let facets = conditions.compactMap(\.facet)
        var match = "words : (\(words.joined(separator: " ")))"
        if !facets.isEmpty { match += " AND facets : (\(facets.joined(separator: " AND ")))" }
        var sql = ["f.recordingText MATCH ?", "f.rowid > ?", "f.rowid <= ?"]
        var arguments: StatementArguments = [match, -bounds.upperBound.number, -bounds.lowerBound.number]
        // What the words do not tell is looked up for each row, unless that would be many: then the rows that meet a
        // condition are fetched first, even rather many.
        let untold = conditions.filter { !$0.isToldByFacet }
        if !untold.isEmpty {
            let found = try count(
                database, "SELECT 1 FROM recordingText AS f WHERE \(sql.joined(separator: " AND "))",
                arguments,
                bound: fewRows)
            if found == fewRows,
                let (condition, count) = try smallest(of: untold, database, bound: 10 * fewRows)
            {
                guard count > 0 else { return nil }
                sql.append("-f.rowid IN (\(condition.set))")
                arguments += condition.arguments
            }
        }
        return select(
            from:
                "recordingText AS f CROSS JOIN recording AS r INDEXED BY recordingWalk ON r.position = -f.rowid",
            sql, arguments, order: "f.rowid", trying: conditions)
    }

    /// A statement with all conditions.
    private func select(
        from source: String, _ leading: [String], _ arguments: StatementArguments, order: String,
        trying conditions: [ListCondition]
    ) -> Statement {
        var sql = leading
        var arguments = arguments
        for (test, moment) in moments {
            sql.append(test)
            arguments += [moment]
        }
        for condition in conditions {
            sql.append(condition.test)
            arguments += condition.arguments
        }
        if let isReplaced {
            // They are few, and found once.
            sql.append(
                """
                r.position \(isReplaced ? "" : "NOT ")IN (
                    SELECT position FROM replacement JOIN recording ON recording.id = worse
                    WHERE final IN (SELECT id FROM recording))
                """)
        }
        return Statement(
            sql: """
                SELECT r.position FROM \(source)
                WHERE \(sql.joined(separator: " AND "))
                ORDER BY \(order) LIMIT \(limit)
                """,
            arguments: arguments)
    }

    /// The condition that the fewest rows meet; nil where each is met by a bound or more.
    private func smallest(
        of conditions: [ListCondition], _ database: Database, bound: Int
    ) throws -> (condition: ListCondition, count: Int)? {
        var smallest: (condition: ListCondition, count: Int)?
        for condition in conditions {
            var set = condition.set
            var arguments = condition.arguments
            if condition.ordered != nil {
                set += " AND \(condition.key) >= ? AND \(condition.key) < ?"
                arguments += [bounds.lowerBound.number, bounds.upperBound.number]
            }
            let lowest = smallest?.count ?? bound
            let count = try count(database, set, arguments, bound: lowest)
            if count < lowest { smallest = (condition, count) }
        }
        return smallest
    }

    /// How many rows a SELECT gives, at most a bound.
    private func count(
        _ database: Database, _ select: String, _ arguments: StatementArguments, bound: Int
    ) throws -> Int {
        try Int.fetchOne(
            database, sql: "SELECT COUNT(*) FROM (\(select) LIMIT \(bound))", arguments: arguments) ?? 0
    }
}
