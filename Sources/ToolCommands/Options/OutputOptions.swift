internal import ArgumentParser

/// What is printed, and where.
struct OutputOptions: ParsableArguments {
    @Flag(help: "Print one JSON object a line on standard output.")
    var json = false

    @Flag(name: .shortAndLong, help: "Print only problems.")
    var quiet = false

    /// The console that these options ask for.
    func console() -> Console {
        Console(style: json ? .json : quiet ? .quiet : .people)
    }
}
