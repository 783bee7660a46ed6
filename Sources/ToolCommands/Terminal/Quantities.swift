internal import PCM

/// Numbers as a person reads them; always with a point, whatever the locale.
enum Quantities {
    /// A size in bytes with a binary prefix: `1.4 MiB`.
    static func size(_ bytes: Int64) -> String {
        guard bytes >= 1024 else { return "\(bytes) B" }
        var value = Double(bytes)
        var prefix = ""
        for next in ["Ki", "Mi", "Gi", "Ti"] where value >= 1024 {
            value /= 1024
            prefix = next
        }
        return "\(fixed(value, 1)) \(prefix)B"
    }

    /// A time: `4.2 s`, `3:07`, `1:02:45`.
    static func time(_ seconds: Double) -> String {
        guard seconds.isFinite, seconds < 1e9 else { return "?" }
        guard seconds >= 60 else { return "\(fixed(seconds, 1)) s" }
        let whole = Int(seconds.rounded())
        let (hours, minutes, rest) = (whole / 3600, whole / 60 % 60, whole % 60)
        return hours > 0
            ? "\(hours):\(twoDigits(minutes)):\(twoDigits(rest))" : "\(minutes):\(twoDigits(rest))"
    }

    /// A number with a fixed count of decimals, and an explicit sign where asked for.
    static func fixed(_ value: Double, _ decimals: Int, signed: Bool = false) -> String {
        let text = value.text(decimals: decimals)
        // What is rounded to nothing has no sign.
        return signed && value > 0 && text.contains { ("1"..."9").contains($0) } ? "+\(text)" : text
    }

    /// `1 file`, `2 files`.
    static func count(_ number: Int, _ noun: String, _ plural: String? = nil) -> String {
        "\(number) \(number == 1 ? noun : plural ?? noun + "s")"
    }

    private static func twoDigits(_ value: Int) -> String {
        value < 10 ? "0\(value)" : "\(value)"
    }
}
