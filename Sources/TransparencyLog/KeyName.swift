/// The name of a key, which is also the origin of the log that it signs, such as `archive.example/log1`.
enum KeyName {
    /// Whether a name can stand in a signed note: not empty, no spaces, no `+`, no control characters
    /// (c2sp.org/signed-note).
    static func isValid(_ name: some StringProtocol) -> Bool {
        !name.isEmpty
            && name.unicodeScalars.allSatisfy { scalar in
                !scalar.properties.isWhitespace && scalar != "+"
                    && scalar.properties.generalCategory != .control
            }
    }
}
