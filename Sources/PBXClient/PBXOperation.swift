/// One request of the API, named by its path.
public enum PBXOperation: String, Sendable, Hashable {
    /// Trades user name and password for a token.
    case login
    /// Renews the life of a token.
    case heartbeat
    /// Trades a refresh token for a new token.
    case refreshToken = "token/refresh"
    /// Ends the life of a token.
    case logout
    /// Asks a Yeastar box what it is.
    case deviceQuery = "deviceinfo/query"
    /// Lists voicemails.
    case voicemailQuery = "voicemail/query"
    /// Asks for the random string that one download needs.
    case voicemailRandom = "voicemail/get_random"
    /// Asks whether Yeastar's P-Series API is there, without a login.
    case otherAPI = "system/information"
    /// Downloads the audio of one voicemail.
    case voicemailDownload = "voicemail/download"

    /// Whether its answer has a token or a random string in it.
    var givesSecrets: Bool { self == .login || self == .refreshToken || self == .voicemailRandom }
}
