import Foundation
import RecordingArchive
import Testing

@testable import Ingestion

@Suite struct ListingFormTests {
    private let form = ListingForm(dates: ListedDates(in: .gmt))

    private static func identity(
        _ date: String = "2026-01-05 09:00:00", _ caller: String = "2000", _ length: String = "2"
    ) -> MessageIdentity {
        MessageIdentity(
            pbx: "office", extension: "1000", listedDate: date, caller: caller, listedLength: length)
    }

    private static let old = identity()

    @Test(arguments: [
        (identity("2026-01-05 09:00:00", "2000", "00:00:02"), "form of the length"),
        (identity("2026-01-05 09:00:00", "2000", "0:02"), "form of the length"),
        (identity("2026-01-05 09:00:00", "2000", ""), "form of the length"),
        (identity("2026-01-05 10:00:00"), "clock"), (identity("2026-01-05 08:00:00"), "clock"),
        (identity("2026-01-05 17:00:00"), "clock"), (identity("2026-01-05 14:45:00"), "clock"),
        (identity("not a date"), "form of the date"), (identity(""), "form of the date"),
        (identity("2026-01-05 09:00:00", "Bob"), "caller's name"),
        (identity("2026-01-05 09:00:00", "Bob <2000>"), "caller's name"),
        (
            identity("2026-01-05 10:00:00", "Bob <2000>", "00:00:02"),
            "clock, caller's name, form of the length"
        ),
    ])
    func `knows one message in two forms`(new: MessageIdentity, difference: String) {
        #expect(form.difference(of: Self.old, from: new) == difference)
        #expect(form.difference(of: new, from: Self.old) == difference)
    }

    @Test(arguments: [
        old, identity("2026-01-05 09:00:01"), identity("2026-01-05 09:59:00"),
        identity("2026-01-07 09:00:00"),
        identity("2026-02-05 09:00:00"), identity("2026-01-05 09:00:00", "2000", "3"),
        identity("2026-01-05 09:00:00", "2000", "00:02:00"), identity("2026-01-05 10:00:00", "2001"),
        identity("2026-01-05 10:00:00", "Bob"), identity("not a date", "2001"),
        identity("not a date", "2000", "00:00:02"), identity("2026-01-05 10:00:00", "2000", ""),
        identity("2026-01-05 09:00:00", "Bob", "none"),
    ])
    func `takes no other message for it`(new: MessageIdentity) {
        #expect(form.difference(of: Self.old, from: new) == nil)
        #expect(form.difference(of: new, from: Self.old) == nil)
    }

    @Test(arguments: [
        identity("2026-01-05 09:00:00", "2000", "00:00:02"), identity("2026-01-05 10:00:00"),
        identity("2026-01-05 10:00:00", "2000", "0:02"), identity("2026-01-05 09:00:00", "Bob <2000>"),
        identity("2026-01-04 17:15:00", "Bob <2000>", "0:00:02"),
    ])
    func `guesses the usual form of a message`(new: MessageIdentity) {
        #expect(form.others(of: new).contains(Self.old))
        #expect(form.others(of: new).count < 10_000)
    }

    @Test func `takes silence of another hour for another message`() {
        let silent = ListingForm(dates: ListedDates(in: .gmt)) { true }
        #expect(silent.difference(of: Self.old, from: Self.identity("2026-01-05 10:00:00")) == nil)
        let slashes = Self.identity("2026/01/05 09:00:00")
        #expect(silent.difference(of: Self.old, from: slashes) == "form of the date")
    }

    @Test func `takes nobody else's message for it`() {
        var new = Self.identity("2026-01-05 10:00:00")
        new.extension = "1001"
        #expect(form.difference(of: Self.old, from: new) == nil)
        new = Self.identity("2026-01-05 10:00:00")
        new.pbx = "branch"
        #expect(form.difference(of: Self.old, from: new) == nil)
    }

    @Test func `looks at the wall clock that the zone has`() throws {
        // In the night in which clocks are set, an hour of the wall clock is none, or two.
        let berlin = ListingForm(
            dates: ListedDates(in: try #require(TimeZone(identifier: "Europe/Berlin"))))
        let winter = Self.identity("2026-03-29 01:30:00")
        #expect(berlin.difference(of: winter, from: Self.identity("2026-03-29 03:30:00")) == "clock")
        #expect(berlin.difference(of: winter, from: Self.identity("2026-03-29 03:31:00")) == nil)
    }
}
