import ByteSources

/// The bytes of a file.
func contents(of path: String) throws -> [UInt8] {
    let source = try FileByteSource(path: path)
    return try source.bytes(at: 0, count: Int(source.byteCount))
}
