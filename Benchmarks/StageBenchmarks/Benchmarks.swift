import Benchmark
import ByteSources
import Leveling
import PCM
import WaveFiles

/// The stages that every recording passes through, each on one minute of 8 kHz audio.
let benchmarks = { @Sendable in
    Benchmark.defaultConfiguration = .init(
        metrics: [.wallClock], timeUnits: .microseconds, warmupIterations: 3, maxDuration: .seconds(2),
        maxIterations: 2000)

    for method in [LevelMethod.activeSpeech, .loudness] {
        Benchmark("Leveling: measure \(method.rawValue), 1 min") { benchmark in
            for _ in benchmark.scaledIterations {
                var meter = try LevelMeter(format: Speech.format, method: method)
                try meter.add(Speech.samples.span)
                blackHole(try meter.finish())
            }
        }
    }

    for direction in ["apply", "undo"] {
        Benchmark("Leveling: \(direction) a reversible scale, 1 min") { benchmark in
            guard
                let scale = ReversibleScale(
                    gain: Decibels(4.5), sourceBits: 16, zeroBits: 0, peak: 16_000, ceiling: Decibels(-1))
            else { return benchmark.error("16 bits do not hold 4.5 dB more") }
            let stored = Speech.samples.map { Int32(truncatingIfNeeded: scale.apply(Int64($0))) }
            let input = direction == "apply" ? Speech.samples : stored
            for _ in benchmark.scaledIterations {
                var samples = input
                var span = samples.mutableSpan
                if direction == "apply" { scale.apply(&span) } else { scale.undo(&span) }
                blackHole(samples)
            }
        }
    }

    Benchmark("WaveFiles: inspect, 1 min") { benchmark in
        let source = MemoryByteSource(Speech.wave)
        for _ in benchmark.scaledIterations {
            blackHole(try WaveInspector().inspect(source))
        }
    }

    Benchmark("WaveFiles: read and look for signal defects, 1 min") { benchmark in
        let source = MemoryByteSource(Speech.wave)
        let inspection = try WaveInspector().inspect(source)
        var samples: [Int32] = []
        for _ in benchmark.scaledIterations {
            var reader = try WaveReader(inspection, source: source)
            var meter = SignalMeter(inspection)
            while try reader.read(into: &samples, frames: 4096) > 0 { meter?.add(samples.span) }
            blackHole(meter?.findings())
        }
    }
}
