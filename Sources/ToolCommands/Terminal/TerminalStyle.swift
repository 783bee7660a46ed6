internal import Foundation

/// Colors for a terminal that wants them.
///
/// `NO_COLOR` with any value turns them off (no-color.org) that is not empty, and so does an output that is no terminal.
struct TerminalStyle: Sendable {
    let isColored: Bool

    init(isTerminal: Bool, environment: [String: String]) {
        isColored =
            isTerminal && (environment["NO_COLOR"] ?? "").isEmpty && environment["TERM"] != "dumb"
    }

    func green(_ text: String) -> String { paint(text, "32") }
    func yellow(_ text: String) -> String { paint(text, "33") }
    func red(_ text: String) -> String { paint(text, "31") }
    func dim(_ text: String) -> String { paint(text, "2") }
    func bold(_ text: String) -> String { paint(text, "1") }

    private func paint(_ text: String, _ code: String) -> String {
        isColored ? "\u{1B}[\(code)m\(text)\u{1B}[0m" : text
    }
}
