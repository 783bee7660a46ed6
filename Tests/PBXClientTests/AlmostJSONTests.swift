import Foundation
import TestSupport
import Testing

@testable import PBXClient

@Suite struct AlmostJSONTests {
    @Test(arguments: [
        (#"{"a":"1",}"#, #"{"a":"1"}"#),
        (#"{"a":[{"b":1}{"b":2}]}"#, #"{"a":[{"b":1},{"b":2}]}"#),
        (#"{"a":[{"b":1},{"b":2},]}"#, #"{"a":[{"b":1},{"b":2}]}"#),
        (#"{"a":[{"b":1},{"b":2}"#, #"{"a":[{"b":1},{"b":2}]}"#),
        (#"{"a":[{"b":1},"#, #"{"a":[{"b":1}]}"#),
        (#"{"a":[{"b":1 {"b":2}]}"#, #"{"a":[{"b":1},{"b":2}]}"#),
        (#"{"a":"1" "b":"2"}"#, #"{"a":"1","b":"2"}"#),
        (#"{"a":"1",,"b":"2"}"#, #"{"a":"1","b":"2"}"#),
        (#"{urlflag: "1", "port": 8260}"#, #"{"urlflag":"1","port":8260}"#),
        (#"{"extid":0100,"b":-5,"c":Success,"d":1.5}"#, #"{"extid":"0100","b":-5,"c":"Success","d":"1.5"}"#),
        (#"{"a":[1,[2,3}"#, #"{"a":[1,[2,3]]}"#),
        (#"{"a":,"b":1}"#, #"{"a":null,"b":1}"#),
        (#"{"a","b":1}"#, #"{"a":null,"b":1}"#),
        ("{\"a\":\"x\ny\"}", #"{"a":"x\u000ay"}"#),
        (#"{"a":"C:\dir \u00e9 \n"}"#, #"{"a":"C:\\dir \u00e9 \n"}"#),
        ("\u{FEFF} {\"a\":1}\n garbage", #"{"a":1}"#),
        (#"{"a":true,"b":null}"#, #"{"a":true,"b":null}"#),
        (#"{}}"#, "{}"), (#"{"a":"b"} "c""#, #"{"a":"b"}"#),
        (#"{"a":"b" ,"c d":"e"}"#, #"{"a":"b","c d":"e"}"#),
        (#"{"a":"b"c"}"#, #"{"a":"b\"c"}"#), (#"{"a":["b","c"d]}"#, #"{"a":["b","c","d"]}"#),
        (#"{"a":"\uD83D"}"#, #"{"a":"\ufffd"}"#),
        (#"{"a":"\uD83D\uDE00\u12"}"#, #"{"a":"\uD83D\uDE00\\u12"}"#),
        (#"{"a":1234567890123456789}"#, #"{"a":"1234567890123456789"}"#),
        (#"{"a":"1"voicemailfile:"2"}"#, #"{"a":"1","voicemailfile":"2"}"#),
        (#"{"a":"1"voicemailfile :"2"}"#, #"{"a":"1","voicemailfile":"2"}"#),
        (#"{"a":Bob  the Builder,"b":1 c:2 3}"#, #"{"a":"Bob  the Builder","b":1,"c":"2 3"}"#),
        (#"{"a":[1 2]}"#, "{\"a\":[1,2]}"),
    ])
    func `mends what is almost JSON`(text: String, expected: String) throws {
        let repaired = try #require(AlmostJSON.repaired(Array(text.utf8))).text
        #expect(String(decoding: repaired, as: UTF8.self) == expected)
        _ = try JSONSerialization.jsonObject(with: Data(repaired))
    }

    @Test(arguments: [
        "", " ", "[1]", "<html>", "\"a\"", #"{"a":"b"#, #"{"a":"#, #"{"a"#, #"{"a":20"#, #"{"a":1,b"#,
        #"{"a""b"}"#, #"{"a":"b\","#,
        String(repeating: "{\"a\":", count: 65) + "1",
    ])
    func `leaves alone what may have lost more than brackets`(text: String) {
        #expect(AlmostJSON.repaired(Array(text.utf8)) == nil)
    }

    @Test(arguments: [
        (#"{"a":[{"b":1}]}"#, AlmostJSON.Repair.End.whole), (#"{"a":1} garbage"#, .whole),
        (#"{"a":[{"b":1}{"b":2}]}"#, .whole), (#"{"a":[{"b":1}"#, .brackets),
        (#"{"a":[{"b":1}] "#, .brackets),
        (#"{"a":[{"b":1},"#, .open), (#"{"a":[{"b":"1""#, .open), (#"{"a":[{"b":1},{"#, .open),
    ])
    func `tells what a text ends with`(text: String, end: AlmostJSON.Repair.End) {
        #expect(AlmostJSON.repaired(Array(text.utf8))?.end == end)
    }

    @Test func `replaces bytes that are not UTF-8`() throws {
        let gbk: [UInt8] = Array(#"{"a":""#.utf8) + [0xD5, 0xC5] + Array(#""}"#.utf8)
        let repaired = try #require(AlmostJSON.repaired(gbk)).text
        _ = try JSONSerialization.jsonObject(with: Data(repaired))
    }

    @Test func `yields JSON or nothing for mutated answers, and is stable on its own work`() throws {
        let seed = Array(
            """
            {"status":"Success","voicemails":[{"extid":"1000","voicemail":[{"voicemailfile":"msg0000.wav",
            "messagefrom":"2000","voicemailstatus":"read","voicemaillength":42}{"voicemailfile":"msg0001.wav",}]}]}
            """.utf8)
        let alphabet = Array("{}[]:,\"\\ \nau0-\u{1}".utf8) + [0xC3, 0xFF]
        var random = SplitMix(state: 20_200_102)
        var mended = 0
        for _ in 0..<4_000 {
            var bytes = seed
            for _ in 0...Int(random.next() % 6) {
                let place = Int(random.next() % UInt64(bytes.count))
                let letter = alphabet[Int(random.next() % UInt64(alphabet.count))]
                switch random.next() % 4 {
                case 0: bytes[place] = letter
                case 1: bytes.insert(letter, at: place)
                case 2: bytes.remove(at: place)
                default: bytes.removeSubrange(place..<min(bytes.count, place + 9))
                }
                if bytes.isEmpty { bytes = seed }
            }
            _ = try? PBXAnswer(bytes, operation: .voicemailQuery)
            guard let repaired = AlmostJSON.repaired(bytes)?.text else { continue }
            mended += 1
            #expect(throws: Never.self, "\(String(decoding: repaired, as: UTF8.self))") {
                try JSONSerialization.jsonObject(with: Data(repaired))
            }
            #expect(AlmostJSON.repaired(repaired)?.text == repaired)
        }
        #expect(mended > 1_000)
    }
}
