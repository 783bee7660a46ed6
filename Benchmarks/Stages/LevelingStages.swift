import Leveling
import PCM

extension Stage {
    /// What is measured of samples, and what is done to them and undone.
    static let leveling = [
        measure("active speech level", .activeSpeech), measure("loudness", .loudness),
        scale("scale") { scale, block in
            var span = block.mutableSpan
            scale.apply(&span)
        },
        scale("unscale") { scale, block in
            var span = block.mutableSpan
            scale.undo(&span)
        },
    ]

    private static func measure(_ name: String, _ method: LevelMethod) -> Stage {
        Stage("Leveling: measure \(name)", frames: Speech.usual.count) {
            let blocks = SampleBlocks(samples: Speech.usual)
            return {
                var meter = try LevelMeter(format: Speech.format, method: method)
                try blocks.forEach { try meter.add($0) }
                let level = try meter.finish().level
                return Int(100 * (level?.value ?? 0))
            }
        }
    }

    private static func scale(
        _ name: String, _ change: @escaping @Sendable (ReversibleScale, inout [Int32]) -> Void
    ) -> Stage {
        Stage("Leveling: \(name)", frames: Speech.usual.count) {
            guard
                let scale = ReversibleScale(
                    gain: Decibels(4.5), sourceBits: 16, zeroBits: 0, peak: 16_000, ceiling: Decibels(-1))
            else { throw StageError(description: "no reversible scale makes 16 bits 4.5 dB louder") }
            let blocks = SampleBlocks(samples: Speech.usual)
            return {
                var sum = 0
                blocks.forEachCopy { block in
                    change(scale, &block)
                    sum &+= Int(block[block.count / 2])
                }
                return sum
            }
        }
    }
}
