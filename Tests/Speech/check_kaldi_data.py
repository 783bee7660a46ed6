#!/usr/bin/env python3
"""Checks a Kaldi data folder by the rules of https://kaldi-asr.org/doc/data_prep.html, and reads its audio.

Usage: check_kaldi_data.py DATA [--root FOLDER] [--no-audio]
Paths in wav.scp are taken from FOLDER, the current one unless told. Exits with 1 after naming what is wrong.
"""
import argparse
import io
import os
import subprocess
import sys


class Checker:
    def __init__(self, folder):
        self.folder = folder
        self.problems = []

    def expect(self, condition, problem):
        if not condition:
            self.problems.append(problem)
        return condition

    def table(self, name, columns=None):
        """The rows of a file, each as its first word and the rest; None where there is no file."""
        path = os.path.join(self.folder, name)
        if not os.path.exists(path):
            return None
        with open(path, "rb") as file:
            data = file.read()
        self.expect(data, f"{name}: is empty")
        self.expect(data.endswith(b"\n"), f"{name}: the last line has no end")
        self.expect(b"\r" not in data and b"\0" not in data, f"{name}: has carriage returns or zeros")
        try:
            data.decode("utf-8")
        except UnicodeDecodeError as error:
            self.expect(False, f"{name}: {error}")
        rows = []
        for number, line in enumerate(data.split(b"\n")[:-1], 1):
            words = line.split(b" ", 1)
            fine = len(words) == 2 and words[0] and words[1].strip() == words[1] and words[1]
            if not self.expect(fine, f"{name}:{number}: wants a key, a space and a value"):
                continue
            if columns and not self.expect(
                    len(line.split()) == columns, f"{name}:{number}: wants {columns} columns"):
                continue
            rows.append((words[0], words[1]))
        keys = [key for key, _ in rows]
        # The order of the C locale is that of bytes.
        self.expect(keys == sorted(set(keys)), f"{name}: is not sorted by its first column, or repeats a key")
        return dict(rows)


def check(folder, root, audio=True):
    checker = Checker(folder)
    expect = checker.expect
    utt2spk = checker.table("utt2spk", columns=2)
    spk2utt = checker.table("spk2utt")
    wav = checker.table("wav.scp")
    segments = checker.table("segments", columns=4)
    durations = checker.table("reco2dur", columns=2)
    text = checker.table("text")
    for name, table in [("utt2spk", utt2spk), ("spk2utt", spk2utt), ("wav.scp", wav)]:
        expect(table is not None, f"{name}: is missing")
    if checker.problems:
        return checker.problems, 0

    speakers = [speaker for _, speaker in utt2spk.items()]
    expect(speakers == sorted(speakers), "utt2spk: is not sorted by its second column")
    expect(sorted(utt2spk.items(), key=lambda row: (row[1], row[0])) == list(utt2spk.items()),
           "utt2spk: sorting by speaker changes the order")
    for utterance, speaker in utt2spk.items():
        expect(utterance.startswith(speaker), f"{utterance.decode()}: does not begin with its speaker")
    inverse = {}
    for utterance, speaker in utt2spk.items():
        inverse.setdefault(speaker, []).append(utterance)
    expect({s: u.split() for s, u in spk2utt.items()} == inverse, "spk2utt: is not the inverse of utt2spk")

    utterances = list(utt2spk)
    if segments is None:
        expect(list(wav) == utterances, "wav.scp: has other utterances than utt2spk")
    else:
        expect(list(segments) == utterances, "segments: has other utterances than utt2spk")
        used = sorted({row.split()[0] for row in segments.values()})
        expect(used == list(wav), "wav.scp: has other recordings than segments")
    if durations is not None:
        expect(list(durations) == list(wav), "reco2dur: has other recordings than wav.scp")
        for key, value in durations.items():
            expect(float(value) > 0, f"reco2dur: {key.decode()} has no duration")
    for utterance, row in (segments or {}).items():
        recording, start, end = row.split()
        fine = 0 <= float(start) < float(end)
        expect(fine, f"segments: {utterance.decode()} does not start before it ends")
        if durations and recording in durations:
            expect(float(end) <= float(durations[recording]),
                   f"segments: {utterance.decode()} ends after its recording")
    if text is not None:
        expect(list(text) == utterances, "text: has other utterances than utt2spk")
        for utterance, words in text.items():
            decoded = words.decode("utf-8")
            expect(decoded == " ".join(decoded.split()), f"text: {utterance.decode()} has odd white space")
            for symbol in ("<s>", "</s>", "#0"):
                expect(symbol not in decoded.split(), f"text: {utterance.decode()} has {symbol}")

    for key, source in wav.items():
        source = source.decode()
        expect(not source.startswith("~"), f"wav.scp: {key.decode()} has a tilde")
        if audio:
            check_audio(checker, key, source, root, durations)
    return checker.problems, len(utterances)


def check_audio(checker, key, source, root, durations):
    """Reads a recording as Kaldi does, and expects 16-bit mono of the length in reco2dur."""
    import soundfile

    if source.endswith("|"):
        run = subprocess.run(source[:-1], shell=True, cwd=root, capture_output=True)
        checker.expect(run.returncode == 0, f"wav.scp: {key.decode()}: {run.stderr.decode()}")
        info = soundfile.info(io.BytesIO(run.stdout))
    else:
        info = soundfile.info(os.path.join(root, source))
    checker.expect(info.format in ("WAV", "WAVEX") and info.subtype == "PCM_16" and info.channels == 1,
                   f"wav.scp: {key.decode()} is {info.format} {info.subtype} of {info.channels} channels")
    if durations:
        seconds = float(durations[key])
        checker.expect(int(seconds * info.samplerate) == info.frames,
                       f"reco2dur: {key.decode()} has {info.frames} frames, not {seconds} s")


if __name__ == "__main__":
    parser = argparse.ArgumentParser()
    parser.add_argument("data")
    parser.add_argument("--root", default=".")
    parser.add_argument("--no-audio", action="store_true")
    options = parser.parse_args()
    found, count = check(options.data, options.root, not options.no_audio)
    for problem in found:
        print(problem, file=sys.stderr)
    if not found:
        print(f"{options.data}: {count} utterances, all well")
    sys.exit(1 if found else 0)
