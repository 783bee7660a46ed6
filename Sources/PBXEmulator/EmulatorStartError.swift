/// Why an emulator could not start.
public enum EmulatorStartError: Error, Sendable, Hashable, CustomStringConvertible {
    /// The address or the port cannot be had.
    case listening(host: String, port: Int, cause: String)
    /// The certificate cannot be made, read or used.
    case certificate(String)

    /// Says what is wrong and what to do.
    public var description: String {
        switch self {
        case .listening(let host, let port, let cause):
            "The emulator cannot listen at \(host) port \(port) (\(cause)): choose another port, or 0 for any."
        case .certificate(let cause):
            "The emulator's certificate cannot be used (\(cause)): check the PEM files, or leave them out."
        }
    }
}
