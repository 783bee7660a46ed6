import Foundation
import Synchronization

/// A proxy that makes tunnels (`CONNECT`) on sockets of its own, and remembers who asked it for what.
final class TunnelProxy: Sendable {
    /// What it says to a request that it refuses; nil for none.
    private let refusal: String?
    private let seen = Mutex<[String]>([])
    private let listener: Int32

    let port: Int

    /// The heads of the requests for tunnels.
    var heads: [String] { seen.withLock { $0 } }

    init(refusing refusal: String? = nil) throws {
        self.refusal = refusal
        listener = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        var address = Self.loopback(port: 0)
        var size = socklen_t(MemoryLayout<sockaddr_in>.size)
        let listener = listener
        let isUp = withUnsafeMutablePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) { address in
                bind(listener, address, size) == 0 && listen(listener, 16) == 0
                    && getsockname(listener, address, &size) == 0
            }
        }
        guard isUp else { throw POSIXError(.EADDRNOTAVAIL) }
        port = Int(UInt16(bigEndian: address.sin_port))
        Thread.detachNewThread { [weak self] in
            while case let connection = accept(listener, nil, nil), connection >= 0 {
                guard let proxy = self else {
                    close(connection)
                    break
                }
                Thread.detachNewThread { proxy.serve(connection) }
            }
            close(listener)
        }
    }

    deinit {
        // The thread that waits for connections closes it.
        shutdown(listener, Int32(SHUT_RDWR))
    }

    private static func loopback(port: UInt16) -> sockaddr_in {
        var address = sockaddr_in()
        address.sin_family = sa_family_t(AF_INET)
        address.sin_addr.s_addr = UInt32(0x7F00_0001).bigEndian
        address.sin_port = port.bigEndian
        return address
    }

    private func serve(_ client: Int32) {
        defer { close(client) }
        var head: [UInt8] = []
        var byte: UInt8 = 0
        while !head.suffix(4).elementsEqual("\r\n\r\n".utf8) {
            guard recv(client, &byte, 1, 0) == 1 else { return }
            head.append(byte)
        }
        let text = String(decoding: head, as: UTF8.self)
        seen.withLock { $0.append(text) }
        let target = text.split(separator: " ").dropFirst().first ?? ""
        guard refusal == nil, text.hasPrefix("CONNECT "),
            let port = UInt16(target.split(separator: ":").last ?? "")
        else {
            return send(refusal ?? "HTTP/1.1 405 Method Not Allowed\r\nContent-Length: 0\r\n\r\n", to: client)
        }
        let server = socket(AF_INET, Int32(SOCK_STREAM.rawValue), 0)
        defer { close(server) }
        var address = Self.loopback(port: port)
        let isConnected = withUnsafePointer(to: &address) { pointer in
            pointer.withMemoryRebound(to: sockaddr.self, capacity: 1) {
                connect(server, $0, socklen_t(MemoryLayout<sockaddr_in>.size)) == 0
            }
        }
        guard isConnected else {
            return send("HTTP/1.1 502 Bad Gateway\r\nContent-Length: 0\r\n\r\n", to: client)
        }
        send("HTTP/1.1 200 Connection established\r\n\r\n", to: client)
        let back = DispatchGroup()
        DispatchQueue.global().async(group: back) { Self.pass(from: server, to: client) }
        Self.pass(from: client, to: server)
        back.wait()
    }

    private func send(_ text: String, to connection: Int32) {
        let bytes = Array(text.utf8)
        _ = Foundation.send(connection, bytes, bytes.count, Int32(MSG_NOSIGNAL))
    }

    private static func pass(from source: Int32, to target: Int32) {
        var buffer = [UInt8](repeating: 0, count: 1 << 16)
        while case let count = recv(source, &buffer, buffer.count, 0), count > 0 {
            var rest = buffer[..<count]
            while !rest.isEmpty {
                let sent = Foundation.send(target, Array(rest), rest.count, Int32(MSG_NOSIGNAL))
                guard sent > 0 else { return }
                rest = rest.dropFirst(sent)
            }
        }
        shutdown(target, Int32(SHUT_WR))
    }
}
