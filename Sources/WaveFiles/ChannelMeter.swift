internal import PCM

/// What full scale is for a codec, and when a signal counts as clipped below it.
struct FullScale: Sendable {
    /// The magnitude that stands for 1.0.
    let unit: Double
    /// The highest and the lowest value that the codec can express.
    let highest: Int64
    let lowest: Int64
    /// Whether a flat top below full scale is told.
    ///
    /// Not for G.711, whose coarse steps make flat tops of any signal.
    let seesFlatTops: Bool

    init(_ codec: WaveCodec) {
        let bits = codec.isFloatingPoint ? 24 : codec.decodedBits
        let half = Int64(1) << Int64(bits - 1)
        unit = Double(half)
        switch codec {
        case .pcmMuLaw: (highest, lowest) = (32_124, -32_124)
        case .pcmALaw: (highest, lowest) = (32_256, -32_256)
        default: (highest, lowest) = (half - 1, -half)
        }
        seesFlatTops = codec != .pcmMuLaw && codec != .pcmALaw
    }
}

/// The running measures of one channel.
struct ChannelMeter: Sendable {
    private let scale: FullScale
    private var count: Int64 = 0
    private var sum = 0.0
    private var first: Int64 = 0
    private var previous: Int64 = 0
    private var top: FlatRuns
    private var bottom: FlatRuns

    /// The bits in which any two samples differ.
    private(set) var varyingBits: Int64 = 0
    private(set) var notNumbers: Int64 = 0
    private(set) var firstNotNumber: Int64?
    private(set) var overFullScale: Int64 = 0
    private(set) var firstOverFullScale: Int64?

    init(_ scale: FullScale) {
        self.scale = scale
        top = FlatRuns(limit: scale.highest, scale)
        bottom = FlatRuns(limit: -scale.lowest, scale)
    }

    /// The samples that are looked at together.
    private static let runLength = 256

    /// Takes in every `stride`-th of the integers behind a pointer.
    ///
    /// Only where a run of them reaches the extremes so far can it hold what is clipped, which is seldom; the rest is
    /// measured without a branch.
    mutating func add(_ samples: UnsafePointer<Int32>, frames: Int, stride: Int) {
        guard frames > 0 else { return }
        if count == 0 {
            first = Int64(samples[0])
            previous = first
        }
        var start = 0
        while start < frames {
            let length = min(Self.runLength, frames - start)
            add(run: samples + start * stride, length: length, stride: stride)
            start += length
        }
    }

    private mutating func add(run: UnsafePointer<Int32>, length: Int, stride: Int) {
        let reference = Int32(truncatingIfNeeded: first)
        var lowest = Int32.max
        var highest = Int32.min
        var differences: Int32 = 0
        var total: Int64 = 0
        var index = 0
        while index < length {
            let value = run[index &* stride]
            if value < lowest { lowest = value }
            if value > highest { highest = value }
            differences |= value ^ reference
            total &+= Int64(value)
            index &+= 1
        }
        if top.isReached(by: Int64(highest)) || bottom.isReached(by: -Int64(lowest)) {
            index = 0
            while index < length {
                let value = Int64(run[index &* stride])
                top.add(value, after: previous)
                bottom.add(-value, after: -previous)
                previous = value
                index &+= 1
            }
        } else {
            top.endRun()
            bottom.endRun()
            previous = Int64(run[(length &- 1) &* stride])
        }
        varyingBits |= Int64(differences)
        sum += Double(total)
        count += Int64(length)
    }

    @inline(__always)
    private mutating func add(_ value: Int64) {
        if count == 0 {
            first = value
            previous = value
        }
        varyingBits |= value ^ first
        sum += Double(value)
        top.add(value, after: previous)
        bottom.add(-value, after: -previous)
        previous = value
        count += 1
    }

    /// Takes in a real number, measured on from here as an integer of 24 bits.
    mutating func add(_ value: Double, frame: Int64) {
        if !RealSample.isValid(value) {
            notNumbers += 1
            firstNotNumber = firstNotNumber ?? frame
            add(0)
            return
        }
        if value.magnitude > 1 {
            overFullScale += 1
            firstOverFullScale = firstOverFullScale ?? frame
        }
        // Far beyond full scale nothing more is to be learned, and the integer must hold it.
        add(Int64((max(-256, min(256, value)) * scale.unit).rounded()))
    }

    /// The distance from the lowest to the highest sample, as a part of full scale.
    var span: Double {
        count == 0 ? 0 : Double(top.extreme + bottom.extreme) / scale.unit
    }

    /// The mean, as a part of full scale.
    var mean: Double { count == 0 ? 0 : sum / Double(count) / scale.unit }

    var clippedSamples: Int64 { top.clipped + bottom.clipped }
}

/// Counts the samples in runs of at least three at the highest value of a signal.
///
/// At full scale any such run is clipped. Below it, at the signal's own highest value, it is only where the
/// signal is loud (above -12 dBFS) and comes to the run in a jump (1/256 of full scale): a slow sine rests at
/// its peak too, but creeps up to it.
private struct FlatRuns: Sendable {
    private let limit: Int64
    private let loud: Int64
    private let jump: Int64
    private var run: Int64 = 0
    private var runCounts = false

    /// The highest value so far.
    private(set) var extreme = Int64.min / 4

    /// The samples in runs at that value.
    private(set) var clipped: Int64 = 0

    init(limit: Int64, _ scale: FullScale) {
        self.limit = limit
        loud = scale.seesFlatTops ? Int64(scale.unit / 4) : .max
        jump = max(2, Int64(scale.unit / 256))
    }

    /// Whether values of which this is the highest hold any that counts.
    func isReached(by highest: Int64) -> Bool { highest >= extreme }

    /// Takes in values of which none counts.
    mutating func endRun() { run = 0 }

    @inline(__always)
    mutating func add(_ value: Int64, after previous: Int64) {
        if value < extreme {
            run = 0
            return
        }
        if value > extreme {
            // Runs at a lower value were no clipping, unless both lie at or beyond full scale.
            if extreme < limit { clipped = 0 }
            extreme = value
            run = 0
        }
        run += 1
        if run == 1 { runCounts = value >= limit || (value >= loud && value - previous >= jump) }
        guard runCounts, run >= 3 else { return }
        clipped += run == 3 ? 3 : 1
    }
}
