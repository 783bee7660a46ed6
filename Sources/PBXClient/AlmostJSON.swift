/// Repair of the almost-JSON that some boxes and the vendor's own examples have.
///
/// What is mended: commas that are missing or too many, keys and values without quotes, closing brackets
/// missing at the end or crossed, raw control characters and unknown escapes in texts, halves of surrogate pairs,
/// integers beyond 64 bits, and bytes that are not UTF-8. A quotation mark that was not escaped belongs to the value
/// that it stands in unless what follows can only follow a value, and a backslash before a mark that ends a value
/// is one that was not escaped. What is not mended is a text that may have lost more than brackets: one that ends inside a string,
/// a word or a pair. The work is linear in the length, and nesting is limited.
struct AlmostJSON {
    /// A text that has been mended.
    struct Repair {
        /// What a text ends with.
        enum End {
            /// Its last bracket, so that nothing is missing behind it.
            case whole
            /// Another bracket: those of what is around it are missing, as on one of the vendor's pages.
            case brackets
            /// Anything else: more may be missing than brackets.
            case open
        }

        /// A well-formed JSON object.
        let text: [UInt8]
        let end: End
    }

    private enum Container {
        case object(Position)
        case array(afterValue: Bool)
    }

    private enum Position {
        case key, colon, value, afterValue
    }

    private static let deepestNesting = 64

    /// The most bytes that a key is looked for in.
    private static let longestKey = 80

    /// The most digits that surely fit into 64 bits.
    static let longestInteger = 18

    private let text: [UInt8]
    private var index = 0
    private var output: [UInt8] = []
    private var stack: [Container] = []

    /// Mends a text; nil where no JSON object can be had.
    static func repaired(_ bytes: [UInt8]) -> Repair? {
        var repair = AlmostJSON(bytes)
        guard let end = repair.run() else { return nil }
        return Repair(text: repair.output, end: end)
    }

    private init(_ bytes: [UInt8]) {
        // Decoding replaces what is not UTF-8: names of callers arrive in whatever the telephone sent.
        text = Array(String(decoding: bytes, as: UTF8.self).utf8)
        output.reserveCapacity(text.count)
    }

    private mutating func run() -> Repair.End? {
        if text.starts(with: [0xEF, 0xBB, 0xBF]) { index = 3 }
        skipWhiteSpace()
        guard index < text.count, text[index] == UInt8(ascii: "{") else { return nil }
        repeat {
            guard step() else { return nil }
            skipWhiteSpace()
        } while index < text.count && !stack.isEmpty
        if stack.isEmpty { return .whole }
        guard closeAtEnd() else { return nil }
        return text.last { $0 > 0x20 }.map { "}]".utf8.contains($0) } == true ? .brackets : .open
    }

    private mutating func skipWhiteSpace() {
        while index < text.count, text[index] <= 0x20 { index += 1 }
    }

    /// Takes one token; false where the text is beyond repair.
    private mutating func step() -> Bool {
        switch text[index] {
        case UInt8(ascii: "{"), UInt8(ascii: "["):
            return open(text[index])
        case UInt8(ascii: "}"):
            index += 1
            return close(object: true)
        case UInt8(ascii: "]"):
            index += 1
            return close(object: false)
        case UInt8(ascii: ","):
            index += 1
            // Commas are written where a value begins, so those of the text say only that a pair is over.
            return finishPair()
        case UInt8(ascii: ":"):
            index += 1
            if case .object(.colon) = stack.last {
                output.append(UInt8(ascii: ":"))
                stack[stack.count - 1] = .object(.value)
            }
            return true
        case UInt8(ascii: "\""):
            var isValue = false
            if case .object(.value) = stack.last { isValue = true }
            guard let string = takeString(asValue: isValue) else { return false }
            return put(string, isText: true)
        default:
            guard let word = takeWord() else { return false }
            return put(word.bytes, isText: word.isText)
        }
    }

    private mutating func open(_ bracket: UInt8) -> Bool {
        // An object where a key belongs: the object before it was never closed.
        while case .object(let position) = stack.last, position == .key || position == .afterValue {
            guard stack.count > 1 else { return false }
            closeTop()
        }
        guard beginValue(), stack.count < Self.deepestNesting else { return false }
        index += 1
        output.append(bracket)
        stack.append(bracket == UInt8(ascii: "{") ? .object(.key) : .array(afterValue: false))
        return true
    }

    /// Closes the nearest container of a kind, and those inside of it; without one, the bracket is dropped.
    private mutating func close(object: Bool) -> Bool {
        let target = stack.lastIndex {
            if case .object = $0 { return object }
            return !object
        }
        guard let target else { return true }
        while stack.count > target {
            guard finishPair() else { return false }
            closeTop()
        }
        return true
    }

    private mutating func closeTop() {
        switch stack.popLast() {
        case .object: output.append(UInt8(ascii: "}"))
        case .array: output.append(UInt8(ascii: "]"))
        case nil: return
        }
        valueEnded()
    }

