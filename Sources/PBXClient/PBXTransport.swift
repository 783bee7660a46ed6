/// One HTTP request to a PBX.
struct TransportRequest: Sendable {
    enum Method: Sendable {
        case get, post
    }

    /// What is asked for, for errors and logs, which must not see the link.
    let operation: PBXOperation
    let method: Method
    /// Path and query below the PBX's URL: a secret, because token and random string are in the query.
    let link: Secret
    let body: [UInt8]?
    /// How long the head of the answer may take.
    let timeLimit: Duration
}

/// The head of an answer, and its body as it arrives.
struct TransportResponse: Sendable {
    let status: Int
    let contentLength: Int64?
    let location: String?
    /// The header of that name.
    let retryAfter: String?
    let body: any AsyncSequence<[UInt8], any Error> & Sendable
}

/// The way requests take to a PBX.
protocol PBXTransport: Sendable {
    /// Sends a request and returns once the head of the answer is there; redirects are not followed.
    ///
    /// Both this and the iteration of the body throw `PBXError` or `CancellationError`.
    func send(_ request: TransportRequest) async throws -> TransportResponse

    /// The address from which this machine reaches the PBX; nil where it cannot be found out.
    func ownAddress() async -> String?

    /// Ends all connections; nothing may be sent afterwards.
    func shutdown() async
}
