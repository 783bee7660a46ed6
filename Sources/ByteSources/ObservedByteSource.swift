#if canImport(Glibc)
    internal import Glibc
#else
    internal import Darwin
#endif

/// A source that tells of every read and can be told to stop, so that work on a long file can be followed and
/// interrupted without the workers knowing.
public struct ObservedByteSource: ByteSource {
    private let base: any ByteSource
    private let observer: @Sendable (Int) -> Bool

    /// Wraps a source.
    ///
    /// - Parameters:
    ///   - base: Where the bytes come from.
    ///   - observer: Called after each read with the number of bytes; returns whether to go on. Once it has
    ///     returned false, it should do so for good: each read then throws `ByteSourceError` with ECANCELED.
    public init(_ base: any ByteSource, observer: @escaping @Sendable (Int) -> Bool) {
        self.base = base
        self.observer = observer
    }

    /// How many bytes there are.
    public var byteCount: Int64 { base.byteCount }

    /// Fills a buffer from an offset, as `ByteSource` says.
    public func read(at offset: Int64, into buffer: UnsafeMutableRawBufferPointer) throws(ByteSourceError)
        -> Int
    {
        let count = try base.read(at: offset, into: buffer)
        guard observer(count) else { throw ByteSourceError(name: "the source", code: ECANCELED) }
        return count
    }
}
