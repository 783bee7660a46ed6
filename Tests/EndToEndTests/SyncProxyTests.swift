import Foundation
import TestSupport
import Testing

/// A PBX that is reached by way of a proxy.
@Suite struct SyncProxyTests {
    private static let messages = (0..<3).map { index in
        SyncedBox.Message(
            mailbox: "1000", file: "msg000\(index).wav", caller: "200\(index)",
            date: "2026-01-05 09:00:0\(index)", length: "1", status: "unread",
            audio: SyncedPBX.audio(seed: UInt64(index)))
    }

    private static func environment(_ proxy: String, except exceptions: String = "") -> [String: String] {
        ["HTTP_PROXY": proxy, "NO_PROXY": exceptions, "no_proxy": exceptions]
    }

    @Test func `asks the proxy for tunnels with its login, and tells nobody that`() async throws {
        let synced = try await SyncedBox(Self.messages)
        let proxy = try TunnelProxy()
        let result = try await synced.sync(
            ["--verbose"], environment: Self.environment("http://me:s3cret%21@127.0.0.1:\(proxy.port)/"))
        #expect(result.status == 0, "\(result.diagnostics)")
        #expect(try await synced.held() == SyncedBox.expectation(Self.messages))
        #expect(!proxy.heads.isEmpty)
        let login = Data("me:s3cret!".utf8).base64EncodedString()
        for head in proxy.heads {
            #expect(head.hasPrefix("CONNECT 127.0.0.1:\(synced.box.port) HTTP/1.1\r\n"), "\(head)")
            #expect(
                head.lowercased().contains("proxy-authorization: basic \(login)\r\n".lowercased()), "\(head)")
        }
        #expect(!(result.text + result.diagnostics).contains("s3cret"))
    }

    @Test(arguments: ["127.0.0.1", "example.com, 127.0.0.0/8", "*"])
    func `goes past the proxy where the PBX is excepted`(exceptions: String) async throws {
        let synced = try await SyncedBox(Self.messages)
        let proxy = try TunnelProxy()
        let result = try await synced.sync(
            environment: Self.environment("http://127.0.0.1:\(proxy.port)", except: exceptions))
        #expect(result.status == 0, "\(result.diagnostics)")
        #expect(proxy.heads.isEmpty)
    }

    @Test(arguments: [
        (
            "HTTP/1.1 407 Proxy Authentication Required\r\nContent-Length: 0\r\n\r\n",
            "the proxy wants a login"
        ),
        ("HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n", "the proxy makes no connection"),
        ("", "by way of the proxy 127.0.0.1:"),
    ])
    func `says what is wrong with the proxy`(refusal: String, sentence: String) async throws {
        let synced = try await SyncedBox(Self.messages)
        let proxy = try TunnelProxy(refusing: refusal)
        let result = try await synced.sync(
            environment: Self.environment("http://me:s3cret@127.0.0.1:\(proxy.port)"))
        #expect(result.status == 69)
        #expect(result.diagnostics.contains(sentence), "\(result.diagnostics)")
        #expect(!result.diagnostics.contains("s3cret"))
        #expect(synced.box.requests("login").isEmpty)
    }

    @Test(arguments: [
        "http://me:s3cret@proxy", "http://me:s3cret@:3128", "ftp://me:s3cret@proxy:21",
        "http://me:s3cret@proxy:99999",
        "http://me:s3cret@proxy:3128/path", "socks5://me:s3cret@proxy:1080", "me:s3cret@pro xy:3128",
    ])
    func `does not repeat a proxy that it cannot read`(proxy: String) async throws {
        let synced = try await SyncedBox(Self.messages)
        let result = try await synced.sync(environment: Self.environment(proxy))
        #expect(result.status == 64)
        #expect(result.diagnostics.contains("proxy in HTTP_PROXY"), "\(result.diagnostics)")
        #expect(!result.diagnostics.contains("s3cret"))
    }
}
