"""Measures FLAC settings over Debian's speech and music: study.py PROGRAM [TABLE...]

PROGRAM is the compiled compression_study.c. Prints the tables of docs/compression.md as Markdown, all of them or
those named: corpora, levels, blocks, partitions, windows, searches, precisions, choices, lengths, stereo. Bytes are
those of all frames, CPU is that of the encoder with its MD5; both are relative to `flac -8` on the same corpus.
"""
import glob
import os
import re
import subprocess
import sys
import tempfile

REPETITIONS = 5
FLAC_8 = "b=4096"
BLOCKS = [192, 256, 384, 512, 576, 640, 768, 1024, 1152, 2048, 2304, 4096, 4608]
PACKAGES = "asterisk-core-sounds-en-wav asterisk-core-sounds-en-g722 asterisk-moh-opsound-wav codec2-examples " \
    "pocketsphinx-testdata alsa-utils espeak-ng ffmpeg libflac-dev libsndfile1-dev"

CODEC2_WAV = "all big_dog david4 f2400 forig hts1a hts2a m2400 mmt1 morig ve9qrp vk2tpm_004 vk5qi".split()
CODEC2_RAW = "cross cq_ref g3plx hts1 hts2 kristoff".split()
PROMPTS = "/usr/share/asterisk/sounds/en_US_f_Allison/**/*."


def paths(pattern):
    found = sorted(glob.glob(pattern, recursive=True))
    if not found:
        sys.exit(f"study.py: nothing matches {pattern}; install {PACKAGES}")
    return found


def run(*command):
    subprocess.run(command, check=True, stdin=subprocess.DEVNULL)


def decoded(folder):
    """The prompts' wideband version, out of G.722."""
    made = []
    for number, name in enumerate(paths(PROMPTS + "g722")):
        made.append(f"{folder}/g722-{number}.wav")
        run("ffmpeg", "-v", "error", "-f", "g722", "-i", name, made[-1])
    return made


def spoken(folder):
    """A text that every Debian has, synthesized."""
    made = []
    with open("/usr/share/common-licenses/GPL-3") as file:
        paragraphs = [part for part in re.split(r"\n\s*\n", file.read()) if len(part) >= 200]
    for number, text in enumerate(paragraphs[:24]):
        made.append(f"{folder}/espeak-{number}.wav")
        run("espeak-ng", "-w", made[-1], " ".join(text.split()))
    return made


def prepare(folder):
    codec2 = [path for name in CODEC2_WAV for path in paths(f"/usr/share/codec2/wav/{name}.wav")]
    codec2 += [path for name in CODEC2_RAW for path in paths(f"/usr/share/codec2/raw/{name}.raw")]
    data = "/usr/share/pocketsphinx/test/data"
    wide = paths(f"{data}/cards/*.wav") + paths(f"{data}/librivox/*.wav")
    wide += paths("/usr/share/codec2/raw/speech_orig_16k.wav") + paths("/usr/share/codec2/wav/wia_16kHz.wav")
    lists = {
        "prompts": paths(PROMPTS + "wav"),
        "music": paths("/usr/share/asterisk/moh/*.wav"),
        "off-air": codec2,
        "G.722": decoded(folder),
        "16 kHz": wide,
        "22 kHz": spoken(folder),
        "48 kHz": paths("/usr/share/sounds/alsa/[FRS]*.wav"),
    }
    for name, members in lists.items():
        with open(f"{folder}/{name}", "w") as file:
            file.write("\n".join(members) + "\n")
    return folder


class Result:
    def __init__(self, line):
        _, cpu, total, *files = line.split("\t")
        self.cpu, self.total, self.files = float(cpu), int(total), [int(size) for size in files]


def study(source, transforms, settings, repetitions=REPETITIONS):
    """Returns how the corpus looks, and a result for each setting."""
    settings = list(dict.fromkeys([FLAC_8, *settings]))
    output = subprocess.run(
        [program, transforms, str(repetitions), f"{folder}/{source}", *settings],
        check=True, stdout=subprocess.PIPE, text=True,
    ).stdout.splitlines()
    return output[0].split("\t")[1:], {line.split("\t")[0]: Result(line) for line in output[1:]}


def row(*cells):
    print("|", " | ".join(str(cell) for cell in cells), "|", flush=True)


def head(title, *cells):
    print(f"\n### {title}\n")
    row(*cells)
    row(*["---"] + ["---:"] * (len(cells) - 1))


def order(block):
    """The greatest partition order that leaves 32 frames to a partition, as the rule of docs/compression.md says."""
    return max(r for r in range(7) if block % 2**r == 0 and (r == 0 or block >> r >= 32))


def precision(block):
    """The precision of coefficients in a 24-bit container, for which libFLAC takes 13 to 15."""
    return next(q for most, q in ((192, 8), (384, 9), (1152, 10), (2304, 11), (65535, 12)) if block <= most)


def plain(block, more="", window="subdivide_tukey(2)"):
    return f"b={block} r={order(block)} a={window} {more}".strip()


def ours(block, more="", window="subdivide_tukey(2)"):
    return plain(block, f"Q={precision(block)} {more}".strip(), window)


