import ArgumentParser
import ToolCommands

@main
enum Main {
    static func main() async {
        await Voxkeep.main()
    }
}
