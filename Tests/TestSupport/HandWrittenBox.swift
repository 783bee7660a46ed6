internal import Foundation
internal import Synchronization

/// A PBX that is written from the API's pages alone, on a socket of its own, and answers as a test has it answer.
///
/// It shares no code with the emulator, which a client may agree with in a mistake. Without a handler it behaves as a
/// box without faults.
public final class HandWrittenBox: Sendable {
    /// A message with all that a box lists of it.
    public struct Message: Sendable, Hashable {
        /// The extension.
        public var mailbox: String
        /// The name of the file.
        public var file: String
        /// `messagefrom`.
        public var caller: String
        /// `voicemaildate`.
        public var date: String
        /// `voicemaillength`.
        public var length: String
        /// The folder; nil for a box that lists none.
        public var status: String?
        /// The bytes of the file.
        public var audio: [UInt8]
        /// What the box lists instead of the object that the other properties make.
        public var entry: String?

        /// Makes a message.
        public init(
            mailbox: String = "1000", file: String = "msg0000.wav", caller: String = "2000",
            date: String = "2026-01-05 09:00:00", length: String = "1", status: String? = nil,
            audio: [UInt8], entry: String? = nil
        ) {
            self.mailbox = mailbox
            self.file = file
            self.caller = caller
            self.date = date
            self.length = length
            self.status = status
            self.audio = audio
            self.entry = entry
        }
    }

    /// A request as it came.
    public struct Request: Sendable {
        /// `login`, `voicemail/query` and so on.
        public let operation: String
        /// The parameters of the query and of the JSON.
        public let fields: [String: String]
        /// How many requests of this operation there were before.
        public let ordinal: Int
        /// How many requests of any operation there were before.
        public let number: Int
    }

    /// What a box answers.
    public enum Answer: Sendable {
        /// A text, which need not be JSON.
        case json(String)
        /// A WAV file, which need not be one.
        case audio([UInt8])
        /// Any body with its type.
        case body([UInt8], type: String)
        /// All bytes of an answer, its header among them.
        case wire([UInt8])
        /// The connection is closed.
        case nothing
    }

    /// What a box holds.
    public struct Contents: Sendable {
        /// In the order in which they are listed.
        ///
        /// Of several that a request may mean, the last is served.
        public var messages: [Message]
        /// The extensions that exist; those of the messages where it is empty.
        public var extensions: [String] = []

        /// Whether an extension is there.
        func has(_ number: String) -> Bool {
            (extensions.isEmpty ? messages.map(\.mailbox) : extensions).contains(number)
        }
    }

    /// Answers a request in place of the box, or changes what it holds and leaves the answer to it, by nil.
    public typealias Handler = @Sendable (Request, inout Contents) -> Answer?

    private struct State {
        var contents: Contents
        var handler: Handler?
        var requests: [Request] = []
        var randoms = 0
    }

    private let state: Mutex<State>
    private let listener: Int32

    /// The port on the loopback address.
    public let port: Int

