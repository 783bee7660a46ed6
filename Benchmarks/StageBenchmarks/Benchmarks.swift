import Benchmark
import Stages

/// Every stage, in wall time and in what that means for a message.
let benchmarks = { @Sendable in
    let framesPerSecond = BenchmarkMetric.custom(
        "Frames per second", polarity: .prefersLarger, useScalingFactor: false)
    let timesRealTime = BenchmarkMetric.custom(
        "Times real time", polarity: .prefersLarger, useScalingFactor: false)
    Benchmark.defaultConfiguration = .init(
        metrics: [.wallClock, framesPerSecond, timesRealTime],
        units: [framesPerSecond: .kilo, timesRealTime: .count], warmupIterations: 2, maxDuration: .seconds(2),
        maxIterations: 2000)

    for stage in Stage.all {
        Benchmark(stage.name) { benchmark, run in
            let clock = ContinuousClock()
            benchmark.startMeasurement()
            let time = try clock.measure { blackHole(try run()) }
            benchmark.stopMeasurement()
            let seconds = time / .seconds(1)
            benchmark.measurement(framesPerSecond, Int(Double(stage.frames) / seconds))
            benchmark.measurement(timesRealTime, Int(stage.duration / seconds))
        } setup: {
            try stage.prepare()
        }
    }
}
