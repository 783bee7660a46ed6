/// The rules that a finding can be about; the raw values are the codes that reports carry.
enum FindingCode: String, CaseIterable {
    case fileEmpty = "file.empty"

    case riffIDUnknown = "riff.id-unknown"
    case riffNotWave = "riff.not-wave"
    case riffLeadingBytes = "riff.leading-bytes"
    case riffSizeWrong = "riff.size-wrong"
    case riffTrailingBytes = "riff.trailing-bytes"
    case rf64SizesMissing = "rf64.ds64-missing"

    case chunkOverrun = "chunk.overrun"
    case chunkTruncated = "chunk.truncated"
    case chunkPadMissing = "chunk.pad-missing"
    case chunkIDNonprintable = "chunk.id-nonprintable"
    case chunkUnknown = "chunk.unknown"
    case chunkDuplicate = "chunk.duplicate"
    case chunkOrder = "chunk.order"
    case chunkExcessive = "chunk.excessive"

    case formatMissing = "fmt.missing"
    case formatTruncated = "fmt.truncated"
    case sampleRateZero = "fmt.sample-rate-zero"
    case sampleRateUnsupported = "fmt.sample-rate-unsupported"
    case sampleRateNotStreamable = "fmt.sample-rate-not-streamable"
    case channelsZero = "fmt.channels-zero"
    case channelsUnsupported = "fmt.channels-unsupported"
    case bitsZero = "fmt.bits-zero"
    case bitsWrong = "fmt.bits-wrong"
    case bitsNotByteMultiple = "fmt.bits-not-byte-multiple"
    case blockAlignWrong = "fmt.block-align-wrong"
    case byteRateWrong = "fmt.byte-rate-wrong"
    case samplesPerBlockWrong = "fmt.samples-per-block-wrong"
    case extensionSizeWrong = "fmt.extension-size-wrong"
    case channelMaskMismatch = "fmt.channel-mask-mismatch"
    case validBitsExceedContainer = "fmt.valid-bits-exceed-container"
    case containerAmbiguous = "fmt.container-ambiguous"

    case codecUnsupported = "codec.unsupported"
    case codecUndecodable = "codec.undecodable"

    case factMissing = "fact.missing"
    case factMismatch = "fact.mismatch"
    case factShort = "fact.short"

    case dataMissing = "data.missing"
    case dataEmpty = "data.empty"
    case dataSizeZero = "data.size-zero"
    case dataSizeStreaming = "data.size-streaming"
    case dataTruncated = "data.truncated"
    case dataTrailingAudio = "data.trailing-audio"
    case dataPartialFrame = "data.partial-frame"

    case broadcastShort = "bext.short"

    case sampleNaN = "sample.nan"
    case sampleOverFullScale = "sample.over-full-scale"

    case signalSilent = "signal.silent"
    case signalClipped = "signal.clipped"
    case signalOffset = "signal.dc-offset"
    case signalIdenticalChannels = "signal.identical-channels"
    case signalLowBitsConstant = "signal.low-bits-constant"
}
