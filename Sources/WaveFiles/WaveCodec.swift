public import PCM

/// A codec that can be decoded out of a WAVE file; the raw value is its name in reports.
public enum WaveCodec: String, Sendable, Hashable, CaseIterable {
    /// Unsigned bytes.
    case pcmU8 = "pcm_u8"
    /// Two bytes a sample, least significant first.
    case pcmS16LE = "pcm_s16le"
    /// Two bytes a sample, most significant first.
    case pcmS16BE = "pcm_s16be"
    /// Three bytes a sample, least significant first.
    case pcmS24LE = "pcm_s24le"
    /// Three bytes a sample, most significant first.
    case pcmS24BE = "pcm_s24be"
    /// Four bytes a sample, least significant first.
    case pcmS32LE = "pcm_s32le"
    /// Four bytes a sample, most significant first.
    case pcmS32BE = "pcm_s32be"
    /// IEEE 754 single precision, least significant byte first.
    case pcmF32LE = "pcm_f32le"
    /// IEEE 754 single precision, most significant byte first.
    case pcmF32BE = "pcm_f32be"
    /// IEEE 754 double precision, least significant byte first.
    case pcmF64LE = "pcm_f64le"
    /// IEEE 754 double precision, most significant byte first.
    case pcmF64BE = "pcm_f64be"
    /// ITU-T G.711 µ-law.
    case pcmMuLaw = "pcm_mulaw"
    /// ITU-T G.711 A-law.
    case pcmALaw = "pcm_alaw"
    /// GSM 06.10 full rate in the packing of WAV49: 65 bytes for 320 frames.
    case gsmMS = "gsm_ms"
    /// The ADPCM of the Interactive Multimedia Association.
    case adpcmIMA = "adpcm_ima_wav"
    /// Microsoft's ADPCM.
    case adpcmMS = "adpcm_ms"
    /// ITU-T G.721, 4 bits a sample.
    case adpcmG721 = "adpcm_g721"

    /// The name in reports, such as `pcm_s16le`.
    public var name: String { rawValue }

    /// Whether samples are real numbers with full scale at 1.0.
    public var isFloatingPoint: Bool {
        switch self {
        case .pcmF32LE, .pcmF32BE, .pcmF64LE, .pcmF64BE: true
        default: false
        }
    }

    /// The law that turns samples back into the bytes of the file; nil where the bytes do not follow from
    /// them.
    public var encoding: SampleEncoding? {
        switch self {
        case .pcmU8: SampleEncoding(law: .unsigned, bytesPerSample: 1)
        case .pcmS16LE: SampleEncoding(law: .littleEndian, bytesPerSample: 2)
        case .pcmS16BE: SampleEncoding(law: .bigEndian, bytesPerSample: 2)
        case .pcmS24LE: SampleEncoding(law: .littleEndian, bytesPerSample: 3)
        case .pcmS24BE: SampleEncoding(law: .bigEndian, bytesPerSample: 3)
        case .pcmS32LE: SampleEncoding(law: .littleEndian, bytesPerSample: 4)
        case .pcmS32BE: SampleEncoding(law: .bigEndian, bytesPerSample: 4)
        case .pcmMuLaw: SampleEncoding(law: .muLaw, bytesPerSample: 1)
        case .pcmALaw: SampleEncoding(law: .aLaw, bytesPerSample: 1)
        case .pcmF32LE, .pcmF32BE, .pcmF64LE, .pcmF64BE, .gsmMS, .adpcmIMA, .adpcmMS, .adpcmG721: nil
        }
    }

    /// The width in bits of the samples that the decoder yields.
    public var decodedBits: Int {
        switch self {
        case .pcmU8: 8
        case .pcmS24LE, .pcmS24BE: 24
        case .pcmS32LE, .pcmS32BE, .pcmF32LE, .pcmF32BE: 32
        case .pcmF64LE, .pcmF64BE: 64
        case .pcmS16LE, .pcmS16BE, .pcmMuLaw, .pcmALaw, .gsmMS, .adpcmIMA, .adpcmMS, .adpcmG721: 16
        }
    }

    /// Whether the file holds blocks that decode to many frames each.
    var isBlockCoded: Bool {
        switch self {
        case .gsmMS, .adpcmIMA, .adpcmMS, .adpcmG721: true
        default: false
        }
    }

    /// Whether a rule asks for a `fact` chunk: RIFF MCI does for every codec but PCM.
    var wantsFact: Bool {
        switch self {
        case .pcmU8, .pcmS16LE, .pcmS16BE, .pcmS24LE, .pcmS24BE, .pcmS32LE, .pcmS32BE: false
        default: true
        }
    }

    /// The integer PCM codec of a container.
    static func integer(bytes: Int, _ order: ByteOrder) -> WaveCodec? {
        switch (bytes, order) {
        case (1, _): .pcmU8
        case (2, .little): .pcmS16LE
        case (2, .big): .pcmS16BE
        case (3, .little): .pcmS24LE
        case (3, .big): .pcmS24BE
        case (4, .little): .pcmS32LE
        case (4, .big): .pcmS32BE
        default: nil
        }
    }

    /// The floating-point codec of a container.
    static func real(bits: Int, _ order: ByteOrder) -> WaveCodec? {
        switch (bits, order) {
        case (32, .little): .pcmF32LE
        case (32, .big): .pcmF32BE
        case (64, .little): .pcmF64LE
        case (64, .big): .pcmF64BE
        default: nil
        }
    }
}