    private mutating func valueEnded() {
        switch stack.last {
        case .object: stack[stack.count - 1] = .object(.afterValue)
        case .array: stack[stack.count - 1] = .array(afterValue: true)
        case nil: break
        }
    }

    /// Gives a key that has no value a null.
    private mutating func finishPair() -> Bool {
        guard case .object(let position) = stack.last else { return true }
        switch position {
        case .colon: output.append(contentsOf: ":null".utf8)
        case .value: output.append(contentsOf: "null".utf8)
        case .key, .afterValue: return true
        }
        valueEnded()
        return true
    }

    /// Writes the comma that a value needs before it; false where no value can stand.
    private mutating func beginValue() -> Bool {
        switch stack.last {
        case .object(.value), .array(afterValue: false), nil: return true
        case .array(afterValue: true):
            output.append(UInt8(ascii: ","))
            return true
        case .object: return false
        }
    }

    private mutating func put(_ token: [UInt8], isText: Bool) -> Bool {
        if case .object(let position) = stack.last, position != .value {
            guard position != .colon else { return false }
            if position == .afterValue { output.append(UInt8(ascii: ",")) }
            output.append(contentsOf: isText ? token : Self.quoted(token))
            stack[stack.count - 1] = .object(.colon)
            return true
        }
        guard beginValue() else { return false }
        output.append(contentsOf: token)
        valueEnded()
        return true
    }

    /// Closes what is open where the text ends; false where it ends within a pair, so that something was
    /// lost.
    private mutating func closeAtEnd() -> Bool {
        while let top = stack.last {
            if case .object(let position) = top, position == .colon || position == .value { return false }
            closeTop()
        }
        return true
    }

    /// Takes a text with its quotation marks.
    ///
    /// - Parameter isValue: Whether it is the value of an object's key, in which marks may not have been escaped.
    /// - Returns: nil where the text ends within it.
    private mutating func takeString(asValue isValue: Bool) -> [UInt8]? {
        let (mark, backslash) = (UInt8(ascii: "\""), UInt8(ascii: "\\"))
        var string: [UInt8] = [mark]
        index += 1
        while index < text.count {
            let byte = text[index]
            index += 1
            switch byte {
            case mark:
                guard isValue, !mayFollowValue(at: index) else {
                    string.append(byte)
                    return string
                }
                string += [backslash, byte]
            case backslash:
                string.append(byte)
                let length = escapeLength()
                if length == 1, text[index] == mark, isValue, isEndOfValue(at: index + 1) {
                    string += [backslash, mark]
                    index += 1
                    return string
                } else if length == 5, !isSurrogatePair(at: index) {
                    string.append(
                        contentsOf: isSurrogate(at: index)
                            ? Array("ufffd".utf8) : Array(text[index..<index + 5]))
                    index += 5
                } else if length > 0 {
                    let whole = length == 5 ? 11 : length
                    string.append(contentsOf: text[index..<index + whole])
                    index += whole
                } else {
                    string.append(byte)
                }
            case 0..<0x20:
                string.append(contentsOf: Self.escape(byte))
            default:
                string.append(byte)
            }
        }
        return nil
    }

    /// Whether what is here can follow a value: the end of its object, or another member.
    private func mayFollowValue(at start: Int) -> Bool {
        let place = placeAfterBlanks(start)
        guard place < text.count else { return true }
        switch text[place] {
        case UInt8(ascii: "{"): return true
        // Anything may stand behind the whole.
        case UInt8(ascii: "}") where stack.count == 1: return true
        case UInt8(ascii: "}"), UInt8(ascii: "]"), UInt8(ascii: ","):
            let next = placeAfterBlanks(place + 1)
            return next == text.count || ",]}{".utf8.contains(text[next])
                || text[place] == UInt8(ascii: ",") && isKey(at: next)
        default: return isKey(at: place)
        }
    }

    /// Whether what is here follows a value and is no part of one, even if a backslash stands before it.
    private func isEndOfValue(at start: Int) -> Bool {
        let place = placeAfterBlanks(start)
        guard place < text.count else { return false }
        let next = placeAfterBlanks(place + 1)
        switch text[place] {
        case UInt8(ascii: "}"): return next < text.count && ",]}".utf8.contains(text[next])
        case UInt8(ascii: ","): return isKey(at: next)
        default: return false
        }
    }

    /// Whether a key with a colon behind it is here: any text in quotation marks, or one of the API's words.
    private func isKey(at start: Int) -> Bool {
        guard start < text.count else { return false }
        var place = start
        if text[start] == UInt8(ascii: "\"") {
            place += 1
            while place < text.count, text[place] != UInt8(ascii: "\""), place - start < Self.longestKey {
                place += text[place] == UInt8(ascii: "\\") ? 2 : 1
            }
            guard place < text.count, text[place] == UInt8(ascii: "\"") else { return false }
            place += 1
        } else {
            let word = text[start...].prefix { $0 != UInt8(ascii: ":") && $0 > 0x20 }.prefix(Self.longestKey)
            guard WireAnswer.Key(rawValue: String(decoding: word, as: UTF8.self)) != nil else { return false }
            place += word.count
        }
        place = placeAfterBlanks(place)
        return place < text.count && text[place] == UInt8(ascii: ":")
    }

