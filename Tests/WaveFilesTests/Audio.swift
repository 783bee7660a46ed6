import ByteSources
import WaveFiles

/// All samples of an inspected file.
struct Audio {
    var frames: Int64 = 0
    var integers: [Int32] = []
    var reals: [Double] = []

    init(_ inspection: WaveInspection, _ source: any ByteSource, frames run: Int = 1000) throws {
        guard inspection.verdict != .rejected else { return }
        var reader = try WaveReader(inspection, source: source)
        if inspection.isFloatingPoint {
            var samples: [Double] = []
            while case let count = try reader.read(into: &samples, frames: run), count > 0 {
                frames += Int64(count)
                reals += samples
            }
        } else {
            var samples: [Int32] = []
            while case let count = try reader.read(into: &samples, frames: run), count > 0 {
                frames += Int64(count)
                integers += samples
            }
        }
    }

    init(path: String) throws {
        let source = try FileByteSource(path: path)
        try self.init(WaveInspector().inspect(source), source)
    }
}
