import Testing

@testable import PBXClient

@Suite struct SpokenDialectTests {
    @Test func `goes through the candidates once, and begins with the first again`() {
        let spoken = SpokenDialect([])
        var spoke = [spoken.current]
        while spoken.moveOn() { spoke.append(spoken.current) }
        #expect(spoke == PBXDialect.candidates)
        #expect(spoken.current == spoke[0])
    }

    @Test func `goes on to no other once a login was granted`() {
        let spoken = SpokenDialect([])
        #expect(spoken.moveOn())
        let found = spoken.current
        spoken.settle()
        #expect(!spoken.moveOn())
        #expect(spoken.current == found)
    }
}
