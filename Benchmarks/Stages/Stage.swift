import PCM

/// A stage of a conversion with an input of its own, the same on every machine, to be run as often as one likes.
public struct Stage: Sendable {
    /// One run over the whole input.
    ///
    /// What it returns follows from its result, so that the compiler cannot leave out the work.
    public typealias Run = () throws -> Int

    /// The module, what it does, and to what.
    public let name: String

    /// Frames in the input.
    public let frames: Int

    /// Whether its instructions are counted; what takes long and tells nothing more than another stage is not.
    public let isCounted: Bool

    private let preparation: @Sendable () throws -> Run

    init(
        _ name: String, frames: Int, isCounted: Bool = true,
        preparation: @escaping @Sendable () throws -> Run
    ) {
        self.name = name
        self.frames = frames
        self.isCounted = isCounted
        self.preparation = preparation
    }

    /// The playing time of the input in seconds.
    public var duration: Double { Speech.format.duration(ofFrames: Int64(frames)) }

    /// Makes the input, which is no part of what is measured.
    ///
    /// - Returns: The run over it.
    /// - Throws: What the modules throw that the input is made with.
    public func prepare() throws -> Run { try preparation() }

    /// All stages, in the order in which a message passes through them.
    public static let all =
        waveFiles + digests + leveling + encoding + decoding + transcoding
}

/// Why a stage cannot be run: a fault of the stage, and not of what it measures.
struct StageError: Error, CustomStringConvertible {
    let description: String
}
