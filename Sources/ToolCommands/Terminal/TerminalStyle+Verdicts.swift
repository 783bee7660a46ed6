internal import WaveFiles

extension TerminalStyle {
    /// A verdict in the color of its gravity.
    func paint(_ verdict: Verdict) -> String { paint(verdict, as: verdict.rawValue) }

    /// A verdict in the color of its gravity, as wide as the longest one.
    func column(_ verdict: Verdict) -> String { paint(verdict, as: verdict.rawValue.fitted(to: 8)) }

    /// A severity in the color of its gravity, as wide as the longest one.
    func column(_ severity: Severity) -> String {
        let text = severity.rawValue.fitted(to: 7)
        return switch severity {
        case .note: dim(text)
        case .warning: yellow(text)
        case .error, .fatal: red(text)
        }
    }

    private func paint(_ verdict: Verdict, as text: String) -> String {
        switch verdict {
        case .valid: green(text)
        case .flawed: yellow(text)
        case .salvaged, .rejected: red(text)
        }
    }
}
