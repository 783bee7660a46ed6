package import RecordingArchive

/// Filters over `SampleRecordings` of every kind: that match nothing, few, many, only the very oldest.
package enum ListingCases {
    private static let end: Int64 = 1_767_225_600

    /// Each with its name.
    package static let all: [(name: String, filter: RecordingFilter)] = [
        ("all", RecordingFilter()),
        ("a month, eight years ago", RecordingFilter(since: 1_500_000_000, before: 1_502_592_000)),
        ("before all", RecordingFilter(before: 1_000_000_000)),
        ("a PBX, half of all", RecordingFilter(pbx: "north")),
        ("a PBX, the oldest tenth", RecordingFilter(pbx: SampleRecordings.oldPBX)),
        ("an extension, the oldest", RecordingFilter(extension: SampleRecordings.oldExtension)),
        ("an extension", RecordingFilter(extension: "1100")),
        ("an extension that is not there", RecordingFilter(extension: "7")),
        ("a caller", RecordingFilter(caller: "491511000042")),
        ("a verdict, nine tenths", RecordingFilter(verdict: "valid")),
        ("quarantine", RecordingFilter(state: .quarantined)),
        (
            "oldest PBX, flawed, under a hold",
            RecordingFilter(pbx: SampleRecordings.oldPBX, verdict: "flawed", hold: .any)
        ),
        ("valid of the oldest PBX", RecordingFilter(pbx: SampleRecordings.oldPBX, verdict: "valid")),
        ("valid in quarantine", RecordingFilter(verdict: "valid", state: .quarantined)),
        (
            "oldest PBX, valid, archived, 30 years",
            RecordingFilter(
                pbx: SampleRecordings.oldPBX, verdict: "valid", state: .archived,
                retention: RetentionCondition("30y"))
        ),
        (
            "oldest PBX, archived, without end, over 2 min",
            RecordingFilter(
                pbx: SampleRecordings.oldPBX, state: .archived, minDuration: 120, hold: HoldCondition.none,
                retention: .endless)
        ),
        (
            "oldest PBX after it was gone",
            RecordingFilter(pbx: SampleRecordings.oldPBX, since: 1_500_000_000, verdict: "valid")
        ),
        ("over 5 min 55 s", RecordingFilter(minDuration: 355)),
        ("over an hour", RecordingFilter(minDuration: 3600)),
        ("30 s to 31 s", RecordingFilter(minDuration: 30, maxDuration: 31)),
        ("under a hold", RecordingFilter(hold: .any)),
        ("under none", RecordingFilter(hold: HoldCondition.none)),
        ("a case of 100", RecordingFilter(hold: .caseID("small"))),
        ("a case of an eighth", RecordingFilter(hold: .caseID("large"))),
        ("a case of two holds", RecordingFilter(hold: .caseID("twofold"))),
        ("a case that is not there", RecordingFilter(hold: .caseID("none"))),
        (
            "a case of an eighth, oldest PBX, salvaged",
            RecordingFilter(
                pbx: SampleRecordings.oldPBX, verdict: "salvaged", hold: .caseID("large"))
        ),
        ("expired", RecordingFilter(retention: .endsBefore(end))),
        ("expires within 9 years", RecordingFilter(retention: .endsBefore(end + 284_000_000))),
        ("without end", RecordingFilter(retention: .endless)),
        ("policy 30y", RecordingFilter(retention: RetentionCondition("30y"))),
        ("words, nine tenths", RecordingFilter(text: "valid")),
        ("words, the oldest", RecordingFilter(text: "antique")),
        ("words, a caller", RecordingFilter(text: "491511000042")),
        ("words that are not there", RecordingFilter(text: "nowhere")),
        ("words, two disjoint, large", RecordingFilter(text: "valid flawed")),
        ("words, a phrase", RecordingFilter(text: "pbx.duration-mismatch")),
        (
            "words, nine tenths, of the oldest PBX",
            RecordingFilter(pbx: SampleRecordings.oldPBX, text: "valid")
        ),
        (
            "words, nine tenths, over 5 min 59 s",
            RecordingFilter(minDuration: 359, text: "valid")
        ),
        ("words, nine tenths, over an hour", RecordingFilter(minDuration: 3600, text: "valid")),
        ("words, nine tenths, expired", RecordingFilter(retention: .endsBefore(end), text: "valid")),
        (
            "words, nine tenths, expires within months",
            RecordingFilter(retention: .endsBefore(end + 20_000_000), text: "valid")
        ),
        ("words, nine tenths, a case of 100", RecordingFilter(hold: .caseID("small"), text: "valid")),
        ("words, nine tenths, a case of an eighth", RecordingFilter(hold: .caseID("large"), text: "valid")),
        (
            "words and three values that exclude one another",
            RecordingFilter(
                pbx: SampleRecordings.oldPBX, since: 1_500_000_000, verdict: "valid", state: .archived,
                text: "msg1")
        ),
    ]
}
