internal import CGlibc

/// How the C library's allocator treats memory that is free again.
enum Allocator {
    /// Has it keep some, as every file of a batch wants the same amount that the one before gave back.
    ///
    /// Otherwise glibc returns it to the system and asks for it anew, page by page, for every short file: 3 to 6 % of
    /// the processor time of a batch of prompts.
    static func prepare() {
        #if os(Linux) && canImport(Glibc)
            _ = mallopt(M_TRIM_THRESHOLD, 4 << 20)
            _ = mallopt(M_MMAP_THRESHOLD, 2 << 20)
            _ = mallopt(M_TOP_PAD, 256 << 10)
        #endif
    }
}
