public import PCM

/// How loud a recording is to become, and by which measure; written `p56:-26`, `lufs:-23`, `peak:-1` or `none`.
public struct LevelTarget: Sendable, Hashable {
    /// The measure.
    public let method: LevelMethod

    /// The level wanted: dBov, LUFS or dBFS as the method has it; 0 and without meaning for `none`.
    public let value: Decibels

    /// -26 dBov of active speech, the default of the ITU's software tools (ITU-T G.191).
    public static let standard = LevelTarget(unchecked: .activeSpeech, Decibels(-26))

    /// No leveling.
    public static let none = LevelTarget(unchecked: .none, Decibels(0))

    /// Makes a target.
    ///
    /// - Parameters:
    ///   - method: The measure.
    ///   - value: The level wanted, within `range(of:)`; not looked at for `none`.
    /// - Throws: `LevelTargetError.outOfRange` for a level outside of that range.
    public init(method: LevelMethod, value: Decibels) throws(LevelTargetError) {
        guard let range = Self.range(of: method) else {
            self = .none
            return
        }
        // Written so that a NaN is refused too.
        guard value.value >= range.lowerBound, value.value <= range.upperBound else {
            throw .outOfRange(method: method, value: value)
        }
        self.method = method
        self.value = value
    }

    /// Reads a target as `description` writes it.
    ///
    /// - Parameter text: `none`, or a method, a colon and a plain decimal number.
    /// - Throws: `LevelTargetError` when the text is none of these or the number is out of range.
    public init(parsing text: String) throws(LevelTargetError) {
        if text == LevelMethod.none.rawValue {
            self = .none
            return
        }
        let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false)
        // `Double` alone would also take "nan", "inf" and hexadecimal.
        guard parts.count == 2, let method = LevelMethod(rawValue: String(parts[0])), method != .none,
            parts[1].utf8.allSatisfy(Self.decimalCharacters.contains), let value = Double(parts[1])
        else { throw .notATarget(text) }
        try self.init(method: method, value: Decibels(value))
    }

    /// The levels that make sense for a method, in its own unit; nil for `none`.
    ///
    /// Nothing lies above full scale. BS.1770 gates at -70 LUFS, so a lower loudness cannot be measured again; the
    /// other two end where 16 bits leave too little of speech.
    public static func range(of method: LevelMethod) -> ClosedRange<Double>? {
        switch method {
        case .activeSpeech, .samplePeak: -60...0
        case .loudness: -70...0
        case .none: nil
        }
    }

    private init(unchecked method: LevelMethod, _ value: Decibels) {
        self.method = method
        self.value = value
    }

    private static let decimalCharacters = Set("+-.0123456789".utf8)
}

extension LevelTarget: CustomStringConvertible {
    /// The form that `init(parsing:)` reads.
    public var description: String {
        if method == .none { return method.rawValue }
        let number = value.value == value.value.rounded() ? "\(Int(value.value))" : "\(value.value)"
        return "\(method.rawValue):\(number)"
    }
}

/// Why a text or a pair of values is no level target.
public enum LevelTargetError: Error, Sendable, Hashable {
    /// The text has none of the known forms.
    case notATarget(String)
    /// The level lies outside of what the method allows.
    case outOfRange(method: LevelMethod, value: Decibels)
}

extension LevelTargetError: CustomStringConvertible {
    /// One sentence that says what to write instead.
    public var description: String {
        switch self {
        case .notATarget(let text):
            return "“\(text)” is no level target; write p56:-26, lufs:-23, peak:-1 or none"
        case .outOfRange(let method, let value):
            guard let range = LevelTarget.range(of: method) else { return "the method none takes no level" }
            return "the level \(value.value) dB is out of range for \(method.rawValue); "
                + "give a number from \(Int(range.lowerBound)) to \(Int(range.upperBound))"
        }
    }
}
