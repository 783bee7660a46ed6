internal import Foundation

/// Whoever bears a name, however it is written: two are equal where their names are one person's.
///
/// A release takes two persons, and the audit trail is searched for one, so both go by this. A name is taken without what
/// cannot be seen in it (white space, characters of format and control, and whatever else Unicode says may be ignored) and
/// folded: by compatibility (NFKC, as of letters of full width), and by case, where ß is ss, and i is i with its dot or
/// without. Accents tell names apart. Letters that merely look alike, such as those of another script, do too: a name is
/// no authentication, and whoever wants to be two persons can.
public struct Person: Sendable, Hashable {
    private let name: String

    /// The person of a name; nil where nothing of it can be seen.
    public init?(_ name: String) {
        var folded = name
        // A fold can make room for another: what is compatible with a space has one in it. Two rounds settle all; a
        // third is there for a future version of Unicode.
        for _ in 0..<3 { folded = Self.folded(folded) }
        guard !folded.isEmpty else { return nil }
        self.name = folded
    }

    private static func folded(_ name: String) -> String {
        // Large letters are fewer than small ones: ß and ss have one form, so have ı and i.
        let cased = name.precomposedStringWithCompatibilityMapping.uppercased().lowercased()
        var kept = String.UnicodeScalarView()
        for scalar in cased.precomposedStringWithCompatibilityMapping.unicodeScalars {
            // The dot that a large İ leaves behind.
            if isInvisible(scalar) || scalar == "\u{307}" && kept.last == "i" { continue }
            kept.append(scalar)
        }
        return String(kept).precomposedStringWithCompatibilityMapping
    }

    private static func isInvisible(_ scalar: Unicode.Scalar) -> Bool {
        if scalar.properties.isWhitespace || scalar.properties.isDefaultIgnorableCodePoint { return true }
        return switch scalar.properties.generalCategory {
        case .control, .format, .surrogate: true
        // The Braille pattern of no dots, which is no space to Unicode.
        default: scalar == "\u{2800}"
        }
    }
}
