internal import TransparencyLog

/// A PBX has listed its messages.
struct MessagesListed: ArchiveEvent {
    static let name = "listing"

    let pbx: String
    /// How many it listed.
    let messages: Int64
    /// The message keys that it had not listed so often before, and how often it lists them now.
    let new: [KeyCount]
    /// Where it is, where that or its name is new.
    let box: PBXBox?

    init(by pbx: String, messages: Int, new: [KeyCount], box: PBXBox?) {
        self.pbx = pbx
        self.messages = Int64(messages)
        self.new = new
        self.box = box
    }

    init(reading line: EventLine) throws(MalformedEvent) {
        pbx = try line.text("pbx")
        messages = try line.integer("messages")
        new = try line.counts("new")
        let serial = line.value("serial")?.stringValue
        box = line.value("address")?.stringValue.map { PBXBox(address: $0, serial: serial) }
    }

    var details: [CanonicalJSON.Member] {
        var details: [CanonicalJSON.Member] = [
            .integer("messages", messages), .counts("new", new), .text("pbx", pbx),
        ]
        if let box { details.append(.text("address", box.address)) }
        if let serial = box?.serial { details.append(.text("serial", serial)) }
        return details
    }

    var entry: [CanonicalJSON.Member]? { nil }

    func apply(to ledger: inout some Ledger, at place: EventPlace) throws {
        try ledger.list(self, at: place)
    }

    var effects: [FileEffect] { [.listingWritten(pbx: pbx)] }

    var sentence: AuditSentence {
        AuditSentence(.text(pbx), .text("\(messages) listed"), .text("\(new.count) new"))
    }
}
