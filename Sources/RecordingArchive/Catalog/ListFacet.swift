/// The words that stand in the index of words for values of a recording which filters name.
///
/// They only narrow a search down; whether a row fits is decided by its columns.
enum ListFacet {
    /// The columns that have one, each with the letter that its words begin with.
    ///
    /// The rest of a word is the value in hexadecimal, so that neither spaces nor case nor accents make two values one.
    static let columns = [
        (name: "pbx", prefix: "p"), (name: "extension", prefix: "e"), (name: "caller", prefix: "c"),
        (name: "verdict", prefix: "v"), (name: "state", prefix: "s"),
    ]

    /// Where classes of length begin, in seconds; the first class begins at 0.
    private static let lengths: [Int64] = [
        1, 2, 5, 10, 15, 20, 30, 45, 60, 90, 120, 180, 300, 600, 1800, 3600,
    ]

    /// The word for a row's class of length in SQL; empty where there is no audio.
    static var lengthExpression: String {
        let cases = lengths.enumerated().map { "WHEN milliseconds < \($1)000 THEN 'd\($0)'" }
        return
            "CASE WHEN milliseconds IS NULL THEN '' \(cases.joined(separator: " ")) ELSE 'd\(lengths.count)' END"
    }

    /// The word for a value; nil where the column has none.
    static func word(_ column: String, _ value: String) -> String? {
        columns.first { $0.name == column }.map { column in
            column.prefix
                + value.utf8.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
        }
    }

    /// The words for the classes that hold any length of a range, in seconds; empty where that is all of them.
    static func words(from shortest: Int64?, to longest: Int64?) -> [String] {
        let starts = [0] + lengths
        let classes = starts.indices.filter { index in
            (longest.map { starts[index] <= $0 } ?? true)
                && (shortest.map { index + 1 == starts.count || starts[index + 1] > $0 } ?? true)
        }
        return classes.count == starts.count ? [] : classes.map { "d\($0)" }
    }
}
