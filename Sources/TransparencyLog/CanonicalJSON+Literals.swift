extension CanonicalJSON: ExpressibleByStringLiteral {
    /// A text.
    public init(stringLiteral value: String) {
        self = .string(value)
    }
}

extension CanonicalJSON: ExpressibleByIntegerLiteral {
    /// A whole number.
    public init(integerLiteral value: Int64) {
        self = .integer(value)
    }
}

extension CanonicalJSON: ExpressibleByFloatLiteral {
    /// A number.
    public init(floatLiteral value: Double) {
        self = .number(value)
    }
}

extension CanonicalJSON: ExpressibleByBooleanLiteral {
    /// True or false.
    public init(booleanLiteral value: Bool) {
        self = .bool(value)
    }
}

extension CanonicalJSON: ExpressibleByNilLiteral {
    /// Nothing.
    public init(nilLiteral: ()) {
        self = .null
    }
}

extension CanonicalJSON: ExpressibleByArrayLiteral {
    /// An array.
    public init(arrayLiteral elements: CanonicalJSON...) {
        self = .array(elements)
    }
}

extension CanonicalJSON: ExpressibleByDictionaryLiteral {
    /// An object.
    public init(dictionaryLiteral elements: (String, CanonicalJSON)...) {
        self = .object(elements.map { Member($0.0, $0.1) })
    }
}
