/// What counts as a sample among the floating-point numbers of a file; full scale is 1.0.
public enum RealSample {
    /// The largest magnitude that a sample can have.
    ///
    /// Files that were never normalized hold integers as floats, of up to 24 bits. Beyond that, and where a number is
    /// infinite or none at all, there is damage; a single such sample would otherwise decide the level of a whole
    /// recording.
    public static let largestMagnitude = 0x1p24

    /// Whether a number counts as a sample; what does not is taken for 0.
    public static func isValid(_ number: Double) -> Bool {
        // False for a NaN too.
        number.magnitude <= largestMagnitude
    }
}