    private func placeAfterBlanks(_ start: Int) -> Int {
        text[min(start, text.count)...].firstIndex { $0 > 0x20 } ?? text.count
    }

    /// How many bytes after a backslash make a known escape with it; 0 for an unknown one.
    private func escapeLength() -> Int {
        guard index < text.count else { return 0 }
        if "\"\\/bfnrt".utf8.contains(text[index]) { return 1 }
        return codeUnit(at: index) == nil ? 0 : 5
    }

    /// The number of `uXXXX`; nil where there is none.
    private func codeUnit(at start: Int) -> UInt16? {
        guard start + 5 <= text.count, text[start] == UInt8(ascii: "u"),
            text[start + 1..<start + 5].allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit })
        else { return nil }
        return UInt16(String(decoding: text[start + 1..<start + 5], as: UTF8.self), radix: 16)
    }

    private func isSurrogate(at start: Int) -> Bool {
        codeUnit(at: start).map { (0xD800...0xDFFF).contains($0) } ?? false
    }

    private func isSurrogatePair(at start: Int) -> Bool {
        guard let high = codeUnit(at: start), (0xD800...0xDBFF).contains(high), start + 5 < text.count,
            text[start + 5] == UInt8(ascii: "\\"), let low = codeUnit(at: start + 6)
        else { return false }
        return (0xDC00...0xDFFF).contains(low)
    }

    private static func escape(_ byte: UInt8) -> [UInt8] {
        let digits = String(byte, radix: 16)
        return Array(("\\u" + String(repeating: "0", count: 4 - digits.count) + digits).utf8)
    }

    private mutating func takeWord() -> (bytes: [UInt8], isText: Bool)? {
        let start = index
        while index < text.count, text[index] > 0x20, !"{}[]:,\"".utf8.contains(text[index]) { index += 1 }
        // A word that runs to the end of the text may be half of one.
        guard index < text.count else { return nil }
        takeFurtherWords()
        let word = Array(text[start..<index])
        return Self.isLiteral(word) ? (word, false) : (Self.quoted(word), true)
    }

    /// Takes the words behind one that has no quotation marks, as of a name; not one with a colon behind it, which is a key.
    private mutating func takeFurtherWords() {
        guard case .object(.value) = stack.last else { return }
        while true {
            let next = placeAfterBlanks(index)
            let end = text[next...].firstIndex { $0 <= 0x20 || "{}[]:,\"".utf8.contains($0) } ?? text.count
            let follower = placeAfterBlanks(end)
            guard next > index, end > next, follower < text.count, text[follower] != UInt8(ascii: ":") else {
                return
            }
            index = end
        }
    }

    private static func quoted(_ word: [UInt8]) -> [UInt8] {
        let (mark, backslash) = (UInt8(ascii: "\""), UInt8(ascii: "\\"))
        return [mark] + word.flatMap { $0 == backslash ? [backslash, $0] : $0 < 0x20 ? escape($0) : [$0] } + [
            mark
        ]
    }

    /// Whether there is something in a text that may pass for JSON, and would not survive being read: a number that is none
    /// of plain digits, half of a surrogate pair, a control character or an unknown escape.
    static func isCareless(_ text: [UInt8]) -> Bool {
        var isInString = false
        var index = 0
        while index < text.count {
            let byte = text[index]
            index += 1
            switch byte {
            case UInt8(ascii: "\""): isInString.toggle()
            case UInt8(ascii: "\\") where isInString:
                let escape = text[index...].prefix(3)
                guard let first = escape.first, "\"\\/bfnrtu".utf8.contains(first) else { return true }
                if first == UInt8(ascii: "u"), escape.count == 3, "dD".utf8.contains(text[index + 1]),
                    "89abcdefABCDEF".utf8.contains(text[index + 2])
                {
                    return true
                }
                index += 1
            case 0..<0x20 where isInString: return true
            case UInt8(ascii: "-"), 0x30...0x39:
                guard !isInString else { continue }
                let word = text[(index - 1)...].prefix { $0 > 0x20 && !"{}[]:,\"".utf8.contains($0) }
                guard isLiteral(Array(word)) else { return true }
                index += word.count - 1
            default: continue
            }
        }
        return false
    }

    /// True for a number, for true and false, and for null.
    ///
    /// Only integers count as numbers: no field of the API has another kind, and the digits of an extension
    /// with a leading zero must survive, as must those of a number beyond 64 bits.
    private static func isLiteral(_ word: [UInt8]) -> Bool {
        if ["true", "false", "null"].contains(String(decoding: word, as: UTF8.self)) { return true }
        let digits = word.first == UInt8(ascii: "-") ? word.dropFirst() : word[...]
        guard let first = digits.first, digits.allSatisfy({ (0x30...0x39).contains($0) }) else {
            return false
        }
        return digits.count <= longestInteger && (first != UInt8(ascii: "0") || digits.count == 1)
    }
}