    /// Starts a box, which ends with the last reference to it.
    public init(_ messages: [Message], handler: Handler? = nil) throws {
        state = Mutex(State(contents: Contents(messages: messages), handler: handler))
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = listener
        let isUp = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(listener, address, size) == 0 && listen(listener, 64) == 0
                    && getsockname(listener, address, &size) == 0
            }
        }
        guard isUp else { throw POSIXError(.EADDRNOTAVAIL) }
        port = Int(UInt16(bigEndian: address.sin_port))
        Thread.detachNewThread { [weak self] in
            while case let connection = accept(listener, nil, nil), connection >= 0 {
                guard let box = self else {
                    close(connection)
                    break
                }
                Thread.detachNewThread { box.serve(connection) }
            }
            close(listener)
        }
    }

    deinit {
        // The thread that waits for connections closes it.
        shutdown(listener, Int32(SHUT_RDWR))
    }

    /// Where the box answers.
    public var url: String { "http://127.0.0.1:\(port)" }

    /// What it holds.
    public var messages: [Message] {
        get { state.withLock { $0.contents.messages } }
        set { state.withLock { $0.contents.messages = newValue } }
    }

    /// Changes what it holds.
    public func change(_ body: (inout Contents) -> Void) {
        state.withLock { body(&$0.contents) }
    }

    /// Sets who answers in its place.
    public func handle(_ handler: Handler?) {
        state.withLock { $0.handler = handler }
    }

    /// How many requests there were.
    public var requestCount: Int { state.withLock { $0.requests.count } }

    /// The requests of an operation, in order.
    public func requests(_ operation: String) -> [Request] {
        state.withLock { $0.requests.filter { $0.operation == operation } }
    }

    private func serve(_ connection: Int32) {
        defer { close(connection) }
        var received: [UInt8] = []
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while true {
            let count = recv(connection, &buffer, buffer.count, 0)
            guard count > 0 else { return }
            received += buffer[..<count]
            if let request = parse(received) {
                return send(answer(to: request.operation, request.fields), to: connection)
            }
        }
    }

    private func send(_ answer: Answer, to connection: Int32) {
        let (body, type): ([UInt8], String)
        switch answer {
        case .json(let text): (body, type) = (Array(text.utf8), "application/json")
        case .audio(let bytes): (body, type) = (bytes, "audio/x-wav")
        case .body(let bytes, let name): (body, type) = (bytes, name)
        case .wire(let bytes): return write(bytes, to: connection)
        case .nothing: return
        }
        let head =
            "HTTP/1.1 200 OK\r\nContent-Type: \(type)\r\nContent-Length: \(body.count)\r\nConnection: close\r\n\r\n"
        write(Array(head.utf8) + body, to: connection)
    }

    private func write(_ bytes: [UInt8], to connection: Int32) {
        var bytes = bytes
        while !bytes.isEmpty {
            let count = Foundation.send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL))
            guard count > 0 else { return }
            bytes.removeFirst(count)
        }
    }

    private func parse(_ received: [UInt8]) -> (operation: String, fields: [String: String])? {
        guard let end = received.firstRange(of: Array("\r\n\r\n".utf8)) else { return nil }
        let head = String(decoding: received[..<end.lowerBound], as: UTF8.self)
        let length = head.split(separator: "\r\n").first { $0.lowercased().hasPrefix("content-length:") }
            .flatMap { Int($0.split(separator: ":")[1].drop { $0 == " " }) }
        let body = received[end.upperBound...]
        guard body.count >= length ?? 0 else { return nil }
        let target = head.split(separator: " ").dropFirst().first.map(String.init) ?? "/"
        let parts = URLComponents(string: target)
        var fields: [String: String] = [:]
        for item in parts?.queryItems ?? [] { fields[item.name] = item.value }
        let object = try? JSONSerialization.jsonObject(with: Data(body)) as? [String: Any]
        for (name, value) in object ?? [:] { fields[name] = "\(value)" }
        // Behind /api/v1.1.0/.
        let operation = (parts?.path ?? "").split(separator: "/").dropFirst(2).joined(separator: "/")
        return (operation, fields)
    }

    private func answer(to operation: String, _ fields: [String: String]) -> Answer {
        state.withLock { state in
            let request = Request(
                operation: operation, fields: fields,
                ordinal: state.requests.count { $0.operation == operation }, number: state.requests.count)
            state.requests.append(request)
            if let answer = state.handler?(request, &state.contents) { return answer }
            switch operation {
            case "login": return .json(#"{"status":"Success","token":"0123456789abcdef0123456789abcdef"}"#)
            case "voicemail/query": return .json(Self.listing(of: state.contents, asked: fields["extid"]))
            case "voicemail/get_random":
                guard Self.message(in: state.contents, fields) != nil else { return Self.refusal(20018) }
                state.randoms += 1
                return .json(#"{"status":"Success","random":"\#(state.randoms)"}"#)
            case "voicemail/download":
                guard let message = Self.message(in: state.contents, fields) else {
                    return Self.refusal(20018)
                }
                return .audio(message.audio)
            default: return .json(#"{"status":"Success"}"#)
            }
        }
    }

    /// The refusal with a code.
    public static func refusal(_ code: Int) -> Answer {
        .json(#"{"status":"Failed","errno":"\#(code)"}"#)
    }

    private static func message(in contents: Contents, _ fields: [String: String]) -> Message? {
        contents.messages.last { message in
            message.mailbox == fields["extid"] && message.file == fields["voicemailfile"]
                && (message.status == nil || fields["voicemailstatus"].map { $0 == message.status } ?? true)
        }
    }

    /// The answer to a query; a refusal where one of the extensions is not there.
    public static func listing(of contents: Contents, asked: String? = nil) -> String {
        let asked = asked.map { $0.split(separator: ",").map(String.init) }
        if let missing = asked?.first(where: { !contents.has($0) }) {
            return #"{"status":"Failed","errno":"10006","extid":"\#(missing)"}"#
        }
        var mailboxes: [String] = []
        for message in contents.messages where asked?.contains(message.mailbox) ?? true {
            if !mailboxes.contains(message.mailbox) { mailboxes.append(message.mailbox) }
        }
        if mailboxes.isEmpty { return #"{"status":"Success"}"# }
        let lists = mailboxes.map { mailbox in
            let entries = contents.messages.filter { $0.mailbox == mailbox }.map { $0.entry ?? entry(of: $0) }
            return #"{"extid":"\#(mailbox)","voicemail":[\#(entries.joined(separator: ","))]}"#
        }
        return #"{"status":"Success","voicemails":[\#(lists.joined(separator: ","))]}"#
    }

    private static func entry(of message: Message) -> String {
        let status = message.status.map { #","voicemailstatus":"\#($0)""# } ?? ""
        return #"{"voicemailfile":"\#(message.file)","messagefrom":"\#(message.caller)"\#(status),"#
            + #""voicemaildate":"\#(message.date)","voicemaillength":"\#(message.length)"}"#
    }
}
