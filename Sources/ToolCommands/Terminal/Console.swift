internal import Exporting
internal import Foundation
internal import Logging
internal import Synchronization

/// The one writer to standard output and standard error, so that lines and the progress bar never mix.
///
/// Results go to standard output, everything about the run to standard error.
final class Console: Sendable {
    /// Who reads standard output.
    enum Style: Sendable {
        case people, json, quiet
    }

    let style: Style
    let output: TerminalStyle
    let diagnostics: TerminalStyle

    /// Whether standard error is a terminal that can redraw a line.
    let canRedraw: Bool
    private let sharesTerminal: Bool

    private struct State {
        var bar: String?
        var lostOutput: StandardOutputError?
    }

    private let state = Mutex(State())

    init(style: Style, environment: [String: String] = ProcessInfo.processInfo.environment) {
        self.style = style
        sharesTerminal = isatty(STDOUT_FILENO) == 1
        let isTerminal = isatty(STDERR_FILENO) == 1
        output = TerminalStyle(isTerminal: sharesTerminal, environment: environment)
        diagnostics = TerminalStyle(isTerminal: isTerminal, environment: environment)
        canRedraw = isTerminal && environment["TERM"] != "dumb"
    }

    /// Why standard output takes no more; nil while it does.
    var lostOutput: StandardOutputError? { state.withLock { $0.lostOutput } }

    /// Prints a line of results for people; nothing for the other styles.
    func line(_ text: String) {
        guard style == .people else { return }
        writeOutput(text)
    }

    /// Prints a line about an item that needs attention, in every style but JSON, where its row says it.
    func problem(_ text: String) {
        switch style {
        case .people: writeOutput(text)
        case .quiet: writeDiagnostics(text)
        case .json: break
        }
    }

    /// Prints a row of JSON; nothing for the other styles.
    func row(_ row: some Encodable) throws {
        guard style == .json else { return }
        writeOutput(try JSONLine.text(of: row))
    }

    /// Prints a row of JSON that is text already; nothing for the other styles.
    func row(json: String) {
        guard style == .json else { return }
        writeOutput(EscapedJSON.text(json))
    }

    /// Prints a line about the run on standard error, unless only problems are wanted.
    func note(_ text: String) {
        guard style != .quiet else { return }
        writeDiagnostics(text)
    }

    /// Prints a warning or an error on standard error, always.
    func alert(_ text: String) {
        writeDiagnostics(text)
    }

    /// Draws the progress bar, or takes it away with nil.
    func show(bar: String?) {
        guard canRedraw, style != .quiet else { return }
        state.withLock { state in
            guard bar != state.bar else { return }
            state.bar = bar
            Self.writeToTerminal(Self.eraseLine + (bar.map(Self.unwrapped) ?? ""))
        }
    }

    /// A logger that writes to standard error: warnings only, or everything that may help to find a fault.
    func logger(isVerbose: Bool) -> Logger {
        var logger = Logger(label: "voxkeep") { _ in ConsoleLog(console: self) }
        logger.logLevel = isVerbose ? .debug : .warning
        return logger
    }

    private func writeOutput(_ text: String) {
        withoutBar(mayKeepIt: !sharesTerminal) { state in
            guard state.lostOutput == nil else { return }
            do throws(StandardOutputError) {
                try StandardOutput.write(Data("\(text)\n".utf8))
            } catch {
                // The work goes on; how it ends is told by the exit code.
                state.lostOutput = error
            }
        }
    }

    private func writeDiagnostics(_ text: String) {
        withoutBar { _ in Self.writeToTerminal("\(text)\n") }
    }

    private func withoutBar(mayKeepIt: Bool = false, _ body: (inout State) -> Void) {
        state.withLock { state in
            let bar = mayKeepIt ? nil : state.bar
            if bar != nil { Self.writeToTerminal(Self.eraseLine) }
            body(&state)
            if let bar { Self.writeToTerminal(Self.unwrapped(bar)) }
        }
    }

    private static let eraseLine = "\r\u{1B}[2K"

    /// A line that a narrow terminal cuts off: one that wrapped could not be erased.
    private static func unwrapped(_ line: String) -> String { "\u{1B}[?7l\(line)\u{1B}[?7h" }

    private static func writeToTerminal(_ text: String) {
        // There is nowhere left to tell of a failure of standard error.
        try? FileHandle.standardError.write(contentsOf: Data(text.utf8))
    }
}
