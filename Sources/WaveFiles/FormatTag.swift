/// The number that a `fmt ` chunk names its codec with (Microsoft `mmreg.h`, RFC 2361).
struct FormatTag: Hashable, CustomStringConvertible {
    let code: UInt16

    static let pcm = FormatTag(code: 0x0001)
    static let microsoftADPCM = FormatTag(code: 0x0002)
    static let float = FormatTag(code: 0x0003)
    static let aLaw = FormatTag(code: 0x0006)
    static let muLaw = FormatTag(code: 0x0007)
    static let imaADPCM = FormatTag(code: 0x0011)
    static let gsm = FormatTag(code: 0x0031)
    static let g721 = FormatTag(code: 0x0040)
    static let mpeg = FormatTag(code: 0x0050)
    static let mp3 = FormatTag(code: 0x0055)
    static let extensible = FormatTag(code: 0xFFFE)

    /// Name and number, such as `MP3 (0x0055)`.
    var description: String {
        let digits = String(code, radix: 16, uppercase: true)
        let number = "0x" + String(repeating: "0", count: 4 - digits.count) + digits
        return "\(Self.names[code] ?? "unknown codec") (\(number))"
    }

    private static let names: [UInt16: String] = [
        0x0001: "PCM", 0x0002: "Microsoft ADPCM", 0x0003: "IEEE float", 0x0005: "IBM CVSD", 0x0006: "A-law",
        0x0007: "mu-law", 0x0008: "DTS", 0x000A: "Windows Media Voice", 0x0010: "OKI ADPCM",
        0x0011: "IMA ADPCM",
        0x0012: "MediaSpace ADPCM", 0x0013: "Sierra ADPCM", 0x0014: "G.723 ADPCM", 0x0015: "DIGISTD",
        0x0016: "DIGIFIX", 0x0017: "Dialogic OKI ADPCM", 0x0020: "Yamaha ADPCM", 0x0021: "Sonarc",
        0x0022: "TrueSpeech", 0x0030: "Dolby AC-2", 0x0031: "GSM 6.10", 0x0032: "MSN audio",
        0x0034: "Control Resources VQLPC", 0x003B: "Rockwell ADPCM", 0x003C: "Rockwell DIGITALK",
        0x0040: "G.721 ADPCM", 0x0041: "G.728 CELP", 0x0042: "G.723.1", 0x0045: "G.726", 0x0050: "MPEG",
        0x0055: "MP3", 0x0057: "AMR-NB", 0x0058: "AMR-WB", 0x0059: "Lucent G.723", 0x0061: "Duck ADPCM",
        0x0062: "Voxware ADPCM", 0x0064: "G.726", 0x0065: "G.722", 0x0067: "Microsoft G.723",
        0x0069: "Xbox ADPCM", 0x0070: "Lernout & Hauspie CELP", 0x0075: "Voxware RT29", 0x0083: "G.729",
        0x0084: "G.729A", 0x0085: "DF G.726", 0x00FF: "AAC", 0x0101: "IBM mu-law", 0x0102: "IBM A-law",
        0x0103: "IBM ADPCM", 0x0111: "Vivo G.723", 0x0112: "Vivo Siren", 0x0123: "Digital G.723",
        0x0125: "Sanyo ADPCM", 0x0130: "Sipro ACELP", 0x0133: "Sipro G.729", 0x0140: "Dictaphone CELP",
        0x0160: "Windows Media Audio 1", 0x0161: "Windows Media Audio 2", 0x0162: "Windows Media Audio Pro",
        0x0163: "Windows Media Audio lossless", 0x0200: "Creative ADPCM", 0x028E: "Siren", 0x1610: "HE-AAC",
        0x2000: "AC-3", 0x2001: "DTS", 0x566F: "Vorbis", 0x674F: "Vorbis", 0x6750: "Vorbis", 0x6751: "Vorbis",
        0x676F: "Vorbis", 0x6770: "Vorbis", 0x6771: "Vorbis", 0x704F: "Opus", 0x706D: "AAC", 0x7A21: "AMR",
        0x7A22: "AMR", 0xA109: "Speex", 0xA10C: "G.729", 0xF1AC: "FLAC", 0xFFFE: "extensible",
    ]
}
