/// What an encoder has written, for whoever reads the file back.
public struct FLACOutput: Sendable, Hashable {
    /// Bytes in the file.
    public let byteCount: Int64

    /// The first bytes of the file: the marker and libFLAC's own blocks, completed STREAMINFO and tags among them.
    ///
    /// Behind them lies the envelope, where there is one, and then the first frame.
    public let head: [UInt8]
}
