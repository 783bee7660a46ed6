import Foundation
import Stages

/// Runs one stage a number of times, for tools that measure whole processes.
///
/// Usage: `StageRunner` lists the stages whose instructions are counted and the frames of each, `StageRunner STAGE
/// COUNT` runs one.
@main enum StageRunner {
    static func main() throws {
        let arguments = CommandLine.arguments.dropFirst()
        guard let name = arguments.first else {
            for stage in Stage.all where stage.isCounted { print("\(stage.name)\t\(stage.frames)") }
            return
        }
        guard let stage = Stage.all.first(where: { $0.name == name }), let last = arguments.last,
            arguments.count == 2, let count = Int(last)
        else {
            FileHandle.standardError.write(Data("usage: StageRunner [STAGE COUNT]\n".utf8))
            exit(64)
        }
        let run = try stage.prepare()
        var sum = 0
        for _ in 0..<count { sum &+= try run() }
        // Whatever it is, it was worked out.
        print(sum)
    }
}
