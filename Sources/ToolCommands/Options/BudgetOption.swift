internal import ArgumentParser

/// Reads how long a command may take.
enum BudgetOption {
    private static let units: [Character: Int] = ["s": 1, "m": 60, "h": 3600, "d": 86_400]

    /// Reads a whole number and a unit: `30s`, `10m`, `2h`, `1d`.
    ///
    /// - Returns: The time.
    /// - Throws: `ValidationError` for anything else, and for no time at all.
    static func duration(_ text: String) throws -> Duration {
        let digits = text.dropLast()
        guard let unit = text.last.flatMap({ units[$0] }),
            digits.utf8.allSatisfy({ (0x30...0x39).contains($0) }),
            let number = Int(digits), number > 0,
            case let (seconds, overflow) = number.multipliedReportingOverflow(by: unit),
            !overflow
        else {
            throw ValidationError(
                "A budget is a number with s, m, h or d, such as 10m; not \(text.printable).")
        }
        return .seconds(seconds)
    }
}
