import Crypto
import Foundation
import Testing

@testable import PBXEmulator

/// A PBX without sockets, with a clock of its own, and requests as a client makes them.
struct Box {
    let clock = ManualClock()
    var service: PBXService
    var address = "192.0.2.10"

    static let password = "secret"
    static let passwordMD5 = Insecure.MD5.hash(data: Data(password.utf8)).map {
        ($0 < 16 ? "0" : "") + String($0, radix: 16)
    }
    .joined()

    init(_ change: (inout EmulatorConfiguration) -> Void = { _ in }) {
        var configuration = EmulatorConfiguration()
        configuration.password = Self.password
        configuration.mailboxes = .sample
        configuration.clock = clock.clock
        change(&configuration)
        service = PBXService(configuration)
    }

    mutating func post(
        _ path: String, _ body: String = "", query: [String: String] = [:], from address: String? = nil,
        method: String = "POST", contentType: String = "application/json; charset=utf-8"
    ) throws -> Reply {
        let request = PBXRequest(
            method: method, path: "/api/" + path, query: query, contentType: contentType,
            body: Array(body.utf8),
            address: address ?? self.address)
        let fault = service.route(of: request)?.endpoint.flatMap { service.faults.take(for: $0) }
        return try Reply(service.respond(to: request, fault: fault))
    }

    mutating func login(version: String = "v1.1.0", from address: String? = nil) throws -> String {
        let body = #"{"username":"api","password":"\#(Self.passwordMD5)","port":"8260"}"#
        return try #require(try post("\(version)/login", body, from: address).answer?.token)
    }

    mutating func random(
        _ body: String, token: String, version: String = "v1.1.0", from address: String? = nil
    ) throws -> Reply {
        try post("\(version)/voicemail/get_random", body, query: ["token": token], from: address)
    }

    mutating func download(
        _ query: [String: String], version: String = "v1.1.0", from address: String? = nil
    ) throws -> Reply {
        try post("\(version)/voicemail/download", query: query, from: address, method: "GET")
    }
}

/// An answer, read as a client reads it.
struct Reply {
    struct Answer: Decodable {
        struct Mailbox: Decodable {
            struct Message: Decodable, Equatable {
                let voicemailfile, messagefrom, voicemailstatus, voicemaildate, voicemaillength: String
            }
            let extid: String?
            let number: String?
            let voicemail: [Message]
        }
        let status: String
        let errno: String?
        let token: String?
        let refreshtoken: String?
        let transport: String?
        let extid: String?
        let number: String?
        let voicemailstatus: String?
        let voicemailfile: String?
        let random: String?
        let voicemails: [Mailbox]?
    }

    let raw: PBXReply
    let answer: Answer?

    init(_ reply: PBXReply) throws {
        raw = reply
        answer = try? JSONDecoder().decode(Answer.self, from: Data(reply.body))
    }

    var text: String { String(decoding: raw.body, as: UTF8.self) }
    var errno: Int? { answer?.errno.flatMap { Int($0) } }
}
