internal import Logging

/// A log handler that writes to standard error through the console.
struct ConsoleLog: LogHandler {
    let console: Console
    var metadata: Logger.Metadata = [:]
    var logLevel: Logger.Level = .info

    subscript(metadataKey key: String) -> Logger.Metadata.Value? {
        get { metadata[key] }
        set { metadata[key] = newValue }
    }

    func log(event: LogEvent) {
        let facts = metadata.merging(event.metadata ?? [:]) { $1 }
        let text = facts.keys.sorted().map { " \($0)=\(facts[$0].map(String.init(describing:)) ?? "")" }
            .joined()
        let line = "\(event.message)\(text)".printable
        if event.level >= .warning { console.alert(line) } else { console.note(line) }
    }
}
