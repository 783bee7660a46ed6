import ByteSources
import WaveFiles

extension Stage {
    /// From the bytes of a WAV file to samples, and to what is wrong with them.
    static let waveFiles = [inspect] + SourceBytes.Codec.allCases.map(decode) + [findDefects]

    private static let inspect = Stage("WaveFiles: inspect", frames: Speech.usual.count) {
        let source = MemoryByteSource(SourceBytes().bytes)
        return { Int(try WaveInspector().inspect(source).frames) }
    }

    private static func decode(_ codec: SourceBytes.Codec) -> Stage {
        Stage("WaveFiles: decode \(codec.rawValue)", frames: Speech.usual.count) {
            let source = MemoryByteSource(SourceBytes(codec).bytes)
            let inspection = try WaveInspector().inspect(source)
            var samples: [Int32] = []
            return {
                var reader = try WaveReader(inspection, source: source)
                var sum = 0
                while try reader.read(into: &samples, frames: SampleBlocks.frames) > 0 {
                    sum &+= Int(samples[0])
                }
                return sum
            }
        }
    }

    private static let findDefects = Stage("WaveFiles: look for signal defects", frames: Speech.usual.count) {
        let blocks = SampleBlocks(samples: Speech.usual)
        return {
            var meter = SignalMeter(Speech.format, codec: .pcmS16LE)
            blocks.forEach { meter.add($0) }
            return meter.findings().count
        }
    }
}
