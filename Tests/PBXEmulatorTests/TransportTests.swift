import Testing

@testable import PBXEmulator

@Suite struct TransportTests {
    @Test(arguments: [
        ("GET", "v1.1.0/login", 20001), ("GET", "v1.1.0/voicemail/query", 20001),
        ("PUT", "v1.1.0/logout", 20001),
        ("POST", "v1.1.0/voicemail/download", 10003), ("POST", "v1.1.0/nothing", 10003),
        ("GET", "v1.1.0/nothing", 10003),
        ("POST", "1.1.0/login", 10003), ("POST", "vx/login", 10003), ("POST", "v1..0/login", 10003),
        ("POST", "v1.1.0", 10003),
        ("POST", "v99999999999999999999.0/login", 10003),
    ])
    func `answers a request that does not exist or is made wrongly with its code`(
        method: String, path: String, errno: Int
    ) throws {
        var box = Box()
        let reply = try box.post(path, "{}", method: method)
        #expect(reply.errno == errno)
        #expect(reply.raw.status == 200)
        #expect(reply.text == #"{"status":"Failed","errno":"\#(errno)"}"#)
    }

    @Test func `answers a path outside the API with a page`() throws {
        var box = Box()
        let request = PBXRequest(method: "GET", path: "/", address: "192.0.2.10")
        #expect(box.service.respond(to: request, fault: nil).status == 404)
    }

    @Test func `refuses XML by its type as well as by its look`() throws {
        var box = Box()
        let token = try box.login()
        let reply = try box.post(
            "v1.1.0/voicemail/query", #"{"extid":"1000"}"#, query: ["token": token], contentType: "text/xml")
        #expect(reply.errno == 10002)
    }

    @Test(arguments: [
        "[]", "1", "\"text\"", "{\"extid\":}", "{\"extid\":\"1000\",}", "{extid:\"1000\"}", "\u{FEFF}",
        "{\"extid\":\"1000\"",
    ])
    func `refuses what is no JSON object`(body: String) throws {
        var box = Box()
        let token = try box.login()
        #expect(try box.post("v1.1.0/voicemail/query", body, query: ["token": token]).errno == 20000)
    }

    @Test func `mends only what it tolerates and nothing inside a string`() throws {
        let text = #"{"a":"x,}\",]", b : 1 , "c":[1,2,], "d":true ,}"#
        let fields = try RequestFields(json: Array(text.utf8), tolerating: .all)
        #expect(fields["a"] == #"x,}",]"#)
        #expect(fields["b"] == "1")
        #expect(fields["c"] == nil)
        #expect(fields["d"] == "true")
        #expect(throws: PBXErrno.jsonOnly) {
            try RequestFields(json: Array(text.utf8), tolerating: .trailingCommas)
        }
    }
}
