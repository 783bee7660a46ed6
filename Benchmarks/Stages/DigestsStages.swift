import Digests

extension Stage {
    /// The SHA-256 of a source.
    static let digests = [
        Stage("Digests: SHA-256", frames: Speech.usual.count) {
            let bytes = SourceBytes().bytes
            return { Int(SHA256Hasher.digest(of: bytes).bytes[0]) }
        }
    ]
}
