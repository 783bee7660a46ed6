internal import SwiftASN1

#if canImport(FoundationEssentials)
    package import FoundationEssentials
#else
    package import Foundation
#endif

/// The time that an authority signed, in UTC.
package struct TimestampTime: Sendable, Hashable {
    /// The years that a time may lie in; chains of certificates cannot be checked at the end of the year 9999.
    static let years = 1970...9998

    /// The most bytes of a time that are read: far more decimals than any clock has.
    static let largestByteCount = 32

    /// The time, with its fraction of a second as far as `Date` holds it.
    package var date: Date {
        Date(timeIntervalSince1970: Double(seconds) + fraction)
    }

    /// The time as ISO 8601 writes it, with every decimal that was signed: `2026-01-27T12:34:56.789Z`.
    package let text: String

    /// Whole seconds since 1970; a leap second counts as the one after it.
    let seconds: Int64

    private let fraction: Double

    /// Reads the GeneralizedTime of a TSTInfo.
    ///
    /// - Throws: What swift-asn1 throws, or `TimestampError`, where it is no such time.
    init(derEncoded node: ASN1Node) throws {
        guard node.encodedBytes.count <= Self.largestByteCount else {
            throw TimestampError.malformed(reason: "its time has too many decimals")
        }
        let time = try GeneralizedTime(derEncoded: node)
        guard Self.years.contains(time.year), time.seconds <= 60 else {
            throw TimestampError.malformed(reason: "its time is none that a clock shows")
        }
        let days = Self.days(year: time.year, month: time.month, day: time.day)
        seconds = Int64(days * 86_400 + time.hours * 3600 + time.minutes * 60 + time.seconds)
        fraction = time.fractionalSeconds
        let decimals = String(decoding: time.rawFractionalSeconds, as: UTF8.self)
        let two = { (number: Int) in (number < 10 ? "0" : "") + String(number) }
        text =
            "\(time.year)-\(two(time.month))-\(two(time.day))T\(two(time.hours)):\(two(time.minutes)):"
            + "\(two(time.seconds))\(decimals.isEmpty ? "" : ".")\(decimals)Z"
    }

    /// The days from 1970-01-01 to a date of the Gregorian calendar.
    ///
    /// The year begins in March here, so that the leap day is the last and months follow one another with
    /// 153 days in five.
    private static func days(year: Int, month: Int, day: Int) -> Int {
        let year = month > 2 ? year : year - 1
        let dayOfYear = (153 * ((month + 9) % 12) + 2) / 5 + day - 1
        return year * 365 + year / 4 - year / 100 + year / 400 + dayOfYear - 719_468
    }
}

extension TimestampTime: CustomStringConvertible {
    /// The time as ISO 8601 writes it.
    package var description: String { text }
}
