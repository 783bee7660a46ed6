import Testing

@testable import PBXClient

@Suite struct PBXProxyTests {
    private func proxy(_ environment: [String: String], for url: String = "https://192.168.5.150:8088") throws
        -> String?
    {
        try PBXProxy.inEnvironment(environment, for: PBXAddress(url)).map { "\($0)" }
    }

    @Test(
        arguments: [
            ([:], nil, nil), (["HTTPS_PROXY": "http://a:1"], "a:1", nil),
            (["https_proxy": "a:1"], "a:1", nil),
            (["HTTP_PROXY": "http://b:2"], nil, "b:2"), (["http_proxy": "b:2/"], nil, "b:2"),
            (["HTTPS_PROXY": "http://a:1", "https_proxy": "http://b:2"], "b:2", nil),
            (["https_proxy": "", "HTTPS_PROXY": "http://a:1"], nil, nil),
            (["ALL_PROXY": "socks5h://c:3", "HTTPS_PROXY": "http://a:1"], "a:1", "c:3"),
            (["all_proxy": "socks5://[fd00::1]:3"], "[fd00::1]:3", "[fd00::1]:3"),
            (["HTTPS_PROXY": "http://me:secret@a:1"], "a:1", nil),
        ] as [([String: String], String?, String?)])
    func `finds the proxy of the URL's scheme`(
        environment: [String: String], encrypted: String?, plain: String?
    ) throws {
        #expect(try proxy(environment) == encrypted)
        #expect(try proxy(environment, for: "http://192.168.5.150:9011") == plain)
    }

    @Test(arguments: [
        ("https://192.168.5.150:8088", "192.168.5.150", true),
        ("https://192.168.5.150:8088", "192.168.0.0/16", true),
        ("https://192.168.5.150:8088", "10.0.0.0/8 192.168.5.0/24", true),
        ("https://192.168.5.150:8088", "192.168.5.150:8088", true),
        ("https://192.168.5.150:8088", "192.168.5.150:443", false),
        ("https://192.168.5.150:8088", "192.168.4.0/24,192.168.5.15,5.150,168.5.150", false),
        ("https://192.168.5.150:8088", "0.0.0.0/0", true),
        ("https://192.168.5.150:8088", "192.168.5.0/33", false),
        ("https://192.168.5.150:8088", "", false), ("https://192.168.5.150:8088", ",.,[]:8088, /,:", false),
        ("https://PBX.example.com", "example.com", true), ("https://pbx.example.com", ".Example.com", true),
        ("https://pbx.example.com", "*.example.com", true), ("https://pbx.example.com", "ample.com", false),
        ("https://example.com", "pbx.example.com", false), ("https://pbx.example.com", "*", true),
        ("https://pbx.example.com", "example.com:443", true),
        ("https://pbx.example.com", "example.com:80", false),
        ("https://[fd00::1]:8088", "fd00:0::1", true), ("https://[fd00::1]:8088", "[fd00::1]:8088", true),
        ("https://[fd00::1]:8088", "fd00::2", false), ("https://[::1]:8088", "[::1]", true),
        ("https://[fd00::1]:8088", "fd00::/8", true), ("https://[fe80::1]:8088", "fd00::/8", false),
        ("https://[fd12:3::1]:8088", "10.0.0.0/8, [fd00::/8]", true),
        ("https://[2001:db8:7::1]:8088", "2001:db8::/32", true),
        ("https://[2001:db9::1]:8088", "2001:db8::/32", false),
        ("https://[2001:db8:8000::1]:8088", "2001:db8::/33", false),
        ("https://[fd00::1]:8088", "::/0", true), ("https://192.168.5.150:8088", "::/0", false),
        ("https://[fd00::1]:8088", "0.0.0.0/0", false), ("https://[fd00::1]:8088", "fd00::/129", false),
        ("https://[fd00::1]:8088", "fd00::/-1, fd00::/, fd00::/8/8", false),
        ("https://pbx.example.com", "fd00::/8", false),
    ])
    func `goes past the proxy for what no_proxy names`(url: String, exceptions: String, isExcepted: Bool)
        throws
    {
        for name in ["no_proxy", "NO_PROXY"] {
            let found = try proxy(["https_proxy": "http://a:1", name: exceptions], for: url)
            #expect((found == nil) == isExcepted)
        }
    }

    @Test func `shows no login, however it is printed`() throws {
        let proxy = try #require(
            try PBXProxy.inEnvironment(
                ["HTTPS_PROXY": "http://me:s3cret@a:1"], for: PBXAddress("https://192.168.5.150")))
        var dumped = ""
        dump(proxy, to: &dumped)
        for text in ["\(proxy)", String(reflecting: proxy), dumped] { #expect(!text.contains("s3cret")) }
    }
}
