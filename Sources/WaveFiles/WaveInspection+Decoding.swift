extension WaveInspection {
    /// The inspection with what only decoding the audio could tell.
    ///
    /// - Parameters:
    ///   - frames: The frames that were decoded; fewer than before where the decoder stopped early.
    ///   - findings: What was found on the way; the verdict follows.
    /// - Returns: A copy that tells both.
    public func decoded(frames: Int64, adding findings: [WaveFinding]) -> WaveInspection {
        let all = self.findings + findings
        return WaveInspection(
            size: size, container: container, codec: codec, format: format, frames: frames, audio: audio,
            findings: all, verdict: Verdict(worst: all.map(\.severity).max()), chunks: chunks,
            libsndfile: libsndfile, layout: layout)
    }
}
