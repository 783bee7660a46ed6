/// Numbers as the formats of this module write them: decimal digits without leading zeros.
enum Numeral {
    /// The number that a text stands for; nil unless the text is the one way to write it.
    static func number(_ text: some StringProtocol) -> UInt64? {
        guard let number = UInt64(text), String(number) == text else { return nil }
        return number
    }
}