# What the columns of most tables are: a name, the corpus, its transforms, and the block size for its sample rate.
CORPORA = [
    ("prompts", "prompts", "none", 576),
    ("µ-law", "prompts", "mulaw", 576),
    ("A-law", "prompts", "alaw", 576),
    ("off-air", "off-air", "none", 576),
    ("off-air, µ-law", "off-air", "mulaw", 576),
    ("music", "music", "none", 576),
    ("music, µ-law", "music", "mulaw", 576),
    ("G.722", "G.722", "none", 1152),
    ("16 kHz", "16 kHz", "none", 1152),
    ("22 kHz", "22 kHz", "none", 1024),
    ("48 kHz", "48 kHz", "none", 2304),
]
LEVELED = [
    ("prompts", "prompts", "level=-26", 576),
    ("prompts, quieter", "prompts", "level=-36", 576),
    ("µ-law", "prompts", "mulaw,level=-26", 576),
    ("A-law", "prompts", "alaw,level=-26", 576),
    ("µ-law, quieter", "prompts", "mulaw,level=-40", 576),
    ("off-air", "off-air", "level=-26", 576),
    ("music", "music", "level=-26", 576),
    ("G.722", "G.722", "level=-26", 1152),
    ("16 kHz", "16 kHz", "level=-26", 1152),
    ("48 kHz", "48 kHz", "level=-26", 2304),
]
FEW = [CORPORA[k] for k in (0, 1, 3, 5, 7)]


def describe():
    head("Corpora", "corpus", "files", "seconds", "files in 24 bits", "mean bits less zero bits")
    for title, corpora in (("", CORPORA), (", leveled", LEVELED)):
        for name, source, transforms, _ in corpora:
            about, _ = study(source, transforms, [], 1)
            row(name + title, *about)


def blocks():
    tables = {}
    for title, corpora in (("", CORPORA), (", leveled", LEVELED[:1] + LEVELED[3:4] + LEVELED[5:7])):
        for name, source, transforms, _ in corpora:
            tables[name + title] = study(source, transforms, [ours(block) for block in BLOCKS])[1]
    for title in ("bytes", "CPU"):
        head(f"Block size: {title}", "corpus", *BLOCKS)
        for name, results in tables.items():
            base, values = results[FLAC_8], [results[ours(block)] for block in BLOCKS]
            if title == "CPU":
                row(name, *(f"{value.cpu / base.cpu:.2f}" for value in values))
            else:
                least = min(value.total for value in values)
                row(name, *(f"{value.total / base.total:.4f}".join(["**"] * 2 if value.total == least else ["", ""])
                            for value in values))


def compare(title, corpora, variants):
    """One row for each variant, one pair of columns for each corpus. A variant is a name and what makes the setting
    from a block size."""
    studies = [study(source, transforms, [setting(block) for _, setting in variants])[1]
               for _, source, transforms, block in corpora]
    head(title, "setting", *(f"{name} {what}" for name, *_ in corpora for what in ("bytes", "CPU")))
    for name, setting in variants:
        cells = []
        for (*_, block), results in zip(corpora, studies):
            result, base = results[setting(block)], results[FLAC_8]
            cells += [f"{result.total / base.total:.4f}", f"{result.cpu / base.cpu:.2f}"]
        row(name, *cells)


def partitions():
    for block in (192, 576, 1152, 2304, 4096):
        corpora = [(name, source, transforms, block) for name, source, transforms, _ in (FEW[0], FEW[2], FEW[4])]
        variants = [(f"at most {r}", lambda b, r=r: f"b={b} a=subdivide_tukey(2) r={r}") for r in range(0, 9)
                    if block % 2**r == 0]
        compare(f"Residual partition order, blocks of {block}", corpora, variants)
    compare("Least partition order", FEW, [
        (f"at least {r}", lambda b, r=r: f"b={b} a=subdivide_tukey(2) r=4 R={r}") for r in range(0, 5)])


def windows():
    names = ["tukey(3e-1)", "tukey(5e-1)", "tukey(7e-1)", "welch", "hann", "hamming", "blackman", "flattop",
             "gauss(2e-1)", "rectangle", "partial_tukey(2)", "partial_tukey(3)", "punchout_tukey(2)",
             "punchout_tukey(3)", "welch;hann", "tukey(5e-1);partial_tukey(2)", "subdivide_tukey(2)",
             "subdivide_tukey(2/3e-1)", "subdivide_tukey(3)", "subdivide_tukey(4)"]
    compare("Apodization", FEW, [(f"`{name}`", lambda b, name=name: ours(b, window=name)) for name in names])


def searches():
    compare("LPC order", FEW, [
        (f"at most {l}", lambda b, l=l: ours(b, f"l={l}")) for l in (4, 6, 8, 9, 10, 11, 12, 14, 16, 24, 32)])
    variants = []
    for window in ("tukey(5e-1)", "subdivide_tukey(2)", "tukey(5e-1);partial_tukey(2)", "subdivide_tukey(3)"):
        variants += [(f"`{window}`" + name, lambda b, window=window, more=more: ours(b, more, window))
                     for name, more in (("", ""), (", `-p`", "p=1"), (", `-e`", "e=1"), (", `-e -p`", "e=1 p=1"))
                     if more != "e=1 p=1" or window == "subdivide_tukey(2)"]
    compare("Searches", FEW, variants)


