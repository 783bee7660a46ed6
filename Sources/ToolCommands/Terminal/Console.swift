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

    private struct State {
        var bar: String?
    }

    private let state = Mutex(State())

    init(style: Style, environment: [String: String] = ProcessInfo.processInfo.environment) {
        self.style = style
        let isTerminal = isatty(STDERR_FILENO) == 1
        output = TerminalStyle(isTerminal: isatty(STDOUT_FILENO) == 1, environment: environment)
        diagnostics = TerminalStyle(isTerminal: isTerminal, environment: environment)
        canRedraw = isTerminal && environment["TERM"] != "dumb"
    }

    /// Prints a line of results for people; nothing for the other styles.
    func line(_ text: String) {
        guard style == .people else { return }
        write(text, to: .standardOutput)
    }

    /// Prints a line about an item that needs attention, in every style but JSON, where its row says it.
    func problem(_ text: String) {
        switch style {
        case .people: write(text, to: .standardOutput)
        case .quiet: write(text, to: .standardError)
        case .json: break
        }
    }

    /// Prints a row of JSON; nothing for the other styles.
    func row(_ row: some Encodable) throws {
        guard style == .json else { return }
        write(try JSONLine.text(of: row), to: .standardOutput)
    }

    /// Prints a line about the run on standard error, unless only problems are wanted.
    func note(_ text: String) {
        guard style != .quiet else { return }
        write(text, to: .standardError)
    }

    /// Prints a warning or an error on standard error, always.
    func alert(_ text: String) {
        write(text, to: .standardError)
    }

    /// Draws the progress bar, or takes it away with nil.
    func show(bar: String?) {
        guard canRedraw, style != .quiet else { return }
        state.withLock { state in
            guard bar != state.bar else { return }
            state.bar = bar
            FileHandle.standardError.write(Data("\r\u{1B}[2K\(bar ?? "")".utf8))
        }
    }

    /// A logger that writes to standard error: warnings only, or everything that may help to find a fault.
    func logger(isVerbose: Bool) -> Logger {
        var logger = Logger(label: "voxkeep") { _ in ConsoleLog(console: self) }
        logger.logLevel = isVerbose ? .debug : .warning
        return logger
    }

    private func write(_ text: String, to handle: FileHandle) {
        state.withLock { state in
            if state.bar != nil { FileHandle.standardError.write(Data("\r\u{1B}[2K".utf8)) }
            // A reader that went away (`| head`) is no reason to end; SIGPIPE is ignored and the write fails.
            try? handle.write(contentsOf: Data("\(text)\n".utf8))
            if let bar = state.bar { FileHandle.standardError.write(Data(bar.utf8)) }
        }
    }
}
