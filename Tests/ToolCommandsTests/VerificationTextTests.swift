import RecordingArchive
import Testing

@testable import ToolCommands

struct VerificationTextTests {
    private static let called = [
        "voxkeep", "verify", "--archive", "/srv/B o", "--budget", "2h", "--resume=7",
    ]
    private static let command = "  voxkeep verify --archive '/srv/B o' --repair"

    /// What is printed below the count of the damage.
    private func remedy(
        _ kinds: [ArchiveFinding.Kind], copies: Int = 0, isRepaired: Bool = false
    ) throws -> [String] {
        var summary = VerificationSummary()
        for kind in kinds { summary.findings[kind] = 1 }
        summary.copies = copies
        let text = VerificationText(
            summary: summary, wasInterrupted: false, isRepaired: isRepaired, arguments: Self.called)
        let lines = text.lines(style: TerminalStyle(isTerminal: false, environment: [:]))
        let damage = try #require(lines.firstIndex { $0.hasPrefix("Damage: ") || $0.hasPrefix("No damage") })
        return Array(lines[(damage + 1)...])
    }

    @Test func `ends with the command that repairs, where anything has what was lost`() throws {
        #expect(try remedy([.catalogDamaged]).last == Self.command)
        #expect(try remedy([.fileMissing], copies: 1).last == Self.command)
        #expect(try remedy([.fileMissing, .sidecarMissing]).last == Self.command)
    }

    @Test func `says where nothing has a good copy`() throws {
        #expect(try remedy([.fileMissing]).first?.hasPrefix("Nothing has a good copy: ") == true)
        #expect(
            try remedy([.fileMissing], copies: 1, isRepaired: true)
                == ["Nothing that can be reached has a good copy of what is left."])
        #expect(try remedy([.logForked]).first?.hasPrefix("Nothing of this can be repaired") == true)
    }

    @Test func `names no repair where nothing is damaged`() throws {
        #expect(try remedy([.logPending]).isEmpty)
        #expect(try remedy([]).isEmpty)
    }

    @Test(arguments: ArchiveFinding.Kind.allCases)
    func `knows no repair of what is no damage`(kind: ArchiveFinding.Kind) {
        if !kind.isDamage { #expect(kind.source == nil) }
    }
}
