extension PBXConfiguration {
    /// What a person should be told before these settings are used: one sentence each, most often none.
    public var warnings: [String] {
        var warnings: [String] = []
        if !address.isEncrypted {
            if !address.isLoopback {
                warnings.append(
                    "the connection to \(address) is not encrypted, so everyone on the way can read the "
                        + "login and the messages: use the https URL of the PBX")
            }
        } else if trust == .anything {
            warnings.append(
                "the certificate of \(address) is NOT checked, so everyone on the way can read and change "
                    + "the login and the messages: pin the certificate's fingerprint instead")
        }
        return warnings
    }
}
