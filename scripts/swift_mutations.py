"""The changes of one operator, constant or condition that can be made to Swift source, and how many go into one binary.

An operator becomes one of its own, with the same precedence, that does either; a constant and a condition become
expressions. Which change is awake says VOXKEEP_MUTANT when the program runs.
"""
import hashlib
import re
from dataclasses import dataclass

# For each operator the one it becomes, its precedence group, and the types that a generic function has it for.
OPERATORS = {
    "<": ("<=", "Comparison", ["Comparable"]),
    "<=": ("<", "Comparison", ["Comparable"]),
    ">": (">=", "Comparison", ["Comparable"]),
    ">=": (">", "Comparison", ["Comparable"]),
    "==": ("!=", "Comparison", ["Equatable"]),
    "!=": ("==", "Comparison", ["Equatable"]),
    "&&": ("||", "LogicalConjunction", []),
    "||": ("&&", "LogicalDisjunction", []),
    "+": ("-", "Addition", ["AdditiveArithmetic"]),
    "-": ("+", "Addition", ["AdditiveArithmetic"]),
    "*": ("/", "Multiplication", ["BinaryInteger", "FloatingPoint"]),
    "/": ("*", "Multiplication", ["BinaryInteger", "FloatingPoint"]),
    "%": ("/", "Multiplication", ["BinaryInteger"]),
    "&+": ("&-", "Addition", ["FixedWidthInteger"]),
    "&-": ("&+", "Addition", ["FixedWidthInteger"]),
    "&*": ("&+", "Multiplication", ["FixedWidthInteger"]),
    "<<": (">>", "BitwiseShift", ["BinaryInteger"]),
    ">>": ("<<", "BitwiseShift", ["BinaryInteger"]),
    "&": ("|", "Multiplication", ["BinaryInteger"]),
    "|": ("&", "Addition", ["BinaryInteger"]),
    "^": ("|", "Addition", ["BinaryInteger"]),
    "+=": ("-=", "Assignment", ["AdditiveArithmetic"]),
    "-=": ("+=", "Assignment", ["AdditiveArithmetic"]),
    "..<": ("...", "RangeFormation", ["BinaryInteger"]),
    "...": ("..<", "RangeFormation", ["BinaryInteger"]),
}
# A mutant's operator is its number in these digits, which Swift takes for operator characters.
DIGITS = "⊕⊖⊗⊘⊙⊚⊛⊜⊝⊞"

TOKEN = re.compile(
    r"(?P<space>\s+|//[^\n]*)"
    r"|(?P<number>0[xob][0-9A-Fa-f_]+(?:p-?\d+)?|\d[\d_]*(?:\.\d[\d_]*)?(?:e[+-]?\d+)?)"
    r"|(?P<word>[#@$`]?[A-Za-z_]\w*`?|\$\d+)"
    r"|(?P<operator>\.\.<|\.\.\.|->|[-=+!*%<>&|^~?/]+)"
    r"|(?P<mark>.)", re.DOTALL)
REGEX = re.compile(r"/(?![\s/*])(?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n\[])+/")
DECLARATION = re.compile(
    r"^\s*(?:[@\w()]+\s+)*?"
    r"(?:(?P<kind>func|var|let|struct|enum|extension|class|actor)\s+(?P<name>[\w.]+|[^\s\w(]+)"
    r"|(?P<special>init|subscript|deinit)\b)")


@dataclass
class Token:
    kind: str
    text: str
    start: int

    @property
    def end(self):
        return self.start + len(self.text)


def string_end(text, start):
    """Where the string literal that begins here ends; what is interpolated belongs to it."""
    hashes = re.match(r"#*", text[start:]).group()
    quote = '"""' if text.startswith('"""', start + len(hashes)) else '"'
    place = start + len(hashes) + len(quote)
    escape = "\\" + hashes
    while not text.startswith(quote + hashes, place):
        if text.startswith(escape + "(", place):
            place += len(escape) + 1
            depth = 1
            while depth:
                if text[place] in '"#' and re.match(r'#*"', text[place:]):
                    place = string_end(text, place)
                    continue
                depth += {"(": 1, ")": -1}.get(text[place], 0)
                place += 1
        else:
            place += len(escape) + 1 if text.startswith(escape, place) else 1
    return place + len(quote) + len(hashes)


