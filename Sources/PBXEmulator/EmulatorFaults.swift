/// The faults that are switched on, in the order in which they strike.
public struct EmulatorFaults: Sendable, Hashable, ExpressibleByArrayLiteral {
    private struct Entry: Sendable, Hashable {
        let fault: EmulatorFault
        var remaining: Int?
    }

    private var entries: [Entry] = []

    /// Switches on the faults given.
    public init(_ faults: some Sequence<EmulatorFault> = []) {
        for fault in faults { add(fault) }
    }

    /// Switches on the faults listed.
    public init(arrayLiteral elements: EmulatorFault...) {
        self.init(elements)
    }

    /// Switches on another fault, behind those that are on.
    public mutating func add(_ fault: EmulatorFault) {
        entries.append(Entry(fault: fault, remaining: fault.count))
    }

    /// Switches all faults off.
    public mutating func removeAll() {
        entries.removeAll()
    }

    /// Whether no fault is on.
    public var isEmpty: Bool { entries.isEmpty }

    /// The fault that strikes a request, counted down; counted faults come before endless ones.
    mutating func take(for endpoint: EmulatorEndpoint) -> EmulatorFault? {
        let matching = entries.indices.filter { entries[$0].fault.endpoint == endpoint }
        guard let index = matching.first(where: { entries[$0].remaining != nil }) ?? matching.first else {
            return nil
        }
        let fault = entries[index].fault
        if let remaining = entries[index].remaining {
            entries[index].remaining = remaining - 1
            if remaining <= 1 { entries.remove(at: index) }
        }
        return fault
    }
}
