internal import Exporting
internal import Foundation

/// One JSON object on one line, with its names in a fixed order, and without characters that deceive a person.
enum JSONLine {
    static func text(of value: some Encodable) throws -> String {
        let encoder = JSONEncoder()
        encoder.outputFormatting = [.sortedKeys, .withoutEscapingSlashes]
        return EscapedJSON.text(String(decoding: try encoder.encode(value), as: UTF8.self))
    }
}
