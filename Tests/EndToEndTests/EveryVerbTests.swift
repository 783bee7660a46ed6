import TestSupport
import Testing

@Suite struct EveryVerbTests {
    @Test func `each verb that the help lists does its work`() async throws {
        let verbs = try await EveryVerb()
        try await verbs.run()
        #expect(verbs.names == (try await verbs.listed()))
    }
}
