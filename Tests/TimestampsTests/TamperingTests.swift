import Digests
import TestSupport
import Testing
import Timestamps

/// Answers that somebody has changed.
struct TamperingTests {
    /// An answer with every certificate that it can have, and what accepts it.
    private let authority: LocalTimestampAuthority
    private let answer: [UInt8]
    private let roots: TimestampCertificates

    init() async throws {
        authority = try await LocalTimestampAuthority { $0.hasIntermediate = true }
        answer = try await authority.answer(Stamped.query.bytes)
        roots = try authority.roots
    }

    @Test(arguments: [0x01, 0x20, 0x80, 0xFF] as [UInt8])
    func `says the same, or nothing, with any byte changed`(mask: UInt8) async throws {
        let original = try TimestampAnswer(answer)
        let signer = try await original.verify(trusting: roots)
        for index in answer.indices {
            var changed = answer
            changed[index] ^= mask
            guard let reading = try? TimestampAnswer(changed) else { continue }
            for roots in [roots, nil] {
                guard let verified = try? await reading.verify(trusting: roots) else { continue }
                #expect(reading.info == original.info, "byte \(index)")
                #expect(verified.fingerprint == signer.fingerprint, "byte \(index)")
            }
        }
    }

    @Test func `says nothing once it is cut off, or longer`() {
        for count in answer.indices {
            #expect(throws: TimestampError.self) { try TimestampAnswer(Array(answer.prefix(count))) }
        }
        #expect(throws: TimestampError.self) { try TimestampAnswer(answer + [0]) }
        let byteCount = TimestampAnswer.largestByteCount + 1
        #expect(throws: TimestampError.tooLarge(byteCount: byteCount)) {
            try TimestampAnswer(answer + Array(repeating: 0, count: byteCount - answer.count))
        }
    }

    @Test func `has a signature that nobody else can make`() async throws {
        // The signature is the last thing in an answer of openssl's.
        var changed = answer
        changed[changed.count - 1] ^= 1
        await #expect(throws: TimestampError.badSignature(authority: "CN=Local time-stamp authority")) {
            try await TimestampAnswer(changed).verify(trusting: roots)
        }
    }

    @Test func `has a time and an imprint that are signed`() async throws {
        let content = try await authority.content(of: answer)
        let start = try #require(answer.firstRange(of: content)).lowerBound
        // A fraction of a second has no zeros at its end, so the length may be any up to that of six digits.
        let time =
            try #require(
                (0x0F...0x16).compactMap { content.firstRange(of: [0x18, $0] + Array("20".utf8)) }.first
            ).lowerBound + start
        // The last digits of the year and of the seconds.
        for index in [time + 5, time + 15] {
            var changed = answer
            changed[index] ^= 1
            let reading = try TimestampAnswer(changed)
            #expect(try reading.info.time != TimestampAnswer(answer).info.time)
            await #expect(throws: TimestampError.altered) { try await reading.verify(trusting: roots) }
        }
        let imprint = try #require(answer.firstRange(of: Stamped.digest.bytes)).lowerBound
        var changed = answer
        changed[imprint] ^= 1
        let other = try #require(
            Digest(bytes: Stamped.digest.bytes.enumerated().map { $0 == 0 ? $1 ^ 1 : $1 }))
        await #expect(throws: TimestampError.altered) {
            try await TimestampAnswer(changed).verify(other, trusting: roots)
        }
    }

    @Test(arguments: [(1, true), (2, false), (3, false), (5, false), (0xFF, false)] as [(UInt8, Bool)])
    func `is granted, with changes or without, or refused`(status: UInt8, isGranted: Bool) async throws {
        var changed = answer
        let granted = try #require(answer.firstRange(of: [0x30, 0x03, 0x02, 0x01, 0x00]))
        changed[granted.upperBound - 1] = status
        if isGranted {
            _ = try await TimestampAnswer(changed).verify(trusting: roots)
        } else {
            let code = Int(Int8(bitPattern: status))
            #expect(throws: TimestampError.refused(status: code, reason: "")) { try TimestampAnswer(changed) }
        }
    }
}
