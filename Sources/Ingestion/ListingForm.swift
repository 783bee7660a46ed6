internal import Foundation
internal import PBXClient
internal import RecordingArchive

/// Tells whether two listings may be one message, listed in two forms.
///
/// After a change of firmware or settings a PBX may write dates or lengths otherwise, show another name for a caller,
/// or show all times by another zone. That the audio is the same has to be known from elsewhere.
struct ListingForm: Sendable {
    /// How the PBX writes dates.
    let dates: ListedDates
    /// Whether the audio is silence: that of one message is the same as that of another, which came an hour later.
    var isSilent: @Sendable () -> Bool = { false }

    /// How far the zones of two clocks may be apart, in seconds.
    private static let widestShift: Int64 = 26 * 3600

    /// What all zones of clocks are apart by a multiple of, in seconds.
    private static let shiftStep: Int64 = 900

    /// In what the listings differ, in a few words; nil where they are those of two messages.
    func difference(of old: MessageIdentity, from new: MessageIdentity) -> String? {
        guard old.pbx == new.pbx, old.extension == new.extension, old != new else { return nil }
        let shift = shift(from: old.listedDate, to: new.listedDate)
        let isSameMoment = old.listedDate == new.listedDate || shift == 0
        let isSameCaller = old.caller == new.caller
        let isSameNumber = isSameCaller || Self.number(old.caller) == Self.number(new.caller) ?? ""
        let isSameLength = old.listedLength == new.listedLength
        let (oldLength, newLength) = (Self.seconds(old.listedLength), Self.seconds(new.listedLength))

        var differences: [String] = []
        if old.listedDate != new.listedDate {
            switch shift {
            case 0?: differences.append("form of the date")
            case let shift?:
                guard shift % Self.shiftStep == 0, abs(shift) <= Self.widestShift, isSameNumber,
                    !isSilent()
                else {
                    return nil
                }
                differences.append("clock")
            case nil:
                // One of them cannot be read, so all else has to agree.
                guard isSameCaller, isSameLength else { return nil }
                differences.append("form of the date")
            }
        }
        if !isSameCaller {
            guard isSameNumber || isSameMoment else { return nil }
            differences.append("caller's name")
        }
        if !isSameLength {
            // A length that is not listed in one of the forms says nothing.
            guard
                oldLength == newLength && oldLength != nil
                    || (oldLength == nil || newLength == nil) && isSameMoment && isSameCaller
            else { return nil }
            differences.append("form of the length")
        }
        return differences.joined(separator: ", ")
    }

    /// Forms in which a message may have been listed before, as far as these can be guessed: by other clocks, with the
    /// number alone of its caller, with its date or its length written as boxes write them.
    func others(of identity: MessageIdentity) -> [MessageIdentity] {
        var texts = [identity.listedDate]
        if let date = dates.date(identity.listedDate),
            let wallClock = MessageDate(String(date.iso8601.prefix(19)) + "Z")?.unixSeconds
        {
            for shift in stride(from: -Self.widestShift, through: Self.widestShift, by: Int(Self.shiftStep)) {
                let text = String(MessageDate(unixSeconds: wallClock + shift).text.prefix(19))
                let plain = text.replacing("T", with: " ")
                texts += [plain, text, plain.replacing("-", with: "/")]
            }
        }
        var lengths = [identity.listedLength]
        if let seconds = Self.seconds(identity.listedLength) {
            let (minutes, rest) = (Self.padded(seconds / 60 % 60), Self.padded(seconds % 60))
            lengths += [
                "\(seconds)", "\(Self.padded(seconds / 3600)):\(minutes):\(rest)",
                "\(seconds / 3600):\(minutes):\(rest)", "\(Self.padded(seconds / 60)):\(rest)",
                "\(seconds / 60):\(rest)",
            ]
        }
        let callers = [identity.caller] + (Self.number(identity.caller).map { [$0] } ?? [])
        return texts.flatMap { date in
            callers.flatMap { caller in
                lengths.map { length in
                    MessageIdentity(
                        pbx: identity.pbx, extension: identity.extension, listedDate: date, caller: caller,
                        listedLength: length)
                }
            }
        }
    }

    private static func padded(_ number: Int) -> String { number < 10 ? "0\(number)" : "\(number)" }

    /// How many seconds later the second date is than the first; nil where one of them cannot be read.
    private func shift(from old: String, to new: String) -> Int64? {
        func moment(_ text: String) -> Int64? {
            dates.date(text).flatMap { MessageDate($0.iso8601) }?.unixSeconds
        }
        guard let old = moment(old), let new = moment(new) else { return nil }
        return new - old
    }

    /// The digits of a caller; nil where there are none.
    private static func number(_ caller: String) -> String? {
        let digits = caller.filter { $0.isASCII && $0.isNumber }
        return digits.isEmpty ? nil : digits
    }

    private static func seconds(_ length: String) -> Int? {
        VoicemailListing(extension: "", status: nil, file: "", caller: "", date: "", length: length).seconds
    }
}
