internal import RecordingArchive

/// What a line of the audit trail says, for people.
enum AuditSentence {
    static func text(of line: AuditLine) -> String {
        switch line.event {
        case "ingest", "read": join(record(line), line.text("how"))
        case "answer": join(record(line), line.text("hook"))
        case "hold":
            join(
                hold(line), line.text("case").map { "case \($0)" },
                records(line) + (line.isTrue("future") ? " and those to come" : ""), line.text("reason"))
        case "release-request", "release": join(hold(line), line.text("reason"))
        case "retention": join(records(line), line.text("policy"), line.text("reason"))
        case "event": join(records(line), line.text("date"), line.text("reason"))
        case "erase": join(record(line), line.text("kind"), line.text("ground"))
        case "export": join(records(line), line.text("format"))
        case "refused": join(line.text("what"), line.text("why"))
        case "dry-run":
            join(line.integer("count").map { "\($0) due" }, line.texts("policies").joined(separator: " "))
        case "listing":
            join(
                line.text("pbx"), line.integer("messages").map { "\($0) listed" }, "\(line.count("new")) new")
        case "adopt": join(record(line), line.text("reason"))
        case "replace":
            join(record(line), line.text("replaces").map { "in place of \(shortened($0))" })
        case "refetch": join("no better audio came")
        case "accept": join(line.text("pbx"), "\(line.count("messages")) missing", line.text("reason"))
        case "verify":
            join(
                line.integer("checked").map { "\($0) checked" },
                line.integer("damage").map { "\($0) damaged" })
        case "access": join("binds lines \(line.integer("from") ?? 0) to \((line.integer("to") ?? 0) - 1)")
        default: join(line.particulars.map { "\($0.name) \($0.text)" }.joined(separator: ", "))
        }
    }

    private static func record(_ line: AuditLine) -> String? { line.text("record").map(shortened) }

    private static func hold(_ line: AuditLine) -> String? { line.text("hold").map(shortened) }

    private static func records(_ line: AuditLine) -> String {
        let count = line.count("records")
        return count == 1
            ? line.texts("records").first.map(shortened) ?? "1 recording"
            : Quantities.count(count, "recording")
    }

    private static func shortened(_ id: String) -> String { String(id.prefix(RecordingID.shown)) }

    private static func join(_ parts: String?...) -> String {
        parts.compactMap { $0 }.filter { !$0.isEmpty }.joined(separator: ", ").printable
    }
}
