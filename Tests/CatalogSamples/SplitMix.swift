/// Numbers without pattern that follow from a seed: SplitMix64.
struct SplitMix {
    var state: UInt64

    /// A number from 0, less than a bound.
    mutating func next(_ bound: Int) -> Int {
        state &+= 0x9E37_79B9_7F4A_7C15
        var mixed = state
        mixed = (mixed ^ (mixed >> 30)) &* 0xBF58_476D_1CE4_E5B9
        mixed = (mixed ^ (mixed >> 27)) &* 0x94D0_49BB_1331_11EB
        return Int((mixed ^ (mixed >> 31)) % UInt64(bound))
    }

    /// One of some values, each as often as its weight says.
    mutating func pick(_ values: [(weight: Int, value: String)]) -> String {
        var rest = next(values.reduce(0) { $0 + $1.weight })
        for (weight, value) in values {
            if rest < weight { return value }
            rest -= weight
        }
        return ""
    }
}
