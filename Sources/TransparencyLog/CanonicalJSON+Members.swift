extension CanonicalJSON {
    /// The value of an object's member; nil where there is none of that name, or this is no object.
    public subscript(_ name: String) -> CanonicalJSON? {
        members?.first { $0.name.utf8.elementsEqual(name.utf8) }?.value
    }

    /// The text; nil where this is none.
    public var stringValue: String? {
        if case .string(let text) = self { text } else { nil }
    }

    /// The whole number; nil where this is none.
    public var integerValue: Int64? {
        if case .integer(let number) = self { number } else { nil }
    }

    /// The number, whole or not; nil where this is none.
    public var numberValue: Double? {
        switch self {
        case .integer(let number): Double(number)
        case .number(let number): number
        default: nil
        }
    }

    /// True or false; nil where this is neither.
    public var boolValue: Bool? {
        if case .bool(let isTrue) = self { isTrue } else { nil }
    }

    /// The values of an array; nil where this is none.
    public var arrayValue: [CanonicalJSON]? {
        if case .array(let values) = self { values } else { nil }
    }

    /// The members of an object; nil where this is none.
    public var members: [Member]? {
        if case .object(let members) = self { members } else { nil }
    }
}
