import Testing

@testable import PBXClient

@Suite struct PBXConfigurationTests {
    @Test(arguments: [
        ("http://172.16.101.37:9011", "http://172.16.101.37:9011", "172.16.101.37"),
        ("https://pbx.example:8088/", "https://pbx.example:8088", "pbx.example"),
        ("https://[::1]:8088/box//", "https://[::1]:8088/box", "::1"),
    ])
    func `reads the URL of a PBX`(text: String, base: String, host: String) throws {
        let address = try PBXAddress(text)
        #expect(address.text == base)
        #expect(address.host == host)
    }

    @Test(arguments: [
        "", "192.168.5.150", "192.168.5.150:8088", "ftp://host", "https://", "https://host:0",
        "https://host:99999",
        "https://host/?a=b", "https://host/#a", "https://ho st", "https://host\n", "https://høst",
        "https://host\u{7F}", "https://host/\u{7F}",
    ])
    func `refuses what is no URL of a PBX`(text: String) {
        #expect(throws: PBXConfigurationError.self) { try PBXAddress(text) }
    }

    @Test func `does not repeat a password that stands in a URL`() throws {
        let error = try #require(throws: PBXConfigurationError.self) {
            try PBXAddress("https://api:hunter2@host")
        }
        #expect(!"\(error)".contains("hunter2"))
    }

    @Test(arguments: [
        ("http://127.0.0.1:80", true), ("http://localhost", true), ("http://[::1]", true),
        ("http://127.1.2.3", true),
        ("http://192.168.5.150", false), ("http://127.0.0.1.example.com", false),
        ("http://localhost.example", false),
    ])
    func `knows which hosts are this machine`(text: String, isLoopback: Bool) throws {
        #expect(try PBXAddress(text).isLoopback == isLoopback)
    }

    @Test func `warns of plain HTTP off loopback and of unchecked certificates`() throws {
        var configuration = try Sample.configuration()
        #expect(configuration.warnings.isEmpty)
        configuration.address = try PBXAddress("http://192.168.5.150")
        #expect(configuration.warnings.count == 1)
        configuration.address = try PBXAddress("https://192.168.5.150:8088")
        #expect(configuration.warnings.isEmpty)
        configuration.trust = .anything
        #expect(configuration.warnings.count == 1)
    }

    @Test func `tells the three cases of the allowed address apart`() throws {
        #expect(try AllowedAddress(nil) == .unspecified)
        #expect(try AllowedAddress("") == .blank)
        #expect(try AllowedAddress("10.0.0.1") == .address("10.0.0.1"))
        #expect(try AllowedAddress("fe80::1") == .address("fe80::1"))
    }

    @Test(arguments: ["10.0.0.1,10.0.0.2", "10.0.0.0/24", "host", " ", "10.0.0.256"])
    func `refuses what is not one address`(text: String) {
        #expect(throws: PBXConfigurationError.allowedAddress(text)) { try AllowedAddress(text) }
    }

    @Test func `reads fingerprints with and without colons`() throws {
        let plain = String(repeating: "0aF1", count: 16)
        let colons = Array(repeating: "0A:F1", count: 16).joined(separator: ":")
        let fingerprint = try CertificateFingerprint(plain)
        #expect(fingerprint.description == colons)
        #expect(try CertificateFingerprint(colons) == fingerprint)
    }

    @Test(arguments: [
        "", "00", String(repeating: "0", count: 63), "0:0" + String(repeating: "0", count: 62), "xyz",
    ])
    func `refuses what is no fingerprint`(text: String) {
        #expect(throws: PBXConfigurationError.fingerprint(text)) { try CertificateFingerprint(text) }
    }

    @Test func `lengthens pauses up to the longest, and takes up to half away`() {
        let policy = RetryPolicy(retries: 9, firstPause: .seconds(1), longestPause: .seconds(5))
        #expect(
            (1...4).map { policy.pause(afterFailures: $0, jitter: 0) } == [
                .seconds(1), .seconds(2), .seconds(4), .seconds(5),
            ])
        #expect(policy.pause(afterFailures: 1, jitter: 1) == .milliseconds(500))
        #expect(policy.pause(afterFailures: .max, jitter: 0) == .seconds(5))
    }

    @Test func `shows a secret in no form`() {
        let secret = Secret("hunter2")
        var dumped = ""
        dump(secret, to: &dumped)
        let configuration = [secret]
        for text in ["\(secret)", secret.debugDescription, dumped, String(reflecting: configuration)] {
            #expect(!text.contains("hunter2"))
            #expect(text.contains("redacted"))
        }
        #expect(secret.reveal() == "hunter2")
    }
}
