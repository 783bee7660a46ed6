internal import RecordingArchive

/// The status of an archive for people, in 80 columns as far as paths and names allow.
struct StatusText {
    let archive: String
    let status: ArchiveStatus

    func lines(style: TerminalStyle) -> [String] {
        let statistics = status.statistics
        var lines = [
            fact("archive", archive.printable),
            fact("expected", Quantities.count(status.expected, "message")),
            fact(
                "archived",
                "\(Quantities.count(statistics.archived, "recording")), \(Quantities.time(statistics.duration)), "
                    + Quantities.size(statistics.storedSize)),
            fact("quarantine", "\(statistics.quarantined)"),
            fact(
                "erased",
                "\(status.erased)" + (status.hasErasedPages ? style.yellow("; \(ErasedRemains.onPages)") : "")
            ),
            fact("missing", status.missing == 0 ? style.green("0") : style.red(missing)),
        ]
        if status.underWay > 0 {
            lines.append(fact("under way", "\(status.underWay); a sync is fetching them"))
        }
        if status.acceptedMissing > 0 {
            lines.append(
                fact("accepted", "\(status.acceptedMissing) missing; missing --accepted shows what and why"))
        }
        if status.replaced > 0 {
            lines.append(
                fact("replaced", "\(Quantities.count(status.replaced, "recording")), by better audio"))
        }
        for copy in status.copies {
            let isSafe = copy.recordingsBehind == 0 && copy.linesBehind == 0 && copy.erasuresBehind == 0
            lines.append(fact("copy", copy.path.printable))
            lines.append(fact("", isSafe ? style.green(text(of: copy)) : style.yellow(text(of: copy))))
        }
        if status.copies.isEmpty { lines.append(fact("copy", style.yellow("none; sync --replica adds one"))) }
        if let problem = status.journalProblem {
            lines.append(fact("journal", style.red("damaged: \(problem.printable)")))
        }
        lines.append(fact("verified", verified(style)))
        lines.append(
            fact(
                "log",
                status.pendingEntries == 0
                    ? "all entries signed"
                    : style.yellow(
                        "\(Quantities.count(status.pendingEntries, "entry", "entries")) not yet signed")))
        lines.append(fact("holds", "\(status.holds)"))
        for contact in status.contacts {
            lines.append(
                fact(
                    "contact",
                    "\(contact.pbx.printable), \(contact.at), \(Quantities.count(contact.messages, "message"))"
                ))
        }
        if status.contacts.isEmpty { lines.append(fact("contact", "none yet")) }
        lines.append(fact("disk", disk))
        return lines
    }

    /// What needs somebody's attention, a line each.
    var problems: [String] {
        var problems = status.missing == 0 ? [] : ["Missing: \(missing)."]
        if let problem = status.journalProblem {
            problems.append("The journal is damaged: \(problem.printable).")
        }
        for copy in status.copies where copy.recordingsBehind != 0 || copy.erasuresBehind > 0 {
            problems.append("\(copy.path.printable): \(text(of: copy)).")
        }
        if status.hasErasedPages { problems.append("Erased: \(ErasedRemains.onPages).") }
        if let damage = status.verification?.damage, damage > 0 {
            problems.append("The last verification found \(Quantities.count(damage, "fault")).")
        }
        return problems
    }

    private var missing: String {
        guard let oldest = status.oldestMissing else { return "\(status.missing)" }
        guard let number = oldest.extension else {
            return "\(status.missing); the oldest listed first at \(oldest.firstListed)"
        }
        return "\(status.missing); the oldest for extension \(number.printable), of "
            + "\((oldest.date ?? "no date").printable), listed first at \(oldest.firstListed)"
    }

    private func text(of copy: ArchiveStatus.Copy) -> String {
        guard let lines = copy.linesBehind, let recordings = copy.recordingsBehind else {
            return "not reached; mount its disk, then run replicate"
        }
        var parts: [String] = []
        if recordings > 0 { parts.append("\(Quantities.count(recordings, "recording")) not yet safe there") }
        if copy.erasuresBehind > 0 {
            parts.append("\(Quantities.count(copy.erasuresBehind, "erased recording")) still there")
        }
        if parts.isEmpty, lines > 0 { parts.append("the newest events are not yet there") }
        return parts.isEmpty ? "all is there" : parts.joined(separator: ", ") + "; run replicate"
    }

    private func verified(_ style: TerminalStyle) -> String {
        guard let last = status.verification else {
            return style.yellow("never; run verify --record")
        }
        let text =
            "\(last.at), \(Quantities.count(last.checked, "recording"))\(last.deep ? " with originals" : "")"
        return last.damage == 0
            ? "\(text), no damage" : "\(text), " + style.red(Quantities.count(last.damage, "fault"))
    }

    private var disk: String {
        guard let free = status.freeBytes else { return "free space not known" }
        guard let days = status.daysUntilFull else { return "\(Quantities.size(free)) free" }
        return "\(Quantities.size(free)) free, full in "
            + (days >= 36_500 ? "more than 100 years" : "about \(Quantities.count(days, "day"))")
    }

    private func fact(_ name: String, _ value: String) -> String { "\(name.fitted(to: 10)) \(value)" }
}