def precisions():
    for title, corpora, blocks in (("16 bits", CORPORA, [None]), ("leveled", LEVELED, [None, 192, 256, 2304])):
        for block in blocks:
            chosen = corpora if block is None else corpora[:1] + corpora[4:7]
            size = "as for the sample rate" if block is None else f"of {block} frames"
            head(f"Coefficient precision, {title}, blocks {size}: bytes", "corpus", "libFLAC's", *range(5, 16))
            for name, source, transforms, usual in chosen:
                settings = [plain(block or usual)] + [plain(block or usual, f"q={q}") for q in range(5, 16)]
                results = study(source, transforms, settings, 1)[1]
                row(name, *(f"{results[each].total / results[FLAC_8].total:.4f}" for each in settings))
    compare("Coefficient precision, leveled", [LEVELED[k] for k in (0, 1, 5, 6, 7)], [
        (name, lambda b, more=more, window=window: plain(b, more, window)) for name, more, window in (
            ("libFLAC's", "", "subdivide_tukey(2)"), ("9 in 24 bits", "Q=9", "subdivide_tukey(2)"),
            ("10 in 24 bits", "Q=10", "subdivide_tukey(2)"), ("11 in 24 bits", "Q=11", "subdivide_tukey(2)"),
            ("searched", "p=1", "subdivide_tukey(2)"), ("`tukey(5e-1)`, searched", "p=1", "tukey(5e-1)"))])


def choices():
    """The block size of each file: the best in hindsight, and as cheap trials choose it."""
    candidates = ([256, 512, 576, 1024, 1152, 2048, 2304], [576, 1152], [576, 2304])
    trials = (("all of it, level 0", "", lambda b: f"L0 b={b}"),
              ("all of it, level 3", "", lambda b: f"L3 b={b} r={order(b)}"),
              ("the first 5 s", "head=5", ours))
    head("Block size of each file", "corpus", "candidates", "576", "best in hindsight",
         *(cell for name, *_ in trials for cell in (name, "CPU for it")))
    for name, source, transforms, _ in CORPORA[:7]:
        final = study(source, transforms, [ours(b) for b in candidates[0]])[1]
        base = final[FLAC_8]
        tried = [(setting, study(source, ",".join(filter(None, (cut, transforms))),
                                 [setting(b) for b in candidates[0]])[1])
                 for _, cut, setting in trials]
        for blocks in candidates:
            def chosen(results, setting):
                total = 0
                for k in range(len(base.files)):
                    best = min(blocks, key=lambda b: results[setting(b)].files[k])
                    total += final[ours(best)].files[k]
                return f"{total / base.total:.4f}"
            cells = []
            for setting, results in tried:
                cells += [chosen(results, setting), f"{sum(results[setting(b)].cpu for b in blocks) / base.cpu:.2f}"]
            row(name, "all" if len(blocks) > 2 else " ".join(map(str, blocks)),
                f"{final[ours(576)].total / base.total:.4f}", chosen(final, ours), *cells)


def lengths():
    sizes = [256, 384, 512, 576, 768, 1024, 1152, 2304]
    head("Length of a file: bytes", "corpus", "length", *sizes)
    for name, source, transforms in (("prompts", "prompts", ""), ("µ-law", "prompts", "mulaw"),
                                     ("off-air", "off-air", "")):
        for seconds in (1, 3, 10, 60, 600):
            results = study(source, f"cut={seconds}" + (f",{transforms}" if transforms else ""),
                            [ours(b) for b in sizes], 1)[1]
            row(name, f"{seconds} s", *(f"{results[ours(b)].total / results[FLAC_8].total:.4f}" for b in sizes))


def stereo():
    corpora = [("two talkers", "prompts", "pair", 576), ("one in both", "prompts", "both", 576)]
    compare("Two channels", corpora, [
        ("each by itself", lambda b: ours(b, "m=0")), ("mid-side", lambda b: ours(b, "m=1"))])


def levels():
    """libFLAC's levels with Voxkeep's block size and precision, and the partition order limited by the block size."""
    limit = (3, 3, 3, 4, 4, 5, 6, 6, 6)
    compare("Compression levels", FEW + [("leveled", *LEVELED[0][1:])], [
        (n, lambda b, n=n: f"L{n} b={b} r={min(order(b), limit[n])} Q={precision(b)}") for n in range(9)])


TABLES = {"corpora": describe, "levels": levels, "blocks": blocks, "partitions": partitions, "windows": windows,
          "searches": searches, "precisions": precisions, "choices": choices, "lengths": lengths, "stereo": stereo}

if len(sys.argv) < 2 or not set(sys.argv[2:]) <= set(TABLES):
    sys.exit(__doc__)
program = sys.argv[1]
with tempfile.TemporaryDirectory() as folder:
    prepare(folder)
    for table in sys.argv[2:] or TABLES:
        TABLES[table]()
