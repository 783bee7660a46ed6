import Testing

@testable import PBXClient

@Suite struct VoicemailListingTests {
    @Test(arguments: [
        ("42", 42), ("0", 0), (" 42 ", 42), ("42.0", 42), ("41.6", 42), ("00:00:42", 42), ("1:02", 62),
        ("01:00:00", 3600), ("42 s", 42),
    ])
    func `reads lengths`(text: String, seconds: Int) {
        #expect(Sample.listing(length: text).seconds == seconds)
    }

    @Test(arguments: [
        "", " ", "-1", "1e9", "abc", ":", "1:", "1:2:3:4", "1.2.3", "9999999999", "\u{661}", "nan",
    ])
    func `makes no number of what is no length`(text: String) {
        #expect(Sample.listing(length: text).seconds == nil)
    }
}