def tokens(text):
    """The tokens of Swift source, without spaces and comments; a regular expression counts as a string."""
    found, place = [], 0
    while place < len(text):
        if text.startswith("/*", place):
            depth, end = 1, place + 2
            while depth:
                mark = re.compile(r"/\*|\*/").search(text, end)
                depth += 1 if mark.group() == "/*" else -1
                end = mark.end()
            place = end
        elif re.match(r'#*"', text[place:place + 8]):
            end = string_end(text, place)
            found.append(Token("string", text[place:end], place))
            place = end
        elif text[place] == "/" and (not found or found[-1].kind in ("operator", "mark")
                                     and found[-1].text not in ")]}") and REGEX.match(text, place):
            found.append(Token("string", REGEX.match(text, place).group(), place))
            place = found[-1].end
        else:
            match = TOKEN.match(text, place)
            if match.lastgroup != "space":
                found.append(Token(match.lastgroup, match.group(), place))
            place = match.end()
    return found


@dataclass
class Mutant:
    """One change: of the token between two offsets, or, for a condition, of all that lies between them."""
    module: str
    path: str
    start: int
    end: int
    line: int
    kind: str
    old: str
    new: str
    name: str = ""
    number: int = 0

    @property
    def key(self):
        return hashlib.sha256(self.name.encode()).hexdigest()[:8]


def conditions(found):
    """The parts of conditions that are true or false, as first and last token."""
    for index, token in enumerate(found):
        previous = found[index - 1].text if index else ""
        if token.text not in ("if", "guard", "while", "where") or previous in ("(", ",", "."):
            continue
        # What goes on until it is left has no condition, and few such functions compile with one.
        if token.text == "while" and (previous == "}" or found[index + 1].text == "true"):
            continue
        if token.text == "where":
            # Constraints of types are no conditions.
            opener = next((other.text for before, other in zip(found[index - 2::-1], found[index - 1::-1])
                           if other.text in ("for", "case", "catch", "func", "init", "extension", "subscript",
                                             "struct", "enum", "class", "protocol")
                           and before.text not in ("(", ",", ".")), "")
            if opener not in ("for", "case", "catch"):
                continue
        depth, first = 0, index + 1
        for place in range(index + 1, len(found)):
            text = found[place].text
            ends = depth == 0 and text in ("{", "else", ",") or depth == 0 and text == ":" and token.text == "where"
            if ends:
                while found[first].text in ("try", "await", "unsafe"):
                    first += 1
                if place > first and found[first].text not in ("let", "var", "case", "#available"):
                    yield first, place - 1
                first = place + 1
                if text != ",":
                    break
            depth += {"(": 1, "[": 1, "{": 1, ")": -1, "]": -1, "}": -1}.get(text, 0)


def enclosing(lines, number):
    """The name of the function, property or type that a line (from 0) belongs to."""
    def indent(line):
        return len(line) - len(line.lstrip())
    level, property_name = indent(lines[number]) + 1, ""
    for line in lines[number::-1]:
        # A line that begins with a bracket ends what a line above it begins.
        if not line.strip() or line.lstrip().startswith(("//", ")")) or indent(line) >= level:
            continue
        level = indent(line)
        match = DECLARATION.match(line)
        if match and match["kind"] in ("var", "let"):
            property_name = match["name"]
        elif match:
            is_function = match["special"] or match["kind"] == "func"
            return match["special"] or (match["name"] if is_function else property_name or match["name"])
    return property_name or "file"


