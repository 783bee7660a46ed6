#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

extension Double {
    /// The number with a fixed count of decimals and a point, whatever the locale; `-0` is written as `0`.
    ///
    /// - Parameter decimals: How many, 0 to 9.
    /// - Returns: The text; what `description` gives for a number that is not finite or beyond 2^62.
    public func text(decimals: Int) -> String {
        guard isFinite else { return "\(self)" }
        let scale = pow(10, Double(decimals))
        let scaled = (self * scale).rounded()
        guard scaled.magnitude < 0x1p62 else { return "\(self)" }
        let digits = String(Int64(scaled.magnitude))
        let padded = String(repeating: "0", count: max(0, decimals + 1 - digits.count)) + digits
        let sign = scaled < 0 ? "-" : ""
        guard decimals > 0 else { return sign + padded }
        return "\(sign)\(padded.dropLast(decimals)).\(padded.suffix(decimals))"
    }
}

extension Decibels {
    /// The number of decibels with two decimals, as tags and people have it.
    public var text: String { value.text(decimals: 2) }
}
