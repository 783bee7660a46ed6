/// Gives libFuzzer's bytes to the property; a violation ends the program, which is what libFuzzer looks for.
@c(LLVMFuzzerTestOneInput)
public func fuzz(_ start: UnsafePointer<UInt8>?, _ count: Int) -> CInt {
    do {
        try JournalProperty.check([UInt8](UnsafeBufferPointer(start: start, count: count)))
    } catch {
        preconditionFailure("\(error)")
    }
    return 0
}
