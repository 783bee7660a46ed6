internal import Digests
internal import PCM

/// SHA-256 over samples, so that those in a finished file can be compared with those that were to be stored.
struct SampleHasher {
    private let encoding: SampleEncoding?
    private var hasher = SHA256Hasher()
    private var bytes: [UInt8] = []

    /// Makes a hasher of samples that have some width in bits, 1 to 32.
    init(bitsPerSample: Int) {
        encoding = SampleEncoding(law: .littleEndian, bytesPerSample: (bitsPerSample + 7) / 8)
    }

    /// Adds samples, interleaved; how they are cut into pieces makes no difference.
    mutating func update(_ samples: Span<Int32>) {
        bytes.removeAll(keepingCapacity: true)
        encoding?.append(samples, to: &bytes)
        hasher.update(bytes)
    }

    func finalize() -> Digest { hasher.finalize() }
}
