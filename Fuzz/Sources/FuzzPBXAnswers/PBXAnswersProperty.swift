import PBXClient

/// What holds for any bytes that a PBX may answer with.
enum PBXAnswersProperty {
    /// Reads the bytes as the answer to each kind of request, and throws where the reader breaks its word; that it
    /// refuses them is no breach.
    static func check(_ body: [UInt8]) throws {
        for operation in [PBXOperation.login, .voicemailQuery, .voicemailRandom, .voicemailDownload] {
            do {
                let answer = try PBXAnswer(body, operation: operation, extension: "1000")
                for voicemail in answer.voicemails where voicemail.file.isEmpty {
                    throw Violation(description: "a voicemail without a file name is listed")
                }
            } catch let error as PBXError {
                try checkSentence(error.description)
            }
        }
    }

    /// A sentence with parts of the body in it cannot steer a terminal.
    private static func checkSentence(_ sentence: String) throws {
        if sentence.isEmpty { throw Violation(description: "an error says nothing") }
        for scalar in sentence.unicodeScalars {
            switch scalar.properties.generalCategory {
            case .control, .format, .lineSeparator, .paragraphSeparator:
                throw Violation(description: "a sentence holds U+\(String(scalar.value, radix: 16))")
            default:
                continue
            }
        }
    }

    /// What does not hold, though it should for any bytes at all.
    private struct Violation: Error, CustomStringConvertible {
        let description: String
    }
}