def mutants(module, path, text):
    """Every change of one file of a module, in order."""
    found, lines, changes = tokens(text), text.split("\n"), []

    def add(first, last, kind, old, new):
        line = text.count("\n", 0, first.start)
        # A capacity is no behavior; raw values and operator names are no expressions.
        if re.search(r"[a-z]Capacity\b|^\s*case \w+ = |static func \W", lines[line]):
            return
        changes.append(Mutant(module, path, first.start, last.end, line, kind, old, new))

    for index, token in enumerate(found):
        before, after = text[token.start - 1:token.start], text[token.end:token.end + 1]
        neighbors = [other.kind for other in found[max(index - 1, 0):index + 2]]
        spaced = before.isspace() and after.isspace()
        closed = not before.isspace() and not after.isspace() and before not in "([{,:" and after not in ")]},"
        if token.kind == "operator" and token.text in OPERATORS and "string" not in neighbors:
            if closed if token.text in ("..<", "...") else spaced:
                add(token, token, "operator", token.text, OPERATORS[token.text][0])
        elif token.text == "!" and re.match(r"[\s(\[]", before) and not after.isspace():
            add(token, token, "not", "!", "")
        elif token.text in ("true", "false") and found[index - 1].text != "while":
            add(token, token, "constant", token.text, "false" if token.text == "true" else "true")
        elif token.kind == "number" and before != ".":
            value = token.text.replace("_", "")
            isReal = "p" in value or re.search(r"^\d+[.e]", value)
            more = f"{token.text} + 1" if isReal else str(int(value, 0) + 1)
            add(token, token, "constant", token.text, more)
    for first, last in conditions(found):
        inside = [token.text for token in found[first:last + 1]]
        # Of these the change of the operator is the same change.
        if {"&&", "||"} & set(inside) or not (inside[0] == "!" or {"==", "!="} & set(inside)):
            add(found[first], found[last], "condition", "condition", "its opposite")
    changes.sort(key=lambda mutant: (mutant.start, mutant.kind))
    seen = {}
    for mutant in changes:
        where = enclosing(lines, mutant.line)
        change = f"{mutant.old} to {mutant.new}" if mutant.new else f"without {mutant.old}"
        name = f"{path.removeprefix('Sources/')} {where}: {change} in: {lines[mutant.line].strip()}"
        seen[name] = seen.get(name, 0) + 1
        mutant.name = name + (f" #{seen[name]}" if seen[name] > 1 else "")
    return changes


def symbol(number):
    return "".join(DIGITS[int(digit)] for digit in f"{number:04}")


def mutated(text, chosen):
    """The text of a file with the mutants inside, line for line as before."""
    pieces = []
    for mutant in chosen:
        check = f"isMutant({mutant.number})"
        if mutant.kind == "condition":
            pieces += [(mutant.start, 1, mutant.start, f"({check} != ("), (mutant.end, 0, mutant.end, "))")]
        elif mutant.kind == "constant":
            pieces.append((mutant.start, 2, mutant.end, f"({check} ? {mutant.new} : {mutant.old})"))
        else:
            pieces.append((mutant.start, 2, mutant.end, symbol(mutant.number)))
    out, place = [], 0
    for start, _, end, piece in sorted(pieces):
        out += [text[place:start], piece]
        place = end
    return "".join(out + [text[place:]])


def support(chosen):
    """The Swift file that a module's mutants need."""
    lines = [
        "import Glibc",
        "private let activeMutant: Int = unsafe getenv(\"VOXKEEP_MUTANT\").flatMap"
        " { unsafe Int(String(cString: $0)) } ?? 0",
        "@inline(__always) func isMutant(_ number: Int) -> Bool { activeMutant == number }",
    ]
    for mutant in chosen:
        name, check = symbol(mutant.number), f"isMutant({mutant.number})"
        if mutant.kind == "not":
            lines += [f"prefix operator {name}",
                      f"@_transparent prefix func {name}(value: Bool) -> Bool {{ {check} ? value : !value }}"]
        if mutant.kind != "operator":
            continue
        old, new = mutant.old, mutant.new
        group, types = OPERATORS[old][1:]
        lines.append(f"infix operator {name}: {group}Precedence")
        if not types:
            lines.append(f"@_transparent func {name}(left: Bool, right: @autoclosure () throws -> Bool) rethrows"
                         f" -> Bool {{ {check} ? try left {new} right() : try left {old} right() }}")
        for kind in types:
            result, right, changed = "T", "T", f"left {new} right"
            if group == "Comparison":
                result = "Bool"
            elif group == "Assignment":
                lines.append(f"@_transparent func {name}<T: {kind}>(left: inout T, right: T)"
                             f" {{ if {check} {{ left {new} right }} else {{ left {old} right }} }}")
                continue
            elif group == "RangeFormation":
                result = "Range<T>" if old == "..<" else "ClosedRange<T>"
                changed = "left..<right + 1" if old == "..<" else "left...right - 1"
            elif group == "BitwiseShift":
                right = "some BinaryInteger"
            lines.append(f"@_transparent func {name}<T: {kind}>(left: T, right: {right}) -> {result}"
                         f" {{ {check} ? {changed} : left {old} right }}")
    return "\n".join(lines) + "\n"
