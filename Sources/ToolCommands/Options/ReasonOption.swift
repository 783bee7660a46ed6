internal import ArgumentParser

/// Why something is done.
struct ReasonOption: ParsableArguments {
    @Option(
        help: ArgumentHelp(
            "Why, in words. The audit trail keeps it for ever, so name no caller.", valueName: "text"))
    var reason: String

    func validate() throws {
        try AuditText.checkReason(reason, option: "--reason")
    }
}
